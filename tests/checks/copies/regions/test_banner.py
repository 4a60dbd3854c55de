"""Which pieces of a strip are looked at."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.checks.copies.regions.banner import MOST_PIECES, pieces


@given(st.integers(1, 40_000), st.integers(1, 40_000))
def test_pieces_cover_a_banner_and_nothing_else(width: int, height: int) -> None:
    found = pieces(width, height)
    if max(width, height) < 5 * min(width, height):
        assert found == ()
        return
    assert 2 <= len(found) <= MOST_PIECES
    along = [(one.x0, one.x1) if width >= height else (one.y0, one.y1) for one in found]
    assert along[0][0] == 0 and along[-1][1] == pytest.approx(1)
    for (start, end), (following, _) in itertools.pairwise(along):
        assert following == pytest.approx((start + end) / 2), "half of each piece is in the next one too"


def test_a_place_in_a_piece_is_told_in_the_strip() -> None:
    piece = pieces(1_200, 100)[1]
    assert piece.of(np.zeros((100, 1_200, 3), np.uint8)).shape == (100, piece.size(1_200, 100)[0], 3)
    assert piece.in_strip((0, 0, 1, 1)) == (piece.x0, 0, piece.x1, 1)
    assert piece.in_strip((0.5, 0.25, 1, 0.5)) == pytest.approx(((piece.x0 + piece.x1) / 2, 0.25, piece.x1, 0.5))
