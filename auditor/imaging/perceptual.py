"""The perceptual hashes of a whole picture, in every view and orientation that a copy may come in."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.imaging.borders import trims
from auditor.imaging.pdq import luminance, pdq
from auditor.imaging.phash import phash
from auditor.imaging.pixels import Picture, Pixels, grey
from auditor.imaging.views import WholeView

WHOLE = "whole"
TRIMMED = "trimmed"


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
