"""Which container the bytes are, and its metadata blocks."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.metadata.containers import bmff, gif, jpeg, png, riff, tiff
from auditor.metadata.containers.blocks import Block
from auditor.metadata.containers.budget import TEXT_LIMIT, Budget

PACKET_LIMIT = 16
_PACKET_STARTS = (b"<x:xmpmeta", b"<rdf:RDF")
_PACKET_ENDS = (b"</x:xmpmeta>", b"</rdf:RDF>")


def container_of(data: bytes) -> str | None:
    """Name the container by its first bytes; None where it is none of those read here."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(png.SIGNATURE):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return "GIF"
    if data[4:8] == b"ftyp":
        return "AVIF" if b"avi" in data[8:64] else "HEIF"
    if data[4:12] == b"JXL \r\n\x87\n":
        return "JPEG XL"
    if data[4:12] == b"jP  \r\n\x87\n":
        return "JPEG 2000"
    if data[:2] in (b"II", b"MM") and tiff.read_header(data) is not None:
        return "TIFF"
    return None


def _packets(data: bytes, budget: Budget) -> Iterator[Block]:
    """Find XMP packets by their own marks, for containers without a reader (XMP specification part 3, 1.1)."""
    position = 0
    for _ in range(PACKET_LIMIT):
        starts = [
            (found, index) for index, mark in enumerate(_PACKET_STARTS) if (found := data.find(mark, position)) >= 0
        ]
        if not starts:
            return
        start, index = min(starts)
        end = data.find(_PACKET_ENDS[index], start, start + TEXT_LIMIT)
        if end < 0:
            budget.note("malformed", "an XMP packet without an end", "packet scan")
            return
        position = end + len(_PACKET_ENDS[index])
        if budget.take(position - start, "packet scan"):
            yield Block("xmp", "packet scan", data[start:position])


def blocks(data: bytes, budget: Budget) -> tuple[str | None, tuple[Block, ...]]:
    """Return (container, metadata blocks in file order). Never raises; damage leaves notes in the budget."""
    container = container_of(data)
    match container:
        case "JPEG":
            found = jpeg.blocks(data, budget)
        case "PNG":
            found = png.blocks(data, budget)
        case "WebP":
            found = riff.blocks(data, budget)
        case "GIF":
            found = gif.blocks(data, budget)
        case "TIFF":
            found = tiff.blocks(data, budget)
        case "AVIF" | "HEIF" | "JPEG XL" | "JPEG 2000":
            found = bmff.blocks(data, budget, container)
        case _:
            found = _packets(data, budget)
    return container, tuple(found)
