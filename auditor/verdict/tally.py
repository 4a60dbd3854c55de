"""Outcomes in, one report out. Pure: values in, values out."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from auditor.errors import Incomplete
from auditor.model import SEVERITIES, FailOn, Finding
from auditor.outcome import CheckSkipped, Coverage, DatasetInfo, IndexInfo, Report, SampleOutcome, Skip, Source
from auditor.verdict.gate import verdict
from auditor.verdict.wording import full_message
from auditor.version import __version__

MISSING = "missing"
"""Skip reason of what is named and not there."""
RULES_TOLD = 20
"""Rules of a layout that a report names one by one."""
MORE_RULES = "other rules of the layout"
ABSENCE = "Absence of a match is not proof of absence: only the listed works and names were compared."


@dataclass(slots=True)
class Tally:
    """Outcomes added up, one at a time, so that they need not be kept."""

    outcomes: int = 0
    seen: int = 0
    audited: int = 0
    too_plain: int = 0
    texts: int = 0
    not_trained: int = 0
    skips: list[Skip] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    contents: list[tuple[str, str]] = field(default_factory=list)

    def add(self, outcome: SampleOutcome) -> None:
        """Count one outcome."""
        self.outcomes += 1
        self.findings.extend(outcome.findings)
        self.texts += outcome.texts
        self.left_out.update(dict(outcome.left_out))
        if outcome.counted or outcome.texts_sha256:
            self.contents.append((outcome.sample, content_key(outcome.content_sha256, outcome.texts_sha256)))
        if outcome.skip is not None:
            self.skips.append(outcome.skip)
        elif outcome.counted:
            self.audited += 1
        if outcome.counted:
            self.seen += 1
            self.too_plain += outcome.too_plain
            self.not_trained += not outcome.trained
        elif outcome.skip is not None:
            # A carrier that could not be read was seen after all: an unread file is not a clean file.
            self.seen += 1


def told_rules(left_out: Counter[str]) -> tuple[tuple[str, int], ...]:
    """The commonest rules with their counts, and the rest under one name."""
    rows = sorted(left_out.items(), key=lambda row: (-row[1], row[0]))
    more = sum(count for _, count in rows[RULES_TOLD:])
    return (*rows[:RULES_TOLD], *(((MORE_RULES, more),) if more else ()))


def content_key(content_sha256: str | None, texts_sha256: str) -> str:
    """What `dataset_digest` takes as the content of a sample: its bytes and its texts."""
    return f"{content_sha256 or '-'}+{texts_sha256 or '-'}"


def dataset_digest(contents: Iterable[tuple[str, str]]) -> str:
    """SHA-256 over the sorted lines `content␠␠path` of all samples, in hex; `content` as `content_key` gives it."""
    digest = hashlib.sha256()
    for path, content in sorted(contents):
        digest.update(f"{content}  {path}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def sorted_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Order for every report: severity, artist, sample, rule, fingerprint; equal findings are kept once."""

    def key(finding: Finding) -> tuple[int, str, str, str, str, str, int]:
        artist = finding.artist.name if finding.artist else ""
        severity = SEVERITIES.index(finding.severity)
        line = finding.text.line or 0 if finding.text else 0
        return (severity, artist, finding.sample, finding.rule, finding.fingerprint, full_message(finding), line)

    unique = {(finding.sample, finding.fingerprint): finding for finding in sorted(findings, key=key, reverse=True)}
    return tuple(sorted(unique.values(), key=key))


def build_report(
    tally: Tally,
    *,
    listed: int,
    sources: tuple[Source, ...],
    indexes: tuple[IndexInfo, ...],
    thresholds: tuple[tuple[str, float], ...],
    checks_run: tuple[str, ...],
    checks_skipped: tuple[CheckSkipped, ...],
    notes: tuple[str, ...],
    fail_on: FailOn,
    requires: tuple[str, ...] = (),
) -> Report:
    """Merge a tally into a report. `listed` is how many samples and carriers the dataset gave.

    Raises:
        Incomplete: samples were lost on the way (listed is not what came back, or seen is not audited + skipped).
    """
    skipped = Counter(skip.reason for skip in tally.skips)
    coverage = Coverage(
        seen=tally.seen,
        audited=tally.audited,
        skipped=tuple(sorted(skipped.items())),
        too_plain=tally.too_plain,
        texts=tally.texts,
        not_trained=tally.not_trained,
        missing=skipped[MISSING],
        left_out=told_rules(tally.left_out),
        checks_run=tuple(sorted(checks_run)),
        checks_skipped=tuple(sorted(checks_skipped, key=lambda item: (item.check, item.reason))),
        notes=(*notes, ABSENCE),
    )
    if tally.outcomes != listed or coverage.seen != coverage.audited + skipped.total():
        raise Incomplete(
            f"{listed} samples were listed, {tally.outcomes} came back, {coverage.audited} audited and "
            f"{skipped.total()} skipped: some were lost, so no report is given. Run the scan again."
        )
    findings = sorted_findings(tally.findings)
    return Report(
        tool_name="auditor",
        tool_version=__version__,
        indexes=tuple(sorted(indexes, key=lambda info: (info.name, info.digest))),
        dataset=DatasetInfo(sources, dataset_digest(tally.contents)),
        coverage=coverage,
        thresholds=thresholds,
        verdict=verdict(findings, coverage, fail_on, requires),
        findings=findings,
        skips=tuple(sorted(tally.skips, key=lambda skip: (skip.sample, skip.reason, skip.detail))),
    )
