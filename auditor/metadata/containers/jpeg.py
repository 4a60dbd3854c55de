"""Metadata segments of a JPEG file (ISO/IEC 10918-1 markers; XMP specification part 3 for APP1 and ExtendedXMP)."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.metadata.containers.blocks import Block, decode_text
from auditor.metadata.containers.budget import Budget

XMP_HEADER = b"http://ns.adobe.com/xap/1.0/\0"
EXTENDED_HEADER = b"http://ns.adobe.com/xmp/extension/\0"
EXIF_HEADER = b"Exif\0"
PHOTOSHOP_HEADER = b"Photoshop 3.0\0"
SEGMENT_LIMIT = 20_000
_EXTENDED_PREFIX = len(EXTENDED_HEADER) + 32 + 4 + 4
_WITHOUT_LENGTH = frozenset((0x01, *range(0xD0, 0xD9)))


def _segments(data: bytes, budget: Budget) -> Iterator[tuple[int, int, int]]:
    """Yield (marker, start, end) of every segment before the first scan."""
    position, size = 2, len(data)
    for _ in range(SEGMENT_LIMIT):
        if position + 4 > size:
            return
        if data[position] != 0xFF:
            # Damaged or padded: go on at the next marker, as decoders do.
            position = data.find(b"\xff", position)
            if position < 0:
                return
            continue
        marker = data[position + 1]
        if marker == 0xFF:
            position += 1
            continue
        if marker in (0xDA, 0xD9):
            return
        if marker in _WITHOUT_LENGTH or marker == 0:
            position += 2
            continue
        length = int.from_bytes(data[position + 2 : position + 4], "big")
        yield marker, position + 4, min(position + 2 + max(length, 2), size)
        position += 2 + max(length, 2)
    budget.note("too-many", f"more than {SEGMENT_LIMIT} segments before the picture", "JPEG")


class _Extended:
    """Collects the parts of ExtendedXMP packets by their GUID."""

    def __init__(self) -> None:
        self.packets: dict[bytes, bytearray | None] = {}

    def add(self, segment: bytes, budget: Budget) -> None:
        guid = segment[len(EXTENDED_HEADER) : len(EXTENDED_HEADER) + 32]
        total = int.from_bytes(segment[_EXTENDED_PREFIX - 8 : _EXTENDED_PREFIX - 4], "big")
        offset = int.from_bytes(segment[_EXTENDED_PREFIX - 4 : _EXTENDED_PREFIX], "big")
        if guid not in self.packets:
            self.packets[guid] = bytearray(total) if budget.take(total, "JPEG ExtendedXMP") else None
        packet = self.packets[guid]
        part = segment[_EXTENDED_PREFIX:]
        if packet is not None and offset + len(part) <= len(packet):
            packet[offset : offset + len(part)] = part


def blocks(data: bytes, budget: Budget) -> Iterator[Block]:
    """Yield the metadata blocks of a JPEG file."""
    extended = _Extended()
    photoshop: list[bytes] = []
    for marker, start, end in _segments(data, budget):
        if marker == 0xE1:
            if data.startswith(XMP_HEADER, start):
                if budget.take(end - start, "JPEG APP1"):
                    yield Block("xmp", "JPEG APP1", data[start + len(XMP_HEADER) : end])
            elif data.startswith(EXTENDED_HEADER, start):
                extended.add(data[start:end], budget)
            elif data.startswith(EXIF_HEADER, start) and budget.take(end - start, "JPEG APP1"):
                yield Block("exif", "JPEG APP1", data[start + 6 : end])
        elif marker == 0xED:
            if data.startswith(PHOTOSHOP_HEADER, start) and budget.take(end - start, "JPEG APP13"):
                photoshop.append(data[start + len(PHOTOSHOP_HEADER) : end])
        elif marker == 0xEB:
            # Only boxes of kind JUMBF matter; the library that reads them looks at the whole file itself.
            if data.startswith(b"JP", start) and (b"c2pa" in data[start : start + 96]):
                yield Block("c2pa", "JPEG APP11")
        elif marker == 0xFE and budget.take(end - start, "JPEG comment"):
            yield Block("text", "JPEG", key="comment", text=decode_text(data[start:end].rstrip(b"\0")))
    if photoshop:
        yield Block("photoshop", "JPEG APP13", b"".join(photoshop))
    for packet in extended.packets.values():
        if packet is not None:
            yield Block("xmp", "JPEG ExtendedXMP", bytes(packet))
