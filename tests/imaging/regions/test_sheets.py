"""The cheap sign of a picture that is put together."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from auditor.imaging.regions.sheets import put_together
from tests.imaging.scenes import scene


def smooth(seed: int) -> np.ndarray:
    """A landscape without straight edges."""
    field = cv2.GaussianBlur(np.random.default_rng(seed).normal(128, 900, (300, 400)), (0, 0), 12)
    return np.clip(field, 0, 255).astype(np.uint8)


def test_a_picture_pasted_into_another_is_seen() -> None:
    """Where both are as bright at the seam there is no edge, so not every one is."""
    seen = 0
    for seed in range(40):
        ground = smooth(seed)
        assert not put_together(ground)
        ground[60:220, 80:260] = scene(seed, 180, 160)
        seen += put_together(ground)
    assert seen >= 30


def test_a_border_is_seen() -> None:
    framed = np.full((400, 500), 255, np.uint8)
    framed[50:350, 50:450] = smooth(9)
    assert put_together(framed)


@pytest.mark.parametrize("shape", [(1, 1), (3, 500), (12, 9), (300, 12_000), (8, 8)])
def test_any_size_is_judged(shape: tuple[int, int]) -> None:
    assert put_together(np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)) in {True, False}


def test_a_plain_picture_has_no_edges() -> None:
    assert not put_together(np.full((300, 300), 7, np.uint8))


def test_edges_that_do_not_meet_are_none_of_a_sheet() -> None:
    apart = smooth(3)
    apart[20:140, 340:342] = 255
    apart[260:262, 30:200] = 255
    assert not put_together(apart)
    apart[140:260, 340:342] = 255
    apart[260:262, 200:342] = 255
    assert put_together(apart)


def test_a_grid_is_seen_from_either_side() -> None:
    grid = smooth(4)
    grid[148:152], grid[:, 198:202] = 250, 250
    assert put_together(grid)
    assert put_together(np.ascontiguousarray(grid.T))
