"""Findings in the order and groups that people read them in; shared by the reports for people."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from auditor.model import SEVERITIES, Finding, Reference, Severity
from auditor.outcome import Report
from auditor.report.text import plural, visible
from auditor.rules import BY_ID
from auditor.verdict.tally import ABSENCE
from auditor.verdict.wording import full_message, short_message

FIRST = 3
"""Samples of alike findings that a report for people shows before it gives the number of the rest."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Findings that say the same of different samples, in the order in which they came; at least one."""

    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        """The one that is shown for all."""
        return self.findings[0]

    @property
    def samples(self) -> tuple[str, ...]:
        """Each sample once."""
        return tuple(dict.fromkeys(finding.sample for finding in self.findings))


@dataclass(frozen=True, slots=True)
class SampleGroup:
    """What was found about one sample, or alike about several, for one artist."""

    samples: tuple[str, ...]
    alike: tuple[Alike, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings of the group, in order."""
        return tuple(finding for group in self.alike for finding in group.findings)


@dataclass(frozen=True, slots=True)
class ArtistGroup:
    """What was found for one artist; `artist` is None for findings that name none."""

    artist: Reference | None
    rows: tuple[SampleGroup, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings of the group, in order."""
        return tuple(finding for row in self.rows for finding in row.findings)

    @property
    def samples(self) -> int:
        """How many samples they are about."""
        return len({sample for row in self.rows for sample in row.samples})


def sameness(finding: Finding) -> tuple[Hashable, ...]:
    """What two findings share that a reader would take for one thing found several times.

    All that is said, and the listed work, but not where: the path of the sample counts neither by itself nor inside
    the sentence, and of a text only the words count that are the evidence, not what stands around them.
    """
    text = finding.text
    return (
        finding.rule,
        finding.severity,
        finding.waived,
        finding.artist,
        finding.work,
        finding.index,
        finding.trained,
        finding.not_trained_because,
        finding.left_out_by_guess,
        finding.details,
        None if finding.match is None else finding.match.tier,
        None if text is None else text.value[text.start : text.end] or text.value,
        _apart_from_sample(finding.message, finding.sample),
        tuple(_apart_from_sample(remark, finding.sample) for remark in finding.remarks),
    )


def _apart_from_sample(said: str, sample: str) -> tuple[str, ...]:
    """The parts of a sentence between mentions of its sample, by path or by file name."""
    name = sample.rpartition("/")[2]
    if not name or name not in said:  # a pattern for each of thousands of samples is slow to make
        return (said,)
    return tuple(re.split(rf"(?<!\w)(?:{re.escape(sample)}|{re.escape(name)})(?!\w)", said))


def alike(findings: Iterable[Finding]) -> tuple[Alike, ...]:
    """Put findings together that differ only in the sample.

    Every finding is in exactly one group; groups stand in the order of their first finding, findings in theirs.
    """
    groups: dict[tuple[Hashable, ...], list[Finding]] = {}
    for finding in findings:
        groups.setdefault(sameness(finding), []).append(finding)
    return tuple(Alike(tuple(found)) for found in groups.values())


def severity_rank(severity: Severity) -> int:
    """0 for high, 1 for medium, 2 for low."""
    return SEVERITIES.index(severity)


def urgency(finding: Finding) -> tuple[int, int]:
    """Sort key: what counts before what is waived, then by severity."""
    return (int(finding.waived), severity_rank(finding.severity))


def by_artist(findings: Iterable[Finding]) -> tuple[ArtistGroup, ...]:
    """Group by artist, then by sample, alike findings of several samples together; the most urgent first."""
    artists: dict[str | None, list[Finding]] = {}
    for finding in findings:
        artists.setdefault(None if finding.artist is None else finding.artist.id, []).append(finding)
    groups = [ArtistGroup(found[0].artist, _rows(found)) for found in artists.values()]
    groups.sort(key=_group_order)
    return tuple(groups)


def _rows(findings: Iterable[Finding]) -> tuple[SampleGroup, ...]:
    """One row for each sample; several samples of which all the same is said share theirs."""
    rows: dict[tuple[str, ...], list[Alike]] = {}
    for group in alike(findings):
        rows.setdefault(group.samples, []).append(group)
    found = [
        SampleGroup(samples, tuple(sorted(groups, key=lambda group: urgency(group.first))))
        for samples, groups in rows.items()
    ]
    return tuple(sorted(found, key=lambda row: (urgency(row.alike[0].first), row.samples)))


def _group_order(group: ArtistGroup) -> tuple[int, tuple[int, int], int, str]:
    name = "" if group.artist is None else group.artist.name.casefold()
    return (int(group.artist is None), urgency(group.rows[0].alike[0].first), -group.samples, name)


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
        reasons = ", ".join(f"{visible(reason)} {count:,}" for reason, count in coverage.skipped)
        why = f": {reasons}" if reasons else ""
        return f"{missed:,} of {coverage.seen:,} pictures could not be audited, so this is no pass{why}."
    not_run = next((skip.reason for skip in coverage.checks_skipped if skip.check in report.verdict.requires), None)
    return f"This is no pass: {not_run}." if not_run else "Not everything was audited, so this is no pass."
