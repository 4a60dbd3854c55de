"""Digests: of the file, and of its normalised pixels."""

from __future__ import annotations

import hashlib
import struct

import numpy as np

from auditor.imaging.pixels import Picture

PIXELS_ALGORITHM = "pixels@1"


def file_sha256(data: bytes) -> bytes:
    """SHA-256 of a file's bytes, 32 bytes."""
    return hashlib.sha256(data).digest()


def pixel_sha256(picture: Picture) -> bytes:
    """SHA-256 of the normalised pixels, 32 bytes (`pixels@1`).

    Digested are width and height as 32-bit big-endian numbers, then the RGB bytes row by row, so that two pictures
    of other proportions but the same bytes differ.

    Raises:
        ValueError: the picture was decoded at reduced size, so its digest would mean nothing.
    """
    if not picture.full:
        raise ValueError("decode the picture with full=True before its pixels are digested")
    digest = hashlib.sha256(struct.pack(">II", picture.width, picture.height))
    digest.update(np.ascontiguousarray(picture.rgb).data)
    return digest.digest()
