"""Read a report and count: right work, wrong work, nothing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.copies_whole.scene import Copy
from benchmarks.corpus import Picture

WHOLE_TIERS = ("exact", "pixels", "whole")


@dataclass(frozen=True, slots=True)
class Score:
    """How one set of copies was recognised."""

    copies: int
    found: int
    """Right work and right artist, graded high, by any check."""
    found_whole: int
    """The same by digests and whole-picture hashes alone."""
    review: int
    """Right work, but only graded medium."""
    wrong: int
    """Pictures with a finding graded high for a work that they share nothing with."""


@dataclass(frozen=True, slots=True)
class CopyReport:
    """The copy findings of a report, by picture."""

    findings: dict[str, list[dict[str, Any]]]
    coverage: dict[str, Any]


def read(path: Path) -> CopyReport:
    """Read a JSON report."""
    report = json.loads(path.read_text("utf-8"))
    by_sample: dict[str, list[dict[str, Any]]] = {}
    for finding in report["findings"]:
        if finding["rule"].startswith("copy."):
            by_sample.setdefault(Path(finding["sample"]).name, []).append(finding)
    return CopyReport(by_sample, report["coverage"])


def score(report: CopyReport, copies: Iterable[Copy], works: Iterable[Picture]) -> Score:
    """Compare what was reported with what was put in."""
    by_name = {work.name: work for work in works}
    count: Counter[str] = Counter()
    for copy in copies:
        count["copies"] += 1
        right, wrong = [], []
        for finding in report.findings.get(copy.file, []):
            work = by_name[finding["work"]["title"].partition(".")[0]]
            same = work.name == copy.work.name and finding["artist"]["name"] == copy.work.artist
            if same:
                right.append(finding)
            elif work.family != copy.work.family:
                wrong.append(finding)
        high = [finding for finding in right if finding["severity"] == "high"]
        count["found"] += bool(high)
        count["whole"] += any(finding["match"]["tier"] in WHOLE_TIERS for finding in high)
        count["review"] += bool(right) and not high
        count["wrong"] += any(finding["severity"] == "high" for finding in wrong)
    return Score(count["copies"], count["found"], count["whole"], count["review"], count["wrong"])


def alarms(report: CopyReport, prefix: str = "") -> dict[str, int]:
    """Pictures whose name starts so, by the highest grade of a copy finding."""
    count: Counter[str] = Counter()
    for name, findings in report.findings.items():
        if name.startswith(prefix):
            grades = {finding["severity"] for finding in findings}
            count["high" if "high" in grades else "medium" if "medium" in grades else "low"] += 1
    return dict(count)
