"""Metadata of ISO base media files: AVIF, HEIF, JPEG 2000 and JPEG XL (ISO/IEC 14496-12, 23008-12)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from struct import error as struct_error
from struct import unpack_from

from auditor.metadata.containers.blocks import Block
from auditor.metadata.containers.budget import Budget

XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
C2PA_UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
EXIF_UUID = b"JpgTiffExif->JP2"
BOX_LIMIT = 10_000
ITEM_LIMIT = 2_000
EXTENT_LIMIT = 1_000


@dataclass(frozen=True, slots=True)
class _Item:
    kind: bytes
    content_type: bytes


def boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield (type, content start, content end) of the boxes in a range."""
    for _ in range(BOX_LIMIT):
        if start + 8 > end:
            return
        size, kind = unpack_from(">I4s", data, start)
        content = start + 8
        if size == 1 and content + 8 <= end:
            (size,) = unpack_from(">Q", data, content)
            content += 8
        stop = end if size == 0 else start + size
        if stop < content:
            return
        yield kind, content, min(stop, end)
        start = stop


def _item_infos(data: bytes, start: int, end: int) -> dict[int, _Item]:
    """Read `iinf`: item id -> what it is."""
    version = data[start]
    found: dict[int, _Item] = {}
    for kind, content, stop in boxes(data, start + (6 if version == 0 else 8), end):
        if kind != b"infe" or len(found) >= ITEM_LIMIT or data[content] not in (2, 3):
            continue
        width = 2 if data[content] == 2 else 4
        identity = int.from_bytes(data[content + 4 : content + 4 + width], "big")
        place = content + 4 + width + 2
        name_end = data.find(b"\0", place + 4, stop)
        type_end = data.find(b"\0", name_end + 1, stop) if name_end >= 0 else -1
        content_type = data[name_end + 1 : type_end] if type_end >= 0 else b""
        found[identity] = _Item(data[place : place + 4], content_type)
    return found


class _Reader:
    """Big-endian integers of stated width, in order."""

    def __init__(self, data: bytes, position: int) -> None:
        self.data, self.position = data, position

    def take(self, width: int) -> int:
        value = int.from_bytes(self.data[self.position : self.position + width], "big")
        self.position += width
        return value


def _locations(data: bytes, start: int, end: int) -> dict[int, tuple[int, list[tuple[int, int]]]]:
    """Read `iloc`: item id -> (construction method, [(offset, length)])."""
    version = data[start]
    reader = _Reader(data, start + 4)
    sizes = reader.take(2)
    offset_size, length_size, base_size, index_size = (sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15, sizes & 15)
    found: dict[int, tuple[int, list[tuple[int, int]]]] = {}
    for _ in range(min(reader.take(2 if version < 2 else 4), ITEM_LIMIT)):
        identity = reader.take(2 if version < 2 else 4)
        method = reader.take(2) & 15 if version in (1, 2) else 0
        reader.take(2)
        base = reader.take(base_size)
        extents: list[tuple[int, int]] = []
        for _ in range(min(reader.take(2), EXTENT_LIMIT)):
            if version in (1, 2):
                reader.take(index_size)
            extents.append((base + reader.take(offset_size), reader.take(length_size)))
        if reader.position > end:
            break
        found[identity] = (method, extents)
    return found


def _meta(data: bytes, start: int, end: int, budget: Budget, name: str) -> Iterator[Block]:
    """Yield the EXIF and XMP items of a `meta` box."""
    infos: dict[int, _Item] = {}
    places: dict[int, tuple[int, list[tuple[int, int]]]] = {}
    inner = 0
    for kind, content, stop in boxes(data, start + 4, end):
        if kind == b"iinf":
            infos = _item_infos(data, content, stop)
        elif kind == b"iloc":
            places = _locations(data, content, stop)
        elif kind == b"idat":
            inner = content
    for identity, item in infos.items():
        is_exif = item.kind == b"Exif"
        is_xmp = item.kind == b"mime" and item.content_type == b"application/rdf+xml"
        if not (is_exif or is_xmp) or identity not in places:
            continue
        method, extents = places[identity]
        base = inner if method == 1 else 0
        parts = [(base + offset, length or len(data)) for offset, length in extents]
        size = sum(max(0, min(length, len(data) - offset)) for offset, length in parts)
        if not budget.take(size, f"{name} item"):
            continue
        payload = b"".join(data[offset : offset + length] for offset, length in parts)
        if is_exif:
            skip = int.from_bytes(payload[:4], "big")
            yield Block("exif", f"{name} Exif", payload[4 + skip :].removeprefix(b"Exif\0\0"))
        else:
            yield Block("xmp", f"{name} XMP", payload)


def blocks(data: bytes, budget: Budget, name: str) -> Iterator[Block]:
    """Yield the metadata blocks of an ISO base media file; `name` is the container's name for the reader."""
    try:
        for number, (kind, start, end) in enumerate(boxes(data, 0, len(data)), 1):
            if number == BOX_LIMIT:
                budget.note("too-many", f"more than {BOX_LIMIT} boxes", name)
            if kind == b"meta":
                yield from _meta(data, start, end, budget, name)
            elif kind == b"uuid":
                identity = data[start : start + 16]
                if identity == C2PA_UUID:
                    yield Block("c2pa", f"{name} uuid box")
                elif identity == XMP_UUID and budget.take(end - start, f"{name} uuid box"):
                    yield Block("xmp", f"{name} uuid box", data[start + 16 : end])
                elif identity == EXIF_UUID and budget.take(end - start, f"{name} uuid box"):
                    yield Block("exif", f"{name} uuid box", data[start + 16 : end])
            elif kind == b"jumb":
                yield Block("c2pa", f"{name} jumb box")
            elif kind == b"xml " and budget.take(end - start, f"{name} xml box"):
                yield Block("xmp", f"{name} xml box", data[start:end])
            elif kind == b"Exif" and budget.take(end - start, f"{name} Exif box"):
                skip = int.from_bytes(data[start : start + 4], "big")
                yield Block("exif", f"{name} Exif box", data[start + 4 + skip : end])
            elif kind == b"brob":
                budget.note("compressed", "a Brotli-compressed metadata box is not read", f"{name} brob box")
    except (struct_error, IndexError):
        budget.note("malformed", "damaged boxes", name)
