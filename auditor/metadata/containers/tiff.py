"""Image file directories of TIFF and EXIF (TIFF 6.0, Exif 3.0; BigTIFF), read with bounds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from struct import error as struct_error
from struct import unpack_from

from auditor.metadata.containers.blocks import Block
from auditor.metadata.containers.budget import TEXT_LIMIT, Budget

XMP_TAG, IPTC_TAG, PHOTOSHOP_TAG, C2PA_TAG = 700, 33723, 34377, 0xCD41
DIRECTORY_LIMIT = 32
"""Directories of one file that are visited; a chain that returns to one already seen ends there."""
ENTRY_LIMIT = 1_024
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}


@dataclass(frozen=True, slots=True)
class Entry:
    """One field of a directory."""

    tag: int
    kind: int
    count: int
    offset: int
    size: int

    def value(self, data: bytes, limit: int = TEXT_LIMIT) -> bytes:
        """Raw bytes, at most `limit` of them and never beyond the end of the data."""
        return data[self.offset : self.offset + min(self.size, limit)]


@dataclass(frozen=True, slots=True)
class Header:
    """Byte order and flavour of a TIFF structure."""

    order: str
    big: bool
    first: int


def read_header(data: bytes) -> Header | None:
    """Return the header, or None where the bytes are no TIFF structure."""
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    if order is None or len(data) < 8:
        return None
    (magic,) = unpack_from(order + "H", data, 2)
    if magic == 43 and len(data) >= 16:
        return Header(order, True, unpack_from(order + "Q", data, 8)[0])
    # 0x55 is Panasonic RW2 and 0x4F52/0x5352 Olympus ORF: TIFF in all but the magic.
    return Header(order, False, unpack_from(order + "I", data, 4)[0]) if magic in (42, 0x55, 0x4F52, 0x5352) else None


def read_directory(data: bytes, header: Header, offset: int) -> tuple[dict[int, Entry], int]:
    """Return (first entry per tag, offset of the next directory or 0). Damaged parts are left out."""
    order = header.order
    width, entry_size = (8, 20) if header.big else (2, 12)
    entries: dict[int, Entry] = {}
    try:
        (count,) = unpack_from(order + ("Q" if header.big else "H"), data, offset)
        start = offset + width
        for number in range(min(count, ENTRY_LIMIT)):
            place = start + number * entry_size
            tag, kind = unpack_from(order + "HH", data, place)
            (items,) = unpack_from(order + ("Q" if header.big else "I"), data, place + 4)
            size = items * _SIZES.get(kind, 1)
            inline = place + (12 if header.big else 8)
            fits = size <= (8 if header.big else 4)
            value = inline if fits else unpack_from(order + ("Q" if header.big else "I"), data, inline)[0]
            entries.setdefault(tag, Entry(tag, kind, items, value, size))
        (following,) = unpack_from(order + ("Q" if header.big else "I"), data, start + count * entry_size)
    except struct_error:
        return entries, 0
    return entries, following


def directories(data: bytes, budget: Budget, where: str) -> Iterator[dict[int, Entry]]:
    """Yield the chain of directories, each once, at most `DIRECTORY_LIMIT`."""
    header = read_header(data)
    if header is None:
        budget.note("malformed", "no TIFF header", where)
        return
    offset, seen = header.first, set[int]()
    while offset and offset < len(data):
        if offset in seen or len(seen) >= DIRECTORY_LIMIT:
            if offset in seen:
                budget.note("malformed", "a directory chain that returns to itself", where)
            else:
                budget.note("too-many", f"more than {DIRECTORY_LIMIT} directories", where)
            return
        seen.add(offset)
        entries, offset = read_directory(data, header, offset)
        yield entries


def number(data: bytes, header: Header, entry: Entry) -> int | None:
    """Return the first item of an integer entry."""
    code = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}.get(entry.kind)
    try:
        return None if code is None else int(unpack_from(header.order + code, data, entry.offset)[0])
    except struct_error:
        return None


def blocks(data: bytes, budget: Budget) -> Iterator[Block]:
    """Yield the metadata blocks of a TIFF file; its EXIF fields stand in the directories themselves."""
    yield Block("exif", "TIFF", data)
    for entries in directories(data, budget, "TIFF"):
        for tag, kind, name in (
            (XMP_TAG, "xmp", "TIFF XMP"),
            (IPTC_TAG, "iptc", "TIFF IPTC"),
            (PHOTOSHOP_TAG, "photoshop", "TIFF Photoshop"),
        ):
            entry = entries.get(tag)
            if entry is not None and budget.take(min(entry.size, len(data)), name):
                yield Block(kind, name, entry.value(data))  # type: ignore[arg-type]
        if C2PA_TAG in entries:
            yield Block("c2pa", "TIFF C2PA")
