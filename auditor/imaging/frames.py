"""Later frames of animations and later pages: a trainer takes the first, scripts that cut animations up take all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]
LEAST_DIFFERENCE = 2.0
"""Mean difference in shades of two frames, reduced to `GLANCE`, from which both are looked at."""
GLANCE = (32, 32)


class Limits(Protocol):
    """The part of `PixelLimits` that is needed here."""

    @property
    def max_frames(self) -> int: ...

    @property
    def max_frame_pixels(self) -> int: ...


def frames_of(
    image: Image.Image, frames: int, limits: Limits, pixels_of: Callable[[Image.Image], Pixels]
) -> tuple[int, tuple[tuple[str, Pixels], ...]]:
    """How many frames were looked at, and the later ones that differ from all before: (`frame N of M`, pixels).

    A damaged frame ends the look, and does not cost the first.
    """
    seen = [_glance(pixels_of(image))]
    found: list[tuple[str, Pixels]] = []
    read = 1
    for number in spread(frames, image.width * image.height, limits):
        try:
            image.seek(number)
            pixels = pixels_of(image)
        except MemoryError:
            raise
        except Exception:  # decoders raise whatever they come across
            break
        read += 1
        small = _glance(pixels)
        if all(np.abs(small - other).mean() >= LEAST_DIFFERENCE for other in seen):
            seen.append(small)
            found.append((f"frame {number + 1} of {frames}", pixels))
    return read, tuple(found)


def spread(frames: int, pixels: int, limits: Limits) -> list[int]:
    """Numbers (from 0) of the later frames that are looked at: evenly from all that the bounds let a decoder reach."""
    last = min(frames, max(1, limits.max_frame_pixels // max(1, pixels))) - 1
    count = min(last, limits.max_frames - 1)
    return [round(last * place / count) for place in range(1, count + 1)] if count > 0 else []


def _glance(pixels: Pixels) -> NDArray[np.int16]:
    return np.asarray(cv2.resize(pixels, GLANCE, interpolation=cv2.INTER_AREA), np.int16)
