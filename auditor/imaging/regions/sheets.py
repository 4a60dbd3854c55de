"""A cheap sign that a picture is put together from others: long, straight edges, upright and level, that meet.

Sheets, collages, borders and screenshots have them; a work that is small in a sheet is looked for more closely.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

LONG_SIDE = 256
STEP = 8
"""Grey levels between two neighbouring columns that make an edge."""
WINDOW = 0.3
"""Length of the edge that is looked for, as a fraction of the picture's height (or width, for level edges)."""
FULL = 0.85
"""So much of the window must be edge: what lies beside a pasted picture may look like it in places."""
REACH = 6
"""Pixels by which two edges may miss each other where they meet."""
_RIM = 2
"""Columns at either side in which no edge is looked for."""


def put_together(grey: NDArray[np.uint8]) -> bool:
    """Whether an upright and a level edge meet, as the sides of a pasted picture and the lines of a grid do.

    A horizon has only one of the two, and a lamp post before a far roof does not touch it.
    """
    scale = LONG_SIDE / max(grey.shape)
    if scale < 1:
        size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
        grey = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
    upright = _upright(grey)
    level = None if upright is None else _upright(np.ascontiguousarray(grey.T))
    if upright is None or level is None:
        return False
    # Both say what lies between two neighbours along the other axis, and so are one row or column short.
    return bool((upright[:-1] & level.T[:, :-1]).any())


def _upright(grey: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """Where upright edges pass, or could pass if they went on by `REACH`: (h, w - 1) of 0 and 1; None for none."""
    height, width = grey.shape
    window = max(8, round(height * WINDOW))
    if width < 8 or height < 2 * window:
        return None
    step = cv2.absdiff(grey[:, 1:], grey[:, :-1])
    peak = cv2.dilate(step, np.ones((1, 3), np.uint8))
    edge = ((step > STEP) & (np.asarray(step, np.int16) + 4 >= peak)).astype(np.float32)
    edge[:, :_RIM] = edge[:, -_RIM:] = 0
    # Beyond the picture there is no edge, so a window must lie inside.
    share = cv2.boxFilter(edge, -1, (1, window), borderType=cv2.BORDER_CONSTANT)
    middles = np.asarray(share >= FULL, np.uint8)
    if not middles.any():
        return None
    return np.asarray(cv2.dilate(middles, np.ones((window + 2 * REACH, 3), np.uint8)), np.uint8)
