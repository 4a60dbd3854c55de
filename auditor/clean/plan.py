"""What to set aside: findings and samples in, a plan out. Pure; nothing is touched."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from auditor.model import FilePayload, Finding, Sample, Severity

FAMILIES = frozenset({"copy", "name", "signal", "origin"})
"""Findings about content. Remarks on the set itself (`dataset.`, `integrity.`, `waiver.`) set nothing aside."""
TABLES = re.compile(r"(.+\.(?:jsonl|ndjson|csv|tsv|parquet))(?::.*)?\Z", re.IGNORECASE | re.DOTALL)
ARCHIVES = re.compile(r"\.(?:tar|tar\.gz|tgz|zip)\Z", re.IGNORECASE)
LISTING = re.compile(r"(.+?\.(?:json|jsonl|ndjson|csv|tsv|parquet))(?::.*)?\Z", re.IGNORECASE | re.DOTALL)
_TEXT_FILE = re.compile(r"\.(?:txt|caption|cap|xmp)\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ByHand:
    """Something flagged that only a person can change."""

    path: str
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What `auditor clean` would do. Paths are relative to the dataset, `/` as separator, sorted."""

    files: tuple[str, ...] = ()
    """Files to move away: pictures with their captions, masks and caches."""
    rows: tuple[tuple[str, tuple[int, ...]], ...] = ()
    """Table file -> 1-based lines (JSONL, CSV) or rows (Parquet) to leave out."""
    members: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Archive -> members to leave out."""
    shared: tuple[str, ...] = ()
    """Side files that stay because a picture that stays uses them too."""
    by_hand: tuple[ByHand, ...] = ()
    listings: tuple[str, ...] = ()
    """Tables and JSON files that the layout met; those that name a file that goes are written again."""
    kept: frozenset[str] = field(default=frozenset(), repr=False)
    """Pictures that stay, so that a listing's words can be told apart."""

    @property
    def empty(self) -> bool:
        """Nothing can be set aside."""
        return not (self.files or self.rows or self.members)


@dataclass(slots=True)
class _Draft:
    files: set[str] = field(default_factory=set)
    rows: dict[str, set[int]] = field(default_factory=dict)
    members: dict[str, set[str]] = field(default_factory=dict)
    side_files: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    by_hand: dict[str, str] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    listings: set[str] = field(default_factory=set)
    met: set[str] = field(default_factory=set)


def make_plan(findings: Iterable[Finding], samples: Iterable[Sample], severities: Collection[Severity]) -> Plan:
    """Plan what to set aside: every sample with an unwaived finding of one of the severities.

    A finding about a folder flags every sample below it. A picture takes its side files and its rows along.
    """
    flagged = [row for row in findings if _counts(row, severities)]
    paths = {row.sample for row in flagged}
    draft = _Draft()
    for sample in samples:
        _note_listings(sample, draft)
        hit = _hit(sample.path, paths)
        if hit is None:
            _keep(sample, draft)
        else:
            draft.met.add(hit)
            _set_aside(sample, draft, whole_folder=hit != sample.path)
    for row in flagged:
        _text_row(row, draft)
    for path in sorted(paths - draft.met):
        if path not in draft.rows:
            draft.by_hand[path] = "the dataset does not list it; it may be gone, or be the folder you named"
    return _finish(draft)


def _counts(finding: Finding, severities: Collection[Severity]) -> bool:
    family = finding.rule.partition(".")[0]
    return not finding.waived and finding.severity in severities and family in FAMILIES


def _hit(path: str, flagged: set[str]) -> str | None:
    """The flagged path that covers this one: itself, or a folder above it."""
    if path in flagged:
        return path
    end = path.rfind("/")
    while end > 0:
        if path[:end] in flagged:
            return path[:end]
        end = path.rfind("/", 0, end)
    return None


def _note_listings(sample: Sample, draft: _Draft) -> None:
    sources = [caption.source for caption in sample.captions]
    if sample.kind == "carrier":
        sources.append(sample.path)
    for source in sources:
        found = LISTING.match(source)
        if found and "!" not in source and _inside(found.group(1)):
            draft.listings.add(found.group(1))


def _keep(sample: Sample, draft: _Draft) -> None:
    draft.used.update(sample.side_files)
    if sample.kind == "picture":
        draft.kept.add(sample.path)


def _set_aside(sample: Sample, draft: _Draft, *, whole_folder: bool) -> None:
    container, separator, member = sample.path.partition("!")
    if sample.kind == "carrier" and not whole_folder:
        _carrier(sample, draft)
    elif separator and (ARCHIVES.search(container) or TABLES.match(container)):
        _member(container, member, draft)
    elif not _inside(sample.path):
        draft.by_hand[sample.path] = "it lies outside the dataset's folder"
    elif sample.payload is None and sample.kind != "carrier":
        draft.by_hand[sample.path] = "it is no file of its own"
    else:
        draft.files.add(sample.path)
    if sample.kind == "picture":
        draft.side_files.update(sample.side_files)
        _sample_rows(sample, draft)


def _sample_rows(sample: Sample, draft: _Draft) -> None:
    """Rows that list the picture, by the places of its captions and texts."""
    if not isinstance(sample.payload, FilePayload):
        return
    places = [(caption.source, caption.line) for caption in sample.captions]
    places += [(text.source, text.line) for text in sample.texts]
    for source, line in places:
        table = TABLES.match(source)
        if table and line is not None and "!" not in table.group(1):
            draft.rows.setdefault(table.group(1), set()).add(line)


def _carrier(sample: Sample, draft: _Draft) -> None:
    container, separator, member = sample.path.partition("!")
    if separator and ARCHIVES.search(container):
        _member(container, member, draft)
    elif TABLES.match(sample.path):
        return  # only the rows that findings name
    elif _TEXT_FILE.search(sample.path) and _inside(sample.path):
        draft.files.add(sample.path)
    else:
        draft.by_hand[sample.path] = "it is a configuration: change the words yourself"


def _member(container: str, member: str, draft: _Draft) -> None:
    table = TABLES.match(container)
    if table is not None:
        number = member.partition(":")[0]
        if number.isdecimal():
            draft.rows.setdefault(container, set()).add(int(number))
        return
    draft.members.setdefault(container, set()).add(member)


def _text_row(finding: Finding, draft: _Draft) -> None:
    """The row that a text finding points at, where its source is a table."""
    if finding.text is None:
        return
    table = TABLES.match(finding.text.source)
    if table is None or finding.text.line is None or "!" in table.group(1):
        return
    draft.rows.setdefault(table.group(1), set()).add(finding.text.line)


def _inside(path: str) -> bool:
    return not path.startswith("/") and ".." not in path.split("/")


def _finish(draft: _Draft) -> Plan:
    shared = draft.side_files & draft.used
    files = draft.files | {path for path in draft.side_files - shared if "!" not in path and _inside(path)}
    return Plan(
        files=tuple(sorted(files)),
        rows=tuple(sorted((path, tuple(sorted(rows))) for path, rows in draft.rows.items() if path not in files)),
        members=tuple(sorted((path, tuple(sorted(names))) for path, names in draft.members.items())),
        shared=tuple(sorted(shared)),
        by_hand=tuple(ByHand(path, why) for path, why in sorted(draft.by_hand.items()) if path not in files),
        listings=tuple(sorted((draft.listings | {path for path in draft.rows if _inside(path)}) - files)),
        kept=frozenset(draft.kept),
    )
