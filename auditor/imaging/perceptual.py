"""The perceptual hashes of a whole picture, in every view and orientation that a copy may come in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from auditor.imaging.borders import trims
from auditor.imaging.pdq import ORIENTATIONS, luminance, pdq
from auditor.imaging.phash import phash
from auditor.imaging.pixels import Picture, Pixels, grey

__all__ = ["ORIENTATIONS", "WholeView", "hash_view", "readings", "whole_views"]

WHOLE = "whole"
TRIMMED = "trimmed"


@dataclass(frozen=True, slots=True, eq=False)
class WholeView:
    """One reading of a picture, hashed."""

    name: str
    """whole | trimmed | exif-ignored | alpha-dropped"""
    pdq: NDArray[np.uint8]
    """(8, 32): `pdq@1` in each of `ORIENTATIONS`; row 0 is the picture as it is, and what an index stores."""
    quality: int
    """PDQ's quality, 0 to 100. Below `Thresholds.pdq_quality` the picture is too plain for a hash to tell it from
    others."""
    phash: NDArray[np.uint8]
    """(8, 8): `phash@1` in each of `ORIENTATIONS`."""


def whole_views(picture: Picture, rounded: bool = False) -> tuple[WholeView, ...]:
    """Hash a picture: first whole, then without uniform borders (all of them, and where they are several the outer one
    only), then as other readers of the file would see it.

    A view exists only where it differs from the whole picture. With `rounded` luminance is rounded before it is hashed:
    that is faster, as good to search with, and differs from what an index stores by some bits.
    """
    return tuple(hash_view(name, grey(rgb, max(rgb.shape)) if rounded else rgb) for name, rgb in readings(picture))


def hash_view(name: str, rgb: Pixels) -> WholeView:
    """Hash RGB pixels, uint8 (h, w, 3), or luminance, uint8 (h, w)."""
    hashed = pdq(luminance(rgb))
    return WholeView(name, hashed.codes, hashed.quality, phash(grey(rgb, max(rgb.shape))))


def readings(picture: Picture) -> Iterator[tuple[str, Pixels]]:
    """(name, pixels) of every view of a picture; the whole first."""
    yield WHOLE, picture.rgb
    for inside in trims(picture.rgb):  # inside the border that somebody added may be an even sky, a part of the work
        yield TRIMMED, inside
    yield from picture.alternatives
