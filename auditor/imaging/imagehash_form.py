"""pHash by the package `imagehash`: the value that an index stores, and the text that most community lists hold.

What is stored is what `imagehash.phash` says of the picture: anybody can make it again with that package. What is
looked up in a scan is made by `auditor.imaging.phash`, six times as fast: of the same 32 × 32 points the same bits,
and of a whole picture 2 or 4 of 64 bits otherwise in one of eleven, because large pictures are first reduced by whole
factors. (Grey conversion and orientation make no difference.) `auditor doctor` proves both on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence

import imagehash
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from auditor.imaging.phash import COEFFICIENTS
from auditor.imaging.pixels import Picture, Pixels
from auditor.imaging.views import WholeView


def made(view: WholeView, pixels: Pixels) -> bytes:
    """What an index stores of a view: `imagehash.phash` of its pixels."""
    return imagehash_code(pixels)


def codes(picture: Picture, views: Sequence[WholeView]) -> NDArray[np.uint8]:
    """What is looked up: every view in every orientation by the faster transform, (8 × views, 8)."""
    return np.concatenate([view.phash for view in views])


def imagehash_code(pixels: Pixels) -> bytes:
    """`imagehash.phash` of pixels, uint8 (h, w, 3) or luminance (h, w): 8 bytes, first bit first."""
    return _bytes(imagehash.phash(Image.fromarray(pixels)))


def imagehash_text(code: bytes) -> str:
    """The text that `str(imagehash.phash(picture))` gives: 16 hex digits."""
    bits = np.unpackbits(np.frombuffer(code, np.uint8)).astype(np.bool_)
    return str(imagehash.ImageHash(bits.reshape(COEFFICIENTS, COEFFICIENTS)))


def code_of_text(text: str) -> bytes:
    """The 8 bytes of such a text, which must be 16 hex digits: `imagehash.hex_to_hash` itself takes more than that.

    Raises:
        ValueError: it is something else.
    """
    if len(bytes.fromhex(text)) * 2 != len(text) or len(text) * 4 != COEFFICIENTS * COEFFICIENTS:
        raise ValueError(f"a hash of {COEFFICIENTS * COEFFICIENTS} bits has {COEFFICIENTS * COEFFICIENTS // 4} digits")
    return _bytes(imagehash.hex_to_hash(text))


def _bytes(value: imagehash.ImageHash) -> bytes:
    return np.packbits(value.hash).tobytes()
