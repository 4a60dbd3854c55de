"""The names of all opened indexes, for the matcher.

An artist's key is `LABEL/ARTIST_ID`. The label is the index's own name; where two opened indexes have the same
name, the later ones are `NAME#2`, `NAME#3` ... in the order given.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from auditor.index.format.preferences import artist_today, is_listed
from auditor.index.opening.store import Index
from auditor.model import Artist
from auditor.names.interface import ListedName


def labels(indexes: Sequence[Index]) -> tuple[str, ...]:
    """One distinct label for each index, in the order given."""
    seen: dict[str, int] = {}
    result = []
    for index in indexes:
        seen[index.name] = count = seen.get(index.name, 0) + 1
        result.append(index.name if count == 1 else f"{index.name}#{count}")
    return tuple(result)


def listed_artists(indexes: Sequence[Index], today: date | None = None) -> dict[str, tuple[Artist, str]]:
    """Artist key -> (artist as it counts today, index label), without withdrawn artists and those who allow."""
    return {
        f"{label}/{artist.id}": (artist, label)
        for label, index in zip(labels(indexes), indexes, strict=True)
        for artist in (artist_today(stored, today) for stored in index.artists)
        if is_listed(artist)
    }


def listed_names(indexes: Sequence[Index], today: date | None = None) -> tuple[ListedName, ...]:
    """Every name and alias to search for; `artist_id` of each is the artist key."""
    return tuple(name for key, (artist, _) in listed_artists(indexes, today).items() for name in names_of(artist, key))


def names_of(artist: Artist, key: str) -> Iterator[ListedName]:
    """The names and aliases of one artist, each surface once."""
    kinds = artist.alias_kinds or ("alias",) * len(artist.aliases)
    surfaces = [*((name, "name") for name in artist.names), *zip(artist.aliases, kinds, strict=True)]
    unsafe = set(artist.ambiguous)
    for surface, kind in dict(reversed(surfaces)).items():
        yield ListedName(key, surface, kind, ambiguous=surface in unsafe)
    for surface in unsafe - {surface for surface, _ in surfaces}:
        yield ListedName(key, surface, "alias", ambiguous=True)
