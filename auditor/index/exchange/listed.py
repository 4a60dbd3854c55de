"""What the writers share: the entries that are written, and the counting of those that are not."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from auditor.index.exchange.interface import Dropped
from auditor.index.format import hash_kinds
from auditor.index.format.preferences import for_training
from auditor.index.format.schema import WORKS, WorkRecord
from auditor.index.opening.store import Index

_NAMED = {
    "title": "titles",
    "uri": "work URIs",
    "views": "hashes of further views",
    "preference": "preferences of works",
    "declared": "days of declaration",
    "expires": "last days of works",
    "policy": "policies",
}


def listed_works(index: Index, dropped: Dropped) -> Iterator[WorkRecord]:
    """Works that other tools should match: tombstones and works that may be trained on are counted and left out."""
    artists = {artist.id: artist for artist in index.artists}
    for work in index.works():
        artist = artists[work.artist_id]
        if work.status != "active" or artist.status != "active":
            dropped.add("tombstones")
        elif for_training(work.preference, artist.preference) == "allowed":
            dropped.add("works whose artist allows training")
        else:
            yield work


def count_left(index: Index, dropped: Dropped, kept: frozenset[str], artists: bool = False) -> None:
    """Count the columns of works that a form has no place for, and the artists where it has none for them."""
    for column, named in (_NAMED | {kind.name: kind.plural for kind in hash_kinds.kinds()}).items():
        if column in kept:
            continue
        values = index.table(WORKS, [column])[column]
        if pa.types.is_list(values.type):
            dropped.add(named, pc.sum(pc.list_value_length(values)).as_py() or 0)
        else:
            dropped.add(named, len(values) - values.null_count)
    if index.has_regions:
        dropped.add("works' region hashes", index.manifest.files[WORKS].rows)
    if not artists:
        dropped.add("artists with their names and statements", len(index.artists))
    if index.feedback:
        dropped.add("opinions", len(index.feedback))
