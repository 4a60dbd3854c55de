"""ISCC Image-Codes (ISO 24138) of a picture. Needs the extra [iscc].

The code is made by `iscc_lib` from 32 × 32 grey values. How a picture is brought there is not part of the standard;
this follows the habit of the ISCC tools: orientation applied, transparency on white, near-uniform borders cut off,
Pillow's grey conversion and bicubic resizing. Codes of tools that do one of these otherwise differ by a few bits.
"""

from __future__ import annotations

import base64

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from auditor.extras import require
from auditor.imaging.algorithms import ISCC
from auditor.imaging.borders import trimmed
from auditor.imaging.pixels import Picture

ALGORITHM = ISCC
SIDE = 32
BITS = 64


def image_code(picture: Picture) -> str:
    """The 64-bit Image-Code as text, `ISCC:EEA…`, of the picture without its borders.

    Raises:
        MissingExtra: `iscc_lib` is not installed.
    """
    inside = trimmed(picture.rgb)
    return code_of(picture.rgb if inside is None else inside)


def image_bits(picture: Picture) -> NDArray[np.uint8]:
    """The bits of the codes of every reading of the picture, uint8 (n, 8), for searching.

    Raises:
        MissingExtra: `iscc_lib` is not installed.
    """
    inside = trimmed(picture.rgb)
    readings = [picture.rgb, *([] if inside is None else [inside]), *(rgb for _, rgb in picture.alternatives)]
    return np.unique(np.stack([bits_of(code_of(rgb)) for rgb in readings]), axis=0)


def code_of(rgb: NDArray[np.uint8]) -> str:
    """The Image-Code of RGB pixels, uint8 (h, w, 3), as they are."""
    small = Image.fromarray(rgb).convert("L").resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    code: str = require("iscc_lib").gen_image_code_v0(small.tobytes(), BITS)["iscc"]
    return code


def bits_of(code: str) -> NDArray[np.uint8]:
    """The 8 bytes after the two bytes of header."""
    body = code.removeprefix("ISCC:")
    return np.frombuffer(base64.b32decode(body + "=" * (-len(body) % 8))[2:10], np.uint8)
