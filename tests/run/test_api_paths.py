"""Several paths as one dataset: every path is seen from the working directory."""

from __future__ import annotations

import contextlib
from pathlib import Path

import auditor
from auditor.report.json import render
from auditor.report.reading import parse
from tests.cli.inprocess import ok
from tests.pictures import artist_folder, encoded, painting


def test_paths_of_samples_and_captions_are_led_by_what_was_named(tmp_path: Path) -> None:
    artist_folder(tmp_path / "works", "Mirela Ashdown", range(2))
    ok(tmp_path, "index", "build", "works", "--out", "index")
    for folder, seed in (("one", 0), ("two/deep", 1)):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "a.png").write_bytes(encoded(painting(seed)))
        (tmp_path / folder / "a.txt").write_text("by mirela ashdown")
    with contextlib.chdir(tmp_path):
        report = auditor.scan(["one", "two/deep/a.png"], ["index"])
    assert report.dataset.path == "."
    assert {finding.sample for finding in report.findings} == {"one/a.png", "two/deep/a.png"}
    sources = {finding.text.source for finding in report.findings if finding.text is not None}
    assert sources == {"one/a.txt", "two/deep/a.txt"}
    assert any(note.startswith("2 paths were audited as one: one, two/deep/a.png.") for note in report.coverage.notes)


def test_several_paths_can_be_cleaned_and_previewed_as_they_were_scanned(tmp_path: Path) -> None:
    artist_folder(tmp_path / "works", "Mirela Ashdown", range(2))
    ok(tmp_path, "index", "build", "works", "--out", "index")
    for folder, layout_file in (("10_one", "a.txt"), ("two", "a.txt")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.png").write_bytes(encoded(painting(9)))
        (tmp_path / folder / layout_file).write_text("by mirela ashdown")
    ok(tmp_path, "scan", "10_one", "two", "--index", "index", "-o", "json=r.json", "-o", "html=r.html", code=1)
    report = parse((tmp_path / "r.json").read_text())
    assert [source.path for source in report.dataset.sources] == ["10_one", "two"]
    assert parse(render(report)) == report
    assert (tmp_path / "r.html").read_text().count("data:image/jpeg") >= 2
    ok(tmp_path, "clean", "r.json", "--to", "aside", "--apply")
    assert not (tmp_path / "10_one" / "a.png").exists()
    assert not (tmp_path / "two" / "a.txt").exists()
    ok(tmp_path, "clean", "--undo", "aside", "--dataset", ".")
    assert (tmp_path / "10_one" / "a.png").exists()
