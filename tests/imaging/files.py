"""Picture files, sound and broken, made by hand."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from auditor.imaging.conformance import synthesise


def scene(width: int = 120, height: int = 80, pattern: str = "scene") -> NDArray[np.uint8]:
    """RGB pixels with some detail."""
    return synthesise(pattern, width, height)


def save(pixels: NDArray[np.uint8] | Image.Image, format: str = "PNG", **options: object) -> bytes:
    """The bytes of a file."""
    image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    target = io.BytesIO()
    image.save(target, format, **options)
    return target.getvalue()


def exif(orientation: object) -> Image.Exif:
    """EXIF that asks for an orientation."""
    block = Image.Exif()
    block[0x0112] = orientation
    return block


def png_header(width: int, height: int, depth: int = 8, colour: int = 2) -> bytes:
    """A well-formed PNG that announces any size and holds next to nothing."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(4096))) + chunk(b"IEND", b"")
    )


def webp_header(width: int, height: int) -> bytes:
    """A WebP of the extended kind with a canvas of any size (RFC 9649)."""
    body = b"\x02\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    chunk = b"VP8X" + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", len(chunk) + 4) + b"WEBP" + chunk
