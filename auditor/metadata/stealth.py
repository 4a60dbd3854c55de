"""Stealth PNG info: generation metadata in the lowest bits of the pixels (NovelAI and an A1111 extension).

The bits run down the columns, left to right: of the alpha channel (`stealth_pnginfo`, `stealth_pngcomp`), or of
red, green, blue in turn (`stealth_rgbinfo`, `stealth_rgbcomp`). A 15-byte signature, the length of the payload in
bits (32 bits, big endian), the payload: UTF-8, packed with gzip in the `comp` kinds.
"""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

from auditor.metadata.containers.budget import TEXT_LIMIT, Budget

ALPHA_SIGNATURES = {b"stealth_pnginfo": False, b"stealth_pngcomp": True}
RGB_SIGNATURES = {b"stealth_rgbinfo": False, b"stealth_rgbcomp": True}
SIGNATURE_BITS = 15 * 8
HEADER_BITS = SIGNATURE_BITS + 32
CARRIER = "stealth PNG info"
_GZIP = 16 + zlib.MAX_WBITS


def _bits(plane: NDArray[np.uint8], start: int, count: int) -> bytes:
    """Return `count` lowest bits from bit `start` on, packed, reading only the columns that hold them.

    `plane` has shape (height, width) or (height, width, 3).
    """
    depth = 1 if plane.ndim == 2 else plane.shape[2]
    per_column = plane.shape[0] * depth
    first, last = start // per_column, (start + count - 1) // per_column
    columns = plane[:, first : last + 1]
    ordered = np.swapaxes(columns, 0, 1).reshape(-1) & 1
    offset = start - first * per_column
    return np.packbits(ordered[offset : offset + count]).tobytes()


def _read_plane(plane: NDArray[np.uint8], signatures: dict[bytes, bool], budget: Budget) -> str | None:
    if plane.size < HEADER_BITS:
        return None
    head = _bits(plane, 0, HEADER_BITS)
    signature = head[:15]
    if signature not in signatures:
        return None
    length = int.from_bytes(head[15:19], "big")
    if length > plane.size - HEADER_BITS or length // 8 > TEXT_LIMIT:
        budget.note("too-large", f"announces {length // 8} bytes, more than the picture can hold or is read", CARRIER)
        return None
    payload = _bits(plane, HEADER_BITS, length) if length else b""
    if signatures[signature]:
        unpacker = zlib.decompressobj(_GZIP)
        try:
            payload = unpacker.decompress(payload, TEXT_LIMIT + 1)
        except zlib.error as error:
            budget.note("malformed", f"damaged compressed text: {error}", CARRIER)
            return None
        if len(payload) > TEXT_LIMIT:
            budget.note("too-large", f"unpacks to more than {TEXT_LIMIT} bytes", CARRIER)
            return None
    return payload.decode("utf-8", "replace")


def read_stealth(rgb: NDArray[np.uint8] | None, alpha: NDArray[np.uint8] | None, budget: Budget) -> str | None:
    """Return the text hidden in a picture, or None.

    Args:
        rgb: uint8 (height, width, 3) as stored: no orientation applied, not laid on a background.
        alpha: uint8 (height, width) as stored; None where the picture has no alpha channel.
        budget: collects notes.

    Costs a look at the first columns (a few microseconds) where there is none.
    """
    if alpha is not None:
        found = _read_plane(alpha, ALPHA_SIGNATURES, budget)
        if found is not None:
            return found
    return None if rgb is None else _read_plane(rgb, RGB_SIGNATURES, budget)
