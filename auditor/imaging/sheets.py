"""A cheap sign that a picture is put together from others: long, straight edges, both upright and level.

Sheets, collages, borders and screenshots have them; a work that is small in a sheet is looked for more closely.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

LONG_SIDE = 256
STEP = 8
"""Grey levels between two neighbouring columns that make an edge."""
WINDOW = 0.25
"""Length of the edge that is looked for, as a fraction of the picture's height (or width, for level edges)."""
FULL = 0.92
"""So much of the window must be edge."""


def straight_edges(grey: NDArray[np.uint8]) -> float:
    """How complete the best upright and the best level edge are, the lesser of both, 0 to 1.

    At `FULL` and above the picture may be a sheet. A horizon or a lamp post has only one of the two.
    """
    scale = LONG_SIDE / max(grey.shape)
    if scale < 1:
        size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
        grey = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
    return min(_upright(grey), _upright(np.ascontiguousarray(grey.T)))


def _upright(grey: NDArray[np.uint8]) -> float:
    height, width = grey.shape
    window = max(8, round(height * WINDOW))
    if width < 8 or height < 2 * window:
        return 0.0
    step = cv2.absdiff(grey[:, 1:], grey[:, :-1])
    peak = cv2.dilate(step, np.ones((1, 3), np.uint8))
    edge = ((step > STEP) & (np.asarray(step, np.int16) + 4 >= peak)).astype(np.float32)
    inside = edge[:, 2:-2]
    share = cv2.boxFilter(inside, -1, (1, window), borderType=cv2.BORDER_ISOLATED | cv2.BORDER_REPLICATE)
    half = window // 2
    return float(share[half : height - half].max())
