"""The columns of one index as arrays that can be searched."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from auditor.index.preferences import artist_today, is_expired
from auditor.index.schema import WORKS
from auditor.index.store import Index, as_matrix, corrupt
from auditor.model import Artist

ISCC_IMAGE_HEADER = b"\x21\x01"
"""First two bytes of a decoded 64-bit ISCC Image-Code: main type content, sub type image, version 0, 64 bits."""
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
    files: Codes
    pixels: Codes
    pixel_sizes: NDArray[np.int64]
    """Sizes of the works with a pixel digest: width << 32 | height, sorted."""
    unhashed_sizes: NDArray[np.int64]
    """The same of those works that lack a PDQ or a pHash of the whole picture that is searched."""
    pdq: Codes
    phash: Codes
    iscc: Codes
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
    quality = _quality(index, minimum_quality)
    collides = {kind: [o.hash for o in index.feedback if o.kind == kind and o.opinion == "collides"] for kind in _KINDS}
    pixels = _single(index, "pixel_sha256", 32, active)
    width = pc.fill_null(description["width"], 0).to_numpy().astype(np.int64)
    height = pc.fill_null(description["height"], 0).to_numpy().astype(np.int64)
    sizes = width << 32 | height
    pdq = _without(_perceptual(index, "pdq", 32, active & quality, minimum_quality), collides["pdq"])
    phash = _without(_perceptual(index, "phash", 8, active & quality, minimum_quality), collides["phash"])
    hashed = np.intersect1d(*(codes.rows[codes.views == codes.names.index("whole")] for codes in (pdq, phash)))
    return IndexColumns(
        active=active,
        files=_without(_files(index, active), collides["sha256"]),
        pixels=_without(pixels, collides["pixel_sha256"]),
        pixel_sizes=np.unique(sizes[pixels.rows]),
        unhashed_sizes=np.unique(sizes[np.setdiff1d(pixels.rows, hashed)]),
        pdq=pdq,
        phash=phash,
        iscc=_without(_iscc(index, active), collides["iscc"]),
        description=description,
        artists=artists,
    )


_KINDS = ("sha256", "pixel_sha256", "pdq", "phash", "iscc")


def join_codes(columns: Sequence[IndexColumns], kind: str, starts: NDArray[np.int64]) -> Codes:
    """The codes of several indexes as one set, rows counted through."""
    parts: list[Codes] = [getattr(item, kind) for item in columns]
    if not parts:
        return Codes(np.zeros((0, 0), np.uint8), np.zeros(0, np.int64), np.zeros(0, np.int64), ())
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


def _single(index: Index, name: str, width: int, wanted: NDArray[np.bool_]) -> Codes:
    codes, there = as_matrix(index.table(WORKS, [name])[name], width)
    rows = np.flatnonzero(there & wanted)
    return Codes(codes[rows], rows, np.zeros(len(rows), np.int64))


def _files(index: Index, wanted: NDArray[np.bool_]) -> Codes:
    column = index.table(WORKS, ["sha256"])["sha256"].combine_chunks()
    try:
        codes, there = as_matrix(pa.chunked_array([pc.list_flatten(column).cast(pa.binary(32))]), 32)
    except pa.ArrowInvalid as error:
        raise corrupt(index.path, WORKS, "a file digest has not 32 bytes") from error
    rows = pc.list_parent_indices(column).to_numpy().astype(np.int64)
    keep = there & wanted[rows]
    return Codes(codes[keep], rows[keep], np.zeros(int(keep.sum()), np.int64))


def _perceptual(index: Index, name: str, width: int, wanted: NDArray[np.bool_], minimum: int) -> Codes:
    """The whole picture's hash and those of the further views."""
    whole = _single(index, name, width, wanted)
    column = index.table(WORKS, ["views"])["views"].combine_chunks()
    flat = pc.list_flatten(column)
    if not len(flat):
        return whole
    codes, there = as_matrix(pa.chunked_array([pc.struct_field(flat, name)]), width)
    rows = pc.list_parent_indices(column).to_numpy().astype(np.int64)
    good = _bools(pc.fill_null(pc.greater_equal(pc.struct_field(flat, "pdq_quality"), minimum), True))
    keep = there & wanted[rows] & good
    kinds = pc.dictionary_encode(pc.fill_null(pc.struct_field(flat, "name"), "other"))
    views = kinds.indices.to_numpy().astype(np.int64)[keep] + 1
    return Codes(
        np.concatenate([whole.codes, codes[keep]]),
        np.concatenate([whole.rows, rows[keep]]),
        np.concatenate([whole.views, views]),
        ("whole", *kinds.dictionary.to_pylist()),
    )


def _iscc(index: Index, wanted: NDArray[np.bool_]) -> Codes:
    column = index.table(WORKS, ["iscc"])["iscc"]
    if column.null_count == len(column):
        return Codes(np.zeros((0, 8), np.uint8), np.zeros(0, np.int64), np.zeros(0, np.int64))
    rows = [row for row, text in enumerate(column.to_pylist()) if text and wanted[row] and iscc_image_bits(text)]
    bits = [iscc_image_bits(text) for text in column.take(pa.array(rows, pa.int64())).to_pylist()]
    codes = np.frombuffer(b"".join(bits), np.uint8).reshape(-1, 8)
    return Codes(codes, np.array(rows, np.int64), np.zeros(len(rows), np.int64))


def iscc_image_bits(text: str) -> bytes:
    """The 64 bits of an ISCC Image-Code such as `ISCC:EEA...`; empty for anything else (ISO 24138)."""
    body = text.removeprefix("ISCC:")
    try:
        raw = base64.b32decode(body + "=" * (-len(body) % 8))
    except (binascii.Error, ValueError):
        return b""
    return raw[2:] if len(raw) == 10 and raw[:2] == ISCC_IMAGE_HEADER else b""


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
