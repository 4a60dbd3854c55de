"""Zip archives: stored members are byte ranges, compressed ones are unpacked one at a time into memory."""

from __future__ import annotations

import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator

from auditor.datasets.reading import kinds
from auditor.datasets.reading.archives.members import (
    MEMBER_LIMIT,
    Member,
    Names,
    ToldOf,
    bomb_note,
    in_memory,
    is_bomb,
    name_notes,
    plain,
    unreadable,
)
from auditor.model import Note, Payload, Sample, SlicePayload
from auditor.support import reading

_LOCAL = struct.Struct("<4s22xHH")
UNREADABLE = (OSError, zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError)
"""What a damaged archive, or one of a later version, makes `zipfile` raise."""
_LINK = 0o120000


def members(path: str, relative: str, told_of: ToldOf) -> Iterator[Sample]:
    """Every member of a zip by itself; a damaged archive ends in a counted skip."""
    try:
        yield from plain(entries(path, relative), told_of)
    except UNREADABLE as error:
        yield unreadable(relative, f"damaged or not a zip archive ({error or type(error).__name__})")


def entries(path: str, relative: str) -> Iterator[Member]:
    """Yield the members in the order of the central directory.

    Raises:
        UNREADABLE: it cannot be opened, is damaged, or is of a later version of the format.
    """
    names = Names()
    with reading.open_file(path) as raw, zipfile.ZipFile(raw) as archive:
        for info in archive.infolist():
            notes = name_notes(relative, info.filename, names.repeated(info.filename))
            if info.filename and info.is_dir():  # `is_dir` itself looks at the last character
                if notes:
                    yield Member(relative, info.filename, 0, None, notes=notes, regular=False)
            else:
                yield _member(archive, info, path, relative, notes)


def _member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: str, relative: str, notes: tuple[Note, ...]
) -> Member:
    name, size = info.filename, info.file_size
    if (info.external_attr >> 16) & 0o170000 == _LINK:
        note = Note("integrity.unsafe-member", f"{relative}: the member '{name}' is a link; it is not followed.")
        return Member(relative, name, 0, None, notes=(*notes, note), regular=False)
    if info.flag_bits & 1:
        return Member(relative, name, size, None, notes=notes, skip="encrypted")
    if size > MEMBER_LIMIT or is_bomb(size, info.compress_size):
        note = bomb_note(relative, name, size)
        return Member(relative, name, size, None, notes=(*notes, note), skip="archive-bomb")
    if info.compress_type == zipfile.ZIP_STORED:
        payload = _stored(path, info)
        if payload is None:
            return Member(relative, name, size, None, notes=notes, skip="truncated")
        return Member(relative, name, size, payload, _reader(archive, info), notes)
    if kinds.by_name(name.rpartition("/")[2]) != "picture":
        return Member(relative, name, size, None, _reader(archive, info), notes)
    try:
        data = archive.read(info)
    except UNREADABLE:
        return Member(relative, name, size, None, notes=notes, skip="damaged-member")
    packed_payload, read = in_memory(data)
    return Member(relative, name, size, packed_payload, read, notes)


def _stored(path: str, info: zipfile.ZipInfo) -> Payload | None:
    """The byte range of a stored member: its local header says how long the name and extra field are."""
    with reading.open_file(path) as raw:
        raw.seek(info.header_offset)
        header = raw.read(_LOCAL.size)
        if len(header) < _LOCAL.size or not header.startswith(b"PK\x03\x04"):
            return None
        _, name_length, extra_length = _LOCAL.unpack(header)
        offset = info.header_offset + _LOCAL.size + name_length + extra_length
        if offset + info.file_size > os.fstat(raw.fileno()).st_size:
            return None
    return SlicePayload(path, offset, info.file_size)


def _reader(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[int], bytes]:
    def read(limit: int) -> bytes:
        try:
            with archive.open(info) as body:
                return body.read(limit)
        except UNREADABLE:
            return b""

    return read
