"""Geometric verification of feature correspondences without random sampling.

Every correspondence of two local features is by itself a complete similarity hypothesis (ratio of diameters,
difference of directions, position), so all hypotheses are scored against all correspondences in one n × n array
and the best is refined by least squares: exact and deterministic where RANSAC would draw lots.

Positions and lengths are fractions of the longer side of the picture they lie in. The plane is taken as complex
numbers: a similarity is `sample = turn · work + shift`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MAX_CORRESPONDENCES = 256
"""More are cut to those of least bit distance, so that the n × n array stays small."""
SMALL_GROUP = 24
"""Groups of correspondences up to this size are scored many at once."""
COARSE_ERROR = 0.052
"""A hypothesis may miss a correspondence by this much (20 px of 384), because one feature's direction and
diameter are rough."""
FINE_ERROR = 0.021
"""A refined transform may miss by this much (8 px of 384)."""
BACK_ERROR = 0.04
"""The same, measured in the work's frame, so that a work that is small in the picture does not gather anything."""
COARSE_OCTAVES = 0.6
FINE_OCTAVES = 0.8
ANGLE_ERROR = 0.5
"""Radians."""
CELL = 4 / 384
"""Inliers count once per cell of this side, on both sides, so that repeated texture does not win."""
REFINEMENTS = 3
COMPANY = 1
NEAR = 0.12
"""Fraction of the longer side."""
MOST_SQUEEZED = 2.0
"""How many times longer one direction may become than the other."""


@dataclass(frozen=True, slots=True)
class Correspondences:
    """n pairs of features that look alike."""

    sample: NDArray[np.float32]
    """(n, 4): x, y, diameter, direction in radians, as `regions.positions` gives them."""
    work: NDArray[np.float32]
    """(n, 4)"""
    bits: NDArray[np.int32]
    """(n,) Hamming distance."""

    def __len__(self) -> int:
        return len(self.bits)

    def take(self, rows: NDArray[np.intp]) -> Correspondences:
        """A selection of rows."""
        return Correspondences(self.sample[rows], self.work[rows], self.bits[rows])


@dataclass(frozen=True, slots=True)
class Fit:
    """A similarity that many correspondences agree on."""

    matrix: NDArray[np.float64]
    """(2, 3): sample = matrix[:, :2] · work + matrix[:, 2]. A similarity, or after `guided` an affine map."""
    rows: NDArray[np.intp]
    """Rows of the correspondences that agree, at distinct positions, in order of bit distance."""
    agreeing: int
    """How many correspondences agree, repeated positions included."""
    residual: float
    """Root mean square error of the distinct inliers, fraction of the sample's longer side."""

    @property
    def inliers(self) -> int:
        """Correspondences that agree, at distinct positions on both sides."""
        return len(self.rows)

    @property
    def scale(self) -> float:
        """Enlargement from work to sample, in units of their longer sides."""
        return float(np.sqrt(abs(np.linalg.det(self.matrix[:, :2]))))

    @property
    def rotation(self) -> float:
        """Degrees clockwise from work to sample, -180 to 180."""
        (a, b), (c, d) = self.matrix[:, :2]
        return float(np.degrees(np.arctan2(c - b, a + d)))

    def place(self, points: NDArray[np.floating]) -> NDArray[np.float64]:
        """Where points (n, 2) of the work lie in the sample."""
        return np.asarray(points @ self.matrix[:, :2].T + self.matrix[:, 2], dtype=np.float64)

    def back(self, points: NDArray[np.floating]) -> NDArray[np.float64]:
        """Where points (n, 2) of the sample lie in the work."""
        return np.asarray((points - self.matrix[:, 2]) @ np.linalg.inv(self.matrix[:, :2]).T, dtype=np.float64)


def agreeing(pairs: Correspondences, groups: Sequence[int]) -> list[int]:
    """For each group of rows, in order, how many of its pairs the best hypothesis of one of them explains.

    The first step of `verify` for many small groups at once; `groups` are their lengths. A group too large for that
    step is not counted but given as it is.
    """
    lengths = np.asarray(groups, np.int64)
    counted = np.where(lengths <= SMALL_GROUP, lengths, 0)
    starts = np.repeat(np.cumsum(lengths) - lengths, counted)
    sizes = np.repeat(counted, counted)
    inside = np.arange(len(starts)) - np.repeat(np.cumsum(counted) - counted, counted)
    first = np.repeat(starts + inside, sizes)
    second = np.repeat(starts, sizes) + np.arange(len(first)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    agree = _agreement(_hypotheses(pairs), first, second)
    explained = np.zeros(len(pairs), np.int64)
    np.add.at(explained, first, agree)
    bounds = np.cumsum(lengths) - lengths
    return [
        int(explained[start : start + length].max()) if counts else int(length)
        for start, length, counts in zip(bounds, lengths, counted, strict=True)
    ]


def verify(pairs: Correspondences, least: int = 3) -> Fit | None:
    """The similarity that most correspondences agree on, or None where fewer than `least` do."""
    if len(pairs) < least:
        return None
    if len(pairs) > MAX_CORRESPONDENCES:
        pairs_rows = np.argsort(pairs.bits, kind="stable")[:MAX_CORRESPONDENCES]
        fit = _verify(pairs.take(pairs_rows), least)
        return None if fit is None else Fit(fit.matrix, pairs_rows[fit.rows], fit.agreeing, fit.residual)
    return _verify(pairs, least)


def _verify(pairs: Correspondences, least: int) -> Fit | None:
    one = _hypotheses(pairs)
    sample, work, octaves, angles = one.sample, one.work, one.octaves, one.angles
    every = np.arange(len(pairs))
    agree = _agreement(one, every[:, None], every[None, :])
    best = int(np.argmax(agree.sum(axis=1)))
    inside = agree[best]
    turn, shift = complex(one.turns[best]), complex(one.shifts[best])
    for _ in range(REFINEMENTS):
        if np.count_nonzero(inside) < least:
            return None
        turn, shift = least_squares(sample[inside], work[inside], turn)
        if abs(turn) < 1e-4:
            return None
        error = np.abs(turn * work + shift - sample)
        inside = (
            (error < FINE_ERROR)
            & (error < BACK_ERROR * abs(turn))
            & (np.abs(octaves - np.log2(abs(turn))) < FINE_OCTAVES)
            & (_angle_gap(angles, np.angle(turn)) < ANGLE_ERROR)
        )
    rows = distinct(sample, work, np.flatnonzero(inside), pairs.bits)
    if len(rows) < least:
        return None
    errors = np.abs(turn * work[rows] + shift - sample[rows])
    return Fit(similarity(turn, shift), rows, int(np.count_nonzero(inside)), float(np.sqrt(np.mean(errors**2))))


@dataclass(frozen=True, slots=True)
class _Hypotheses:
    """What each of n correspondences says of the transform, and what it has to explain."""

    sample: NDArray[np.complexfloating]
    work: NDArray[np.complexfloating]
    octaves: NDArray[np.floating]
    angles: NDArray[np.floating]
    turns: NDArray[np.complexfloating]
    shifts: NDArray[np.complexfloating]


def _hypotheses(pairs: Correspondences) -> _Hypotheses:
    sample, work = _plane(pairs.sample), _plane(pairs.work)
    octaves = np.log2(pairs.sample[:, 2] / pairs.work[:, 2])
    angles = pairs.sample[:, 3] - pairs.work[:, 3]
    turns = np.exp2(octaves) * np.exp(1j * angles)
    return _Hypotheses(sample, work, octaves, angles, turns, sample - turns * work)


def _agreement(one: _Hypotheses, by: NDArray[np.intp], of: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether the hypotheses of rows `by` explain the pairs of rows `of`; both are broadcast."""
    error = np.abs(one.turns[by] * one.work[of] + one.shifts[by] - one.sample[of])
    agree: NDArray[np.bool_] = (
        (error < COARSE_ERROR)
        & (error < 2.5 * BACK_ERROR * np.exp2(one.octaves[by]))
        & (np.abs(one.octaves[of] - one.octaves[by]) < COARSE_OCTAVES)
        & (_angle_gap(one.angles[of], one.angles[by]) < ANGLE_ERROR)
    )
    return agree


def least_squares(
    sample: NDArray[np.complexfloating], work: NDArray[np.complexfloating], fallback: complex
) -> tuple[complex, complex]:
    """The similarity of least squared error; keeps the turn `fallback` where all work points fall together."""
    mean_sample, mean_work = complex(sample.mean()), complex(work.mean())
    centred = work - mean_work
    spread = float(np.sum(np.abs(centred) ** 2))
    turn = complex(np.sum(np.conj(centred) * (sample - mean_sample)) / spread) if spread > 1e-9 else fallback
    return turn, mean_sample - turn * mean_work


def similarity(turn: complex, shift: complex) -> NDArray[np.float64]:
    """The (2, 3) matrix of `sample = turn · work + shift`."""
    return np.array([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]])


def affine(sample: NDArray[np.floating], work: NDArray[np.floating]) -> NDArray[np.float64] | None:
    """The affine map of least squared error from work to sample points, both (n, 2).

    None where the points do not determine one, or where it would mirror the plane or squeeze it by more than
    `MOST_SQUEEZED`.
    """
    known = np.column_stack([work, np.ones(len(work))])
    solution, _, rank, _ = np.linalg.lstsq(known, sample, rcond=1e-4)
    if rank < 3:
        return None
    matrix = np.asarray(solution.T, dtype=np.float64)
    stretch = np.linalg.svd(matrix[:, :2], compute_uv=False)
    if np.linalg.det(matrix[:, :2]) <= 0 or stretch[0] > MOST_SQUEEZED * stretch[1]:
        return None
    return matrix


def distinct(
    sample: NDArray[np.complexfloating],
    work: NDArray[np.complexfloating],
    rows: NDArray[np.intp],
    bits: NDArray[np.int32],
) -> NDArray[np.intp]:
    """Rows at positions not seen before on either side (cells of `CELL`), those of least bit distance first."""
    rows = rows[np.argsort(bits[rows], kind="stable")]
    seen_sample: set[complex] = set()
    seen_work: set[complex] = set()
    kept = []
    cells_sample = np.floor(sample.real / CELL) + 1j * np.floor(sample.imag / CELL)
    cells_work = np.floor(work.real / CELL) + 1j * np.floor(work.imag / CELL)
    for row in rows.tolist():
        here, there = complex(cells_sample[row]), complex(cells_work[row])
        if here not in seen_sample and there not in seen_work:
            seen_sample.add(here)
            seen_work.add(there)
            kept.append(row)
    return np.array(kept, dtype=np.intp)


def dense(points: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Which points (n, 2) have `COMPANY` others within `NEAR`; all of them where that would leave fewer than half.

    A lone chance match far from all others must not stretch the outline of what was matched.
    """
    if len(points) <= 2 * COMPANY:
        return np.ones(len(points), bool)
    gaps = np.hypot(points[:, None, 0] - points[None, :, 0], points[:, None, 1] - points[None, :, 1])
    kept: NDArray[np.bool_] = np.count_nonzero(gaps < NEAR, axis=1) > COMPANY
    return kept if kept.mean() >= 0.5 else np.ones(len(points), bool)


def _plane(points: NDArray[np.float32]) -> NDArray[np.complexfloating]:
    return points[:, 0].astype(np.float64) + 1j * points[:, 1].astype(np.float64)


def _angle_gap(first: NDArray[np.floating], second: NDArray[np.floating] | float) -> NDArray[np.floating]:
    gap = np.mod(first - second + np.pi, 2 * np.pi) - np.pi
    return np.abs(gap)
