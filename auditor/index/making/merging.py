"""Joining several lists into one.

An artist listed in several keeps every name and statement, and the strictest preference. A work listed in several
is listed once, with every digest known of it. A tombstone anywhere wins: what somebody withdrew does not come back
through an older copy of a list. What the lists say differently is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from auditor.index.format.schema import (
    NO_PREFERENCE,
    PREFERENCES,
    USES,
    VERIFICATIONS,
    Preferences,
    WorkRecord,
    value_of,
    with_values,
    works_schema,
)
from auditor.index.format.tables import works_from, works_table
from auditor.index.making.content import Content, Segment, among, kept, keys
from auditor.index.making.diff import differing_rows
from auditor.index.search.region_columns import with_empty_rows
from auditor.model import Artist

MAX_TOLD = 1_000
_SPECIAL = frozenset({"work_id", "artist_id", "sha256", "views", "preference", "status", "status_date", "status_note"})
"""Columns that are joined by a rule of their own; of the others the first value counts."""


@dataclass(frozen=True, slots=True)
class Merged:
    """The joined content, how many works were in several lists, and what the lists say differently."""

    content: Content
    shared: int
    conflicts: tuple[str, ...]
    """At most `MAX_TOLD` sentences."""


def merge(contents: Sequence[Content]) -> Merged:
    """Join lists, earlier ones first."""
    conflicts: list[str] = []
    artists: dict[str, Artist] = {}
    for content in contents:
        for artist in content.artists:
            known = artists.get(artist.id)
            artists[artist.id] = artist if known is None else _join_artists(known, artist, conflicts)
    segments: list[Segment] = []
    shared = 0
    for content in contents:
        for segment in content.segments:
            shared += _add_segment(segments, segment, conflicts)
    feedback = tuple(dict.fromkeys(opinion for content in contents for opinion in content.feedback))
    return Merged(Content(tuple(artists.values()), tuple(segments), feedback), shared, tuple(conflicts[:MAX_TOLD]))


def _add_segment(segments: list[Segment], new: Segment, conflicts: list[str]) -> int:
    """Append the works that are new; put what is known of the others into the earlier segments."""
    shared = 0
    for position, old in enumerate(segments):
        both = among(keys(new.works), keys(old.works))
        if not both.any():
            continue
        shared += int(both.sum())
        theirs = new.works.filter(pa.array(both))
        if old.regions is None and new.regions is not None:
            # The later list knows more of these works: let it carry the rows.
            stays = ~among(keys(old.works), keys(theirs))
            segments[position], absorbed = kept(old, stays), old.works.filter(pa.array(~stays))
            new = _updated(new, absorbed, conflicts, other_first=True)
        else:
            segments[position] = _updated(old, theirs, conflicts)
            new = kept(new, ~both)
    segments.append(new)
    return shared


def _updated(segment: Segment, other: pa.Table, conflicts: list[str], other_first: bool = False) -> Segment:
    """The segment with what another table says of the same works. Rows that say the same are not touched."""
    places = pc.index_in(keys(other), keys(segment.works).combine_chunks()).to_numpy()
    differing = differing_rows(segment.works.take(pa.array(places)), other)
    if not differing.any():
        return segment
    places = places[differing]
    ours = works_from(segment.works.take(pa.array(places)))
    theirs = works_from(other.filter(pa.array(differing)))
    pairs = zip(theirs, ours, strict=True) if other_first else zip(ours, theirs, strict=True)
    joined = [_join_works(first, second, conflicts) for first, second in pairs]
    order = np.arange(len(segment))
    order[places] = len(segment) + np.arange(len(places))
    works = pa.concat_tables([segment.works, works_table(joined)]).take(pa.array(order))
    result = replace(segment, works=works)
    gone = np.zeros(len(segment), np.bool_)
    gone[places] = [work.status != "active" for work in joined]
    return _without_regions(result, gone)


def _without_regions(segment: Segment, gone: NDArray[np.bool_]) -> Segment:
    source = segment.regions
    if source is None or not gone.any():
        return segment

    def regions() -> Iterable[pa.Table]:
        first = 0
        for table in source():
            yield with_empty_rows(table, gone[first : first + table.num_rows])
            first += table.num_rows

    return replace(segment, regions=regions)


def _join_works(a: WorkRecord, b: WorkRecord, conflicts: list[str]) -> WorkRecord:
    if "active" not in (a.status, b.status):
        return a
    if a.status != b.status:
        conflicts.append(
            f"work {a.work_id} of {a.artist_id}: withdrawn in one list, active in another; it stays withdrawn"
        )
        return a if a.status != "active" else b
    plain = [name for name in works_schema().names if name not in _SPECIAL]
    told = [
        name
        for name in plain
        if None not in (value_of(a, name), value_of(b, name)) and value_of(a, name) != value_of(b, name)
    ]
    if told:
        conflicts.append(f"work {a.work_id} of {a.artist_id}: the lists differ in {', '.join(told)}; the first counts")
    return replace(
        with_values(a, {name: value_of(b, name) for name in plain if value_of(a, name) is None}),
        sha256=tuple(dict.fromkeys((*a.sha256, *b.sha256))),
        views=a.views or b.views,
        preference=_strictest_uses(a.preference, b.preference),
    )


def _strictest_uses(a: Preferences, b: Preferences) -> Preferences:
    if NO_PREFERENCE in (a, b):
        return b if a == NO_PREFERENCE else a
    return Preferences(**{use: _strictest(getattr(a, use), getattr(b, use)) for use in USES})


def _strictest(a: str | None, b: str | None) -> str | None:
    said = [preference for preference in (a, b) if preference is not None]
    return min(said, key=PREFERENCES.index) if said else None


def _join_artists(a: Artist, b: Artist, conflicts: list[str]) -> Artist:
    if "active" not in (a.status, b.status):
        return a
    if a.status != b.status:
        conflicts.append(f"artist {a.id}: withdrawn in one list, active in another; they stay withdrawn")
        return a if a.status != "active" else b
    if a.preference != b.preference:
        conflicts.append(f"artist {a.id}: {a.preference} in one list, {b.preference} in another; the stricter counts")
    strict = a if PREFERENCES.index(a.preference) <= PREFERENCES.index(b.preference) else b
    kinds = dict(zip(b.aliases, b.alias_kinds, strict=False)) | dict(zip(a.aliases, a.alias_kinds, strict=False))
    order = tuple(dict.fromkeys((*a.aliases, *b.aliases)))
    return replace(
        a,
        names=tuple(dict.fromkeys((*a.names, *b.names))),
        aliases=order,
        alias_kinds=tuple(kinds.get(alias, "alias") for alias in order),
        ambiguous=tuple(dict.fromkeys((*a.ambiguous, *b.ambiguous))),
        statements=tuple(dict.fromkeys((*a.statements, *b.statements))),
        verification=max(a.verification, b.verification, key=VERIFICATIONS.index),
        preference=strict.preference,
        expires=strict.expires if a.preference != b.preference else _later(a.expires, b.expires),
    )


def _later(a: str | None, b: str | None) -> str | None:
    """The later last day; an entry without one never ends."""
    return None if a is None or b is None else max(a, b)
