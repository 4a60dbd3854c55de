from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from examples.build_demo import CAPTIONS, CONCEPT, DATASET, INDEX, ROOT, credits
from examples.demo_sources import ARTISTS, SOURCES


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict:
    target = tmp_path_factory.mktemp("demo") / "report.json"
    command = [sys.executable, str(ROOT / "cli.py"), "scan", str(DATASET), "--index", str(INDEX), "--no-cache"]
    done = subprocess.run([*command, "-o", f"json={target}"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    return json.loads(target.read_text("utf-8"))


def found(report: dict, name: str) -> list[tuple[str, str]]:
    return sorted(
        (item["rule"], (item.get("work") or {}).get("title") or (item.get("artist") or {}).get("name", ""))
        for item in report["findings"]
        if Path(item["sample"]).name == name
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("window.png", [("copy.exact", "Windowsill")]),
        ("morning.jpg", [("copy.whole", "First Cup")]),
        ("pilot.jpg", [("copy.whole", "Before the Flight")]),
        ("launch_512.jpg", [("copy.region", "Night Launch")]),
        ("stars_detail.jpg", [("copy.region", "Far Field")]),
        ("framed_photographer.jpg", [("copy.whole", "Tripod, Winter")]),
        ("reference_sheet.jpg", [("copy.region", "Amber Tiger"), ("copy.region", "October Tree")]),
        ("pebbles.jpg", [("name.caption", "Mira Valdane")]),
        ("bear.png", [("name.caption", "Oona Kestrel")]),
        ("oona-kestrel-study.jpg", [("name.path", "Oona Kestrel")]),
        ("wall.jpg", []),
        ("meadow.jpg", []),
        ("dartboard.png", []),
    ],
)
def test_every_kind_of_finding_is_shown_and_the_innocent_stay_clean(
    report: dict, name: str, expected: list[tuple[str, str]]
) -> None:
    assert found(report, name) == expected


def test_the_mirrored_copy_is_said_to_be_mirrored(report: dict) -> None:
    (finding,) = [item for item in report["findings"] if item["sample"].endswith("pilot.jpg")]
    assert finding["match"]["mirrored"] is True


def test_everything_was_audited(report: dict) -> None:
    pictures = [path for path in (DATASET / CONCEPT).iterdir() if path.suffix in {".jpg", ".png"}]
    assert report["coverage"]["seen"] == report["coverage"]["audited"] == len(pictures)
    assert {path.name for path in pictures} >= set(CAPTIONS)
    assert all(path.with_suffix(".caption").exists() for path in pictures)


def test_every_source_is_credited_with_its_terms() -> None:
    text = (ROOT / "examples" / "CREDITS.md").read_text("utf-8")
    assert text == credits()
    for source in SOURCES.values():
        assert source.path in text
        assert source.maker in text


def test_artists_and_works_name_sources_that_exist() -> None:
    used = [key for artist in ARTISTS for key, _ in artist.works]
    assert set(used) <= set(SOURCES)
    assert len(used) == len(set(used)) == 10


def test_the_demo_is_small() -> None:
    files = [path for place in (DATASET, INDEX) for path in place.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 4_000_000
