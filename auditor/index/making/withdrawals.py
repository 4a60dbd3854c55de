"""Whose withdrawal is it? A tombstone wins when lists are joined, so a list of a stranger could take an artist out.

A list owns the entries that it, or another version of it, lists as active. A tombstone of a list about an entry that
it does not own is somebody else's word. Where such words leave nothing of an artist, a person must have agreed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from auditor.errors import UsageError
from auditor.index.making.content import Content, is_active, keys

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Listed:
    """One of the lists that are joined."""

    id: str
    """The same for every version of a list."""
    name: str
    content: Content


@dataclass(frozen=True, slots=True)
class Emptied:
    """An artist of whom nothing would be left."""

    artist_id: str
    name: str
    works: int
    """Active works before, in the list that has the most."""
    by: tuple[str, ...]
    """Names of the lists whose tombstones do it, and that do not own what they withdraw."""


def emptied(lists: Sequence[Listed], after: Content) -> tuple[Emptied, ...]:
    """Artists whom a joined content no longer matches because of tombstones of lists that do not own them."""
    before: Counter[str] = Counter()
    names: dict[str, str] = {}
    for listed in lists:
        before |= _active_works(listed.content)  # the larger number of each
        names |= {artist.id: artist.names[0] for artist in listed.content.artists if artist.status == "active"}
    left = _active_works(after)
    stands = {artist.id for artist in after.artists if artist.status == "active"}
    found = []
    for artist, name in names.items():
        if artist not in stands:
            by = _buried_by(lists, artist)
        elif before[artist] and not left[artist]:
            by = _works_withdrawn_by(lists, artist)
        else:
            continue
        if by:
            found.append(Emptied(artist, name, before[artist], by))
    return tuple(found)


def require_accepted(gone: Sequence[Emptied], option: str = "--accept-withdrawals") -> None:
    """Ask for a person's word where artists would be emptied.

    Raises:
        UsageError: there are any.
    """
    if not gone:
        return
    lists = sorted({name for row in gone for name in row.by})
    shown = ", ".join(f"{row.name} ({row.works:,} works)" for row in gone[:SHOWN])
    more = f" and {len(gone) - SHOWN:,} more" if len(gone) > SHOWN else ""
    raise UsageError(
        f"Nothing would be left of {shown}{more}: {', '.join(map(repr, lists))} withdraws what another list holds. "
        f"Nothing was written. Ask the artist, or the list that holds the works; if it is right, add {option}."
    )


def _active_works(content: Content) -> Counter[str]:
    works = content.works
    counted = pc.value_counts(works["artist_id"].filter(pa.array(is_active(works))))
    return Counter({row["values"]: row["counts"] for row in counted.to_pylist()})


def _buried_by(lists: Sequence[Listed], artist: str) -> tuple[str, ...]:
    """Lists that bury an artist whom they do not own; none where an owner does so too."""
    status = [(listed, row.status) for listed in lists for row in listed.content.artists if row.id == artist]
    owners = {listed.id for listed, state in status if state == "active"}
    burying = [listed for listed, state in status if state != "active"]
    return () if any(listed.id in owners for listed in burying) else _names(burying)


def _works_withdrawn_by(lists: Sequence[Listed], artist: str) -> tuple[str, ...]:
    owners: dict[str, set[str]] = defaultdict(set)
    burying: dict[str, list[Listed]] = defaultdict(list)
    for listed in lists:
        works = listed.content.works
        works = works.filter(pc.equal(works["artist_id"], artist))
        for key, active in zip(keys(works).to_pylist(), is_active(works).tolist(), strict=True):
            if active:
                owners[key].add(listed.id)
            else:
                burying[key].append(listed)
    foreign = [
        listed
        for key, ids in owners.items()
        if not any(stone.id in ids for stone in burying[key])
        for listed in burying[key]
    ]
    return _names(foreign)


def _names(lists: Iterable[Listed]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(listed.name for listed in lists))
