"""Banners: pictures so much longer than wide that a look at the whole would leave nothing of them.

A strip is looked at in pieces that overlap, and what is found in a piece is told in the strip's own frame.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from auditor.checks.copies.regions.words import RegionFacts
from auditor.imaging.regions.overlap import Rectangle

BANNER = 5.0
"""A picture is a banner from this proportion of its sides on."""
PIECE = 3.0
"""Length of a piece in short sides; each overlaps the next by half, so that what is up to half as long is in one."""
MOST_PIECES = 20
"""Strips of more than 31 short sides are cut into longer pieces, so that the time stays bounded."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a strip, as a rectangle in fractions of the strip's width and height."""

    x0: float
    y0: float
    x1: float
    y1: float

    def of(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The pixels (h, w, 3) of this part."""
        height, width = pixels.shape[:2]
        part = pixels[
            round(self.y0 * height) : round(self.y1 * height), round(self.x0 * width) : round(self.x1 * width)
        ]
        return np.ascontiguousarray(part)

    def size(self, width: int, height: int) -> tuple[int, int]:
        """Width and height of this part of a strip of so many pixels."""
        return max(1, round((self.x1 - self.x0) * width)), max(1, round((self.y1 - self.y0) * height))

    def in_strip(self, region: Rectangle) -> Rectangle:
        """A rectangle of this part in the strip's frame."""
        across, down = self.x1 - self.x0, self.y1 - self.y0
        x0, y0, x1, y1 = region
        return self.x0 + x0 * across, self.y0 + y0 * down, self.x0 + x1 * across, self.y0 + y1 * down

    def told_in_strip(self, facts: RegionFacts) -> RegionFacts:
        """What was found in this part, as a fact about the strip."""
        share = (self.x1 - self.x0) * (self.y1 - self.y0)
        return replace(facts, sample_region=self.in_strip(facts.sample_region), sample_share=facts.sample_share * share)


def pieces(width: int, height: int) -> tuple[Piece, ...]:
    """The pieces to look at besides the whole; none for a picture that is no banner."""
    long_side, short_side = max(width, height), min(width, height)
    if long_side < BANNER * short_side:
        return ()
    count = min(MOST_PIECES, math.ceil(long_side / (PIECE * short_side / 2)) - 1)
    length = 2 / (count + 1)
    starts = [number * length / 2 for number in range(count)]
    if width >= height:
        return tuple(Piece(start, 0.0, min(1.0, start + length), 1.0) for start in starts)
    return tuple(Piece(0.0, start, 1.0, min(1.0, start + length)) for start in starts)
