"""Tar archives: headers are read and bodies are passed over, so an archive of any size takes constant memory."""

from __future__ import annotations

import os
import struct
import tarfile
from collections.abc import Callable, Iterator
from typing import IO

from auditor.datasets.reading import kinds
from auditor.datasets.reading.archives.members import (
    MEMBER_LIMIT,
    Member,
    Names,
    ToldOf,
    bomb_note,
    in_memory,
    name_notes,
    plain,
    unreadable,
)
from auditor.model import Note, Sample, SlicePayload
from auditor.support import reading

HEADER_LIMIT = 1024 * 1024
"""Bytes of an extended header (long name, pax records); a larger one ends the listing."""
_EXTENDED = b"xgLKX"
_BLOCK = 512


class _Broken(Exception):
    """The archive cannot be read further."""


def members(path: str, relative: str, told_of: ToldOf) -> Iterator[Sample]:
    """Every member of a tar by itself; a damaged archive ends in a counted skip."""
    try:
        yield from plain(entries(path, relative), told_of)
    except _Broken as problem:
        yield unreadable(relative, str(problem))


def entries(path: str, relative: str) -> Iterator[Member]:
    """Yield the members in their order.

    Raises:
        BrokenArchive: the archive is damaged from here on, or cannot be opened.
    """
    try:
        with reading.open_file(path) as raw:
            compressed = raw.read(6).startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"(\xb5/\xfd"))
            raw.seek(0)
            yield from _streamed(raw, relative) if compressed else _seekable(raw, path, relative)
    # The last two: `tarfile` itself, at the head of a gzip stream that ends too soon.
    except (OSError, tarfile.TarError, EOFError, ValueError, TypeError, struct.error) as error:
        raise _Broken(f"damaged or not a tar archive ({error or type(error).__name__})") from error
    except Exception as error:
        if type(error).__module__ in {"zlib", "lzma", "_lzma"}:
            raise _Broken("damaged compression") from error
        raise


BrokenArchive = _Broken


def _seekable(raw: IO[bytes], path: str, relative: str) -> Iterator[Member]:
    names = Names()
    end = os.fstat(raw.fileno()).st_size
    _check_headers(raw, 0, relative)  # Opening reads the first header.
    raw.seek(0)
    with tarfile.open(fileobj=raw, mode="r:") as archive:
        while True:
            _check_headers(raw, archive.offset, relative)
            info = archive.next()
            if info is None:
                return
            # The class keeps every header it read; forgetting them keeps memory flat.
            archive.members = []  # type: ignore[attr-defined]
            notes = name_notes(relative, info.name, names.repeated(info.name))
            if not info.isreg():
                yield from _special(info, relative, notes)
                continue
            offset, size = info.offset_data, info.size
            if info.issparse():
                note = Note("integrity.unsafe-member", f"{relative}: the member '{info.name}' is stored sparse.")
                yield Member(relative, info.name, size, None, notes=(*notes, note), skip="sparse-member")
                continue
            if offset + size > end:
                yield Member(relative, info.name, size, None, notes=notes, skip="truncated")
                raise _Broken(f"ends inside the member '{info.name}'")
            yield Member(
                relative, info.name, size, SlicePayload(path, offset, size), _reader(path, offset, size), notes
            )


def _check_headers(raw: IO[bytes], offset: int, relative: str) -> None:
    """Refuse extended headers that would be read whole into memory, before they are."""
    while True:
        raw.seek(offset)
        block = raw.read(_BLOCK)
        if len(block) < _BLOCK or block[156:157] not in _EXTENDED or block[156:157] == b"":
            return
        try:
            size = int(tarfile.nti(block[124:136]))  # type: ignore[attr-defined]
        except tarfile.TarError:
            return
        if size > HEADER_LIMIT or size < 0:
            raise _Broken(f"an extended header of {size:,} bytes at byte {offset:,} in {relative}")
        offset += _BLOCK + (size + _BLOCK - 1) // _BLOCK * _BLOCK


def _reader(path: str, offset: int, size: int) -> Callable[[int], bytes]:
    def read(limit: int) -> bytes:
        return reading.read_slice(path, offset, min(limit, size))

    return read


def _special(info: tarfile.TarInfo, relative: str, notes: tuple[Note, ...]) -> Iterator[Member]:
    """Links and devices are noted and never followed; plain directories matter only by an unsafe name."""
    if info.isdir():
        if notes:
            yield Member(relative, info.name, 0, None, notes=notes, regular=False)
        return
    what = "link" if info.issym() or info.islnk() else "device or pipe"
    note = Note("integrity.unsafe-member", f"{relative}: the member '{info.name}' is a {what}; it is not followed.")
    yield Member(relative, info.name, 0, None, notes=(*notes, note), regular=False)


def _streamed(raw: IO[bytes], relative: str) -> Iterator[Member]:
    """A compressed tar is read once from front to back; pictures and texts are held one at a time."""
    names = Names()
    packed = os.fstat(raw.fileno()).st_size
    total = 0
    with tarfile.open(fileobj=raw, mode="r|*") as archive:
        while (info := archive.next()) is not None:
            archive.members = []  # type: ignore[attr-defined]
            notes = name_notes(relative, info.name, names.repeated(info.name))
            if not info.isreg():
                yield from _special(info, relative, notes)
                continue
            total += info.size
            if info.size > MEMBER_LIMIT or total > max(2**30, 1000 * packed):
                note = bomb_note(relative, info.name, info.size)
                yield Member(relative, info.name, info.size, None, notes=(*notes, note), skip="archive-bomb")
                return
            kind = kinds.by_name(info.name.rpartition("/")[2])
            if kind in {"video", "other", "latents", "model", "archive"}:
                yield Member(relative, info.name, info.size, None, notes=notes)
                continue
            body = archive.extractfile(info)
            data = b"" if body is None else body.read(info.size)
            payload, read = in_memory(data)
            yield Member(relative, info.name, info.size, payload, read, notes)
