"""The columns of one index as arrays that can be searched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from auditor.imaging.hash_kind import HashKind
from auditor.index.format import hash_kinds
from auditor.index.format.hash_kinds import PIXEL_SHA256
from auditor.index.format.preferences import artist_today, is_expired
from auditor.index.format.schema import WORKS
from auditor.index.opening.store import Index, as_matrix, corrupt
from auditor.model import Artist

DESCRIPTION = ["work_id", "artist_id", "title", "uri", "width", "height", "preference", "expires", "policy", "status"]


@dataclass(frozen=True, slots=True)
class Codes:
    """Codes (n, bytes), the row of the work each belongs to (n,), and which view it is of."""

    codes: NDArray[np.uint8]
    rows: NDArray[np.int64]
    views: NDArray[np.int64]
    """Position in `names`."""
    names: tuple[str, ...] = ("whole",)


@dataclass(frozen=True, slots=True)
class IndexColumns:
    """What of one index is searched."""

    active: NDArray[np.bool_]
    codes: Mapping[str, Codes]
    """Kind of hash -> the codes that are searched."""
    pixel_sizes: NDArray[np.int64]
    """Sizes of the works with a pixel digest: width << 32 | height, sorted."""
    unhashed_sizes: NDArray[np.int64]
    """The same of those works that lack a searched hash of the whole picture, of a kind that is made of every view."""
    description: pa.Table
    artists: dict[str, Artist]

    def __len__(self) -> int:
        return len(self.active)

    def describe(self, row: int) -> dict[str, Any]:
        """The descriptive columns of one work."""
        found: dict[str, Any] = self.description.slice(row, 1).to_pylist()[0]
        return found


def load_columns(index: Index, today: date | None, minimum_quality: int) -> IndexColumns:
    """Read what is searched of an index.

    Raises:
        IndexCorrupt: a work refers to an artist that the index does not list.
    """
    artists = {artist.id: artist for artist in index.artists}
    description = index.table(WORKS, DESCRIPTION).combine_chunks()
    active = _active(index, description, artists, today)
    detailed = active & _quality(index, minimum_quality)
    codes = {
        kind.name: _without(_codes(index, kind, active, detailed, minimum_quality), _colliding(index, kind))
        for kind in hash_kinds.kinds()
    }
    pixels = _codes(index, PIXEL_SHA256, active, detailed, minimum_quality)
    width = pc.fill_null(description["width"], 0).to_numpy().astype(np.int64)
    height = pc.fill_null(description["height"], 0).to_numpy().astype(np.int64)
    sizes = width << 32 | height
    of_views = [codes[kind.name] for kind in hash_kinds.kinds() if kind.in_views]
    hashed = [item.rows[item.views == item.names.index("whole")] for item in of_views]
    return IndexColumns(
        active=active,
        codes=codes,
        pixel_sizes=np.unique(sizes[pixels.rows]),
        unhashed_sizes=np.unique(sizes[np.setdiff1d(pixels.rows, reduce(np.intersect1d, hashed))]),
        description=description,
        artists=artists,
    )


def _codes(index: Index, kind: HashKind, active: NDArray[np.bool_], detailed: NDArray[np.bool_], minimum: int) -> Codes:
    """The codes of one kind: of active works, and where they are made of every view only of those with detail."""
    if kind.several:
        return _listed(index, kind, active)
    if kind.text:
        return _decoded(index, kind, active)
    if kind.in_views:
        return _of_views(index, kind, detailed, minimum)
    return _single(index, kind, active)


def _colliding(index: Index, kind: HashKind) -> list[bytes]:
    return [o.hash for o in index.feedback if o.kind == kind.name and o.opinion == "collides"]


def join_codes(columns: Sequence[IndexColumns], kind: HashKind, starts: NDArray[np.int64]) -> Codes:
    """The codes of several indexes as one set, rows counted through."""
    parts = [item.codes[kind.name] for item in columns]
    if not parts:
        return Codes(np.zeros((0, kind.length), np.uint8), np.zeros(0, np.int64), np.zeros(0, np.int64), ())
    names = tuple(sorted({name for part in parts for name in part.names}))
    views = [np.array([names.index(name) for name in part.names], np.int64)[part.views] for part in parts]
    return Codes(
        np.concatenate([part.codes for part in parts]),
        np.concatenate([part.rows + start for part, start in zip(parts, starts, strict=False)]),
        np.concatenate(views),
        names,
    )


def _active(index: Index, works: pa.Table, artists: dict[str, Artist], today: date | None) -> NDArray[np.bool_]:
    """Works that may be found: active, by an active artist, and not allowed for training today."""
    place = pc.index_in(works["artist_id"], pa.array(list(artists), pa.string()))
    if place.null_count:
        raise corrupt(index.path, WORKS, "a work refers to an artist that is not listed")
    listed = [artist_today(artist, today) for artist in artists.values()]
    artist_active = pa.array([artist.status == "active" for artist in listed], pa.bool_())
    artist_preference = pa.array([artist.preference for artist in listed], pa.string())
    said = works["preference"].combine_chunks()
    own = pc.coalesce(pc.struct_field(said, "generative_training"), pc.struct_field(said, "training"))
    ended = [value for value in pc.unique(works["expires"]).to_pylist() if is_expired(value, today)]
    has_ended = pc.is_in(works["expires"], pa.array(ended, pa.string()))
    preference = pc.coalesce(own, artist_preference.take(place))
    allowed = pc.and_(pc.equal(preference, "allowed"), pc.invert(has_ended))
    status = pc.and_(pc.equal(works["status"], "active"), artist_active.take(place))
    return _bools(pc.and_(status, pc.invert(allowed)))


def _quality(index: Index, minimum: int) -> NDArray[np.bool_]:
    column = index.table(WORKS, ["pdq_quality"])["pdq_quality"]
    return _bools(pc.fill_null(pc.greater_equal(column, minimum), True))


def _single(index: Index, kind: HashKind, wanted: NDArray[np.bool_]) -> Codes:
    codes, there = as_matrix(index.table(WORKS, [kind.name])[kind.name], kind.length)
    rows = np.flatnonzero(there & wanted)
    return Codes(codes[rows], rows, np.zeros(len(rows), np.int64))


def _listed(index: Index, kind: HashKind, wanted: NDArray[np.bool_]) -> Codes:
    """Of a column of lists."""
    column = index.table(WORKS, [kind.name])[kind.name].combine_chunks()
    try:
        flat = pc.list_flatten(column).cast(pa.binary(kind.length))
    except pa.ArrowInvalid as error:
        raise corrupt(index.path, WORKS, f"one of the {kind.plural} has not {kind.length} bytes") from error
    codes, there = as_matrix(pa.chunked_array([flat]), kind.length)
    rows = pc.list_parent_indices(column).to_numpy().astype(np.int64)
    keep = there & wanted[rows]
    return Codes(codes[keep], rows[keep], np.zeros(int(keep.sum()), np.int64))


def _of_views(index: Index, kind: HashKind, wanted: NDArray[np.bool_], minimum: int) -> Codes:
    """The whole picture's hash and those of the further views."""
    whole = _single(index, kind, wanted)
    column = index.table(WORKS, ["views"])["views"].combine_chunks()
    flat = pc.list_flatten(column)
    if not len(flat):
        return whole
    codes, there = as_matrix(pa.chunked_array([pc.struct_field(flat, kind.name)]), kind.length)
    rows = pc.list_parent_indices(column).to_numpy().astype(np.int64)
    good = _bools(pc.fill_null(pc.greater_equal(pc.struct_field(flat, "pdq_quality"), minimum), True))
    keep = there & wanted[rows] & good
    named = pc.dictionary_encode(pc.fill_null(pc.struct_field(flat, "name"), "other"))
    views = named.indices.to_numpy().astype(np.int64)[keep] + 1
    return Codes(
        np.concatenate([whole.codes, codes[keep]]),
        np.concatenate([whole.rows, rows[keep]]),
        np.concatenate([whole.views, views]),
        ("whole", *named.dictionary.to_pylist()),
    )


def _decoded(index: Index, kind: HashKind, wanted: NDArray[np.bool_]) -> Codes:
    """Of a column of text; text that is no such hash is passed over."""
    column = index.table(WORKS, [kind.name])[kind.name]
    texts = column.to_pylist() if column.null_count < len(column) else []
    found = [(row, kind.load().code_of_text(text)) for row, text in enumerate(texts) if text and wanted[row]]
    found = [(row, code) for row, code in found if len(code) == kind.length]
    codes = np.frombuffer(b"".join(code for _, code in found), np.uint8).reshape(-1, kind.length)
    return Codes(codes, np.array([row for row, _ in found], np.int64), np.zeros(len(found), np.int64))


def _without(codes: Codes, colliding: Sequence[bytes]) -> Codes:
    """Leave out hashes that the index's own feedback calls ambiguous."""
    if not colliding:
        return codes
    bad = set(colliding)
    keep = np.array([row.tobytes() not in bad for row in codes.codes], np.bool_)
    return Codes(codes.codes[keep], codes.rows[keep], codes.views[keep], codes.names)


def _bools(values: pa.ChunkedArray | pa.Array) -> NDArray[np.bool_]:
    result: NDArray[np.bool_] = (
        values.to_numpy(zero_copy_only=False) if isinstance(values, pa.Array) else (values.to_numpy())
    )
    return result.astype(np.bool_)
