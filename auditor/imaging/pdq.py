"""`pdq@1`: the PDQ hash, 256 bits, with its quality and all eight orientations.

Written from the published description: "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm",
Facebook, 2019: luminance; two passes of a box ("Jarosz") filter along rows and along columns; sampling at 64 × 64;
a 16 × 16 block of its cosine transform without the constant term; one bit a coefficient, above the median or not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:  # which hash views with this module
    from auditor.imaging.pixels import Picture, Pixels
    from auditor.imaging.views import WholeView

ALGORITHM = "pdq@1"
BITS = 256
SAMPLES = 64
COEFFICIENTS = 16
WINDOWS = 128
"""The box filter's window is the side divided by this, rounded up."""
QUALITY_DIVISOR = 90
"""Sum of the gradients (in percent of full scale) that counts as one step of quality; 100 steps at most."""

EXACT_PIXELS = 4_000_000
EXACT_WINDOW = 16
"""Both passes over 8-bit values sum up in 16 bits with windows of up to so many."""

Floats = NDArray[np.float32]
Plane = NDArray[np.float32] | NDArray[np.uint8]

ORIENTATIONS: tuple[tuple[bool, int], ...] = (
    (False, 0),
    (False, 90),
    (False, 180),
    (False, 270),
    (True, 0),
    (True, 90),
    (True, 180),
    (True, 270),
)
"""Row of a hash array -> (mirrored left to right first, then rotated by so many degrees clockwise)."""


@dataclass(frozen=True, slots=True, eq=False)
class Pdq:
    """What PDQ says of a picture."""

    codes: NDArray[np.uint8]
    """(8, 32): the hash of the picture in each of `ORIENTATIONS`; row 0 is the picture as it is. Bytes are in the
    order in which the hash is written in hexadecimal."""
    quality: int
    """0 to 100. Below 50 the picture is too plain for its hash to mean much."""


def made(view: WholeView, pixels: Pixels) -> bytes:
    """What an index stores of a view: the hash of the picture as it is."""
    return bytes(view.pdq[0].tobytes())


def codes(picture: Picture, views: Sequence[WholeView]) -> NDArray[np.uint8]:
    """What is looked up: every view in every orientation, (8 × views, 32)."""
    return np.concatenate([view.pdq for view in views])


def luminance(rgb: NDArray[np.uint8]) -> Plane:
    """RGB uint8 (h, w, 3) to luminance 0..255 (ITU-R BT.601), (h, w).

    Not rounded, as PDQ asks for: rounding changes two bits in one picture of six. Large pictures are rounded all the
    same, to save the memory: there every sample is a mean over hundreds of pixels. Luminance, (h, w), is taken as it
    is.
    """
    if rgb.ndim == 2:
        return rgb
    if rgb.shape[0] * rgb.shape[1] <= EXACT_PIXELS:
        return np.asarray(cv2.cvtColor(rgb.astype(np.float32), cv2.COLOR_RGB2GRAY), np.float32)
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)


def pdq(plane: Plane) -> Pdq:
    """Hash a luminance plane, (h, w), 0 to 255.

    Below 64 pixels a side the finest coefficients are rounding noise, and hashes of copies may differ by some bits.
    """
    # PDQ samples off the middle by up to a pixel, so turning the signs of one transform gives hashes that differ from
    # those of the mirrored pixels by 12 bits in the middle and 50 at worst. Sampling the four mirror images costs
    # little more and gives exactly what a mirrored copy hashes to; quarter turns are transpositions of those.
    samples = _samples(plane)
    plain, across, down, both = _basis() @ samples @ _basis().T
    blocks = np.stack((plain, down.T, both, across.T, across, both.T, down, plain.T)).reshape(len(ORIENTATIONS), -1)
    half = blocks.shape[1] // 2
    medians = np.partition(blocks, half - 1, axis=1)[:, half - 1]
    # The hash is written with its highest bit, the last coefficient, first.
    return Pdq(np.packbits(blocks[:, ::-1] > medians[:, None], axis=1), _quality(samples[0]))


def _samples(plane: Plane) -> Floats:
    """The filtered picture at 64 × 64 points: (4, 64, 64) as it is, mirrored across, upside down, both."""
    height, width = plane.shape
    # Columns become rows; those as they are and those upside down lie side by side, and are filtered together.
    both = np.ascontiguousarray(_both_ways(plane, height).T)
    filtered = _both_ways(both, width)
    return np.ascontiguousarray(filtered.reshape(2, SAMPLES, 2, SAMPLES).transpose(2, 0, 3, 1)).reshape(
        4, SAMPLES, SAMPLES
    )


def _both_ways(plane: Plane, size: int) -> Floats:
    """Filter along axis 0 and along its reverse, and keep 64 rows of each: (size, n) -> (128, n)."""
    places, weights = _taps(size)
    reverse = size - 1 - places
    window = _window(size)
    if plane.dtype != np.uint8 or window > EXACT_WINDOW:
        return np.concatenate((_filtered(plane, places, weights), _filtered(plane, reverse, weights)))
    # Whole numbers: both passes at once over all rows, of which each way takes its own.
    sums = _summed(_summed(plane.astype(np.uint16), window), window)
    starts = np.concatenate((places[0], reverse[-1]))
    found: Floats = sums.take(np.minimum(starts, len(sums) - 1), axis=0) * np.float32(1 / window**2)
    cut = _cut_short(size)
    found[cut] = _filtered(plane, places[:, cut], weights[:, cut])
    found[SAMPLES + cut] = _filtered(plane, reverse[:, cut], weights[:, cut])
    return found


def _summed(rows: NDArray[np.uint16], window: int) -> NDArray[np.uint16]:
    """Sums of so many rows that follow each other: (n, m) -> (n - window + 1, m)."""
    total, width = rows, 1
    while 2 * width <= window:
        total, width = total[:-width] + total[width:], 2 * width
    for further in range(width, window):
        total = total[: len(rows) - further] + rows[further:]
    return total


def _filtered(plane: Plane, places: NDArray[np.intp], weights: Floats) -> Floats:
    """Weighted sums of rows, (size, n) -> (k, n), where `places` and `weights` are (taps, k) and (taps, k, 1)."""
    total: Floats = np.multiply(plane.take(places[0], axis=0), weights[0], dtype=np.float32)
    part = np.empty_like(total)
    for place, weight in zip(places[1:], weights[1:], strict=True):
        np.multiply(plane.take(place, axis=0), weight, out=part)
        total += part
    return total


@lru_cache(maxsize=256)
def _taps(size: int) -> tuple[NDArray[np.intp], Floats]:
    """Both passes of the box filter and the sampling, as one weighted sum.

    Returns the rows to take, (taps, 64), and their weights, (taps, 64, 1). Along the edges the window is cut short,
    and the mean is taken of what is left.
    """
    window = _window(size)
    after = (window + 2) // 2 - 1
    before = window - 1 - after
    centres = ((np.arange(SAMPLES) + 0.5) * size / SAMPLES).astype(np.intp)
    offsets = np.arange(-2 * before, 2 * after + 1)
    places = centres[None, :] + offsets[:, None]
    weights = np.zeros(places.shape)
    for step in range(-before, after + 1):
        middle = centres + step
        inside = (middle >= 0) & (middle < size)
        outer = _span(centres, before, after, size)
        inner = _span(middle, before, after, size)
        for further in range(-before, after + 1):
            place = middle + further
            counted = inside & (place >= 0) & (place < size)
            weights[step + further + 2 * before] += np.where(counted, 1.0 / (outer * inner), 0.0)
    places = np.clip(places, 0, size - 1)
    return places, weights.astype(np.float32)[:, :, None]


def _window(size: int) -> int:
    return -(-size // WINDOWS)


@lru_cache(maxsize=256)
def _cut_short(size: int) -> NDArray[np.intp]:
    """Which of the 64 rows lie so near an edge that their window is cut short."""
    return np.flatnonzero(_taps(size)[1][:, :, 0].min(axis=0) == 0)


def _span(centres: NDArray[np.intp], before: int, after: int, size: int) -> NDArray[np.intp]:
    """How many places of a window around each centre lie inside."""
    last, first = np.minimum(centres + after, size - 1), np.maximum(centres - before, 0)
    return np.asarray(np.maximum(1, last - first + 1), np.intp)


@lru_cache(maxsize=1)
def _basis() -> Floats:
    """Rows 1 to 16 of the orthonormal 64-point cosine transform."""
    frequencies = np.arange(1, COEFFICIENTS + 1)[:, None]
    places = np.arange(SAMPLES)[None, :]
    table = np.sqrt(2.0 / SAMPLES) * np.cos(np.pi / (2 * SAMPLES) * frequencies * (2 * places + 1))
    return np.asarray(table, np.float32)


def _quality(samples: Floats) -> int:
    """Sum of the differences of neighbours, in whole percent of full scale each, scaled to 0..100."""
    down = np.abs(np.diff(samples, axis=0) * (100 / 255)).astype(np.int64).sum()
    across = np.abs(np.diff(samples, axis=1) * (100 / 255)).astype(np.int64).sum()
    return min(100, int(down + across) // QUALITY_DIVISOR)
