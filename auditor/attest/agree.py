"""Whether a report agrees with itself. Pure.

A report is a file that anybody can edit. Before it is attested, everything in it that follows from something else
in it is worked out again: the verdict from the findings, the waivers and the gate, the counts from the rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

from auditor.errors import ConfigError
from auditor.model import Finding
from auditor.outcome import Report, VerdictResult
from auditor.verdict.gate import FAILING, Overrides, verdict
from auditor.verdict.waivers import check, covers, expired

BEFORE_POLICY = "severity-before-policy"


def disagreements(report: Report, today: date) -> Iterator[str]:
    """Yield a sentence for everything in the report that does not follow from the rest of it; nothing where it agrees
    with itself."""
    yield from _coverage(report)
    yield from _findings(report)
    yield from _waivers(report, today)
    yield from _verdict(report)


def decided(counts: Mapping[str, int], seen: int, audited: int, fail_on: str) -> VerdictResult:
    """The result that follows from the numbers alone.

    Raises:
        ValueError: there is no such gate.
    """
    failing = next((severities for gate, severities in FAILING.items() if gate == fail_on), None)
    if failing is None:
        raise ValueError(f"there is no gate {fail_on!r}")
    if any(counts.get(severity, 0) for severity in failing):
        return "fail"
    return "pass" if 0 < seen == audited else "incomplete"


def allowed(stated: str, follows: VerdictResult) -> bool:
    """Whether a stated result may stand: it is the one that follows, or says less than a pass where one follows (a
    scan that was to compare pictures and had none to compare with ends so)."""
    return stated == follows or (stated == "incomplete" and follows == "pass")


def _coverage(report: Report) -> Iterator[str]:
    coverage = report.coverage
    skipped = dict(coverage.skipped)
    if min(coverage.seen, coverage.audited, *skipped.values(), 0) < 0:
        yield "a number of its coverage is below zero"
    if coverage.seen != coverage.audited + sum(skipped.values()):
        yield (
            f"it saw {coverage.seen:,} samples, but {coverage.audited:,} audited and {sum(skipped.values()):,} "
            "skipped do not add up to that"
        )
    listed = Counter(skip.reason for skip in report.skips)
    if listed != Counter({reason: count for reason, count in skipped.items() if count}):
        yield f"it lists {listed.total():,} skipped samples, and its coverage counts {sum(skipped.values()):,}"
    for skip in coverage.checks_skipped:
        if skip.check in coverage.checks_run:
            yield f"the check {skip.check} is said to have run and not to have run ({skip.reason})"
    if report.verdict.result == "pass" and not (coverage.checks_run and report.indexes):
        yield "it passes, although no check ran or no index was compared with"


def _findings(report: Report) -> Iterator[str]:
    bounds = dict(report.thresholds)
    overrides = dict(report.verdict.overrides)
    policy = Overrides(
        {key.removeprefix("rule:"): value for key, value in overrides.items() if key.startswith("rule:")},
        {key.removeprefix("artist:"): value for key, value in overrides.items() if key.startswith("artist:")},
    )
    for finding in report.findings:
        if finding.rule.startswith("waiver."):
            continue  # made after the policy's severities were set
        wanted = policy.severity(finding)
        if finding.severity != wanted:
            yield f"{_named(finding)} is graded {finding.severity}, and its policy says {wanted}"
        elif dict(finding.details).get(BEFORE_POLICY) not in (None, finding.severity) and not _set(policy, finding):
            yield f"{_named(finding)} was given another grade than its check gave, and no policy says so"
        if beyond := _beyond(finding, bounds):
            yield f"{_named(finding)} lies beyond the thresholds that it states ({beyond})"


def _set(policy: Overrides, finding: Finding) -> bool:
    artist = finding.artist.id if finding.artist else None
    return artist in policy.artists or finding.rule in policy.rules or finding.rule.partition(".")[0] in policy.rules


def _beyond(finding: Finding, bounds: Mapping[str, float]) -> str | None:
    """Which stated bound the finding breaks."""
    match, text = finding.match, finding.text
    if match is not None and match.tier == "whole" and match.distance is not None:
        kind = (match.algorithm or "").partition("@")[0]
        name = {"pdq": "pdq_loose", "phash": "phash_alone"}.get(kind, "")
        if match.distance > bounds.get(name, match.distance):
            return f"{name}: {match.distance} bits"
    probability = match.probability if match is not None and match.tier == "region" else None
    if probability is not None and probability < bounds.get("region_review", 0.0):
        return f"region_review: {probability}"
    if text is not None and finding.rule.startswith("name.") and text.score < bounds.get("name_review", 0.0):
        return f"name_review: {text.score}"
    return None


def _waivers(report: Report, today: date) -> Iterator[str]:
    for waiver in report.waivers:
        try:
            check(waiver)
        except ConfigError as error:
            yield f"a waiver in it is none: {error}"
            return  # what cannot be read covers nothing
    for finding in report.findings:
        covering = [waiver for waiver in report.waivers if covers(waiver, finding)]
        if finding.waived and not covering:
            yield f"{_named(finding)} is marked as waived, and no waiver in it covers that"
        elif covering and not finding.waived:
            yield f"{_named(finding)} is covered by a waiver in it and not marked as waived"
        elif finding.waived and all(expired(waiver, today) for waiver in covering):
            yield f"the waiver of {_named(finding)} held until {covering[0].until}"


def _verdict(report: Report) -> Iterator[str]:
    stated = report.verdict
    follows = verdict(report.findings, report.coverage, stated.fail_on, stated.requires)
    if dict(stated.counts) != dict(follows.counts):
        said = ", ".join(f"{count} {severity}" for severity, count in stated.counts)
        have = ", ".join(f"{count} {severity}" for severity, count in follows.counts)
        yield f"its verdict counts {said}, and its findings are {have}"
    if not allowed(stated.result, follows.result):
        yield f"its verdict is {stated.result}, and {follows.result} follows from its findings and coverage"


def _named(finding: Finding) -> str:
    return f"the finding {finding.fingerprint[:12]} about {finding.sample}"
