"""Local descriptors (RootSIFT) and what mirroring or inverting a picture does to them.

SIFT: D. Lowe, "Distinctive image features from scale-invariant keypoints", IJCV 2004, as OpenCV computes it.
RootSIFT: R. Arandjelović and A. Zisserman, "Three things everyone should know to improve object retrieval",
CVPR 2012. OpenCV's 128 values are a 4 × 4 × 8 array: row and column of a cell in the keypoint's own turned
frame, then the gradient's direction in steps of 45°.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

DIMENSIONS = 128
CONTRAST_THRESHOLD = 0.004
EDGE_THRESHOLD = 20.0
_PLAIN_SPREAD = 2
"""A picture whose grey values differ by no more than this has nothing to describe."""


@dataclass(frozen=True, slots=True)
class LocalFeatures:
    """Keypoints of one picture with their descriptors; all arrays have n rows."""

    points: NDArray[np.float32]
    """(n, 4): x, y in pixels, diameter in pixels, direction in radians (0 = right, growing clockwise)."""
    descriptors: NDArray[np.float32]
    """(n, 128) RootSIFT: each row has unit length."""
    width: int
    height: int


@cache
def mirror_bins() -> NDArray[np.intp]:
    """Which bin of the original each bin of the mirrored picture's descriptor equals, shape (128,)."""
    row, column, direction = np.meshgrid(np.arange(4), np.arange(4), np.arange(8), indexing="ij")
    return _flat(3 - row, column, (8 - direction) % 8)


@cache
def negative_bins() -> NDArray[np.intp]:
    """Which bin of the original each bin of the inverted picture's descriptor equals, shape (128,).

    Inverting turns every gradient, and with them the keypoint's own direction, by half a turn: directions
    relative to the keypoint stay, the grid of cells is turned.
    """
    row, column, direction = np.meshgrid(np.arange(4), np.arange(4), np.arange(8), indexing="ij")
    return _flat(3 - row, 3 - column, direction)


def mirrored(features: LocalFeatures) -> LocalFeatures:
    """What `extract` would give for the picture flipped left to right."""
    points = features.points.copy()
    points[:, 0] = features.width - 1 - points[:, 0]
    points[:, 3] = np.mod(np.pi - points[:, 3], 2 * np.pi)
    return LocalFeatures(points, features.descriptors[:, mirror_bins()], features.width, features.height)


def inverted(features: LocalFeatures) -> LocalFeatures:
    """What `extract` would give for the picture's negative."""
    points = features.points.copy()
    points[:, 3] = np.mod(points[:, 3] + np.pi, 2 * np.pi)
    return LocalFeatures(points, features.descriptors[:, negative_bins()], features.width, features.height)


def extract(grey: NDArray[np.uint8], limit: int, contrast_threshold: float = CONTRAST_THRESHOLD) -> LocalFeatures:
    """Find at most `limit` keypoints and describe them; the picture is taken at the size it is given.

    Args:
        grey: (h, w) uint8.
        limit: how many keypoints to keep; the strongest of every octave, by `balanced`.
        contrast_threshold: as for OpenCV's SIFT.
    """
    cv2.setNumThreads(1)
    height, width = grey.shape
    if min(height, width) < 8 or int(grey.max()) - int(grey.min()) <= _PLAIN_SPREAD:
        return _none(width, height)
    sift = cv2.SIFT.create(contrastThreshold=contrast_threshold, edgeThreshold=EDGE_THRESHOLD)
    chosen = balanced(sift.detect(np.ascontiguousarray(grey), None), limit)
    if not chosen:
        return _none(width, height)
    keypoints, descriptors = sift.compute(grey, chosen)
    if descriptors is None or not len(keypoints):
        return _none(width, height)
    points = np.array([(k.pt[0], k.pt[1], k.size, np.deg2rad(k.angle)) for k in keypoints], dtype=np.float32)
    return LocalFeatures(points, _root(np.asarray(descriptors, np.float32)), width, height)


def balanced(keypoints: Sequence[cv2.KeyPoint], limit: int) -> list[cv2.KeyPoint]:
    """The strongest keypoints, with a share kept for coarse octaves so that a small copy of the picture is found.

    Half of the places go by strength alone; the rest are dealt out in turn over the octaves. The order of the
    result does not depend on the order of the input.
    """
    order = sorted(keypoints, key=lambda k: (-k.response, k.pt[1], k.pt[0], k.size, k.angle))
    if len(order) <= limit:
        return order
    chosen = order[: limit // 2]
    waiting: dict[int, list[cv2.KeyPoint]] = {}
    for keypoint in order[limit // 2 :]:
        waiting.setdefault(_octave(keypoint), []).append(keypoint)
    queues = [iter(waiting[octave]) for octave in sorted(waiting, reverse=True)]
    while len(chosen) < limit and queues:
        for queue in list(queues):
            following = next(queue, None)
            if following is None:
                queues.remove(queue)
            elif len(chosen) < limit:
                chosen.append(following)
    return chosen


def _octave(keypoint: cv2.KeyPoint) -> int:
    low = keypoint.octave & 255
    return low - 256 if low >= 128 else low


def _root(descriptors: NDArray[np.float32]) -> NDArray[np.float32]:
    total = descriptors.sum(axis=1, keepdims=True)
    result: NDArray[np.float32] = np.sqrt(descriptors / np.maximum(total, 1e-9)).astype(np.float32)
    return result


def _flat(row: NDArray[np.intp], column: NDArray[np.intp], direction: NDArray[np.intp]) -> NDArray[np.intp]:
    flat: NDArray[np.intp] = ((row * 4 + column) * 8 + direction).ravel()
    flat.flags.writeable = False
    return flat


def _none(width: int, height: int) -> LocalFeatures:
    return LocalFeatures(np.zeros((0, 4), np.float32), np.zeros((0, DIMENSIONS), np.float32), width, height)
