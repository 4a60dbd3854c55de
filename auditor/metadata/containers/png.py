"""Text, EXIF, XMP and C2PA chunks of a PNG file (ISO/IEC 15948), before and after the picture data."""

from __future__ import annotations

import binascii
from collections.abc import Iterator
from struct import unpack_from

from auditor.metadata.containers.blocks import Block, decode_text
from auditor.metadata.containers.budget import Budget
from auditor.metadata.containers.jpeg import XMP_HEADER

SIGNATURE = b"\x89PNG\r\n\x1a\n"
XMP_KEYWORD = "XML:com.adobe.xmp"
RAW_PROFILE = "raw profile type "
CHUNK_LIMIT = 200_000
_WANTED = frozenset((b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"caBX"))


def _chunks(data: bytes, budget: Budget) -> Iterator[tuple[bytes, int, int]]:
    """Yield (type, start, end) of the metadata chunks. Checksums are not checked: writers of text differ."""
    position, size = len(SIGNATURE), len(data)
    for _ in range(CHUNK_LIMIT):
        if position + 8 > size:
            return
        length, kind = unpack_from(">I4s", data, position)
        if kind in _WANTED:
            yield kind, position + 8, min(position + 8 + length, size)
        elif kind == b"IEND":
            return
        position += 12 + length
    budget.note("too-many", f"more than {CHUNK_LIMIT} chunks", "PNG")


def _split(raw: bytes) -> tuple[str, bytes]:
    keyword, _, rest = raw.partition(b"\0")
    return decode_text(keyword[:79]), rest


def _text(kind: bytes, raw: bytes, budget: Budget) -> tuple[str, bytes] | None:
    """Return (keyword, text in its own encoding) of a text chunk, unpacked."""
    keyword, rest = _split(raw)
    where = f"PNG {keyword}"
    if kind == b"tEXt":
        return keyword, rest
    if kind == b"zTXt":
        unpacked = budget.inflate(rest[1:], where)
        return None if unpacked is None else (keyword, unpacked)
    packed = rest[:1] == b"\1"
    _, _, after_language = rest[2:].partition(b"\0")
    _, _, text = after_language.partition(b"\0")
    if packed:
        unpacked = budget.inflate(text, where)
        return None if unpacked is None else (keyword, unpacked)
    return keyword, text


def _raw_profile(keyword: str, text: bytes, budget: Budget) -> Block | None:
    """Return the block in a `Raw profile type` text, which ImageMagick writes: name, length, then hex digits."""
    name = keyword[len(RAW_PROFILE) :].casefold()
    parts = text.split(None, 2)
    where = f"PNG {keyword}"
    if len(parts) < 3:
        budget.note("malformed", "raw profile without data", where)
        return None
    try:
        profile = binascii.unhexlify(b"".join(parts[2].split()))
    except binascii.Error:
        budget.note("malformed", "raw profile is not hex digits", where)
        return None
    if profile.startswith(XMP_HEADER):
        return Block("xmp", where, profile[len(XMP_HEADER) :])
    if name == "xmp":
        return Block("xmp", where, profile)
    if name in ("exif", "app1"):
        return Block("exif", where, profile.removeprefix(b"Exif\0\0"))
    if name in ("iptc", "8bim"):
        return Block("photoshop" if b"8BIM" in profile[:64] else "iptc", where, profile)
    return None


def blocks(data: bytes, budget: Budget) -> Iterator[Block]:
    """Yield the metadata blocks of a PNG file."""
    for kind, start, end in _chunks(data, budget):
        if kind == b"caBX":
            yield Block("c2pa", "PNG caBX")
            continue
        if not budget.take(end - start, f"PNG {kind.decode('ascii')}"):
            continue
        raw = data[start:end]
        if kind == b"eXIf":
            yield Block("exif", "PNG eXIf", raw.removeprefix(b"Exif\0\0"))
            continue
        found = _text(kind, raw, budget)
        if found is None:
            continue
        keyword, text = found
        if keyword == XMP_KEYWORD:
            yield Block("xmp", f"PNG {kind.decode('ascii')}", text)
        elif keyword.casefold().startswith(RAW_PROFILE):
            profile = _raw_profile(keyword, text, budget)
            if profile is not None:
                yield profile
        else:
            yield Block("text", "PNG", key=keyword, text=decode_text(text))
