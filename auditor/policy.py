"""Turns findings into a verdict. Everything is reported; the gate only decides the result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from auditor.model import SEVERITIES, Coverage, FailOn, Finding, Severity, Verdict, VerdictResult

FAILING: dict[FailOn, tuple[Severity, ...]] = {"none": (), "medium": ("high", "medium"), "high": ("high",)}
"""fail-on -> severities that violate the policy"""

EXIT_CODES: dict[VerdictResult, int] = {"pass": 0, "fail": 1, "incomplete": 3}


def breaks_gate(finding: Finding, fail_on: FailOn) -> bool:
    """Say whether a finding by itself violates the policy."""
    return not finding.waived and finding.severity in FAILING[fail_on]


def verdict(findings: Iterable[Finding], coverage: Coverage, fail_on: FailOn) -> Verdict:
    """Decide. A violated policy outranks an incomplete audit; an incomplete audit is never a pass."""
    kept = [finding for finding in findings if not finding.waived]
    counts = Counter(finding.severity for finding in kept)
    result: VerdictResult = "pass"
    if any(breaks_gate(finding, fail_on) for finding in kept):
        result = "fail"
    elif coverage.seen == 0 or coverage.audited < coverage.seen:
        result = "incomplete"
    return Verdict(result, fail_on, tuple((severity, counts.get(severity, 0)) for severity in SEVERITIES))
