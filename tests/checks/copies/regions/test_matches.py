"""The region tier from pixels to matches."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import cache

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from auditor.checks.copies.regions.candidates import RegionCandidate
from auditor.checks.copies.regions.looks import (
    CONTACT_SHEET,
    DEFAULT_OPTIONS,
    GLANCE,
    PIECE,
    PIECE_GLANCE,
    SHEET,
    RegionOptions,
)
from auditor.checks.copies.regions.matches import RegionMatch, bounded_by, examine_regions
from auditor.checks.interface import FeatureHits
from auditor.imaging.regions.features import RegionFeatures, describe
from auditor.index.search.region_search import RegionSearch, open_region_searcher
from auditor.index.search.region_store import RegionRows, RegionSource
from auditor.thresholds import Thresholds
from tests.imaging.scenes import Grey, rgb, scene

SIZE = (800, 600)


@cache
def work(number: int) -> Grey:
    return scene(number, *SIZE, 500)


def searcher(features: list[RegionFeatures], sizes: list[tuple[int, int]] | None = None) -> RegionSearch:
    rows = RegionRows(
        np.array([len(one) for one in features]),
        np.array(sizes or [SIZE] * len(features)),
        *(np.concatenate([getattr(one, name) for one in features]) for name in ("codes", "x", "y", "scale", "angle")),
    )
    return open_region_searcher([RegionSource("t", np.arange(len(features)), lambda: [rows])], None)


@pytest.fixture(scope="module")
def listed() -> RegionSearch:
    """Twenty-four works."""
    return searcher([describe(work(number)) for number in range(24)])


def examine(picture: NDArray[np.uint8], regions: RegionSearch) -> tuple[RegionMatch, ...]:
    return examine_regions(rgb(picture) if picture.ndim == 2 else picture, regions)


def cut(grey: Grey, x0: float, y0: float, x1: float, y1: float) -> Grey:
    height, width = grey.shape
    return np.ascontiguousarray(grey[round(y0 * height) : round(y1 * height), round(x0 * width) : round(x1 * width)])


def enlarged(grey: Grey, factor: float) -> Grey:
    return np.asarray(cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC), np.uint8)


def only(matches: tuple[RegionMatch, ...]) -> RegionMatch:
    assert len(matches) == 1, [(match.work, match.grade, match.match.probability) for match in matches]
    return matches[0]


def test_a_mirrored_enlarged_crop_is_said_in_words(listed: RegionSearch) -> None:
    picture = enlarged(cut(work(3), 0, 0, 0.6, 0.6)[:, ::-1], 2.1)
    match = only(examine(picture, listed))
    assert (match.work, match.grade, match.rule) == (3, "high", "copy.region")
    assert match.match.mirrored and match.match.tier == "region" and match.match.algorithm == "regions@1"
    assert match.match.scale == pytest.approx(2.1, rel=0.03)
    assert match.match.work_region == pytest.approx((0, 0, 0.6, 0.6), abs=0.015)
    assert match.match.sample_region == pytest.approx((0, 0, 1, 1), abs=0.015)
    assert match.match.probability is not None and match.match.probability > 0.99
    assert match.sentence("Ash Keep") == "a mirrored 36 % crop from the upper left of “Ash Keep”, enlarged 2.1×"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("half", "a copy of “T”, reduced to 50 % of its size"),
        ("negative", "an inverted copy of “T”"),
        ("mirrored negative", "a mirrored inverted copy of “T”"),
        ("upside down", "a copy of “T”, turned upside down"),
        ("quarter turn", "a copy of “T”, turned 90° clockwise"),
        ("mirrored quarter turn", "a mirrored copy of “T”, turned 90° clockwise"),
        ("border", "a copy of “T”, filling 53 % of this picture at the centre"),
    ],
)
def test_whole_copies_in_words(listed: RegionSearch, change: str, expected: str) -> None:
    grey = work(5)
    picture = {
        "half": lambda: grey[::2, ::2],
        "negative": lambda: 255 - grey,
        "mirrored negative": lambda: 255 - grey[:, ::-1],
        "upside down": lambda: grey[::-1, ::-1],
        "quarter turn": lambda: np.rot90(grey, -1),
        "mirrored quarter turn": lambda: np.rot90(grey[:, ::-1], -1),
        "border": lambda: np.pad(grey, ((110, 110), (150, 150)), constant_values=255),
    }[change]()
    match = only(examine(np.ascontiguousarray(picture), listed))
    assert match.work == 5
    assert match.sentence("T") == expected


def test_a_sheet_names_every_work_and_where_it_is(listed: RegionSearch) -> None:
    sheet = np.full((1000, 1300), 240, np.uint8)
    for place, number in enumerate((1, 8, 15, 22)):
        x, y = 30 + place % 2 * 640, 30 + place // 2 * 480
        sheet[y : y + 450, x : x + 600] = cv2.resize(work(number), (600, 450), interpolation=cv2.INTER_AREA)
    matches = {match.work: match for match in examine(sheet, listed)}
    assert sorted(matches) == [1, 8, 15, 22]
    assert all(match.grade == "high" for match in matches.values())
    for place, number in enumerate((1, 8, 15, 22)):
        x, y = 30 + place % 2 * 640, 30 + place // 2 * 480
        expected = (x / 1300, y / 1000, (x + 600) / 1300, (y + 450) / 1000)
        assert matches[number].match.sample_region == pytest.approx(expected, abs=0.015)


def test_twenty_works_in_one_sheet(listed: RegionSearch) -> None:
    sheet = np.full((1664, 2080), 240, np.uint8)
    for place in range(20):
        x, y = place % 5 * 416 + 8, place // 5 * 416 + 50
        sheet[y : y + 300, x : x + 400] = cv2.resize(work(place), (400, 300), interpolation=cv2.INTER_AREA)
    start = time.process_time()
    matches = examine(sheet, listed)
    assert time.process_time() - start < 20
    found = {match.work for match in matches if match.grade == "high"}
    assert found <= set(range(20))
    assert len(found) >= 16


def test_the_same_figure_before_another_scene_is_graded_apart(listed: RegionSearch) -> None:
    mask = np.zeros(SIZE[::-1], np.uint8)
    cv2.ellipse(mask, (400, 300), (150, 190), 0, 0, 360, 255, -1)
    picture = np.where(mask > 0, work(7), scene(900, *SIZE, 500)).astype(np.uint8)
    match = only(examine(picture, listed))
    assert (match.work, match.grade, match.rule) == (7, "shares-part", "copy.shares-part")
    words = match.sentence("T")
    assert words.startswith("a part in common with “T”") and words.endswith("while the rest differs")
    for region in (match.match.sample_region, match.match.work_region):
        assert region is not None
        x0, y0, x1, y1 = region
        assert x0 > 250 / 800 - 0.03 and y0 > 110 / 600 - 0.03 and x1 < 550 / 800 + 0.03 and y1 < 490 / 600 + 0.03
        assert (x1 - x0) * (y1 - y0) > 0.3 * (300 / 800) * (380 / 600), "the part, not a corner of it"


def test_lettering_over_half_of_a_copy_does_not_make_it_a_shared_part(listed: RegionSearch) -> None:
    picture = work(7).copy()
    for line in range(7):
        cv2.putText(picture, "SAMPLE 0123 PREVIEW", (20, 60 + line * 42), cv2.FONT_HERSHEY_TRIPLEX, 1.9, 255, 5)
    match = only(examine(picture, listed))
    assert (match.work, match.grade) == (7, "high")


class Counting:
    """Passes everything on and counts the codes that are looked up."""

    def __init__(self, search: RegionSearch) -> None:
        self.search, self.codes = search, 0
        self.features, self.size = search.features, search.size

    def nearest(self, codes: NDArray[np.uint8], k: int, bits: int, thorough: bool = True) -> FeatureHits:
        self.codes += len(codes)
        return self.search.nearest(codes, k, bits, thorough)


def test_a_picture_without_a_hint_gets_only_a_glance(listed: RegionSearch) -> None:
    glance = 2 * (GLANCE.features + round(DEFAULT_OPTIONS.negative_features * GLANCE.features))
    for picture, most in ((scene(555, *SIZE, 500), glance), (np.zeros(SIZE, np.uint8), 0)):
        counting = Counting(listed)
        assert examine_regions(rgb(picture), counting) == ()
        assert counting.codes <= most
    counting = Counting(listed)
    assert examine_regions(rgb(work(3)), counting)
    assert counting.codes > glance, "a hint is followed"


@pytest.mark.parametrize("upright", [False, True])
def test_works_in_a_banner_are_found_where_they_stand(listed: RegionSearch, upright: bool) -> None:
    strip = scene(904, 9_000, 300, 700)
    for place, number in ((1_000, 3), (4_300, 9), (8_580, 14)):
        strip[:, place : place + 400] = cv2.resize(work(number), (400, 300), interpolation=cv2.INTER_AREA)
    strip = np.ascontiguousarray(np.rot90(strip)) if upright else strip
    matches = {match.work: match for match in examine(strip, listed) if match.grade == "high"}
    assert sorted(matches) == [3, 9, 14]
    for place, number in ((1_000, 3), (4_300, 9), (8_580, 14)):
        ends = (place / 9_000, (place + 400) / 9_000)
        expected = (0.0, 1 - ends[1], 1.0, 1 - ends[0]) if upright else (ends[0], 0.0, ends[1], 1.0)
        assert matches[number].match.sample_region == pytest.approx(expected, abs=0.02)


def test_the_pieces_of_a_banner_are_looked_at_with_bounded_effort(listed: RegionSearch) -> None:
    sheet = np.concatenate([cv2.resize(work(number), (300, 300)) for number in (1, 2)], axis=1)
    strip = np.tile(np.concatenate([sheet, sheet[::-1]], axis=0), (1, 20))
    counting = Counting(listed)
    assert {match.work for match in examine_regions(rgb(strip), counting)} >= {1, 2}
    pieces = 20 * 2.8 * (PIECE_GLANCE.features + PIECE.features)
    assert counting.codes <= pieces + 2 * (SHEET.features + CONTACT_SHEET.features) + 3_000


def test_a_closer_comparison_never_makes_a_match_less_sure(
    listed: RegionSearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    mask = np.zeros(SIZE[::-1], np.uint8)
    cv2.ellipse(mask, (400, 300), (150, 190), 0, 0, 360, 255, -1)
    picture = np.where(mask > 0, work(7), scene(900, *SIZE, 500)).astype(np.uint8)
    before = only(examine(picture, listed))

    def worse(candidate: RegionCandidate, _: object) -> RegionCandidate:
        fit = replace(candidate.evidence.fit, residual=0.5)
        return replace(candidate, evidence=replace(candidate.evidence, fit=fit, bits=40.0))

    monkeypatch.setattr("auditor.checks.copies.regions.candidates.seen_again", worse)
    after = only(examine(picture, listed))
    assert before.grade == after.grade == "shares-part"
    assert (after.match.probability or 0) >= RegionOptions().high


def test_two_identical_works_are_both_named() -> None:
    features = describe(work(2))
    matches = examine(cut(work(2), 0.1, 0.1, 0.8, 0.8), searcher([features, features, describe(work(4))]))
    assert sorted(match.work for match in matches) == [0, 1]
    assert all(match.grade == "high" for match in matches)


def test_unrelated_scenes_match_nothing(listed: RegionSearch) -> None:
    graded = [match.grade for seed in range(200, 212) for match in examine(scene(seed, *SIZE, 500), listed)]
    assert "high" not in graded and len(graded) <= 1


def few() -> Grey:
    blank = np.full((400, 400), 200, np.uint8)
    cv2.circle(blank, (150, 180), 60, 40, -1, cv2.LINE_AA)
    return blank


@pytest.mark.parametrize(
    "picture",
    [
        np.full((300, 300), 9, np.uint8),
        np.zeros((1, 1), np.uint8),
        few(),
        np.tile(scene(1, 32, 32, 12), (25, 32)),
        np.random.default_rng(0).integers(0, 256, (800, 800)).astype(np.uint8),
        scene(901, 64, 64, 40),
        scene(902, 12_000, 300, 900),
        scene(903, 7, 3_000, 30),
    ],
    ids=["plain", "pixel", "few features", "tiles", "noise", "64 px", "banner", "sliver"],
)
def test_odd_pictures_take_bounded_time_and_match_nothing(picture: Grey, listed: RegionSearch) -> None:
    start = time.process_time()
    matches = examine(picture, listed)
    assert time.process_time() - start < 20, "generous, because the machine may be busy; the benchmark measures"
    assert [match for match in matches if match.grade == "high"] == []


def test_a_work_of_few_features_is_searched_without_error() -> None:
    regions = searcher([describe(few()), describe(np.full((50, 50), 3, np.uint8))])
    for picture in (few(), work(1)):
        assert all(match.match.probability is not None for match in examine(picture, regions))


def test_a_64_pixel_thumbnail_of_a_work_gives_no_wrong_work(listed: RegionSearch) -> None:
    small = cv2.resize(work(6), (64, 48), interpolation=cv2.INTER_AREA)
    assert {match.work for match in examine(np.asarray(small, np.uint8), listed)} <= {6}


def test_the_size_of_a_reduced_picture_decides_the_enlargement(listed: RegionSearch) -> None:
    half = rgb(np.ascontiguousarray(work(9)[::2, ::2]))
    plain, reduced = (only(examine_regions(half, listed, size=size)) for size in (None, (1600, 1200)))
    assert plain.match.scale == pytest.approx(0.5, rel=0.03)
    assert reduced.match.scale == pytest.approx(2.0, rel=0.03)


def test_bounds_decide_the_grade(listed: RegionSearch) -> None:
    picture = rgb(work(10))
    strict = RegionOptions(least_inliers=10_000)
    assert only(examine_regions(picture, listed, strict)).grade == "weak"
    assert only(examine_regions(picture, listed, strict)).rule == "copy.region-weak"
    assert examine_regions(picture, listed, RegionOptions(high=1.1, weak=1.1)) == ()


def test_results_are_repeatable(listed: RegionSearch) -> None:
    picture = cut(work(12), 0.3, 0.2, 0.7, 0.9)
    assert examine(picture, listed) == examine(picture, listed)


def test_an_empty_index_matches_nothing() -> None:
    assert examine(work(1), open_region_searcher([], None)) == ()


def test_the_bounds_are_those_that_a_report_states() -> None:
    assert bounded_by(Thresholds()) == RegionOptions()
    strict = bounded_by(Thresholds(region_high=0.99, region_review=0.8, region_inliers=9))
    assert (strict.high, strict.weak, strict.least_inliers) == (0.99, 0.8, 9)
    assert {"region_high", "region_review", "region_inliers"} <= dict(Thresholds().items()).keys()
