"""The second look at a candidate, what it measures, and what follows for regions, probability and sharing."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from auditor.imaging.regions import calibration, geometry, guided, overlap, sharing
from auditor.imaging.regions.features import describe, positions
from auditor.imaging.regions.geometry import Correspondences, Fit
from auditor.imaging.regions.guided import Evidence, Side, hamming, look_again
from tests.imaging.scenes import scene

Grey = NDArray[np.uint8]


@dataclass(frozen=True)
class Pair:
    evidence: Evidence
    sample: Side
    work: Side

    @property
    def probability(self) -> float:
        return calibration.probability(self.evidence, self.sample, self.work)


def side(grey: Grey) -> Side:
    features = describe(grey)
    return Side.of(features.codes, positions(features), (features.width, features.height))


def compared(sample: Grey, work: Grey) -> Pair | None:
    """Match by brute force, verify, look again."""
    query, stored = side(sample), side(work)
    bits = np.array([hamming(np.broadcast_to(code, stored.codes.shape), stored.codes) for code in query.codes])
    best = bits.argmin(axis=1)
    near = np.flatnonzero(bits[np.arange(len(bits)), best] <= 36)
    pairs = Correspondences(
        query.positions[near], stored.positions[best[near]], bits[near, best[near]].astype(np.int32)
    )
    fit = geometry.verify(pairs)
    evidence = None if fit is None else look_again(query, stored, fit)
    return None if evidence is None else Pair(evidence, query, stored)


def crop(grey: Grey, x0: float, y0: float, x1: float, y1: float) -> Grey:
    height, width = grey.shape
    return np.ascontiguousarray(grey[round(y0 * height) : round(y1 * height), round(x0 * width) : round(x1 * width)])


WORK = scene(11, 800, 600, 500)


class TestRegions:
    @pytest.mark.parametrize(
        "box", [(0, 0, 0.6, 0.6), (0.4, 0.4, 1, 1), (0.25, 0.3, 0.75, 0.8), (0.5, 0, 1, 1), (0, 0, 1, 1)]
    )
    def test_a_crop_is_placed_exactly(self, box: tuple[float, float, float, float]) -> None:
        pair = compared(crop(WORK, *box), WORK)
        assert pair is not None
        found = overlap.whole_overlap(pair.evidence, pair.sample, pair.work, mirrored=False)
        np.testing.assert_allclose(found.work_region, box, atol=0.012)
        np.testing.assert_allclose(found.sample_region, (0, 0, 1, 1), atol=0.012)
        assert found.work_share == pytest.approx((box[2] - box[0]) * (box[3] - box[1]), abs=0.015)
        assert found.sample_share > 0.97
        assert pair.probability > 0.99

    def test_a_pasted_work_is_placed_in_the_picture(self) -> None:
        ground = np.full((900, 1200), 120, np.uint8)
        ground[300:600, 600:1000] = cv2.resize(WORK, (400, 300), interpolation=cv2.INTER_AREA)
        pair = compared(ground, WORK)
        assert pair is not None
        found = overlap.whole_overlap(pair.evidence, pair.sample, pair.work, mirrored=False)
        np.testing.assert_allclose(found.sample_region, (0.5, 1 / 3, 10 / 12, 2 / 3), atol=0.012)
        np.testing.assert_allclose(found.work_region, (0, 0, 1, 1), atol=0.012)
        assert found.sample_share == pytest.approx(400 * 300 / (1200 * 900), abs=0.01)

    @pytest.mark.parametrize("degrees", [0, 30, 90, 180, 270])
    def test_turns_are_measured_clockwise(self, degrees: int) -> None:
        matrix = cv2.getRotationMatrix2D((400, 300), -degrees, 0.6)
        turned = np.asarray(cv2.warpAffine(WORK, matrix, (800, 600), borderValue=128), np.uint8)
        pair = compared(turned, WORK)
        assert pair is not None
        found = overlap.whole_overlap(pair.evidence, pair.sample, pair.work, mirrored=False)
        assert abs((found.rotation - degrees + 180) % 360 - 180) < 1
        assert found.scale == pytest.approx(0.6, rel=0.02)
        assert found.work_share > 0.97

    def test_squashing_is_followed(self) -> None:
        squashed = cv2.resize(WORK, (560, 600), interpolation=cv2.INTER_AREA)
        pair = compared(np.asarray(squashed, np.uint8), WORK)
        assert pair is not None
        assert pair.evidence.fit.residual < 0.004
        found = overlap.whole_overlap(pair.evidence, pair.sample, pair.work, mirrored=False)
        np.testing.assert_allclose(found.work_region, (0, 0, 1, 1), atol=0.015)

    def test_a_mirrored_region_is_given_in_the_picture_as_it_is(self) -> None:
        pair = compared(WORK, WORK)
        assert pair is not None
        part = Evidence(
            pair.evidence.fit,
            pair.evidence.pairs,
            pair.evidence.seen_sample,
            pair.evidence.seen_work,
            0.0,
            pair.evidence.codes,
        )
        plain = overlap.matched_overlap(part, pair.sample, pair.work, mirrored=False)
        flipped = overlap.matched_overlap(part, pair.sample, pair.work, mirrored=True)
        assert flipped.sample_region[0] == pytest.approx(1 - plain.sample_region[2])
        assert flipped.sample_region[2] == pytest.approx(1 - plain.sample_region[0])
        assert flipped.work_region == plain.work_region


class TestProbability:
    def test_unrelated_scenes_are_improbable(self) -> None:
        chances = [pair.probability for seed in range(6) if (pair := compared(scene(100 + seed), WORK)) is not None]
        assert all(chance < 0.5 for chance in chances)

    def test_fewer_matches_are_less_probable(self) -> None:
        pair = compared(WORK, WORK)
        assert pair is not None
        fit, pairs = pair.evidence.fit, pair.evidence.pairs
        chances = []
        for count in (4, 8, 16, 64):
            less = Fit(fit.matrix, fit.rows[:count], count, 0.004)
            evidence = Evidence(
                less, pairs, pair.evidence.seen_sample, pair.evidence.seen_work, 20.0, pair.evidence.codes[:count]
            )
            chances.append(calibration.probability(evidence, pair.sample, pair.work))
        assert chances == sorted(chances)
        assert 0 <= chances[0] < 0.5 < chances[-1] <= 1

    def test_features_that_look_alike_count_less(self) -> None:
        pair = compared(WORK, WORK)
        assert pair is not None
        evidence = pair.evidence
        same = Evidence(
            evidence.fit,
            evidence.pairs,
            evidence.seen_sample,
            evidence.seen_work,
            evidence.bits,
            np.repeat(evidence.codes[:1], len(evidence.codes), axis=0),
        )
        values = calibration.measurements(same, pair.sample, pair.work)
        other = calibration.measurements(evidence, pair.sample, pair.work)
        assert values[0] < other[0] - 1
        assert values[5] > 0.9 > other[5]


def figure_before(ground: Grey, figure: Grey, part: float = 0.3) -> Grey:
    """An oval of `figure` in the middle of another scene."""
    height, width = figure.shape
    mask = np.zeros_like(figure)
    cv2.ellipse(mask, (width // 2, height // 2), (round(width * part / 1.6), round(height * part)), 0, 0, 360, 255, -1)
    return np.where(mask > 0, figure, ground).astype(np.uint8)


class TestSharing:
    @pytest.mark.parametrize("seed", [21, 22, 23])
    def test_the_same_figure_before_another_scene_shares_a_part(self, seed: int) -> None:
        work = scene(seed, 800, 600, 600)
        pair = compared(figure_before(scene(seed + 50, 800, 600, 600), work), work)
        assert pair is not None
        measured = sharing.rest(pair.evidence, pair.sample, pair.work)
        assert sharing.shares_part(measured), measured
        bounds = overlap.matched_overlap(pair.evidence, pair.sample, pair.work, mirrored=False)
        np.testing.assert_allclose(bounds.work_region, bounds.sample_region, atol=0.03)
        assert 0.02 < bounds.work_share < 0.35

    @pytest.mark.parametrize("seed", [21, 22, 23])
    @pytest.mark.parametrize("change", ["same", "crop", "noise", "bar", "sheet"])
    def test_copies_do_not_merely_share_a_part(self, seed: int, change: str) -> None:
        work = scene(seed, 800, 600, 600)
        random = np.random.default_rng(seed)
        sample = work.copy()
        if change == "crop":
            sample = crop(work, 0.2, 0.2, 0.8, 0.8)
        elif change == "noise":
            sample = np.clip(work + random.normal(0, 12, work.shape), 0, 255).astype(np.uint8)
        elif change == "bar":
            sample[500:] = 0
        elif change == "sheet":
            sample = scene(seed + 70, 1200, 900, 700)
            sample[100:550, 100:700] = cv2.resize(work, (600, 450), interpolation=cv2.INTER_AREA)
        pair = compared(sample, work)
        assert pair is not None
        assert not sharing.shares_part(sharing.rest(pair.evidence, pair.sample, pair.work))


def test_ratio_is_of_what_could_be_found() -> None:
    pair = compared(crop(WORK, 0, 0, 0.5, 0.5), WORK)
    assert pair is not None
    assert 0.2 < pair.evidence.ratio <= 1
    assert pair.evidence.seen_work.sum() < len(pair.work.codes) * 0.6


def test_a_wrong_transform_finds_nothing() -> None:
    query, stored = side(WORK), side(WORK)
    wrong = Fit(geometry.similarity(1j * 0.7, 0.9 + 0.1j), np.arange(3), 3, 0.0)
    found = look_again(query, stored, wrong)
    assert found is None or found.fit.inliers < 5


def test_hamming_counts_bits() -> None:
    random = np.random.default_rng(0)
    first, second = random.integers(0, 256, (2, 50, 16)).astype(np.uint8)
    assert hamming(first, second).tolist() == np.unpackbits(first ^ second, axis=1).sum(axis=1).tolist()
    assert guided.MAX_BITS < 64
