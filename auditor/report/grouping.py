"""Findings in the order and groups that people read them in; shared by the reports for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from auditor.model import SEVERITIES, Finding, Reference, Severity
from auditor.outcome import Report
from auditor.report.text import plural, visible
from auditor.rules import BY_ID
from auditor.verdict.tally import ABSENCE
from auditor.verdict.wording import full_message, short_message


@dataclass(frozen=True, slots=True)
class SampleGroup:
    """What was found about one sample, for one artist."""

    sample: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class ArtistGroup:
    """What was found for one artist; `artist` is None for findings that name none."""

    artist: Reference | None
    samples: tuple[SampleGroup, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings of the group, in order."""
        return tuple(finding for sample in self.samples for finding in sample.findings)


def severity_rank(severity: Severity) -> int:
    """0 for high, 1 for medium, 2 for low."""
    return SEVERITIES.index(severity)


def urgency(finding: Finding) -> tuple[int, int]:
    """Sort key: what counts before what is waived, then by severity."""
    return (int(finding.waived), severity_rank(finding.severity))


def by_artist(findings: Iterable[Finding]) -> tuple[ArtistGroup, ...]:
    """Group by artist, then by sample; the most urgent artist and sample first, then in order of the report."""
    artists: dict[str | None, dict[str, list[Finding]]] = {}
    names: dict[str | None, Reference | None] = {}
    for finding in findings:
        key = None if finding.artist is None else finding.artist.id
        names.setdefault(key, finding.artist)
        artists.setdefault(key, {}).setdefault(finding.sample, []).append(finding)
    groups = []
    for key, samples in artists.items():
        rows = [SampleGroup(sample, tuple(sorted(found, key=urgency))) for sample, found in samples.items()]
        rows.sort(key=lambda row: (urgency(row.findings[0]), row.sample))
        groups.append(ArtistGroup(names[key], tuple(rows)))
    groups.sort(key=_group_order)
    return tuple(groups)


def _group_order(group: ArtistGroup) -> tuple[int, tuple[int, int], int, str]:
    name = "" if group.artist is None else group.artist.name.casefold()
    return (int(group.artist is None), urgency(group.samples[0].findings[0]), -len(group.samples), name)


def rule_name(rule: str) -> str:
    """The rule's name in words, or its id for a rule of a later version."""
    return BY_ID[rule].name if rule in BY_ID else rule


def sentence(finding: Finding) -> str:
    """All that the finding says, in running text, made visible."""
    return visible(full_message(finding))


def headline(finding: Finding) -> str:
    """The same without the reason of a text match, for reports that give the reason beside it."""
    return visible(short_message(finding))


def notes(report: Report) -> tuple[str, ...]:
    """The coverage's notes without the one on absence, which every report says in its own place."""
    return tuple(note for note in report.coverage.notes if note != ABSENCE)


def work_name(finding: Finding) -> str | None:
    """Title of the matched work, its id where it has none, None where no work is meant."""
    if finding.work is None:
        return None
    return finding.work.name or finding.work.id


@dataclass(frozen=True, slots=True)
class Figures:
    """The handful of numbers that a report opens with."""

    counts: tuple[tuple[Severity, int], ...]
    """Unwaived findings by severity, all three."""
    waived: int
    samples: int
    """Samples with at least one unwaived finding."""
    artists: int
    """Artists with at least one unwaived finding."""


def figures(report: Report) -> Figures:
    """Count what the head of a report says."""
    open_findings = [finding for finding in report.findings if not finding.waived]
    counts = Counter(finding.severity for finding in open_findings)
    return Figures(
        counts=tuple((severity, counts[severity]) for severity in SEVERITIES),
        waived=len(report.findings) - len(open_findings),
        samples=len({finding.sample for finding in open_findings}),
        artists=len({finding.artist.id for finding in open_findings if finding.artist is not None}),
    )


_KINDS = {
    "copy": ("copy or part of a listed work", "copies or parts of listed works"),
    "name": ("listed name", "listed names"),
    "signal": ("statement of rights in a file", "statements of rights in files"),
    "origin": ("AI-made picture", "AI-made pictures"),
    "integrity": ("odd file", "odd files"),
    "dataset": ("note on the set", "notes on the set"),
    "waiver": ("note on a waiver", "notes on waivers"),
}


def kinds(report: Report) -> str:
    """What kinds of finding there are, in words: `3 copies or parts of listed works, 1 listed name`."""
    counts = Counter(finding.rule.partition(".")[0] for finding in report.findings if not finding.waived)
    known = [(counts.pop(family), words) for family, words in _KINDS.items() if counts[family]]
    known += [(count, (family, family)) for family, count in sorted(counts.items()) if count]
    return ", ".join(f"{count:,} {one if count == 1 else many}" for count, (one, many) in known)


def verdict_sentence(report: Report) -> str:
    """One plain sentence: what the verdict is and why."""
    numbers = figures(report)
    result = report.verdict.result
    if result == "incomplete":
        return _why_incomplete(report)
    total = sum(count for _, count in numbers.counts)
    if total == 0 and numbers.waived:
        return f"{plural(numbers.waived, 'finding')}, all waived."
    if total == 0:
        return "Nothing in this set matches what the indexes list."
    whose = f" of {plural(numbers.artists, 'artist')}" if numbers.artists else ""
    found = f"{plural(total, 'finding')} in {plural(numbers.samples, 'sample')}, works or names{whose}"
    if not whose:
        found = f"{plural(total, 'finding')} in {plural(numbers.samples, 'sample')}"
    if result == "pass":
        return f"{found}, none that fails the gate."
    return f"{found}."


def _why_incomplete(report: Report) -> str:
    """What was not looked at, so that the verdict is no pass."""
    coverage = report.coverage
    missed = coverage.seen - coverage.audited
    if coverage.seen == 0:
        return "No picture was found, so nothing was audited."
    if missed:
        return f"{missed:,} of {coverage.seen:,} pictures could not be audited, so this is no pass."
    not_run = next((skip.reason for skip in coverage.checks_skipped if skip.check in report.verdict.requires), None)
    return f"This is no pass: {not_run}." if not_run else "Not everything was audited, so this is no pass."
