"""What a second scan takes from the first, and what it must not."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import cv2
import pytest
from PIL import Image

from auditor.api import ScanOptions, scan
from auditor.checks.options import AuditOptions
from auditor.engines.processes import ProcessesEngine
from auditor.index.opening.store import open_index
from auditor.model import FilePayload, Sample
from auditor.outcome import Report
from auditor.run.job import Job
from auditor.run.memory.pictures import OUT_OF_MEMORY
from auditor.run.memory.store import SCHEMA_VERSION, TICK_NANOSECONDS
from auditor.run.pipeline import open_auditor
from auditor.support.pool import Pool
from auditor.verdict.wording import full_message
from tests.engines import making
from tests.index.samples import make_index, person, record
from tests.pictures import encoded, painting

PICTURES = 12
AUTO = ScanOptions(today=making.TODAY)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return making.index(tmp_path_factory.mktemp("index"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = making.flat(tmp_path / "set", PICTURES)
    for path in made.iterdir():  # their modification times are to be trusted
        os.utime(path, ns=(10**18, 10**18))
    time.sleep(3 * TICK_NANOSECONDS / 1e9)  # their times of change cannot be set
    return made


def options(tmp_path: Path, today: date = making.TODAY) -> ScanOptions:
    return ScanOptions(cache=tmp_path / "cache", today=today, engine="serial")


def told(folder: Path, index: Path, how: ScanOptions) -> tuple[Report, list[str]]:
    notices: list[str] = []
    return scan(folder, [index], how, notice=notices.append), notices


def said(count: int, tmp_path: Path) -> list[str]:
    return [f"{count} of {PICTURES} pictures were examined by earlier scans (cache {tmp_path / 'cache'})."]


def test_the_second_scan_finds_everything_and_one_without_a_cache_nothing(
    tmp_path: Path, folder: Path, index: Path
) -> None:
    first, nothing = told(folder, index, options(tmp_path))
    second, notices = told(folder, index, options(tmp_path))
    assert nothing == []
    assert notices == said(PICTURES, tmp_path)
    assert second == first
    assert told(folder, index, replace(options(tmp_path), cache=None)) == (first, [])


def test_only_what_changed_is_examined_again(tmp_path: Path, folder: Path, index: Path) -> None:
    told(folder, index, options(tmp_path))
    changed = sorted(folder.glob("*.jpg"))[3]
    changed.write_bytes(encoded(painting(0)))
    report, notices = told(folder, index, options(tmp_path))
    assert notices == said(PICTURES - 1, tmp_path)
    assert any(finding.sample == changed.name and finding.rule.startswith("copy") for finding in report.findings)


def test_texts_are_searched_again(tmp_path: Path, folder: Path, index: Path) -> None:
    told(folder, index, options(tmp_path))
    sorted(folder.glob("*.txt"))[3].write_text(f"by {making.ARTIST}", encoding="utf-8")
    report, notices = told(folder, index, options(tmp_path))
    assert notices == said(PICTURES, tmp_path)
    assert sum(finding.rule == "name.caption" for finding in report.findings) == 2


def test_another_day_is_no_reason_to_look_again_unless_something_has_ended(tmp_path: Path, folder: Path) -> None:
    last = making.TODAY + timedelta(days=3)
    copied = sorted(folder.glob("*.jpg"))[1]
    works = [replace(record(1, "a"), sha256=(_sha256(copied),), expires=last.isoformat())]
    make_index(tmp_path / "ending", [person("a", "Ash")], works)
    reports = []
    for day, count in ((0, 0), (1, PICTURES), (3, PICTURES), (4, 0), (400, PICTURES)):
        how = options(tmp_path, making.TODAY + timedelta(days=day))
        report, notices = told(folder, tmp_path / "ending", how)
        assert notices == (said(count, tmp_path) if count else [])
        assert report == told(folder, tmp_path / "ending", replace(how, cache=None))[0]
        reports.append(report)
    assert reports[0] == reports[1] == reports[2]
    assert reports[3] == reports[4]
    assert [sum("ended on" in full_message(item) for item in report.findings) for report in reports] == [0, 0, 0, 1, 1]


def _sha256(path: Path) -> bytes:
    import hashlib

    return hashlib.sha256(path.read_bytes()).digest()


def test_a_damaged_cache_is_said_and_changes_nothing(tmp_path: Path, folder: Path, index: Path) -> None:
    first, _ = told(folder, index, options(tmp_path))
    (tmp_path / "cache" / f"results-{SCHEMA_VERSION}.sqlite").write_bytes(b"SQLite format 3\0" + bytes(5000))
    again, notices = told(folder, index, options(tmp_path))
    assert again == first
    assert len(notices) == 1
    assert "was damaged" in notices[0]
    assert told(folder, index, options(tmp_path))[1] == said(PICTURES, tmp_path)


def test_a_cache_that_cannot_be_made(tmp_path: Path, folder: Path, index: Path) -> None:
    first, _ = told(folder, index, replace(options(tmp_path), cache=None))
    (tmp_path / "cache").write_bytes(b"a file, so no folder can be made")
    again, notices = told(folder, index, options(tmp_path))
    assert again == first
    assert len(notices) == 1
    assert "cannot be used" in notices[0]


def test_the_command_line_says_it_beside_the_report(tmp_path: Path, folder: Path, index: Path) -> None:
    words = ["scan", folder, "--index", index, "--cache", tmp_path / "cache", "-o", "json"]
    command = [sys.executable, "-m", "auditor", *map(str, words)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    runs = [subprocess.run(command, capture_output=True, text=True, env=environment) for _ in range(2)]
    assert runs[0].stdout == runs[1].stdout != ""
    assert "earlier scans" not in runs[0].stderr
    assert said(PICTURES, tmp_path)[0] in runs[1].stderr.replace("\n", " ")


@pytest.mark.parametrize("error", [MemoryError(), cv2.error("no memory")], ids=["memory", "opencv"])
def test_what_there_was_no_memory_for_is_skipped_and_tried_again(
    tmp_path: Path, folder: Path, index: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    if isinstance(error, cv2.error):
        error.code = cv2.Error.StsNoMem
    whole, _ = told(folder, index, replace(options(tmp_path), cache=None))

    def refused(*_: object) -> None:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr("auditor.run.worker_auditor.examine_picture", refused)
        report, _ = told(folder, index, options(tmp_path))
    assert report.coverage.skipped == ((OUT_OF_MEMORY, PICTURES),)
    assert [item.rule for item in report.findings] == ["name.caption"]  # texts were searched all the same
    assert told(folder, index, options(tmp_path)) == (whole, [])


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not enforce RLIMIT_DATA")
def test_a_picture_too_large_for_the_memory_of_a_worker(tmp_path: Path, index: Path) -> None:
    """A real one: 96 million pixels take about 700 MB to decode."""
    Image.new("RGB", (12_000, 8_000), (90, 120, 30)).save(tmp_path / "large.png", compress_level=1)
    (tmp_path / "small.png").write_bytes(encoded(painting(7)))
    job = Job((str(index),), (open_index(index).info.digest,), AuditOptions(), making.TODAY, last_ended=None)
    samples = [Sample(name, FilePayload(str(tmp_path / name))) for name in ("small.png", "large.png", "small.png")]

    def skips(engine: ProcessesEngine) -> list[str | None]:
        found = engine.run(samples, partial(open_auditor, job), 1)
        return sorted(o.skip.reason if o.skip else "audited" for o in found)

    assert skips(ProcessesEngine(memory_limit=200 << 20)) == ["audited", "audited", OUT_OF_MEMORY]
    assert skips(ProcessesEngine()) == ["audited", "audited", "audited"]


def test_two_scans_at_once_on_one_cache(tmp_path: Path, folder: Path, index: Path) -> None:
    whole, _ = told(folder, index, replace(options(tmp_path), cache=None))
    found: list[tuple[Report, list[str]]] = []
    threads = [threading.Thread(target=lambda: found.append(told(folder, index, options(tmp_path)))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [report for report, _ in found] == [whole] * 3
    assert not [text for _, notices in found for text in notices if "cannot" in text or "damaged" in text]
    with contextlib.closing(sqlite3.connect(tmp_path / "cache" / f"results-{SCHEMA_VERSION}.sqlite")) as base:
        assert base.execute("SELECT count(*) FROM files").fetchone() == (PICTURES,)


def test_texts_alone_start_no_worker(tmp_path: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("a worker was started")

    monkeypatch.setattr(Pool, "_start", refused)
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "a.txt").write_text(f"by {making.ARTIST}")
    report, _ = told(tmp_path / "set", index, AUTO)
    assert report.coverage.seen == 0
    (tmp_path / "set" / "a.png").write_bytes(encoded(painting(1)))
    with pytest.raises(AssertionError, match="a worker was started"):
        told(tmp_path / "set", index, AUTO)
