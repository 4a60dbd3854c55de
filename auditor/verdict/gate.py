"""Turns findings into a verdict. Everything is reported; the gate only decides the result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from auditor.model import SEVERITIES, FailOn, Finding, Severity
from auditor.outcome import Coverage, Verdict, VerdictResult

FAILING: dict[FailOn, tuple[Severity, ...]] = {"none": (), "medium": ("high", "medium"), "high": ("high",)}
"""fail-on -> severities that violate the policy"""

EXIT_CODES: dict[VerdictResult, int] = {"pass": 0, "fail": 1, "incomplete": 3}


@dataclass(frozen=True, slots=True)
class Overrides:
    """Severities that the user's policy sets. An artist's outranks a rule's. Nothing can be hidden by them."""

    rules: Mapping[str, Severity] = field(default_factory=lambda: MappingProxyType({}))
    """Rule id or family (`copy`) -> severity; the id outranks the family."""
    artists: Mapping[str, Severity] = field(default_factory=lambda: MappingProxyType({}))
    """Artist id -> severity of every finding about the artist."""

    def severity(self, finding: Finding) -> Severity:
        """The severity that the policy gives the finding, its own where the policy says nothing."""
        if finding.artist is not None and finding.artist.id in self.artists:
            return self.artists[finding.artist.id]
        family = self.rules.get(finding.rule.partition(".")[0], finding.severity)
        return self.rules.get(finding.rule, family)

    def items(self) -> tuple[tuple[str, Severity], ...]:
        """(`rule:ID` or `artist:ID`, severity), sorted: how a report states them."""
        rows = [(f"rule:{rule}", severity) for rule, severity in self.rules.items()]
        rows += [(f"artist:{artist}", severity) for artist, severity in self.artists.items()]
        return tuple(sorted(rows))


def regrade(findings: Iterable[Finding], overrides: Overrides) -> tuple[Finding, ...]:
    """Give findings the severities of the user's policy; what a check had said is kept in the details."""
    graded = []
    for finding in findings:
        severity = overrides.severity(finding)
        if severity != finding.severity:
            details = tuple(sorted({**dict(finding.details), "severity-before-policy": finding.severity}.items()))
            finding = replace(finding, severity=severity, details=details)
        graded.append(finding)
    return tuple(graded)


def breaks_gate(finding: Finding, fail_on: FailOn) -> bool:
    """Say whether a finding by itself violates the policy."""
    return not finding.waived and finding.severity in FAILING[fail_on]


def verdict(
    findings: Iterable[Finding],
    coverage: Coverage,
    fail_on: FailOn,
    requires: Iterable[str] = (),
    overrides: tuple[tuple[str, Severity], ...] = (),
) -> Verdict:
    """Decide. A violated policy outranks an incomplete audit; an incomplete audit is never a pass.

    Args:
        findings: with the severities and waivers that hold.
        coverage: how much was looked at.
        fail_on: lowest severity that violates the policy.
        requires: names of checks that must have run.
        overrides: the severities that the user's policy set, to be stated.
    """
    kept = [finding for finding in findings if not finding.waived]
    counts = Counter(finding.severity for finding in kept)
    result: VerdictResult = "pass"
    if any(breaks_gate(finding, fail_on) for finding in kept):
        result = "fail"
    elif is_incomplete(coverage, requires):
        result = "incomplete"
    by_severity = tuple((severity, counts.get(severity, 0)) for severity in SEVERITIES)
    return Verdict(result, fail_on, by_severity, overrides, tuple(sorted(requires)))


def is_incomplete(coverage: Coverage, requires: Iterable[str]) -> bool:
    """Whether something that was to be looked at was not."""
    return coverage.seen == 0 or coverage.audited < coverage.seen or not set(requires) <= set(coverage.checks_run)
