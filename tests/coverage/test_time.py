"""A text has a budget of time like a picture: what takes longer is a counted skip, and the scan ends."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

import auditor
from auditor.api import ScanOptions
from auditor.engines.processes import ProcessesEngine
from auditor.run import pipeline
from tests.datasets.making import write


def test_a_long_text_that_takes_too_long_is_a_counted_skip(
    tmp_path: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "set", {"a.txt": "art by mirella ashdwon, " * 40_000})
    monkeypatch.setattr(pipeline, "ProcessesEngine", partial(ProcessesEngine, seconds_per_sample=0.5))
    report = auditor.scan(tmp_path / "set", [index], ScanOptions())
    assert dict(report.coverage.skipped) == {"timed-out": 1}
    assert report.verdict.result == "incomplete"
