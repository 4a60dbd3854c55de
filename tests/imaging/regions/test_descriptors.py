"""Local features, and the permutations that stand for a mirrored or inverted picture."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from auditor.imaging.regions import descriptors
from auditor.imaging.regions.descriptors import LocalFeatures, balanced, extract, inverted, mirrored, spread
from tests.imaging.scenes import scene


def nearest_cosine(expected: LocalFeatures, really: LocalFeatures) -> NDArray[np.float64]:
    """For each expected feature with a real one at the same place, size and direction: their descriptors' cosine."""
    cosines = []
    for point, descriptor in zip(expected.points, expected.descriptors, strict=True):
        gap = np.hypot(really.points[:, 0] - point[0], really.points[:, 1] - point[1])
        turn = np.abs(np.mod(really.points[:, 3] - point[3] + np.pi, 2 * np.pi) - np.pi)
        here = np.flatnonzero((gap < 1.0) & (turn < 0.1) & (np.abs(np.log2(really.points[:, 2] / point[2])) < 0.1))
        if len(here):
            cosines.append(float((really.descriptors[here] @ descriptor).max()))
    return np.array(cosines)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_mirrored_features_equal_those_of_the_mirrored_picture(seed: int) -> None:
    grey = scene(seed)
    features = extract(grey, 400)
    really = extract(np.ascontiguousarray(grey[:, ::-1]), 400)
    cosines = nearest_cosine(mirrored(features), really)
    assert len(cosines) > 0.6 * len(features.points)
    assert np.median(cosines) > 0.98
    plain = nearest_cosine(LocalFeatures(mirrored(features).points, features.descriptors, 640, 480), really)
    assert np.median(plain) < 0.9, "without the permutation the descriptors must differ, or this test shows nothing"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_inverted_features_equal_those_of_the_negative(seed: int) -> None:
    grey = scene(seed)
    features = extract(grey, 400)
    really = extract(255 - grey, 400)
    cosines = nearest_cosine(inverted(features), really)
    assert len(cosines) > 0.8 * len(features.points)
    assert np.median(cosines) > 0.98
    plain = nearest_cosine(LocalFeatures(inverted(features).points, features.descriptors, 640, 480), really)
    assert np.median(plain) < 0.9


def test_both_changes_at_once() -> None:
    grey = scene(4)
    really = extract(np.ascontiguousarray(255 - grey[:, ::-1]), 400)
    cosines = nearest_cosine(inverted(mirrored(extract(grey, 400))), really)
    assert len(cosines) > 200
    assert np.median(cosines) > 0.98


@pytest.mark.parametrize("bins", [descriptors.mirror_bins(), descriptors.negative_bins()])
def test_permutations_are_their_own_inverse(bins: NDArray[np.intp]) -> None:
    assert sorted(bins.tolist()) == list(range(128))
    assert (bins[bins] == np.arange(128)).all()


@pytest.mark.parametrize("change", [mirrored, inverted])
def test_changing_twice_gives_the_same_features(change: object) -> None:
    features = extract(scene(5), 200)
    again = change(change(features))  # type: ignore[operator]
    assert np.array_equal(again.descriptors, features.descriptors)
    np.testing.assert_allclose(again.points[:, :3], features.points[:, :3], atol=1e-3)
    turn = np.mod(again.points[:, 3] - features.points[:, 3] + np.pi, 2 * np.pi) - np.pi
    assert np.abs(turn).max() < 1e-4


def test_descriptors_have_unit_length() -> None:
    features = extract(scene(6), 300)
    np.testing.assert_allclose(np.linalg.norm(features.descriptors, axis=1), 1.0, atol=1e-5)


def test_extraction_is_repeatable_whatever_the_thread_count() -> None:
    grey = scene(7)
    first = extract(grey, 300)
    cv2.setNumThreads(2)
    second = extract(grey, 300)
    assert np.array_equal(first.points, second.points)
    assert np.array_equal(first.descriptors, second.descriptors)


@pytest.mark.parametrize(
    "grey",
    [
        np.full((200, 300), 128, np.uint8),
        np.zeros((1, 1), np.uint8),
        np.zeros((4000, 3), np.uint8),
        np.tile(np.arange(2, dtype=np.uint8), (50, 50)),
    ],
    ids=["one grey", "one pixel", "sliver", "two all but equal greys"],
)
def test_nothing_to_describe_is_no_error(grey: NDArray[np.uint8]) -> None:
    features = extract(grey, 300)
    assert features.points.shape == (0, 4)
    assert features.descriptors.shape == (0, 128)
    assert (features.width, features.height) == (grey.shape[1], grey.shape[0])


def test_read_only_and_sliced_pictures_are_taken() -> None:
    grey = scene(8)
    grey.flags.writeable = False
    assert len(extract(grey[::-1, ::2], 100).points) == 100


class TestBalanced:
    def keypoints(
        self, *octaves: tuple[int, list[float]]
    ) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.float32]]:
        number = np.concatenate([[octave] * len(strengths) for octave, strengths in octaves]).astype(np.int64)
        strength = np.concatenate([strengths for _, strengths in octaves]).astype(np.float32)
        points = np.zeros((len(number), 4), np.float32)
        points[:, 0] = np.arange(len(number))
        return points, number, strength

    def test_few_are_all_kept_strongest_first(self) -> None:
        points, octaves, strengths = self.keypoints((0, [0.1, 0.3, 0.2]))
        assert balanced(points, octaves, strengths, 10).tolist() == [1, 2, 0]

    def test_a_weak_coarse_octave_keeps_a_share(self) -> None:
        fine, coarse = (-1, [0.5 + i / 1000 for i in range(100)]), (3, [0.01 + i / 1000 for i in range(30)])
        points, octaves, strengths = self.keypoints(fine, coarse)
        kept = balanced(points, octaves, strengths, 40)
        assert len(set(kept.tolist())) == 40
        assert np.count_nonzero(octaves[kept] == 3) == 10

    def test_the_order_of_the_input_does_not_matter(self) -> None:
        points, octaves, strengths = self.keypoints((-1, [0.5, 0.4, 0.3, 0.2]), (1, [0.5, 0.4, 0.3, 0.2]))
        there = points[balanced(points, octaves, strengths, 5)]
        back = points[::-1][balanced(points[::-1], octaves[::-1], strengths[::-1], 5)]
        assert np.array_equal(there, back)

    def test_limit_is_kept_when_octaves_run_out(self) -> None:
        assert len(balanced(*self.keypoints((0, [0.1] * 50), (1, [0.1] * 3)), 30)) == 30


class TestStretched:
    def test_a_faint_picture_gets_more_features(self) -> None:
        grey = scene(9)
        faint = (100 + grey.astype(np.int64) // 12).astype(np.uint8)
        assert len(extract(faint, 800).points) > 0.5 * len(extract(grey, 800).points)

    def test_full_contrast_is_left_alone(self) -> None:
        grey = scene(10)
        grey[::2] = 0
        grey[1::2] = 255
        assert descriptors.stretched(grey) is grey

    def test_order_of_greys_is_kept(self) -> None:
        ramp = np.tile(np.arange(100, 160, dtype=np.uint8), (20, 1))
        assert (np.diff(descriptors.stretched(ramp).astype(int), axis=1) >= 0).all()
        assert np.ptp(descriptors.stretched(ramp)) > 200


def test_a_sparse_picture_is_searched_for_faint_keypoints() -> None:
    random = np.random.default_rng(0)
    soft = cv2.GaussianBlur(random.normal(128, 60, (300, 400)), (0, 0), 14)
    grey = np.clip(soft, 0, 255).astype(np.uint8)
    assert len(extract(grey, 300, thorough=True).points) > len(extract(grey, 300, thorough=False).points)


class TestSpread:
    def test_a_busy_quarter_leaves_places_for_a_quiet_one(self) -> None:
        random = np.random.default_rng(2)
        busy, quiet = random.uniform(0, 50, (200, 4)), random.uniform(50, 100, (15, 4))
        points = np.concatenate([busy, quiet]).astype(np.float32)
        strengths = np.concatenate([np.full(200, 0.5), np.full(15, 0.01)]).astype(np.float32)
        kept = spread(points, strengths, (100, 100), 2, 60)
        assert len(set(kept.tolist())) == 60
        assert (kept >= 200).sum() == 15

    @given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.integers(1, 80))
    def test_the_choice_does_not_depend_on_the_order(self, seed: int, cells: int, limit: int) -> None:
        random = np.random.default_rng(seed)
        points = random.uniform(0, 100, (60, 4)).astype(np.float32)
        strengths = random.integers(0, 4, 60).astype(np.float32)
        turn = random.permutation(60)
        kept = spread(points, strengths, (100, 100), cells, limit)
        turned = spread(points[turn], strengths[turn], (100, 100), cells, limit)
        assert turn[turned].tolist() == kept.tolist()
        assert len(set(kept.tolist())) == min(limit, 60)

    def test_two_pictures_in_one_both_keep_their_share(self) -> None:
        grey = np.concatenate([scene(3), cv2.GaussianBlur(scene(4), (0, 0), 4)], axis=1)
        middle = grey.shape[1] / 2
        alone = np.count_nonzero(extract(grey, 200).points[:, 0] > middle)
        shared = np.count_nonzero(extract(grey, 200, cells=4).points[:, 0] > middle)
        assert shared > 1.5 * alone
