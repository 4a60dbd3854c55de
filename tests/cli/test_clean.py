"""After a clean-up the rescan passes; after undo the tree is as it was."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.clean.trees import snapshot
from tests.cli.inprocess import ok
from tests.pictures import encoded, painting


def scan(folder: Path, built: Path, *words: str, code: int) -> None:
    ok(folder, "scan", "set", "--index", built / "index", "-o", "json=report.json", *words, code=code)


@pytest.fixture
def kohya(built: Path, tmp_path: Path) -> Path:
    shutil.copytree(built / "set", tmp_path / "set")
    scan(tmp_path, built, code=1)
    return tmp_path


@pytest.fixture
def imagefolder(built: Path, tmp_path: Path) -> Path:
    """`metadata.jsonl` with a copy, a row that names an artist, and innocent rows."""
    folder = tmp_path / "set"
    folder.mkdir()
    shutil.copy(built / "works" / "Tobias Quill" / "Work 11.png", folder / "a.png")
    for number, seed in enumerate((700, 701, 702)):
        (folder / f"{number}.png").write_bytes(encoded(painting(seed)))
    rows = [
        {"file_name": "a.png", "text": "a field"},
        {"file_name": "0.png", "text": "a hill, in the style of Mirela Ashdown"},
        {"file_name": "1.png", "text": "a lake"},
        {"file_name": "2.png", "text": "a town"},
    ]
    (folder / "metadata.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    scan(tmp_path, built, code=1)
    return tmp_path


def test_the_plan_touches_nothing(kohya: Path) -> None:
    before = snapshot(kohya)
    said = ok(kohya, "clean", "report.json", "--to", "aside")
    assert "10_landscape/a.png" in said
    assert "10_landscape/a.txt" in said
    assert "--apply" in said
    assert snapshot(kohya) == before


@pytest.mark.parametrize("name", ["kohya", "imagefolder"])
def test_a_rescan_passes_and_undo_restores(name: str, built: Path, request: pytest.FixtureRequest) -> None:
    root: Path = request.getfixturevalue(name)
    before = snapshot(root / "set")
    ok(root, "clean", "report.json", "--to", "aside", "--apply")
    assert snapshot(root / "set") != before
    ok(root, "scan", "set", "--index", built / "index", "-o", "json=again.json")
    again = json.loads((root / "again.json").read_text())
    assert again["verdict"]["result"] == "pass"
    assert again["coverage"]["seen"] > 0
    assert not [row for row in again["findings"] if row["rule"] == "dataset.missing-file"]
    ok(root, "clean", "--undo", "aside", "--dataset", "set")
    assert snapshot(root / "set") == before
    assert not (root / "aside").exists()


def test_rows_of_a_listing_go_and_the_others_stay(imagefolder: Path) -> None:
    ok(imagefolder, "clean", "report.json", "--to", "aside", "--apply")
    rows = [json.loads(line) for line in (imagefolder / "set" / "metadata.jsonl").read_text().splitlines()]
    assert [row["file_name"] for row in rows] == ["1.png", "2.png"]
    assert not (imagefolder / "set" / "a.png").exists()


def test_a_second_run_into_the_same_folder_is_refused(kohya: Path) -> None:
    ok(kohya, "clean", "report.json", "--to", "aside", "--apply")
    assert "--undo" in ok(kohya, "clean", "report.json", "--to", "aside", "--apply", code=2)


def test_waived_findings_stay(kohya: Path, built: Path) -> None:
    prints = [row["fingerprint"] for row in json.loads((kohya / "report.json").read_text())["findings"]]
    ok(kohya, "waive", "report.json", *prints, "--reason", "ours", "--by", "ana")
    scan(kohya, built, "--waivers", "waivers.jsonl", code=0)
    assert "Nothing to set aside" in ok(kohya, "clean", "report.json", "--to", "aside")


def test_wrong_words_are_2(kohya: Path) -> None:
    ok(kohya, "clean", code=2)
    ok(kohya, "clean", "report.json", code=2)
    ok(kohya, "clean", "report.json", "--undo", "aside", code=2)
    ok(kohya, "clean", "--undo", "nowhere", code=2)
    assert "inside the dataset" in ok(kohya, "clean", "report.json", "--to", "set/aside", code=2)


def test_a_dataset_that_moved_is_named(kohya: Path) -> None:
    (kohya / "set").rename(kohya / "moved")
    ok(kohya, "clean", "report.json", "--to", "aside", code=2)
    assert "to set aside" in ok(kohya, "clean", "report.json", "--to", "aside", "--dataset", "moved")
