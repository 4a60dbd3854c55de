"""Comment and application extensions of a GIF file (GIF89a specification; XMP specification part 3)."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.metadata.containers.blocks import Block, decode_text
from auditor.metadata.containers.budget import Budget

BLOCK_LIMIT = 100_000
_TRAILER = bytes((0x01, 0xFF, 0xFE, 0xFD, 0xFC))
"""Start of the `magic trailer` that lets readers of sub-blocks step over a raw XMP packet."""


def _table_size(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _skip(data: bytes, position: int) -> int:
    """Return the position after a chain of sub-blocks."""
    size = len(data)
    while position < size and (length := data[position]):
        position += length + 1
    return position + 1


def _join(data: bytes, start: int, end: int) -> bytes:
    """Return the content of the sub-blocks in [start, end)."""
    parts, position = [], start
    while position < end and (length := data[position]):
        parts.append(data[position + 1 : position + 1 + length])
        position += length + 1
    return b"".join(parts)


def _extension(data: bytes, position: int, end: int, budget: Budget) -> Block | None:
    """Read the extension at `position` (at its label), whose sub-blocks end before `end`."""
    label = data[position]
    if label == 0xFE and budget.take(end - position, "GIF comment"):
        return Block("text", "GIF", key="comment", text=decode_text(_join(data, position + 1, end)))
    if label != 0xFF or data[position + 1 : position + 2] != b"\x0b":
        return None
    name, start = data[position + 2 : position + 13], position + 13
    if name.startswith(b"C2PA"):
        return Block("c2pa", "GIF application extension")
    if name == b"XMP DataXMP" and budget.take(end - start, "GIF XMP"):
        raw = data[start : start + 1] == b"<"
        packet = data[start:end] if raw else _join(data, start, end)
        # Some writers put the trailer after a packet in sub-blocks, too.
        packet = packet.partition(_TRAILER)[0]
        return Block("xmp", "GIF application extension", packet)
    return None


def blocks(data: bytes, budget: Budget) -> Iterator[Block]:
    """Yield the metadata blocks of a GIF file."""
    if len(data) < 13:
        return
    position = 13 + _table_size(data[10])
    for _ in range(BLOCK_LIMIT):
        if position + 2 > len(data):
            return
        introducer = data[position]
        if introducer == 0x21:
            end = _skip(data, position + 2)
            block = _extension(data, position + 1, end, budget)
            if block is not None:
                yield block
            position = end
        elif introducer == 0x2C and position + 11 <= len(data):
            position = _skip(data, position + 11 + _table_size(data[position + 9]))
        else:
            return
    budget.note("too-many", f"more than {BLOCK_LIMIT} blocks", "GIF")
