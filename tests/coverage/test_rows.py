"""Every way to be trained without being seen ends in another exit code than 0, and the report says why."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import auditor
from auditor.api import ScanOptions
from auditor.verdict.gate import EXIT_CODES
from tests.cli.inprocess import ENVIRONMENT, call
from tests.coverage import layouts, ways
from tests.coverage.making import Row

ROWS = (*layouts.ROWS, *ways.ROWS)


def words(row: Row, scanned: Path, index: Path) -> list[str]:
    options = [part for key, value in row.options for part in ("-L", f"{key}={value}")]
    return [
        "scan",
        str(scanned),
        "-i",
        str(index),
        "--layout",
        row.layout,
        *options,
        "--no-cache",
        "--engine",
        "serial",
    ]


def says(row: Row, report: dict[str, object]) -> bool:
    """Whether the report has the rule, unwaived, or the reason, or the words."""
    findings, coverage = report["findings"], report["coverage"]
    assert isinstance(findings, list) and isinstance(coverage, dict)
    rules = {finding["rule"] for finding in findings if not finding["waived"]}
    return row.says in rules or row.says in coverage["skipped"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_way_is_closed(row: Row, tmp_path: Path, index: Path) -> None:
    root = tmp_path / "set"
    root.mkdir()
    scanned = row.make(root) or root
    done = call(*words(row, scanned, index), "-o", "json=report.json", "-o", "terminal", cwd=tmp_path)
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    told = (report["findings"], report["coverage"]["skipped"], report["coverage"]["notes"])
    assert done.returncode == row.code, (done.returncode, told, done.stderr)
    assert says(row, report), told
    assert row.says in done.stdout or row.code == 1, done.stdout
    options = ScanOptions(layout=row.layout, layout_options=dict(row.options), engine="serial")
    by_api = auditor.scan(scanned, [index], options)
    assert EXIT_CODES[by_api.verdict.result] == row.code
    assert by_api.coverage.missing == report["coverage"]["missing"] == report["coverage"]["skipped"].get("missing", 0)
    assert {finding.fingerprint for finding in by_api.findings} == {row["fingerprint"] for row in report["findings"]}


def test_there_are_enough_rows_and_each_has_a_name_of_its_own() -> None:
    assert len(ROWS) >= 80
    assert len({row.id for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", [ROWS[0], layouts.ROWS[-1], ways.ROWS[0]], ids=lambda row: row.id)
def test_a_process_of_its_own_ends_with_the_same_code(row: Row, tmp_path: Path, index: Path) -> None:
    root = tmp_path / "set"
    root.mkdir()
    scanned = row.make(root) or root
    done = subprocess.run(
        [sys.executable, "-m", "auditor", *words(row, scanned, index)],
        cwd=tmp_path,
        env={**os.environ, **ENVIRONMENT},
        capture_output=True,
        text=True,
    )
    assert done.returncode == row.code, done.stdout + done.stderr
