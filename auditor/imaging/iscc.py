"""ISCC Image-Codes (ISO 24138) of a picture. Needs the extra [iscc].

The code is made by `iscc_lib` from 32 × 32 grey values. How a picture is brought there is not part of the standard;
this follows the habit of the ISCC tools: orientation applied, transparency on white, near-uniform borders cut off,
Pillow's grey conversion and bicubic resizing. Codes of tools that do one of these otherwise differ by a few bits.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from auditor.imaging.algorithms import ISCC
from auditor.imaging.borders import trimmed
from auditor.imaging.pixels import Picture
from auditor.imaging.views import WholeView
from auditor.support.extras import require

ALGORITHM = ISCC
SIDE = 32
BITS = 64
HEADER = b"\x21\x01"
"""First two bytes of a decoded 64-bit Image-Code: main type content, sub type image, version 0, 64 bits."""


def image_code(picture: Picture) -> str:
    """The 64-bit Image-Code as text, `ISCC:EEA…`, of the picture without its borders.

    Raises:
        MissingExtra: `iscc_lib` is not installed.
    """
    return text_of(stored_code(picture.rgb))


def made(view: WholeView, pixels: NDArray[np.uint8]) -> bytes:
    """What an index stores: the code of the whole picture."""
    return stored_code(pixels)


def codes(picture: Picture, views: Sequence[WholeView]) -> NDArray[np.uint8]:
    """What is looked up: `image_bits`. The code tells nothing of orientation."""
    return image_bits(picture)


def stored_code(rgb: NDArray[np.uint8]) -> bytes:
    """The 8 bytes of the Image-Code of RGB pixels, uint8 (h, w, 3), without their borders.

    Raises:
        MissingExtra: `iscc_lib` is not installed.
    """
    inside = trimmed(rgb)
    return code_of_text(code_of(rgb if inside is None else inside))


def image_bits(picture: Picture) -> NDArray[np.uint8]:
    """The bits of the codes of every reading of the picture, uint8 (n, 8), for searching.

    Raises:
        MissingExtra: `iscc_lib` is not installed.
    """
    inside = trimmed(picture.rgb)
    readings = [picture.rgb, *([] if inside is None else [inside]), *(rgb for _, rgb in picture.alternatives)]
    bits = [np.frombuffer(code_of_text(code_of(rgb)), np.uint8) for rgb in readings]
    return np.unique(np.stack(bits), axis=0)


def code_of(rgb: NDArray[np.uint8]) -> str:
    """The Image-Code of RGB pixels, uint8 (h, w, 3), as they are."""
    small = Image.fromarray(rgb).convert("L").resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    code: str = require("iscc_lib").gen_image_code_v0(small.tobytes(), BITS)["iscc"]
    return code


def code_of_text(text: str) -> bytes:
    """The 8 bytes of a 64-bit Image-Code such as `ISCC:EEA…`; empty for anything else (ISO 24138)."""
    body = text.removeprefix("ISCC:")
    try:
        raw = base64.b32decode(body + "=" * (-len(body) % 8))
    except (binascii.Error, ValueError):
        return b""
    return raw[2:] if len(raw) == 10 and raw[:2] == HEADER else b""


def text_of(code: bytes) -> str:
    """The text of an Image-Code with these 8 bytes."""
    return "ISCC:" + base64.b32encode(HEADER + code).decode().rstrip("=")
