"""`regions@1`: local features as 128-bit hashes with a compact position.

A RootSIFT vector is centred, turned by one fixed random orthogonal matrix, and each coordinate's sign is a bit
(random-projection hashing: M. Charikar, "Similarity estimation techniques from rounding algorithms", STOC 2002).
Two machines may differ where a coordinate is all but zero: a feature at the same place may differ in up to
`TOLERANCE_BITS` bits, and up to one feature in ten may be found on one machine only.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from auditor.imaging.regions.descriptors import LocalFeatures, extract
from auditor.imaging.regions.rotation import centre_and_rotation

ALGORITHM = "regions@1"
BITS = 128
TOLERANCE_BITS = 8
UNIT = 65535
"""Positions are stored in 65535ths of the picture's longer side, for both x and y."""
SCALE_STEPS = 20
"""Stored scale: steps per octave, `round(20 · (log2(diameter / long side) + 12))`."""
ANGLE_STEPS = 256
_BLOCK = 16
"""Rows multiplied at once. BLAS libraries start threads for larger products, which costs far more than it gains here,
and more still where several processes do it at the same time."""


@dataclass(frozen=True, slots=True)
class Look:
    """How closely a picture is looked at."""

    long_side: int
    """The picture is brought to this long side in pixels (never enlarged beyond `enlarge` times)."""
    features: int
    enlarge: float = 2.0
    thorough: bool = True
    cells: int = 1
    """See `descriptors.extract`."""


INDEX = Look(640, 640)
"""How a work is described: more closely than the pictures that are looked up, because a detail crop is enlarged against
its work. At 448 pixels works are described in three fifths of the time, and as many crops are found, but one lettered
copy in twenty is taken for another picture that shares a part."""


@dataclass(frozen=True, slots=True)
class RegionFeatures:
    """The region hashes of one picture; arrays have one row per feature."""

    codes: NDArray[np.uint8]
    """(n, 16): 128 bits."""
    x: NDArray[np.uint16]
    """(n,) in 65535ths of the longer side, from the left."""
    y: NDArray[np.uint16]
    """(n,) in 65535ths of the longer side, from the top."""
    scale: NDArray[np.uint8]
    """(n,) logarithm of the feature's diameter, see `SCALE_STEPS`."""
    angle: NDArray[np.uint8]
    """(n,) direction in 256ths of a turn, clockwise from the right."""
    width: int
    height: int
    """Size of the described picture; only the proportion matters."""

    def __len__(self) -> int:
        return len(self.codes)


def describe(grey: NDArray[np.uint8]) -> RegionFeatures:
    """Region hashes of a work, grey (h, w) uint8, as an index holds them. See `INDEX`."""
    return encode(look(grey, INDEX))


def look(grey: NDArray[np.uint8], how: Look) -> LocalFeatures:
    """Bring the picture to size and extract its features. Banners are cut to a side ratio that can be resized."""
    height, width = grey.shape
    factor = min(how.long_side / max(height, width), how.enlarge)
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    if size != (width, height):
        way = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
        grey = np.asarray(cv2.resize(grey, size, interpolation=way), dtype=np.uint8)
    return extract(grey, how.features, how.thorough, how.cells)


def encode(features: LocalFeatures) -> RegionFeatures:
    """Hash descriptors and quantise positions."""
    long_side = float(max(features.width, features.height, 1))
    x, y, diameter, angle = (features.points[:, column] for column in range(4))
    with np.errstate(divide="ignore"):
        scale = np.rint(SCALE_STEPS * (np.log2(np.maximum(diameter, 1e-6) / long_side) + 12))
    return RegionFeatures(
        codes=hash_bits(features.descriptors),
        x=np.clip(np.rint(x / long_side * UNIT), 0, UNIT).astype(np.uint16),
        y=np.clip(np.rint(y / long_side * UNIT), 0, UNIT).astype(np.uint16),
        scale=np.clip(scale, 0, 255).astype(np.uint8),
        angle=(np.rint(angle / (2 * np.pi) * ANGLE_STEPS).astype(np.int64) % ANGLE_STEPS).astype(np.uint8),
        width=features.width,
        height=features.height,
    )


def hash_bits(descriptors: NDArray[np.float32]) -> NDArray[np.uint8]:
    """RootSIFT vectors (n, 128) to bits (n, 16), most significant bit first."""
    centre, rotation = centre_and_rotation()
    centred, turned = descriptors - centre, np.ascontiguousarray(rotation.T)
    projected = np.empty((len(centred), BITS), np.float32)
    for start in range(0, len(centred), _BLOCK):
        np.matmul(centred[start : start + _BLOCK], turned, out=projected[start : start + _BLOCK])
    return np.packbits(projected > 0, axis=1)


def positions(features: RegionFeatures) -> NDArray[np.float32]:
    """Unpacked positions (n, 4): x, y and diameter as fractions of the longer side, direction in radians."""
    return unpack_positions(features.x, features.y, features.scale, features.angle)


def unpack_positions(
    x: NDArray[np.uint16], y: NDArray[np.uint16], scale: NDArray[np.uint8], angle: NDArray[np.uint8]
) -> NDArray[np.float32]:
    """As `positions`, from stored columns."""
    return np.stack(
        [
            x.astype(np.float32) / UNIT,
            y.astype(np.float32) / UNIT,
            np.exp2(scale.astype(np.float32) / SCALE_STEPS - 12),
            angle.astype(np.float32) * np.float32(2 * np.pi / ANGLE_STEPS),
        ],
        axis=1,
    )
