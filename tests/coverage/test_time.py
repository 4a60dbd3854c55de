"""A text has a budget of time like a picture: what takes longer is a counted skip, and the scan ends."""

from __future__ import annotations

from pathlib import Path

import pytest

import auditor
from auditor.api import ScanOptions
from auditor.engines import table
from auditor.engines.processes import ProcessesEngine
from tests.datasets.making import write


def test_a_long_text_that_takes_too_long_is_a_counted_skip(
    tmp_path: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "set", {"a.txt": "art by mirella ashdwon, " * 40_000})
    monkeypatch.setattr(table, "open_engine", lambda name: ProcessesEngine(seconds_per_sample=0.5))
    report = auditor.scan(tmp_path / "set", [index], ScanOptions())
    assert dict(report.coverage.skipped) == {"timed-out": 1}
    assert report.verdict.result == "incomplete"
