"""Which pictures of the corpus are the same, and which share a part, found without any of the project's own hashing.

Same picture: PDQ by the `pdqhash` package, any of the eight orientations, within 60 bits.
Shares a part: SIFT features (OpenCV), matched through random-projection bits and confirmed by RANSAC.
Both err on the side of grouping too much: one group too many costs a picture, one too few counts a true match as wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import cv2
import faiss
import numpy as np
import pdqhash
from numpy.typing import NDArray

Loader = Callable[[int], NDArray[np.uint8]]
SAME_BITS = 60
PLAIN = 30
VOTES = 10
INLIERS = 14


def group(loaders: Sequence[Loader]) -> tuple[list[int], list[int]]:
    """Return a group number and a family number for each picture."""
    codes, qualities, points, features, owners = [], [], [], [], []
    sift = cv2.SIFT_create(nfeatures=300, contrastThreshold=0.01, edgeThreshold=20)
    for number, loader in enumerate(loaders):
        pixels = loader(512)
        variants, quality = pdqhash.compute_dihedral(pixels)
        codes.append(np.packbits(np.asarray(variants, np.uint8), axis=1))
        qualities.append(quality)
        grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
        scale = min(1.0, 360 / max(grey.shape))
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        found, described = sift.detectAndCompute(grey, None)
        if described is not None:
            points.append(cv2.KeyPoint.convert(found))
            features.append(described.astype(np.float32))
            owners.append(np.full(len(described), number))
    same = _Sets(len(loaders))
    _join_same(same, np.stack(codes), np.array(qualities))
    family = _Sets(len(loaders), same)
    _join_parts(family, np.concatenate(points), np.concatenate(features), np.concatenate(owners))
    return same.numbers(), family.numbers()


def _join_same(sets: _Sets, codes: NDArray[np.uint8], qualities: NDArray[np.int64]) -> None:
    index = faiss.IndexBinaryFlat(256)
    index.add(np.ascontiguousarray(codes[:, 0]))
    for number, variants in enumerate(codes):
        if qualities[number] < PLAIN:
            continue
        _, _, near = index.range_search(np.ascontiguousarray(variants), SAME_BITS)
        for other in set(near.tolist()):
            if qualities[other] >= PLAIN:
                sets.join(number, other)


def _join_parts(
    sets: _Sets, points: NDArray[np.float32], features: NDArray[np.float32], owners: NDArray[np.int64]
) -> None:
    rooted = np.sqrt(features / np.maximum(features.sum(axis=1, keepdims=True), 1e-6))
    turn = np.linalg.qr(np.random.default_rng(7).normal(size=(128, 128)))[0].astype(np.float32)
    codes = np.packbits((rooted - rooted.mean(axis=0)) @ turn > 0, axis=1)
    index = faiss.IndexBinaryIVF(faiss.IndexBinaryFlat(128), 128, 1024)
    index.train(codes[:: max(1, len(codes) // 60_000)])
    index.add(codes)
    index.nprobe = 6
    distances, near = index.search(codes, 5)
    pairs: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for query, (row, others) in enumerate(zip(distances, near, strict=True)):
        for distance, other in zip(row, others, strict=True):
            if other >= 0 and distance <= 30 and owners[other] > owners[query]:
                pairs.setdefault((owners[query], owners[other]), []).append((query, other))
    for (left, right), matches in pairs.items():
        if len(matches) >= VOTES and sets.find(left) != sets.find(right) and _confirmed(points, matches):
            sets.join(left, right)


def _confirmed(points: NDArray[np.float32], matches: list[tuple[int, int]]) -> bool:
    sides = np.array(matches)
    left, right = points[sides[:, 0]], points[sides[:, 1]]
    _, mask = cv2.estimateAffinePartial2D(left, right, ransacReprojThreshold=6.0, maxIters=1000)
    if mask is None:
        return False
    inside = mask.ravel().astype(bool)
    distinct = min(len(np.unique(side[inside] // 4, axis=0)) for side in (left, right))
    return distinct >= INLIERS


class _Sets:
    """Disjoint sets of picture numbers."""

    def __init__(self, size: int, start: _Sets | None = None) -> None:
        self.parent = list(range(size)) if start is None else list(start.parent)

    def find(self, number: int) -> int:
        while self.parent[number] != number:
            self.parent[number] = self.parent[self.parent[number]]
            number = self.parent[number]
        return number

    def join(self, left: int, right: int) -> None:
        low, high = sorted((self.find(left), self.find(right)))
        self.parent[high] = low

    def numbers(self) -> list[int]:
        return [self.find(number) for number in range(len(self.parent))]

    def sizes(self) -> Counter[int]:
        return Counter(self.numbers())
