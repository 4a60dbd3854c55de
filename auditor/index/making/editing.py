"""Corrections: tombstones for works and artists, and opinions about single hashes."""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from auditor.errors import UsageError
from auditor.index.format import hash_kinds
from auditor.index.format.schema import Feedback
from auditor.index.making.carry import buried
from auditor.index.making.content import Content, entombed, is_active, kept
from auditor.model import Artist

MIN_PREFIX = 6


@dataclass(frozen=True, slots=True)
class Tombstone:
    """Why something is no longer listed."""

    status: str
    date: str
    note: str | None = None


def withdraw(content: Content, works: Sequence[str], artists: Sequence[str], stone: Tombstone) -> Content:
    """Turn works and artists (with all their works) into tombstones: ids and artists' names stay, the rest goes.

    A work is named by its id or the beginning of it, by its title, or by the SHA-256 of its file in hex; an artist by
    id or name.

    Raises:
        UsageError: something named is not listed, or a beginning fits several works.
    """
    ids = {find_artist(content, text).id for text in artists}
    rows = np.zeros(content.works.num_rows, np.bool_)
    for text in works:
        rows |= find_works(content, text)
    rows |= pc.is_in(content.works["artist_id"], pa.array(sorted(ids), pa.string())).to_numpy().astype(np.bool_)
    rows &= is_active(content.works)
    segments = []
    first = 0
    for segment in content.segments:
        part = rows[first : first + len(segment)]
        first += len(segment)
        segments.append(entombed(segment, part, stone.status, stone.date, stone.note))
    listed = tuple(
        buried(artist, stone.status, stone.date, stone.note)
        if artist.id in ids and artist.status == "active"
        else artist
        for artist in content.artists
    )
    return replace(content, artists=listed, segments=tuple(segments))


def undo(content: Content, works: Sequence[str], artists: Sequence[str]) -> Content:
    """Take tombstones back. An artist is listed again by name; works have lost their hashes and can be added again.

    Raises:
        UsageError: something named is not listed.
    """
    ids = {find_artist(content, text).id for text in artists}
    rows = np.zeros(content.works.num_rows, np.bool_)
    for text in works:
        rows |= find_works(content, text)
    rows |= pc.is_in(content.works["artist_id"], pa.array(sorted(ids), pa.string())).to_numpy().astype(np.bool_)
    rows &= ~is_active(content.works)
    segments = []
    first = 0
    for segment in content.segments:
        segments.append(kept(segment, ~rows[first : first + len(segment)]))
        first += len(segment)
    listed = tuple(
        replace(artist, status="active", status_date=None, status_note=None) if artist.id in ids else artist
        for artist in content.artists
    )
    return replace(content, artists=listed, segments=tuple(segments))


def find_artist(content: Content, text: str) -> Artist:
    """The artist with this id, name or alias.

    Raises:
        UsageError: nobody, or several.
    """
    by_id = [artist for artist in content.artists if artist.id == text]
    wanted = text.casefold()
    found = by_id or [
        artist
        for artist in content.artists
        if wanted in {surface.casefold() for surface in (*artist.names, *artist.aliases)}
    ]
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(f"No artist is listed as {text!r}. 'auditor index list DIR' shows who is listed.")
    ids = ", ".join(artist.id for artist in found)
    raise UsageError(f"Several artists are listed as {text!r}: name one by id ({ids}).")


def find_works(content: Content, text: str) -> NDArray[np.bool_]:
    """Which works have this id, this SHA-256, this title (any case, with or without a file's ending), or the only id
    that begins so.

    Raises:
        UsageError: none, several works of this title, or a beginning that fits several ids.
    """
    works = content.works
    found = pc.equal(works["work_id"], text)
    if not pc.any(found).as_py() and len(text) == 64 and set(text) <= set(string.hexdigits):
        column = works["sha256"].combine_chunks()
        has = pc.equal(pc.list_flatten(column), pa.scalar(bytes.fromhex(text), pa.binary()))
        rows = pc.list_parent_indices(column).filter(has)
        found = pc.is_in(pa.array(np.arange(works.num_rows)), rows.cast(pa.int64()))
    if not pc.any(found).as_py():
        found = _titled(works, text)
    if not pc.any(found).as_py() and len(text) >= MIN_PREFIX:
        found = pc.starts_with(works["work_id"], text)
        several = pc.unique(works["work_id"].filter(found)).to_pylist()
        if len(several) > 1:
            raise UsageError(f"Several works begin with {text!r}: {', '.join(several[:5])}. Give more of the id.")
    if not pc.any(found).as_py():
        raise UsageError(
            f"No work is listed as {text!r}: give its title, its file, its id ({MIN_PREFIX} characters or more) or its "
            "file's SHA-256. 'auditor index list DIR' shows them."
        )
    result: NDArray[np.bool_] = np.asarray(
        found.to_numpy(zero_copy_only=False) if isinstance(found, pa.Array) else found.to_numpy()
    ).astype(np.bool_)
    return result


def _titled(works: pa.Table, text: str) -> pa.Array:
    """The work of this title; withdrawn ones have none any more."""
    wanted = text.casefold()
    rows = [
        number
        for number, title in enumerate(works["title"].to_pylist())
        if title is not None and wanted in (title.casefold(), PurePath(title).stem.casefold())
    ]
    ids = [f"{works['artist_id'][row]}/{works['work_id'][row]}" for row in rows]
    if len(set(ids)) > 1:
        raise UsageError(f"Several works are called {text!r}: {', '.join(ids[:5])}. Name one by what follows the '/'.")
    return pa.array(np.isin(np.arange(works.num_rows), rows))


def add_feedback(content: Content, opinion: Feedback) -> Content:
    """Record an opinion; a later one of the same person about the same hash replaces the earlier."""
    rest = tuple(
        known
        for known in content.feedback
        if (known.kind, known.hash, known.by) != (opinion.kind, opinion.hash, opinion.by)
    )
    return replace(content, feedback=(*rest, opinion))


def parse_hash(kind: str, text: str) -> bytes:
    """A hash in hex as bytes.

    Raises:
        UsageError: not hex, or of another length than the kind has.
    """
    try:
        raw = bytes.fromhex(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is no hash in hex.") from error
    bits = hash_kinds.named(kind).bits
    if len(raw) * 8 != bits:
        raise UsageError(f"{text!r} has {len(raw) * 8} bits; {kind} has {bits}.")
    return raw
