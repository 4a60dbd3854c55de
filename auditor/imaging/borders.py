"""Uniform borders: found on a reduced picture, so that the cost hardly depends on its size."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from auditor.imaging.pixels import Pixels, shrink

LONG_SIDE = 512
"""The picture is looked at in this size; a cut is exact to half a 512th of the long side."""
TOLERANCE = 28
"""A border's pixels lie this close to its colour in every channel (JPEG leaves some noise)."""
EDGE_TOLERANCE = 5
"""The same for the outermost line, which lies away from the picture's ringing: a sky passes less often for a border."""
OUTLIERS = 0.01
"""Part of a border line that may lie outside, for specks and the ringing beside the picture."""
LEAST_CUT = 0.01
"""A smaller border, as a part of the side, is not worth a view of its own."""
LEAST_KEPT = 0.25
"""When less than this of a side would stay, the picture is a small thing on a plain ground, and is left whole."""
ROUNDS = 3
"""Borders inside borders, at most."""
LUMINANCE_TOLERANCE = EDGE_TOLERANCE + 1
LUMINANCE_OUTLIERS = 3 * OUTLIERS
"""The same for luminance alone, where a line has to pass whenever it would in every colour: each has specks of its
own. Of 3,000 photos all 529 that have an even edge pass, and 338 others."""
GLANCE = 8
"""Every so many pixels of an edge are looked at before all of them are."""

Box = tuple[int, int, int, int]
"""left, top, right, bottom; right and bottom are outside."""


def trims(rgb: Pixels) -> tuple[Pixels, ...]:
    """The picture without its uniform borders, and where there are several in each other also without the outer one.

    Empty where it has none to speak of, and where only its luminance is there.
    """
    if rgb.ndim == 2 or not _edge_uniform(rgb):
        return ()
    small = shrink(rgb, LONG_SIDE)
    boxes = _boxes(small)
    inside = _cut(rgb, small, boxes[-1])
    if inside is None:
        return ()
    outer = _cut(rgb, small, boxes[0])
    return (inside,) if outer is None or outer.shape == inside.shape else (inside, outer)


def trimmed(rgb: Pixels) -> Pixels | None:
    """The picture without its uniform borders; None where it has none to speak of."""
    return next(iter(trims(rgb)), None)


def _cut(rgb: Pixels, small: Pixels, box: Box) -> Pixels | None:
    """The part of `rgb` that `box` of the reduced picture stands for; None where nearly all or nearly nothing is
    left."""
    (height, width), (rows, columns) = rgb.shape[:2], small.shape[:2]
    left, right = round(box[0] * width / columns), round(box[2] * width / columns)
    top, bottom = round(box[1] * height / rows), round(box[3] * height / rows)
    kept_across, kept_down = (right - left) / width, (bottom - top) / height
    if min(kept_across, kept_down) < LEAST_KEPT or max(1 - kept_across, 1 - kept_down) < LEAST_CUT:
        return None
    return np.ascontiguousarray(rgb[top:bottom, left:right])


def _boxes(rgb: Pixels) -> list[Box]:
    """What is left after each round, from the outer border inwards; at least one."""
    height, width = rgb.shape[:2]
    boxes: list[Box] = [(0, 0, width, height)]
    for _ in range(ROUNDS):
        inner = _one_round(rgb, boxes[-1])
        if inner == boxes[-1] or inner[2] - inner[0] < 8 or inner[3] - inner[1] < 8:
            break
        boxes.append(inner)
    return boxes[1:] or boxes


def _one_round(rgb: Pixels, box: Box) -> Box:
    left, top, right, bottom = box
    part = rgb[top:bottom, left:right]
    first, last = _run(part), _run(part[::-1])
    if first + last >= len(part):
        return box
    top, bottom = top + first, bottom - last
    part = rgb[top:bottom, left:right].swapaxes(0, 1)
    first, last = _run(part), _run(part[::-1])
    if first + last >= len(part):
        return (left, top, right, bottom)
    return (left + first, top, right - last, bottom)


def _run(lines: NDArray[np.uint8]) -> int:
    """How many of the first lines, (lines, n, 3), are of the first line's colour throughout."""
    length = lines.shape[1]
    middle = length // 2
    colour = np.partition(np.ascontiguousarray(lines[0].T), middle, axis=1)[:, middle].astype(int)  # the median
    low, high = ((colour + step).clip(0, 255).astype(np.float64) for step in (-TOLERANCE, TOLERANCE))
    # Looked at in growing pieces: most pictures have no border, and then one line is all that is looked at.
    start, step = 0, 1
    while start < len(lines):
        near = cv2.inRange(np.ascontiguousarray(lines[start : start + step]), low, high)
        uneven = np.count_nonzero(near, axis=1) < (1 - OUTLIERS) * length
        if uneven.any():
            return start + int(uneven.argmax())
        start, step = start + step, step * 2
    return len(lines)


def may_be_bordered(luminance: Pixels) -> bool:
    """Whether `trimmed` might find a border in the picture with this luminance, uint8 (h, w); mostly not."""
    return any(_uniform(line[:, None], LUMINANCE_TOLERANCE, LUMINANCE_OUTLIERS) for line in _outermost_lines(luminance))


def _edge_uniform(rgb: Pixels) -> bool:
    """Whether any outermost line is of one colour; cheap, and false for most pictures."""
    return any(_uniform(line, EDGE_TOLERANCE, OUTLIERS) for line in _outermost_lines(rgb))


def _outermost_lines(pixels: Pixels) -> tuple[Pixels, ...]:
    return pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]


def _uniform(line: NDArray[np.uint8], tolerance: int, outliers: float) -> bool:
    """Whether all pixels of a line (n, channels) but a few specks lie within the tolerance of one colour."""
    specks = int(outliers * len(line) / 2)
    # The values of some pixels, without as many specks, never lie further apart than those of all.
    some = sorted(line[::GLANCE, line.shape[1] // 2].tolist())
    if len(some) > 2 * specks and some[-1 - specks] - some[specks] > 2 * tolerance:
        return False
    ordered = np.sort(np.ascontiguousarray(line.T), axis=1)
    spread = ordered[:, -1 - specks].astype(int) - ordered[:, specks]
    return bool((spread <= 2 * tolerance).all())
