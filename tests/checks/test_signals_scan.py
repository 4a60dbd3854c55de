"""Reservations and AI origin through a whole scan: layouts hand over side files, the report says what was not run."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor.api import ScanOptions, scan
from auditor.checks.signals import ABSENCE_OF_SIGNALS
from auditor.cli.main import run
from auditor.metadata.policies import parse_policies
from auditor.outcome import Report
from auditor.support import extras
from tests.metadata.material import making, signing, writers
from tests.pictures import artist_folder

NAME = "Mirela Ashdown"
URL = "https://example.org/a.jpg"
POLICIES = json.dumps({"headers": {URL: {"X-Robots-Tag": "noai"}}})
SERIAL = ScanOptions(engine="serial")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = tmp_path_factory.mktemp("signals")
    artist_folder(root / "works", NAME, range(2))
    assert run(["index", "build", str(root / "works"), "--out", str(root / "index")]) == 0
    yield root / "index"


def put(folder: Path, **files: bytes) -> Path:
    """Write files; a double underscore in a name stands for its dot."""
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        (folder / name.replace("__", ".")).write_bytes(data)
    return folder


def rules(report: Report) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for finding in report.findings:
        found.setdefault(finding.sample, []).append(finding.rule)
    return {sample: sorted(names) for sample, names in found.items()}


def test_signals_and_origin_of_a_folder(index: Path, tmp_path: Path) -> None:
    hidden = writers.stealth_file(writers.novelai_stealth_text(f"art by {NAME}", "x"), "stealth_pngcomp")
    folder = put(
        tmp_path / "set",
        reserved__jpg=making.jpeg_xmp(making.data_mining("DMI-PROHIBITED")),
        prompted__png=writers.comfy_png(f"a harbour, by {NAME}", "x"),
        excluded__png=writers.comfy_png("a harbour", f"{NAME}"),
        hidden__png=hidden,
        credited__jpg=making.jpeg_iptc(making.iptc_record(80, NAME.encode())),
        beside__jpg=making.picture("JPEG", quality=50),
        beside__xmp=making.data_mining("DMI-PROHIBITED-SEECONSTRAINT"),
        plain__jpg=making.picture("JPEG", quality=60),
        broken__jpg=making.jpeg_xmp(making.data_mining("DMI-PROHIBITED-AIMLTRAINING"))[:1500],
    )
    report = scan(folder, [index], SERIAL)
    assert rules(report) == {
        "reserved.jpg": ["signal.prohibited"],
        "prompted.png": ["origin.ai-output", "origin.ai-prompted-with-listed-name"],
        "excluded.png": ["origin.ai-output"],
        "hidden.png": ["origin.ai-output", "origin.ai-prompted-with-listed-name"],
        "credited.jpg": ["name.creator"],
        "beside.jpg": ["signal.constrained"],
        "broken.jpg": ["signal.prohibited"],
    }
    assert ABSENCE_OF_SIGNALS in report.coverage.notes
    assert {"signals", "origin"} <= set(report.coverage.checks_run)
    assert dict(report.coverage.skipped) == {"truncated": 1}


def test_policies_reach_pictures_by_the_address_in_every_form_of_img2dataset(index: Path, tmp_path: Path) -> None:
    import pyarrow
    import pyarrow.parquet

    picture, row = making.picture("JPEG"), json.dumps({"url": URL, "caption": "c"}).encode()
    files = put(tmp_path / "files")
    put(files / "00000", a__jpg=picture, a__json=row, a__txt=b"c")
    put(files, **{"00000_stats__json": b"{}"})
    shards = put(tmp_path / "shards", **{"00000_stats__json": b"{}"})
    with tarfile.open(shards / "00000.tar", "w") as archive:
        for name, data in (("a.jpg", picture), ("a.json", row), ("a.txt", b"c")):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    tables = put(tmp_path / "tables", **{"00000_stats__json": b"{}"})
    table = pyarrow.table({"jpg": [picture], "url": [URL], "caption": ["c"]})
    pyarrow.parquet.write_table(table, tables / "00000.parquet")
    options = ScanOptions(layout="img2dataset", jobs=1, policies=parse_policies(POLICIES))
    for folder in (files, shards, tables):
        report = scan(folder, [index], options)
        assert [finding.rule for finding in report.findings] == ["signal.prohibited"], folder.name
        assert "X-Robots-Tag = noai" in report.findings[0].message


def test_an_xmp_member_of_a_shard_speaks_for_its_picture(index: Path, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "s.tar", "w") as archive:
        for name, data in (("a.jpg", making.picture("JPEG")), ("a.xmp", making.data_mining("DMI-PROHIBITED"))):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    report = scan(tmp_path / "s.tar", [index], ScanOptions(layout="webdataset", jobs=1))
    assert list(rules(report).values()) == [["signal.prohibited"]]


def test_the_policies_option_and_a_bundle_of_another_shape(
    index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = put(tmp_path / "set", a__jpg=making.picture("JPEG"), a__json=json.dumps({"url": URL}).encode())
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(POLICIES)
    bad.write_text('{"rules": []}')
    words = ["scan", str(folder), "-i", str(index), "--no-cache", "--jobs", "1", "-o", "json", "--policies"]
    assert run([*words, str(good)]) == 1
    assert json.loads(capsys.readouterr().out)["findings"][0]["rule"] == "signal.prohibited"
    assert run([*words, str(bad)]) == 2
    assert "unknown part 'rules'" in capsys.readouterr().err


def test_without_the_extra_the_report_says_what_did_not_run(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("c2pa", reason="c2pa-python is not installed")
    signed = signing.sign(making.picture("PNG"), "PNG", signing.training_mining(ai_generative_training="notAllowed"))
    folder = put(tmp_path / "set", a__png=signed, b__jpg=making.picture("JPEG"))
    assert rules(scan(folder, [index], SERIAL)) == {"a.png": ["signal.prohibited"]}
    monkeypatch.setattr(extras, "available", lambda package: package != "c2pa")
    report = scan(folder, [index], SERIAL)
    assert rules(report) == {"a.png": ["integrity.metadata-unreadable", "signal.review"]}
    (skipped,) = report.coverage.checks_skipped
    assert skipped.check == "signals: C2PA"
    assert "provenance-auditor[c2pa]" in skipped.reason
    assert "1 file of this set" in skipped.reason
    run(["scan", str(folder), "-i", str(index), "--no-cache", "--jobs", "1"])
    assert "signals: C2PA" in " ".join(capsys.readouterr().out.split())
