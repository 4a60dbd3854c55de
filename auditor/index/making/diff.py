"""What changed between two indexes or two versions of one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from auditor.index.format.schema import works_schema
from auditor.index.making.content import Content, is_active, keys


@dataclass(frozen=True, slots=True)
class Difference:
    """What the second has that the first has not, and the other way round. Ids are sorted."""

    artists_added: tuple[str, ...] = ()
    artists_removed: tuple[str, ...] = ()
    """No longer there at all, not even as tombstones."""
    artists_withdrawn: tuple[str, ...] = ()
    artists_changed: tuple[str, ...] = ()
    works_added: tuple[str, ...] = ()
    """ARTIST_ID/WORK_ID."""
    works_removed: tuple[str, ...] = ()
    works_withdrawn: tuple[str, ...] = ()
    works_changed: tuple[str, ...] = ()
    feedback_added: int = 0
    feedback_removed: int = 0

    @property
    def empty(self) -> bool:
        """Whether nothing differs."""
        return self == Difference()


def diff(first: Content, second: Content) -> Difference:
    """Compare artists, works and opinions. Region hashes are not compared: they follow from the file."""
    before = {artist.id: artist for artist in first.artists}
    after = {artist.id: artist for artist in second.artists}
    common = sorted(before.keys() & after.keys())
    withdrawn = {i for i in common if before[i].status == "active" and after[i].status != "active"}
    works = _works(first.works, second.works)
    return Difference(
        artists_added=tuple(sorted(after.keys() - before.keys())),
        artists_removed=tuple(sorted(before.keys() - after.keys())),
        artists_withdrawn=tuple(sorted(withdrawn)),
        artists_changed=tuple(i for i in common if before[i] != after[i] and i not in withdrawn),
        works_added=works[0],
        works_removed=works[1],
        works_withdrawn=works[2],
        works_changed=works[3],
        feedback_added=len(set(second.feedback) - set(first.feedback)),
        feedback_removed=len(set(first.feedback) - set(second.feedback)),
    )


def _works(first: pa.Table, second: pa.Table) -> tuple[tuple[str, ...], ...]:
    a, b = keys(first).combine_chunks(), keys(second).combine_chunks()
    place = pc.index_in(b, a)
    added = b.filter(pc.is_null(place))
    removed = a.filter(pc.invert(pc.is_in(a, b)))
    both = pc.is_valid(place)
    ids = b.filter(both)
    ours, theirs = first.take(place.filter(both)), second.filter(both)
    gone = is_active(ours) & ~is_active(theirs)
    changed = differing_rows(ours, theirs) & ~gone
    return (
        _sorted(added),
        _sorted(removed),
        _sorted(ids.filter(pa.array(gone))),
        _sorted(ids.filter(pa.array(changed))),
    )


def differing_rows(ours: pa.Table, theirs: pa.Table) -> NDArray[np.bool_]:
    """Rows of two equally long tables of works in which any column differs."""
    result = np.zeros(ours.num_rows, np.bool_)
    for name in works_schema().names:
        a, b = ours[name].combine_chunks(), theirs[name].combine_chunks()
        if a.equals(b):
            continue
        if pa.types.is_nested(a.type):
            result |= np.array([x != y for x, y in zip(a.to_pylist(), b.to_pylist(), strict=True)], np.bool_)
        else:
            unequal = pc.fill_null(pc.not_equal(a, b), False)
            unequal = pc.or_(unequal, pc.xor(pc.is_null(a), pc.is_null(b)))
            result |= unequal.to_numpy(zero_copy_only=False).astype(np.bool_)
    return result


def _sorted(values: pa.Array) -> tuple[str, ...]:
    return tuple(sorted(values.to_pylist()))
