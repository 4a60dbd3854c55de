"""An audit of texts alone: rows in, one report out, in memory that grows with the findings only."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from auditor.checks import table
from auditor.checks.mentions import Mention, name_finding
from auditor.checks.table import NOTHING_TO_COMPARE, Holdings
from auditor.datasets.reading.textrows import TextRow
from auditor.index.opening.names import listed_artists
from auditor.index.opening.store import Index
from auditor.index.search.matchers import open_matcher
from auditor.model import FailOn, Finding, Severity
from auditor.outcome import Coverage, DatasetInfo, Report, Skip, Source
from auditor.thresholds import DEFAULT, Thresholds
from auditor.verdict.gate import verdict
from auditor.verdict.tally import ABSENCE, sorted_findings
from auditor.version import __version__

KEPT_FINDINGS = 100_000
"""Findings of one severity that are kept; further ones are counted."""
KEPT_SKIPS = 1_000
"""Unreadable rows that are named; further ones are counted."""


class TextAudit:
    """Adds rows up. Compiled names are kept in `cache`, where that is not None."""

    def __init__(
        self, indexes: Sequence[Index], today: date, cache: Path | None, thresholds: Thresholds = DEFAULT
    ) -> None:
        self.seen = 0
        self._indexes = tuple(indexes)
        self._thresholds = thresholds
        self._matcher = open_matcher(self._indexes, today, cache)
        self._artists = listed_artists(self._indexes, today)
        self._findings: dict[Severity, list[Finding]] = {"high": [], "medium": [], "low": []}
        self._dropped = 0
        self._skipped: Counter[str] = Counter()
        self._skips: list[Skip] = []
        self._digest = hashlib.sha256()

    def add(self, source: str, rows: Sequence[TextRow]) -> None:
        """Search some rows of a file."""
        self.seen += len(rows)
        for row in rows:
            if row.problem is not None:
                self._skip(source, row)
        good = [row for row in rows if row.problem is None]
        floor = self._thresholds.name_review
        searched = self._matcher.find_many([row.text for row in good], "caption", floor)
        for row, matches in zip(good, searched, strict=True):
            raw = row.text.encode("utf-8", "surrogatepass")
            self._digest.update(f"{len(raw)}\n".encode() + raw)
            best: dict[str, tuple[int, Mention]] = {}
            for match in matches:
                if match.score >= self._thresholds.name_review:
                    others, known = best.get(match.artist_id, (-1, None))
                    mention = Mention(row.text, source, match, row.line)
                    better = known is None or match.score > known.match.score
                    best[match.artist_id] = (others + 1, mention if better or known is None else known)
            for key, (others, mention) in best.items():
                artist, index = self._artists[key]
                self._keep(name_finding("name.caption", source, None, mention, others, artist, index, self._thresholds))

    def report(self, path: str, fail_on: FailOn) -> Report:
        """What was found so far."""
        findings = sorted_findings([finding for kept in self._findings.values() for finding in kept])
        more = (f"{self._dropped:,} further findings were counted and not kept.",) if self._dropped else ()
        asked = frozenset({"names"})
        listed = any(index.info.artists for index in self._indexes)
        holdings = Holdings(works=False, regions=False, names=listed, pictures=False)
        coverage = Coverage(
            seen=self.seen,
            audited=self.seen - self._skipped.total(),
            skipped=tuple(sorted(self._skipped.items())),
            texts=self.seen - self._skipped.total(),
            checks_run=table.ran(asked, holdings),
            checks_skipped=table.not_run(asked, holdings, NOTHING_TO_COMPARE["pictures"]),
            notes=(*more, ABSENCE),
        )
        return Report(
            tool_name="auditor",
            tool_version=__version__,
            indexes=tuple(sorted((index.info for index in self._indexes), key=lambda info: (info.name, info.digest))),
            dataset=DatasetInfo((Source(path, "text"),), self._digest.hexdigest()),
            coverage=coverage,
            thresholds=self._thresholds.items(),
            verdict=verdict(findings, coverage, fail_on),
            findings=findings,
            skips=tuple(sorted(self._skips, key=lambda skip: (skip.sample, skip.reason, skip.detail))),
        )

    def _keep(self, finding: Finding) -> None:
        kept = self._findings[finding.severity]
        if len(kept) < KEPT_FINDINGS:
            kept.append(finding)
        else:
            self._dropped += 1

    def _skip(self, source: str, row: TextRow) -> None:
        reason = row.problem or "unreadable"
        self._skipped[reason] += 1
        if len(self._skips) < KEPT_SKIPS:
            self._skips.append(Skip(source, reason, f"row {row.line}"))
