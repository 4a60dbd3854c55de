"""Verification of correspondences, with correspondences whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from auditor.imaging.regions import geometry
from auditor.imaging.regions.geometry import Correspondences, affine, verify


def planted(
    seed: int, true: int, wrong: int, scale: float, degrees: float, noise: float = 0.001
) -> tuple[Correspondences, complex, complex]:
    """Correspondences of which the first `true` follow one similarity and the others none."""
    random = np.random.default_rng(seed)
    turn = scale * np.exp(1j * np.radians(degrees))
    reach = min(1.0, 0.8 / scale)
    work = np.empty((true + wrong, 4), np.float32)
    work[:, :2] = random.uniform(0.1, 0.1 + 0.8 * reach, (true + wrong, 2))
    work[:, 2] = random.uniform(0.01, 0.05, true + wrong)
    work[:, 3] = random.uniform(0, 2 * np.pi, true + wrong)
    plane = work[:, 0] + 1j * work[:, 1]
    shift = 0.5 + 0.5j - turn * plane.mean()
    placed = turn * plane + shift
    sample = work.copy()
    sample[:, 0], sample[:, 1] = placed.real, placed.imag
    sample[:, :2] += random.normal(0, noise, (true + wrong, 2))
    sample[:, 2] = work[:, 2] * scale * np.exp2(random.normal(0, 0.1, true + wrong))
    sample[:, 3] = np.mod(work[:, 3] + np.radians(degrees) + random.normal(0, 0.08, true + wrong), 2 * np.pi)
    sample[true:, :2] = random.uniform(0, 1, (wrong, 2))
    sample[true:, 3] = random.uniform(0, 2 * np.pi, wrong)
    bits = random.integers(0, 30, true + wrong).astype(np.int32)
    return Correspondences(sample, work, bits), complex(turn), complex(shift)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 10_000),
    st.integers(8, 60),
    st.integers(0, 60),
    st.floats(0.3, 4.0),
    st.floats(-180, 180),
)
def test_a_planted_similarity_is_found(seed: int, true: int, wrong: int, scale: float, degrees: float) -> None:
    pairs, turn, shift = planted(seed, true, wrong, scale, degrees)
    fit = verify(pairs)
    assert fit is not None
    assert fit.scale == pytest.approx(scale, rel=0.05)
    assert abs((fit.rotation - degrees + 180) % 360 - 180) < 4
    expected = geometry.similarity(turn, shift)
    corners = np.array([[0.1, 0.1], [0.3, 0.2], [0.2, 0.3]])
    np.testing.assert_allclose(fit.place(corners), corners @ expected[:, :2].T + expected[:, 2], atol=0.03)
    np.testing.assert_allclose(fit.back(fit.place(corners)), corners, atol=1e-9)


def one_by_one(pairs: Correspondences) -> int:
    """The reference for `agreeing`: every pair's own similarity held against every pair, in plain Python."""
    rows = list(zip(pairs.sample.astype(float).tolist(), pairs.work.astype(float).tolist(), strict=True))
    best = 0
    for (x, y, size, angle), (u, v, other, direction) in rows:
        scale, turned = size / other, angle - direction
        turn = scale * np.exp(1j * turned)
        shift = complex(x, y) - turn * complex(u, v)
        explained = 0
        for (x2, y2, size2, angle2), (u2, v2, other2, direction2) in rows:
            error = abs(turn * complex(u2, v2) + shift - complex(x2, y2))
            octaves = abs(np.log2(size2 / other2) - np.log2(scale))
            gap = abs((angle2 - direction2 - turned + np.pi) % (2 * np.pi) - np.pi)
            near = error < min(geometry.COARSE_ERROR, 2.5 * geometry.BACK_ERROR * scale)
            explained += bool(near and octaves < geometry.COARSE_OCTAVES and gap < geometry.ANGLE_ERROR)
        best = max(best, explained)
    return best


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 30), st.integers(0, 6), st.integers(0, 99)), min_size=1, max_size=6))
def test_many_groups_agree_as_each_does_alone(groups: list[tuple[int, int, int]]) -> None:
    parts = [planted(seed, true, wrong, 1.3, 20)[0] for true, wrong, seed in groups]
    joined = Correspondences(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in ("sample", "work", "bits"))
    )
    lengths = [len(part) for part in parts]
    together = geometry.agreeing(joined, lengths)
    assert together == [one_by_one(part) if len(part) <= geometry.SMALL_GROUP else len(part) for part in parts]


def test_noise_alone_gives_next_to_no_inliers() -> None:
    counts = []
    for seed in range(30):
        pairs, _, _ = planted(seed, 0, 40, 1.0, 0.0)
        fit = verify(pairs)
        counts.append(0 if fit is None else fit.inliers)
    assert max(counts) <= 5
    assert np.mean(counts) < 2


def test_repeated_texture_counts_once() -> None:
    random = np.random.default_rng(0)
    sample = np.tile(np.array([0.5, 0.5, 0.02, 1.0], np.float32), (50, 1))
    sample[:, :2] += random.normal(0, 0.001, (50, 2)).astype(np.float32)
    work = np.tile(np.array([0.4, 0.4, 0.02, 1.0], np.float32), (50, 1))
    fit = verify(Correspondences(sample, work, np.zeros(50, np.int32)))
    assert fit is None, "fifty pairs at one place are one observation"


def test_too_few_pairs_are_no_fit() -> None:
    pairs, _, _ = planted(1, 2, 0, 1.0, 0.0)
    assert verify(pairs) is None
    assert (
        verify(Correspondences(np.zeros((0, 4), np.float32), np.zeros((0, 4), np.float32), np.zeros(0, np.int32)))
        is None
    )


def test_many_pairs_are_bounded_and_rows_point_into_the_given_pairs() -> None:
    pairs, _, _ = planted(3, 150, 850, 1.0, 10.0)
    bits = pairs.bits.copy()
    bits[:150] = 5
    bits[150:] = 20
    fit = verify(Correspondences(pairs.sample, pairs.work, bits))
    assert fit is not None
    assert fit.inliers > 100
    assert np.mean(fit.rows < 150) > 0.9


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1000), st.floats(0.6, 1.6), st.floats(0.6, 1.6), st.floats(-0.2, 0.2))
def test_affine_recovers_an_affine_map(seed: int, across: float, down: float, skew: float) -> None:
    points = np.random.default_rng(seed).uniform(0, 1, (12, 2))
    matrix = np.array([[across, skew, 0.1], [0.0, down, 0.2]])
    found = affine(points @ matrix[:, :2].T + matrix[:, 2], points)
    stretch = np.linalg.svd(matrix[:, :2], compute_uv=False)
    if stretch[0] > geometry.MOST_SQUEEZED * stretch[1]:
        assert found is None
    else:
        assert found is not None
        np.testing.assert_allclose(found, matrix, atol=1e-6)


@pytest.mark.parametrize(
    "matrix",
    [
        np.array([[-1.0, 0, 0], [0, 1, 0]]),
        np.array([[1.0, 0, 0], [0, 0.2, 0]]),
        np.array([[1.0, 1, 0], [1, 1, 0]]),
    ],
    ids=["mirrored", "squeezed", "flattened"],
)
def test_implausible_affine_maps_are_refused(matrix: NDArray[np.float64]) -> None:
    points = np.random.default_rng(0).uniform(0, 1, (10, 2))
    assert affine(points @ matrix[:, :2].T + matrix[:, 2], points) is None


def test_points_on_a_line_do_not_determine_an_affine_map() -> None:
    line = np.column_stack([np.linspace(0, 1, 9), np.linspace(0, 1, 9)])
    assert affine(line, line) is None
