"""What a new version keeps of the one before it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from auditor.index.making.content import Content, Segment, among, entombed, is_active, kept, keys
from auditor.model import Artist

NO_LONGER_THERE = "no longer in the source folder"
"""The note of a tombstone that a build makes by itself; it is undone when the picture comes back. Tombstones that
a person made stay until a person undoes them."""


@dataclass(frozen=True, slots=True)
class Carried:
    """The joined content, and what was decided on the way."""

    content: Content
    added: int
    """Active works that the old version did not have."""
    withdrawn: int
    """Works that became tombstones."""
    still_withdrawn: int
    """Works that the sources hold, and that stay withdrawn because a person withdrew them."""


def carry_over(old: Content | None, new: Content, on: str, keep: bool, described: frozenset[str]) -> Carried:
    """Join a freshly built content with the version it follows.

    With `keep`, what only the old version lists stays; otherwise it becomes a tombstone. `described` are the
    artists whose artist.toml was read, so that what it says replaces what was said before.
    """
    if old is None:
        return Carried(new, len(new.works), 0, 0)
    (fresh,) = new.segments
    before = old.works
    by_hand = ~is_active(before) & ~pc.fill_null(pc.equal(before["status_note"], NO_LONGER_THERE), False).to_numpy()
    stays_gone = among(keys(fresh.works), keys(before).filter(pa.array(by_hand)))
    fresh = kept(fresh, ~stays_gone)
    active_before = keys(before).filter(pa.array(is_active(before)))
    added = int((~among(keys(fresh.works), active_before)).sum())
    segments: list[Segment] = [fresh]
    withdrawn = 0
    for segment in old.segments:
        rest = kept(segment, ~among(keys(segment.works), keys(fresh.works)))
        if not keep:
            gone = is_active(rest.works)
            withdrawn += int(gone.sum())
            rest = entombed(rest, gone, "withdrawn", on, NO_LONGER_THERE)
        segments.append(rest)
    artists = join_artists(old.artists, new.artists, on, keep, described)
    return Carried(Content(artists, tuple(segments), old.feedback), added, withdrawn, int(np.count_nonzero(stays_gone)))


def join_artists(
    old: Iterable[Artist], new: Iterable[Artist], on: str, keep: bool, described: frozenset[str]
) -> tuple[Artist, ...]:
    """Artists of both versions, new ones first, then those that only the old one lists."""
    before = {artist.id: artist for artist in old}
    result: dict[str, Artist] = {}
    for artist in new:
        known = before.pop(artist.id, None)
        result[artist.id] = artist if known is None else _renewed(known, artist, keep, artist.id in described)
    for artist in before.values():
        gone = not keep and artist.status == "active"
        result[artist.id] = buried(artist, "withdrawn", on, NO_LONGER_THERE) if gone else artist
    return tuple(result.values())


def buried(artist: Artist, status: str, on: str, note: str | None) -> Artist:
    """The artist as a tombstone: id and display name stay, so that older copies of a list are corrected by merging."""
    return Artist(artist.id, artist.names[:1], status=status, status_date=on, status_note=note)


def _renewed(known: Artist, artist: Artist, keep: bool, described: bool) -> Artist:
    """One artist as the new version lists them. A person's tombstone stays."""
    if known.status != "active" and known.status_note != NO_LONGER_THERE:
        return known
    if not keep:
        return artist
    names = tuple(dict.fromkeys((*artist.names, *known.names)))
    kinds = dict(zip(known.aliases, known.alias_kinds, strict=False)) | dict(
        zip(artist.aliases, artist.alias_kinds, strict=False)
    )
    statements = tuple(dict.fromkeys((*known.statements, *artist.statements)))
    source = artist if described else known
    return replace(
        source,
        names=names,
        aliases=tuple(kinds),
        alias_kinds=tuple(kinds.values()),
        ambiguous=tuple(dict.fromkeys((*known.ambiguous, *artist.ambiguous))),
        statements=statements,
        status="active",
        status_date=None,
        status_note=None,
    )
