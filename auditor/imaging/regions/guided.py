"""Second look at one candidate: with the transform known, match every feature that can be seen on both sides.

The first search keeps a few nearest neighbours out of millions of features, so many true pairs are lost. Given a
transform, a pair is looked for only where it must lie, which finds those pairs and tells how many should have been
found: the share of them is the sharpest sign of a true copy.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from auditor.imaging.regions import geometry
from auditor.imaging.regions.geometry import Correspondences, Fit

MAX_BITS = 42
"""Pairs at the right place may differ in this many of 128 bits."""
ERRORS = (0.021, 0.015, 0.010, 0.008)
"""How far a pair may lie from its place, fraction of the sample's longer side, in each round."""
AFFINE_FROM = 8
_ONES = np.array([bin(value).count("1") for value in range(256)], dtype=np.uint8)


@dataclass(frozen=True, slots=True)
class Side:
    """One picture's features as plain arrays."""

    codes: NDArray[np.uint8]
    """(n, 16)"""
    positions: NDArray[np.float32]
    """(n, 4) as `regions.positions` gives them."""
    width: float
    height: float
    """Extent in units of the longer side: one of both is 1."""

    @staticmethod
    def of(codes: NDArray[np.uint8], positions: NDArray[np.float32], size: tuple[int, int]) -> Side:
        """From a size in pixels."""
        width, height = (float(side) if side > 0 else 1.0 for side in size)
        longer = max(width, height)
        return Side(codes, positions, width / longer, height / longer)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a candidate after the second look."""

    fit: Fit
    pairs: Correspondences
    """All pairs found at their place; `fit.rows` are those at distinct positions."""
    seen_sample: NDArray[np.bool_]
    """(n,) which sample features lie where the work would be."""
    seen_work: NDArray[np.bool_]
    """(m,) which work features lie where the sample shows the work, at a size that can be seen."""
    bits: float
    """Mean bit distance of the distinct inliers."""
    codes: NDArray[np.uint8]
    """(inliers, 16) the sample's codes of the distinct inliers."""

    @property
    def ratio(self) -> float:
        """Distinct inliers over the pairs that could have been found."""
        possible = min(int(self.seen_sample.sum()), int(self.seen_work.sum()))
        return self.fit.inliers / max(possible, self.fit.inliers, 1)


def look_again(sample: Side, work: Side, fit: Fit, least: int = 3) -> Evidence | None:
    """Match what the transform allows and refine it, closer each time; None where fewer than `least` agree."""
    for error in ERRORS:
        pairs, codes, in_sample, in_work = _pairs(sample, work, fit, error)
        refined = refine(pairs, fit, least)
        if refined is None:
            return None
        fit = refined
    bits = float(pairs.bits[fit.rows].mean())
    return Evidence(fit, pairs, in_sample, in_work, bits, codes[fit.rows])


def refine(pairs: Correspondences, fit: Fit, least: int) -> Fit | None:
    """Least squares over pairs that already lie at their place: affine from `AFFINE_FROM` pairs on."""
    if len(pairs) < least:
        return None
    sample, work = pairs.sample[:, :2].astype(np.float64), pairs.work[:, :2].astype(np.float64)
    rows = geometry.distinct(_plane(pairs.sample), _plane(pairs.work), np.arange(len(pairs)), pairs.bits)
    if len(rows) < least:
        return None
    matrix = geometry.affine(sample[rows], work[rows]) if len(rows) >= AFFINE_FROM else None
    if matrix is None:
        turn, shift = geometry.least_squares(
            _plane(pairs.sample)[rows], _plane(pairs.work)[rows], fit.scale * np.exp(1j * np.radians(fit.rotation))
        )
        matrix = geometry.similarity(turn, shift)
    refined = Fit(matrix, rows, len(pairs), 0.0)
    if not 0.5 < refined.scale / max(fit.scale, 1e-9) < 2.0:
        refined = Fit(fit.matrix, rows, len(pairs), 0.0)
    errors = np.linalg.norm(refined.place(work[rows]) - sample[rows], axis=1)
    return replace(refined, residual=float(np.sqrt(np.mean(errors**2))))


def _pairs(
    sample: Side, work: Side, fit: Fit, error: float
) -> tuple[Correspondences, NDArray[np.uint8], NDArray[np.bool_], NDArray[np.bool_]]:
    place = fit.place(work.positions[:, :2]).astype(np.float32)
    back = fit.back(sample.positions[:, :2])
    in_work = _inside(place, sample.width, sample.height) & _visible(sample.positions, work.positions, fit.scale)
    in_sample = _inside(back, work.width, work.height)
    rows_sample, rows_work = np.flatnonzero(in_sample), np.flatnonzero(in_work)
    limit = min(error, error * fit.scale * geometry.BACK_ERROR / geometry.FINE_ERROR)
    first, second = _near(sample.positions[rows_sample], work.positions[rows_work], place[rows_work], fit, limit)
    first, second = rows_sample[first], rows_work[second]
    bits = hamming(sample.codes[first], work.codes[second])
    kept = bits <= MAX_BITS
    first, second, bits = first[kept], second[kept], bits[kept]
    pairs = Correspondences(sample.positions[first], work.positions[second], bits)
    return pairs, sample.codes[first], in_sample, in_work


def _near(
    sample: NDArray[np.float32], work: NDArray[np.float32], place: NDArray[np.float32], fit: Fit, limit: float
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pairs of rows that agree in position, size and direction with the transform."""
    across = np.abs(sample[:, None, 0] - place[None, :, 0]) < limit
    first, second = np.nonzero(across)
    gap = np.hypot(sample[first, 0] - place[second, 0], sample[first, 1] - place[second, 1])
    kept = gap < limit
    first, second = first[kept], second[kept]
    octaves = np.log2(sample[first, 2] / work[second, 2]) - np.log2(fit.scale)
    turned = sample[first, 3] - work[second, 3] - np.radians(fit.rotation)
    turned = np.abs(np.mod(turned + np.pi, 2 * np.pi) - np.pi)
    kept = (np.abs(octaves) < geometry.FINE_OCTAVES) & (turned < geometry.ANGLE_ERROR)
    return first[kept], second[kept]


def hamming(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Row by row distance in bits."""
    distance: NDArray[np.int32] = _ONES[first ^ second].sum(axis=1, dtype=np.int32)
    return distance


def _visible(sample: NDArray[np.float32], work: NDArray[np.float32], scale: float) -> NDArray[np.bool_]:
    """Work features that would be no smaller and no larger in the sample than what was found there."""
    if not len(sample):
        return np.zeros(len(work), bool)
    size = work[:, 2] * scale
    least, most = np.quantile(sample[:, 2], (0.0, 1.0))
    seen: NDArray[np.bool_] = (size > least * 0.9) & (size < most * 1.1)
    return seen


def _inside(points: NDArray[np.floating], width: float, height: float) -> NDArray[np.bool_]:
    across, down = points[:, 0], points[:, 1]
    inside: NDArray[np.bool_] = (across >= 0) & (across <= width) & (down >= 0) & (down <= height)
    return inside


def _plane(points: NDArray[np.float32]) -> NDArray[np.complexfloating]:
    return points[:, 0].astype(np.float64) + 1j * points[:, 1].astype(np.float64)
