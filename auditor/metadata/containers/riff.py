"""Metadata chunks of a WebP file (RIFF container, WebP container specification)."""

from __future__ import annotations

from collections.abc import Iterator
from struct import unpack_from

from auditor.metadata.containers.blocks import Block
from auditor.metadata.containers.budget import Budget

CHUNK_LIMIT = 100_000


def blocks(data: bytes, budget: Budget) -> Iterator[Block]:
    """Yield the metadata blocks of a WebP file; an animation may have many frame chunks before them."""
    position, size = 12, len(data)
    for _ in range(CHUNK_LIMIT):
        if position + 8 > size:
            return
        kind, length = unpack_from("<4sI", data, position)
        start, end = position + 8, min(position + 8 + length, size)
        if kind == b"C2PA":
            yield Block("c2pa", "WebP C2PA")
        elif kind == b"EXIF" and budget.take(end - start, "WebP EXIF"):
            yield Block("exif", "WebP EXIF", data[start:end].removeprefix(b"Exif\0\0"))
        elif kind in (b"XMP ", b"XMP\0") and budget.take(end - start, "WebP XMP"):
            yield Block("xmp", "WebP XMP", data[start:end])
        position = start + length + (length & 1)
    budget.note("too-many", f"more than {CHUNK_LIMIT} chunks", "WebP")
