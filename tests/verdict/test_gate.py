"""The gate: what fails, what is incomplete, and that a violation outranks a gap."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model import SEVERITIES, FailOn, Finding, Severity
from auditor.outcome import Coverage
from auditor.verdict.gate import EXIT_CODES, breaks_gate, verdict

WHOLE = Coverage(seen=3, audited=3)
GAPS = Coverage(seen=3, audited=2, skipped=(("truncated", 1),))


def finding(severity: Severity, waived: bool = False) -> Finding:
    return Finding("copy.exact", severity, "a.png", "message", "f" * 64, waived=waived)


@pytest.mark.parametrize(
    ("severity", "fail_on", "result"),
    [
        ("high", "high", "fail"),
        ("medium", "high", "pass"),
        ("medium", "medium", "fail"),
        ("low", "medium", "pass"),
        ("high", "none", "pass"),
    ],
)
def test_fail_on(severity: Severity, fail_on: FailOn, result: str) -> None:
    assert verdict([finding(severity)], WHOLE, fail_on).result == result


def test_a_gap_is_never_a_pass_and_a_violation_outranks_it() -> None:
    assert verdict([], GAPS, "high").result == "incomplete"
    assert verdict([], GAPS, "none").result == "incomplete"
    assert verdict([], Coverage(seen=0, audited=0), "high").result == "incomplete"
    assert verdict([finding("high")], GAPS, "high").result == "fail"


def test_waived_findings_neither_fail_nor_count() -> None:
    result = verdict([finding("high", waived=True)], WHOLE, "high")
    assert result.result == "pass"
    assert dict(result.counts) == {"high": 0, "medium": 0, "low": 0}


@given(st.lists(st.tuples(st.sampled_from(SEVERITIES), st.booleans())), st.sampled_from(["none", "medium", "high"]))
def test_verdict_fails_exactly_when_a_finding_breaks_the_gate(
    rows: list[tuple[Severity, bool]], fail_on: FailOn
) -> None:
    findings = [finding(severity, waived) for severity, waived in rows]
    result = verdict(findings, WHOLE, fail_on)
    assert (result.result == "fail") == any(breaks_gate(item, fail_on) for item in findings)
    assert sum(count for _, count in result.counts) == sum(not waived for _, waived in rows)


def test_exit_codes() -> None:
    assert EXIT_CODES == {"pass": 0, "fail": 1, "incomplete": 3}
