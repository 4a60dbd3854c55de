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
FAINT_CONTRAST_THRESHOLD = 0.001
FAINT_EDGE_THRESHOLD = 40.0
SPARSE = 200
"""A picture with fewer keypoints than this is searched again with the faint thresholds."""
SURPLUS = 1.6
"""How many times more keypoints are described than kept, so that there is a choice of octaves."""
FULL_CONTRAST = 200
"""Grey levels; a picture that spreads over as many is not stretched."""
MOST_GAIN = 4.0
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


def extract(grey: NDArray[np.uint8], limit: int, thorough: bool = True, cells: int = 1) -> LocalFeatures:
    """Find at most `limit` keypoints and describe them; the picture is taken at the size it is given.

    A picture of little contrast is stretched first. With `thorough` the keypoints are chosen by `balanced`, and a
    picture with fewer than `SPARSE` of them is searched again for fainter ones; otherwise the strongest are taken.

    Args:
        grey: (h, w) uint8.
        limit: how many keypoints to keep.
        thorough: spend about half as much time again for flat art and for works that are small in a picture.
        cells: with more than 1, the keypoints are chosen by `spread` over so many rows and columns instead.
    """
    cv2.setNumThreads(1)
    height, width = grey.shape
    if min(height, width) < 8 or int(grey.max()) - int(grey.min()) <= _PLAIN_SPREAD:
        return _none(width, height)
    grey = stretched(np.ascontiguousarray(grey))
    if cells > 1:
        return _spread_out(grey, limit, cells)
    searched = round(limit * SURPLUS) if thorough else limit
    points, octaves, strengths, found = _sift(grey, searched, CONTRAST_THRESHOLD, EDGE_THRESHOLD)
    if thorough and len(points) < SPARSE:
        points, octaves, strengths, found = _sift(grey, searched, FAINT_CONTRAST_THRESHOLD, FAINT_EDGE_THRESHOLD)
    rows = balanced(points, octaves, strengths, limit) if thorough else np.arange(min(limit, len(points)))
    return LocalFeatures(points[rows], _root(found[rows]), width, height)


def stretched(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Spread the grey values of a picture of little contrast, at most `MOST_GAIN` times.

    All but two thousandths of the pixels at either end decide, so that a few specks do not.
    """
    counts = np.cumsum(np.bincount(grey.ravel(), minlength=256))
    low, high = np.searchsorted(counts, counts[-1] * np.array([0.002, 0.998]))
    spread = max(int(high) - int(low), 1)
    if spread >= FULL_CONTRAST:
        return grey
    gain = min(MOST_GAIN, 220.0 / spread)
    table = np.clip((np.arange(256) - int(low)) * gain + 16, 0, 255).astype(np.uint8)
    result: NDArray[np.uint8] = table[grey]
    return result


def balanced(
    points: NDArray[np.float32], octaves: NDArray[np.int64], strengths: NDArray[np.float32], limit: int
) -> NDArray[np.intp]:
    """Rows of the strongest keypoints, with a share kept for coarse octaves so that a small copy is found.

    Half of the places go by strength alone; the rest are dealt out in turn over the octaves, coarse ones first.
    The result does not depend on the order of the input.
    """
    order = _strongest_first(points, strengths)
    if len(order) <= limit:
        return order
    chosen, waiting = order[: limit // 2], order[limit // 2 :]
    dealt = np.lexsort((-octaves[waiting], _rank_within(octaves[waiting])))
    return np.concatenate([chosen, waiting[dealt][: limit - len(chosen)]])


def spread(
    points: NDArray[np.float32], strengths: NDArray[np.float32], size: tuple[int, int], cells: int, limit: int
) -> NDArray[np.intp]:
    """Rows of the strongest keypoints, with an equal share of the places for each of `cells` × `cells` parts.

    Where several pictures stand in one, the busiest of them would take nearly all places otherwise. What a part does
    not use goes to the strongest elsewhere. The result does not depend on the order of the input.
    """
    order = _strongest_first(points, strengths)
    part = np.minimum((points[order, :2] / size * cells).astype(np.int64), cells - 1) @ np.array([1, cells])
    first = _rank_within(part) < max(1, limit // cells**2)
    return np.concatenate([order[first], order[~first]])[:limit]


def _strongest_first(points: NDArray[np.float32], strengths: NDArray[np.float32]) -> NDArray[np.intp]:
    """Rows by falling strength; where it is equal, by place, size and direction, never by the order of the input."""
    return np.lexsort((points[:, 3], points[:, 2], points[:, 0], points[:, 1], -strengths))


def _rank_within(group: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many members of its own group stand before each row, shape (n,)."""
    rank = np.zeros(len(group), np.int64)
    for number in np.unique(group):
        members = group == number
        rank[members] = np.arange(np.count_nonzero(members))
    return rank


def _spread_out(grey: NDArray[np.uint8], limit: int, cells: int) -> LocalFeatures:
    """Find every keypoint, choose, and describe only the chosen: thousands may have to stand back."""
    height, width = grey.shape
    sift = cv2.SIFT.create(nfeatures=0, contrastThreshold=CONTRAST_THRESHOLD, edgeThreshold=EDGE_THRESHOLD)
    keypoints = sift.detect(grey, None)
    if not keypoints:
        return _none(width, height)
    points, _, strengths = _table(keypoints)
    wanted = [keypoints[row] for row in spread(points, strengths, (width, height), cells, limit)]
    kept, found = sift.compute(grey, wanted)
    return LocalFeatures(_table(kept)[0], _root(np.asarray(found, np.float32)), width, height)


def _sift(
    grey: NDArray[np.uint8], limit: int, contrast: float, edge: float
) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.float32], NDArray[np.float32]]:
    """Points (n, 4) as in `LocalFeatures`, octaves, strengths and raw descriptors of the strongest keypoints."""
    sift = cv2.SIFT.create(nfeatures=limit, contrastThreshold=contrast, edgeThreshold=edge)
    keypoints, described = sift.detectAndCompute(grey, None)
    if described is None or not len(keypoints):
        return (
            np.zeros((0, 4), np.float32),
            np.zeros(0, np.int64),
            np.zeros(0, np.float32),
            np.zeros((0, DIMENSIONS), np.float32),
        )
    return *_table(keypoints), np.asarray(described, np.float32)


def _table(
    keypoints: Sequence[cv2.KeyPoint],
) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.float32]]:
    """Points (n, 4) as in `LocalFeatures`, octaves and strengths."""
    rows = [(*k.pt, k.size, np.pi / 180 * k.angle, k.octave & 255, k.response) for k in keypoints]
    table = np.array(rows, dtype=np.float64)
    octaves = table[:, 4].astype(np.int64)
    return (
        table[:, :4].astype(np.float32),
        np.where(octaves >= 128, octaves - 256, octaves),
        table[:, 5].astype(np.float32),
    )


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
