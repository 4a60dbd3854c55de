"""What a file's first bytes say it is, before any decoder sees it.

Only formats with a bounded, self-contained decoder are read: nothing that runs an interpreter (EPS, PDF), follows
references or needs another program.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

READABLE: tuple[str, ...] = ("JPEG", "PNG", "WEBP", "GIF", "AVIF", "BMP", "TIFF", "JPEG2000", "PPM", "QOI")
"""Names of Pillow's readers that may be used, the commonest first."""

TAIL = 64
"""A file's end mark is looked for within this many last bytes; some writers pad."""


@dataclass(frozen=True, slots=True)
class Sniffed:
    """A known signature."""

    name: str
    readable: bool
    """Whether the tool decodes it."""


def sniff(data: bytes) -> Sniffed | None:
    """Name the format that the first bytes announce; None where they announce no picture."""
    for name, readable, test in _SIGNATURES:
        if test(data):
            return Sniffed(name, readable)
    return None


def lacks_end(data: bytes, name: str) -> bool:
    """Say whether a file of this format stops before its own end mark or announced length."""
    tail = data[-TAIL:]
    if name == "JPEG":
        return b"\xff\xd9" not in tail
    if name == "PNG":
        return b"IEND" not in tail
    if name == "GIF":
        return b"\x3b" not in tail
    if name == "WEBP":
        return len(data) < 12 or len(data) < struct.unpack_from("<I", data, 4)[0] + 8
    if name == "BMP":
        return len(data) < 6 or len(data) < struct.unpack_from("<I", data, 2)[0]
    return False


def webp_size(data: bytes) -> tuple[int, int] | None:
    """Width and height from a WebP header (RFC 9649), so that no canvas is allocated to learn them."""
    kind, body = data[12:16], data[20:30]
    if len(body) < 10:
        return None
    if kind == b"VP8X":
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if kind == b"VP8L":
        packed = int.from_bytes(body[1:5], "little")
        return (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", body, 6)
        return width & 0x3FFF, height & 0x3FFF
    return None


def jpeg_scans(data: bytes) -> int:
    """Number of scans of a JPEG file: every one may visit every coefficient of a progressive picture again."""
    # As pairs of bytes, at even and at odd places: four times as fast as `bytes.count`.
    return sum(
        int(np.count_nonzero(np.frombuffer(data, ">u2", (len(data) - first) // 2, first) == 0xFFDA))
        for first in (0, 1)
        if len(data) > first + 1
    )


def _starts(*prefixes: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.startswith(prefixes)


def _brand(*brands: bytes) -> Callable[[bytes], bool]:
    """An ISO base media file whose major or compatible brands hold one of these."""

    def test(data: bytes) -> bool:
        if data[4:8] != b"ftyp":
            return False
        box = data[8 : min(max(16, int.from_bytes(data[:4], "big")), 64)]
        return any(box[at : at + 4] in brands for at in range(0, len(box), 4))

    return test


_SIGNATURES: tuple[tuple[str, bool, Callable[[bytes], bool]], ...] = (
    ("JPEG", True, _starts(b"\xff\xd8\xff")),
    ("PNG", True, _starts(b"\x89PNG\r\n\x1a\n", b"\x89PNG")),
    ("WEBP", True, lambda data: data[:4] == b"RIFF" and data[8:12] == b"WEBP"),
    ("GIF", True, _starts(b"GIF87a", b"GIF89a")),
    ("AVIF", True, _brand(b"avif", b"avis")),
    ("HEIF", False, _brand(b"heic", b"heix", b"hevc", b"heim", b"mif1", b"msf1")),
    ("JPEG XL", False, _starts(b"\xff\x0a", b"\x00\x00\x00\x0cJXL \r\n\x87\n")),
    ("JPEG2000", True, _starts(b"\x00\x00\x00\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51")),
    ("TIFF", True, _starts(b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")),
    ("BMP", True, lambda data: data[:2] == b"BM" and len(data) > 14 and data[6:10] == bytes(4)),
    ("QOI", True, _starts(b"qoif")),
    ("PPM", True, lambda data: data[:1] == b"P" and data[1:2] in b"123456" and data[2:3].isspace()),
    ("PSD", False, _starts(b"8BPS")),
    ("EPS", False, _starts(b"%!PS", b"\xc5\xd0\xd3\xc6")),
    ("PDF", False, _starts(b"%PDF-")),
    ("ICO", False, _starts(b"\x00\x00\x01\x00", b"\x00\x00\x02\x00")),
    ("DDS", False, _starts(b"DDS ")),
    ("OpenEXR", False, _starts(b"\x76\x2f\x31\x01")),
    ("Radiance HDR", False, _starts(b"#?RADIANCE", b"#?RGBE")),
    ("XCF", False, _starts(b"gimp xcf")),
    ("SVG", False, lambda data: b"<svg" in data[:1024]),
)
