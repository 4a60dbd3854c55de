"""A region match in words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.checks.copies.regions.words import RegionFacts, percent, region_sentence, where

WHOLE = RegionFacts((0, 0, 1, 1), (0, 0, 1, 1), 1.0, 1.0)


def crop(x0: float, y0: float, x1: float, y1: float, **facts: object) -> RegionFacts:
    made = RegionFacts((x0, y0, x1, y1), (0, 0, 1, 1), (x1 - x0) * (y1 - y0), 1.0)
    return replace(made, **facts)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (
            crop(0, 0, 0.6, 0.6, mirrored=True, scale=2.1),
            "a mirrored 36 % crop from the upper left of “T”, enlarged 2.1×",
        ),
        (WHOLE, "a copy of “T”"),
        (replace(WHOLE, mirrored=True), "a mirrored copy of “T”"),
        (replace(WHOLE, negative=True), "an inverted copy of “T”"),
        (replace(WHOLE, negative=True, mirrored=True), "a mirrored inverted copy of “T”"),
        (replace(WHOLE, work_share=0.9), "a copy of “T”"),
        (replace(WHOLE, scale=0.5), "a copy of “T”, reduced to 50 % of its size"),
        (replace(WHOLE, scale=1.1), "a copy of “T”"),
        (replace(WHOLE, scale=1.16), "a copy of “T”, enlarged 1.2×"),
        (replace(WHOLE, scale=0.8), "a copy of “T”, reduced to 80 % of its size"),
        (replace(WHOLE, scale=0.004), "a copy of “T”, reduced to less than 1 % of its size"),
        (replace(WHOLE, rotation=90), "a copy of “T”, turned 90° clockwise"),
        (replace(WHOLE, rotation=270), "a copy of “T”, turned 90° anticlockwise"),
        (replace(WHOLE, rotation=180), "a copy of “T”, turned upside down"),
        (replace(WHOLE, rotation=182), "a copy of “T”, turned upside down"),
        (replace(WHOLE, rotation=8), "a copy of “T”, turned 8° clockwise"),
        (replace(WHOLE, rotation=352), "a copy of “T”, turned 8° anticlockwise"),
        (replace(WHOLE, rotation=3), "a copy of “T”"),
        (replace(WHOLE, rotation=358), "a copy of “T”"),
        (replace(WHOLE, rotation=91.5), "a copy of “T”, turned 90° clockwise"),
        (crop(0.25, 0.25, 0.75, 0.75), "a 25 % crop from the centre of “T”"),
        (crop(0, 0.25, 0.5, 0.75), "a 25 % crop from the left side of “T”"),
        (crop(0.5, 0.25, 1, 0.75), "a 25 % crop from the right side of “T”"),
        (crop(0.25, 0, 0.75, 0.5), "a 25 % crop from the upper part of “T”"),
        (crop(0.25, 0.5, 0.75, 1), "a 25 % crop from the lower part of “T”"),
        (crop(0.5, 0.5, 1, 1), "a 25 % crop from the lower right of “T”"),
        (crop(0, 0.5, 0.5, 1), "a 25 % crop from the lower left of “T”"),
        (crop(0.5, 0, 1, 0.5), "a 25 % crop from the upper right of “T”"),
        (crop(0.2, 0, 0.8, 1), "a 60 % crop from the centre of “T”"),
        (crop(0, 0, 0.6, 1), "a 60 % crop from the left side of “T”"),
        (crop(0, 0, 0.4, 0.2), "an 8 % crop from the upper left of “T”"),
        (crop(0, 0, 0.9, 0.9), "an 81 % crop from the centre of “T”"),
        (crop(0, 0, 0.55, 0.2), "an 11 % crop from the upper left of “T”"),
        (crop(0, 0, 0.6, 0.3), "an 18 % crop from the upper left of “T”"),
        (crop(0, 0, 0.5, 0.16, mirrored=True), "a mirrored 8 % crop from the upper left of “T”"),
        (
            replace(WHOLE, sample_region=(0.6, 0.6, 1, 1), sample_share=0.16),
            "a copy of “T”, filling 16 % of this picture at the lower right",
        ),
        (
            crop(0, 0, 0.5, 0.5, sample_region=(0, 0, 0.5, 1), sample_share=0.5),
            "a 25 % crop from the upper left of “T”, filling 50 % of this picture at the left side",
        ),
    ],
)
def test_sentences(facts: RegionFacts, expected: str) -> None:
    assert region_sentence(facts, "T", "high") == expected


def test_a_weak_match_is_said_with_care() -> None:
    assert region_sentence(WHOLE, "T", "weak") == "what may be a copy of “T”"


def test_a_shared_part_names_both_regions() -> None:
    facts = RegionFacts((0, 0, 0.5, 0.5), (0.5, 0.5, 1, 1), 0.2, 0.24, mirrored=True)
    assert region_sentence(facts, "T", "shares-part") == (
        "a part in common with “T” (mirrored, 20 % of the work, at the upper left; 24 % of this picture, at the lower "
        "right), while the rest differs"
    )


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0.0, "0 %"), (0.001, "less than 1 %"), (0.01, "1 %"), (0.364, "36 %"), (0.994, "99 %"), (1.0, "100 %")],
)
def test_percent(share: float, expected: str) -> None:
    assert percent(share) == expected


fractions = st.floats(0, 1)


@given(fractions, fractions, fractions, fractions)
def test_mirroring_a_region_swaps_left_and_right(x0: float, x1: float, y0: float, y1: float) -> None:
    low, high = sorted((x0, x1))
    top, bottom = sorted((y0, y1))
    here = where((low, top, high, bottom))
    there = where((1 - high, top, 1 - low, bottom))
    swapped = here.replace("left", "#").replace("right", "left").replace("#", "right")
    # a rectangle exactly on the bound between two words may fall to either
    assert there == swapped or abs(abs(low - (1 - high)) - 0.3 * (low + 1 - high)) < 1e-9


@given(fractions, fractions, fractions, fractions, st.booleans(), st.booleans(), st.floats(0, 360), st.floats(0.01, 50))
def test_any_facts_give_one_clean_line(
    x: float, y: float, share: float, fill: float, mirrored: bool, negative: bool, turn: float, scale: float
) -> None:
    facts = RegionFacts((x / 2, y / 2, 1, 1), (0, 0, x, y), share, fill, mirrored, negative, turn, scale)
    for grade in ("high", "weak", "shares-part"):
        words = region_sentence(facts, "T", grade)
        assert "  " not in words and "\n" not in words and not words.endswith((" ", ".", ","))
        assert "“T”" in words and "-0" not in words and "nan" not in words
