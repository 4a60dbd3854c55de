"""Pictures drawn with a fixed seed: rich in corners and blobs at every size, and smooth where a test needs that."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]


def scene(seed: int, width: int = 640, height: int = 480, shapes: int = 160) -> Grey:
    """Overlapping shapes of many sizes and greys, slightly blurred."""
    random = np.random.default_rng(seed)
    canvas = np.full((height, width), int(random.integers(60, 200)), np.uint8)
    for number in range(shapes):
        x, y = int(random.integers(0, width)), int(random.integers(0, height))
        size = int(4 + random.pareto(1.5) * 8)
        size = min(size, width // 4)
        colour = int(random.integers(0, 256))
        if number % 3 == 0:
            cv2.circle(canvas, (x, y), size, colour, -1, cv2.LINE_AA)
        elif number % 3 == 1:
            angle = float(random.uniform(0, 180))
            box = cv2.boxPoints(((x, y), (size * 2.0, size * 1.0), angle)).astype(np.int32)
            cv2.fillPoly(canvas, [box], colour, cv2.LINE_AA)
        else:
            ends = random.integers(-size * 2, size * 2 + 1, 2)
            cv2.line(canvas, (x, y), (x + int(ends[0]), y + int(ends[1])), colour, 1 + size // 6, cv2.LINE_AA)
    return np.asarray(cv2.GaussianBlur(canvas, (0, 0), 0.8), np.uint8)


def rgb(grey: Grey) -> NDArray[np.uint8]:
    """The same picture with three channels."""
    return np.ascontiguousarray(np.repeat(grey[:, :, None], 3, axis=2))
