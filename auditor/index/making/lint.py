"""What a careful publisher would correct before sharing an index, with how to correct it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from auditor.errors import IndexProblem
from auditor.index.format import hash_kinds
from auditor.index.format.preferences import is_expired
from auditor.index.format.schema import WORKS
from auditor.index.making.content import Content, is_active
from auditor.index.opening.store import Index, as_matrix
from auditor.index.opening.trust import TrustedKey, check_signature
from auditor.index.search.hamming import CodeSet
from auditor.model import Artist
from auditor.names.lint import lint_names, unsafe_names
from auditor.thresholds import DEFAULT

NEAR_BITS = 10
"""PDQ distance up to which two works are taken for the same picture."""
NEAR_LIMIT = 50_000
"""Works up to which all pairs are compared; beyond, only equal hashes are found, and a problem says so."""
TINY = 128
"""Shorter side in pixels below which a picture has hardly enough detail to be recognised."""
_COLUMNS = ("work_id", "artist_id", "title", "width", "height", "pdq_quality", "expires", "status")
"""Beside those of the hashes."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to look at."""

    rule: str
    """same-work-two-artists | duplicate-entry | too-plain | tiny | no-hash | statement-missing | expired |
    key-mismatch | not-compared | name-… (see `auditor.names.lint`)"""
    subject: str
    """ARTIST_ID, or ARTIST_ID/WORK_ID."""
    message: str
    fix: str
    """What to do about it."""


@dataclass(frozen=True, slots=True)
class _ActiveWorks:
    """The active works that problems are looked for in."""

    table: pa.Table
    near: bool

    def subject(self, row: int) -> str:
        return f"{self.table['artist_id'][row]}/{self.table['work_id'][row]}"

    def artist(self, row: int) -> str:
        return str(self.table["artist_id"][row].as_py())

    def shown(self, row: int) -> str:
        title = self.table["title"][row].as_py()
        return f"'{title}'" if title else f"work {self.table['work_id'][row]}"


def lint(
    index: Index, today: date, trusted: Sequence[TrustedKey] = (), with_readings: bool = False
) -> tuple[Problem, ...]:
    """All problems, sorted by rule and subject. An empty result means that nothing was found, not that all is well.

    `with_readings` adds how names may be written in other scripts.
    """
    table = index.table(WORKS, [*_COLUMNS, *(kind.name for kind in hash_kinds.kinds())])
    table = table.filter(pa.array(is_active(table))).combine_chunks()
    works = _ActiveWorks(table, table.num_rows <= NEAR_LIMIT)
    checks: tuple[Callable[[_ActiveWorks], Iterator[Problem]], ...] = (_same_pictures, _too_plain, _tiny, _no_hash)
    problems = [problem for check in checks for problem in check(works)]
    problems += _statements(index)
    problems += _names(index, with_readings)
    problems += _expired(index, works, today)
    problems += _keys(index, trusted)
    return tuple(sorted(problems, key=lambda problem: (problem.rule, problem.subject, problem.message)))


def _same_pictures(works: _ActiveWorks) -> Iterator[Problem]:
    """Pairs of entries that are the same picture: of one artist (a duplicate), or of two (a contradiction)."""
    for first, second in sorted(_pairs(works)):
        what = f"{works.shown(second)} is the same picture as {works.shown(first)} ({works.subject(first)})"
        if works.artist(first) == works.artist(second):
            yield Problem(
                "duplicate-entry",
                works.subject(second),
                f"{what} of the same artist.",
                f"Withdraw one: auditor index withdraw DIR --work {works.table['work_id'][second]} --reason duplicate",
            )
        else:
            yield Problem(
                "same-work-two-artists",
                works.subject(second),
                f"{what} of another artist.",
                "Ask both whose it is, then withdraw the other entry with --reason wrong-claim.",
            )
    if not works.near:
        yield Problem(
            "not-compared",
            "index",
            f"The index has more than {NEAR_LIMIT:,} works, so only pictures with equal hashes were compared.",
            "Lint the lists it was merged from one by one to find near duplicates too.",
        )


def _pairs(works: _ActiveWorks) -> set[tuple[int, int]]:
    pairs: set[tuple[int, int]] = set()
    for digests, rows in (_file_digests(works.table), _single(works.table, "pixel_sha256", 32)):
        pairs |= _equal(digests, rows)
    codes, rows = _single(works.table, "pdq", 32)
    quality = pc.fill_null(works.table["pdq_quality"], 100).to_numpy()[rows]
    good = quality >= DEFAULT.pdq_quality
    codes, rows = codes[good], rows[good]
    if works.near and len(codes):
        query, row, _ = CodeSet(codes).within(codes, NEAR_BITS)
        pairs |= {(int(rows[a]), int(rows[b])) for a, b in zip(query, row, strict=True) if a < b}
    else:
        pairs |= _equal(codes, rows)
    return pairs


def _equal(codes: NDArray[np.uint8], rows: NDArray[np.int64]) -> set[tuple[int, int]]:
    """(first row, later row) for every repeated code."""
    first: dict[bytes, int] = {}
    pairs = set()
    for code, row in zip(codes, rows.tolist(), strict=True):
        known = first.setdefault(code.tobytes(), row)
        if known != row:
            pairs.add((known, row))
    return pairs


def _single(table: pa.Table, name: str, width: int) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    codes, there = as_matrix(table[name], width)
    rows = np.flatnonzero(there)
    return codes[rows], rows


def _file_digests(table: pa.Table) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    column = table["sha256"].combine_chunks()
    codes, _ = as_matrix(pa.chunked_array([pc.list_flatten(column).cast(pa.binary(32))]), 32)
    return codes, pc.list_parent_indices(column).to_numpy().astype(np.int64)


def _too_plain(works: _ActiveWorks) -> Iterator[Problem]:
    plain = pc.fill_null(pc.less(works.table["pdq_quality"], DEFAULT.pdq_quality), False)
    for row in np.flatnonzero(plain.to_numpy()).tolist():
        yield Problem(
            "too-plain",
            works.subject(row),
            f"{works.shown(row)} has too little detail to be told apart by hash; only the very same file is found.",
            "Keep it if that is enough, or list a version with more detail.",
        )


def _tiny(works: _ActiveWorks) -> Iterator[Problem]:
    shorter = pc.min_element_wise(works.table["width"], works.table["height"], skip_nulls=False)
    small = pc.fill_null(pc.less(shorter, TINY), False)
    for row in np.flatnonzero(small.to_numpy()).tolist():
        yield Problem(
            "tiny",
            works.subject(row),
            f"{works.shown(row)} is only {works.table['width'][row]} × {works.table['height'][row]} pixels.",
            "List the full-size picture: a thumbnail finds crops and enlargements badly.",
        )


def _no_hash(works: _ActiveWorks) -> Iterator[Problem]:
    there = pc.greater(pc.fill_null(pc.list_value_length(works.table["sha256"]), 0), 0)
    for kind in hash_kinds.kinds():
        if not kind.several:
            there = pc.or_(there, pc.is_valid(works.table[kind.name]))
    for row in np.flatnonzero(~there.to_numpy().astype(np.bool_)).tolist():
        yield Problem(
            "no-hash",
            works.subject(row),
            f"{works.shown(row)} has no hash, so it can never be found.",
            "Add the picture with 'auditor index add', or withdraw the entry.",
        )


def _statements(index: Index) -> Iterator[Problem]:
    for artist in index.artists:
        if artist.status == "active" and artist.preference != "allowed" and not artist.statements:
            yield Problem(
                "statement-missing",
                artist.id,
                f"{artist.names[0]} is listed without saying where or when they objected.",
                "Add a [[statement]] with kind, date, title and uri to their artist.toml, and run 'auditor index add'.",
            )


def _names(index: Index, with_readings: bool) -> Iterator[Problem]:
    """Names that match too much or too little."""
    artists = (artist for artist in index.artists if artist.preference != "allowed")
    for advice in lint_names(artists, with_readings):
        yield Problem(f"name-{advice.rule}", advice.artist_id, f"{advice.name!r}: {advice.message}", advice.fix)


def mark_unsafe_names(content: Content) -> Content:
    """The content with every name that is unsafe by itself marked as needing a cue (`Artist.ambiguous`)."""
    return replace(content, artists=tuple(map(_marked, content.artists)))


def _marked(artist: Artist) -> Artist:
    if artist.status != "active":
        return artist
    return replace(artist, ambiguous=tuple(dict.fromkeys((*artist.ambiguous, *unsafe_names(artist)))))


def _expired(index: Index, works: _ActiveWorks, today: date) -> Iterator[Problem]:
    renew = "Renew it, or withdraw the entry."
    if is_expired(index.manifest.expires, today):
        message = f"The index expired on {index.manifest.expires}."
        yield Problem("expired", "index", message, "Publish a new version with --expires.")
    for artist in index.artists:
        if artist.status == "active" and is_expired(artist.expires, today):
            yield Problem("expired", artist.id, f"The statement of {artist.names[0]} ended on {artist.expires}.", renew)
    for row, expires in enumerate(works.table["expires"].to_pylist()):
        if is_expired(expires, today):
            yield Problem("expired", works.subject(row), f"The entry of {works.shown(row)} ended on {expires}.", renew)


def _keys(index: Index, trusted: Sequence[TrustedKey]) -> Iterator[Problem]:
    try:
        check_signature(index.path, index.manifest, trusted)
    except IndexProblem as error:
        yield Problem("key-mismatch", "index", str(error), "Sign this version: auditor index sign DIR --key KEY")
