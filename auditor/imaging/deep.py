"""Pictures of more than 8 bits a value, as the programs read them that know 8 bits only.

One pixel of 65,535 among values below 256 is black to a program that scales by range, and the whole picture to one that
clips, as Pillow's own conversion to RGB does. What a trainer sees depends on which it is, so each is a reading.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

CLIPPED = "clipped"
STRETCHED = "stretched"
OUTLIERS = 0.5
"""Per cent of the lowest and of the highest values that a stretched reading leaves out."""
LEAST_RANGE = 2
"""Readings whose darkest and brightest shades differ by less hold nothing to see."""
LEAST_DIFFERENCE = 1.5
"""Mean difference in shades from which two readings are two."""


def is_deep(image: Image.Image) -> bool:
    """Whether its values have 16 or 32 bits."""
    return image.mode in {"I", "F"} or image.mode.startswith("I;16")


def deep_readings(image: Image.Image) -> tuple[Image.Image, tuple[tuple[str, Image.Image], ...]]:
    """The picture scaled by range, which is `pixels@1`, and the other readings where they differ from it."""
    values = np.nan_to_num(np.asarray(image).astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    scaled = _shades(values / _divisor(image.mode, float(values.max(initial=0.0))))
    found: list[tuple[str, Image.Image]] = []
    kept = [scaled]
    for reading, shades in ((CLIPPED, _shades(values)), (STRETCHED, _stretched(values))):
        if np.ptp(shades) >= LEAST_RANGE and all(_differ(shades, other) for other in kept):
            kept.append(shades)
            found.append((reading, Image.fromarray(shades)))
    return Image.fromarray(scaled), tuple(found)


def shows(image: Image.Image) -> bool:
    """Whether a reading has anything to see."""
    return any(high - low >= LEAST_RANGE for low, high in image.convert("RGB").getextrema())  # type: ignore[misc]


def _divisor(mode: str, top: float) -> float:
    if mode != "F":
        return 257.0 if top > 255 else 1.0
    if top <= 1:
        return 1 / 255
    return top / 255 if top > 255 else 1.0


def _stretched(values: NDArray[np.float64]) -> NDArray[np.uint8]:
    """From the lowest to the highest value, a few of each left out, as viewers show such pictures."""
    low, high = np.percentile(values, (OUTLIERS, 100 - OUTLIERS))
    return _shades((values - low) * (255 / (high - low))) if high > low else np.zeros(values.shape, np.uint8)


def _shades(values: NDArray[np.float64]) -> NDArray[np.uint8]:
    return np.asarray(np.clip(np.rint(values), 0, 255), np.uint8)


def _differ(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> bool:
    return float(np.abs(one.astype(np.int16) - other).mean()) >= LEAST_DIFFERENCE
