"""A report that a scan wrote agrees with itself; one that was edited does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.attest.agree import allowed, decided, disagreements
from auditor.model import SEVERITIES, Finding
from auditor.outcome import CheckSkipped, Coverage, Report, SampleOutcome, Skip, Source, Waiver
from auditor.thresholds import DEFAULT
from auditor.verdict.gate import FAILING, Overrides
from auditor.verdict.tally import Tally, build_report
from auditor.verdict.waivers import settle
from tests.report import examples

TODAY = date(2026, 6, 1)
FINDINGS = tuple(replace(row, waived=False) for row in examples.every_kind())


def scanned(findings: tuple[Finding, ...], unread: int = 0, fail_on: Any = "high") -> Report:
    """A report as a scan builds it."""
    tally = Tally()
    tally.add(SampleOutcome("a.png", findings, content_sha256="1" * 64))
    for number in range(unread):
        skip = Skip(f"{number}.png", "truncated", "it ends early")
        tally.add(SampleOutcome(f"{number}.png", skip=skip))
    return build_report(
        tally,
        listed=1 + unread,
        sources=(Source("set", "flat"),),
        indexes=examples.clean().indexes,
        thresholds=DEFAULT.items(),
        checks_run=("copies", "names"),
        checks_skipped=(),
        notes=(),
        fail_on=fail_on,
    )


waivers = st.one_of(
    st.sampled_from(FINDINGS).map(lambda row: Waiver(row.fingerprint, row.rule, "r", "b", "2026-01-01")),
    st.sampled_from(["mira-vale", "nobody"]).map(
        lambda artist: Waiver(None, None, "r", "b", "2026-01-01", "2026-12-31", artist=artist)
    ),
    st.sampled_from(FINDINGS).map(lambda row: Waiver(row.fingerprint, row.rule, "r", "b", "2026-01-01", "2026-02-01")),
)
overrides = st.builds(
    Overrides,
    st.dictionaries(st.sampled_from(["copy", "copy.exact", "name.caption"]), st.sampled_from(SEVERITIES)),
    st.dictionaries(st.sampled_from(["mira-vale"]), st.sampled_from(SEVERITIES)),
)


@given(
    st.lists(st.sampled_from(FINDINGS), max_size=6, unique=True),
    st.lists(waivers, max_size=3, unique=True),
    overrides,
    st.integers(0, 3),
    st.sampled_from(sorted(FAILING)),
)
def test_whatever_a_scan_writes_agrees_with_itself(
    findings: list[Finding], allowing: list[Waiver], policy: Overrides, unread: int, fail_on: str
) -> None:
    report = settle(scanned(tuple(findings), unread, fail_on), allowing, policy, TODAY)
    assert list(disagreements(report, TODAY)) == []


BASE = settle(
    scanned(FINDINGS, 2),
    [Waiver(FINDINGS[0].fingerprint, FINDINGS[0].rule, "r", "b", "2026-01-01", "2026-12-31")],
    Overrides({"name.caption": "low"}),
    TODAY,
)
_NAMES = [row for row in BASE.findings if row.rule == "name.caption"]


def _first(report: Report, **changes: Any) -> Report:
    """The report with its first finding that is not waived changed."""
    position = next(number for number, row in enumerate(report.findings) if not row.waived)
    rows = list(report.findings)
    rows[position] = replace(rows[position], **changes)
    return replace(report, findings=tuple(rows))


def _verdict(**changes: Any) -> Report:
    return replace(BASE, verdict=replace(BASE.verdict, **changes))


def _coverage(**changes: Any) -> Report:
    return replace(BASE, coverage=replace(BASE.coverage, **changes))


EDITS: dict[str, tuple[Report, str]] = {
    "the result": (_verdict(result="pass"), "its verdict is pass, and fail follows"),
    "a lesser result": (_verdict(result="incomplete"), "fail follows"),
    "the counts": (_verdict(counts=(("high", 0), ("medium", 0), ("low", 0))), "its verdict counts 0 high"),
    "the gate": (_verdict(fail_on="none"), "its verdict is fail, and incomplete follows"),
    "a finding's grade": (_first(BASE, severity="low"), "its verdict counts"),
    "a finding taken out": (replace(BASE, findings=BASE.findings[1:]), "its verdict counts"),
    "a finding marked as waived": (_first(BASE, waived=True), "no waiver in it covers that"),
    "a waiver taken out": (replace(BASE, waivers=()), "no waiver in it covers that"),
    "a waiver's last day": (
        replace(BASE, waivers=(replace(BASE.waivers[0], until="whenever"),)),
        "a waiver in it is none",
    ),
    "a waiver that is not applied": (
        replace(BASE, findings=tuple(replace(row, waived=False) for row in BASE.findings)),
        "covered by a waiver in it and not marked",
    ),
    "a policy that was not applied": (_verdict(overrides=(("rule:copy", "low"),)), "its policy says low"),
    "a policy taken out": (_verdict(overrides=()), "no policy says so"),
    "a skip taken out": (replace(BASE, skips=BASE.skips[1:]), "lists 1 skipped samples"),
    "the skips of the coverage": (_coverage(skipped=()), "do not add up"),
    "all audited": (_coverage(audited=BASE.coverage.seen), "do not add up"),
    "a number below zero": (
        _coverage(seen=1, audited=2, skipped=(("truncated", -1),)),
        "below zero",
    ),
    "a check that ran and did not": (
        _coverage(checks_skipped=(CheckSkipped("copies", "no hashes"),)),
        "said to have run and not to have run",
    ),
    "a threshold": (
        replace(BASE, thresholds=tuple((key, 1.0 if key == "pdq_loose" else value) for key, value in BASE.thresholds)),
        "beyond the thresholds",
    ),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edited_report_disagrees_with_itself(name: str) -> None:
    report, said = EDITS[name]
    assert any(said in sentence for sentence in disagreements(report, TODAY)), list(disagreements(report, TODAY))


def test_the_report_before_the_edits_agrees() -> None:
    assert _NAMES
    assert list(disagreements(BASE, TODAY)) == []


def test_a_waiver_that_has_ended_since_is_said() -> None:
    (sentence,) = disagreements(BASE, date(2027, 1, 1))
    assert "held until 2026-12-31" in sentence


def test_a_pass_without_checks_or_indexes_is_none() -> None:
    clean = scanned(())
    assert list(disagreements(clean, TODAY)) == []
    assert clean.verdict.result == "pass"
    empty = replace(clean, coverage=replace(clean.coverage, checks_run=()))
    for report in (replace(clean, indexes=()), empty):
        assert any("it passes, although" in sentence for sentence in disagreements(report, TODAY))


@given(
    st.dictionaries(st.sampled_from(SEVERITIES), st.integers(0, 2)),
    st.integers(0, 3),
    st.integers(0, 3),
    st.sampled_from(sorted(FAILING)),
)
def test_the_numbers_alone_decide_as_the_findings_do(
    counts: dict[str, int], audited: int, unread: int, fail_on: Any
) -> None:
    rows = tuple(
        replace(FINDINGS[0], severity=severity, fingerprint=f"{severity}{number}")  # type: ignore[arg-type]
        for severity, count in counts.items()
        for number in range(count)
    )
    from auditor.verdict.gate import verdict

    coverage = Coverage(audited + unread, audited, (("truncated", unread),))
    assert decided(counts, coverage.seen, audited, fail_on) == verdict(rows, coverage, fail_on).result


def test_less_than_a_pass_may_be_stated() -> None:
    assert allowed("incomplete", "pass")
    assert not allowed("pass", "incomplete")
    assert not allowed("fail", "pass")
