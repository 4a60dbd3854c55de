"""A toy kind of hash, the one file that such a kind is: 32 fields of a picture, each brighter than the mean or not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from auditor.imaging.hash_kind import Comparison, HashKind
from auditor.imaging.pixels import Picture, Pixels
from auditor.imaging.views import WholeView

ROW = HashKind(
    name="toy_fields",
    algorithm="toy-fields@1",
    title="Toy",
    plural="toy hashes",
    length=4,
    module="tests.index.format.toy_hash",
    compared=Comparison(reach="phash_tight", alone="phash_tight"),
)
"""The one row of the table."""


def made(view: WholeView, pixels: Pixels) -> bytes:
    return _code(pixels)


def codes(picture: Picture, views: Sequence[WholeView]) -> NDArray[np.uint8]:
    return np.frombuffer(_code(picture.rgb), np.uint8)[None]


def _code(pixels: Pixels) -> bytes:
    fields = np.asarray(Image.fromarray(pixels).convert("L").resize((8, 4), Image.Resampling.BOX), np.float64)
    return np.packbits(fields > fields.mean()).tobytes()
