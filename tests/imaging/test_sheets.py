"""The cheap sign of a picture that is put together."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from auditor.imaging.sheets import FULL, straight_edges
from tests.imaging.scenes import scene


def smooth(seed: int) -> np.ndarray:
    """A landscape without straight edges."""
    field = cv2.GaussianBlur(np.random.default_rng(seed).normal(128, 900, (300, 400)), (0, 0), 12)
    return np.clip(field, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("seed", range(5))
def test_a_picture_pasted_into_another_is_seen(seed: int) -> None:
    ground = smooth(seed)
    assert straight_edges(ground) < FULL
    pasted = ground.copy()
    pasted[60:220, 80:260] = scene(seed, 180, 160)
    assert straight_edges(pasted) >= FULL


def test_a_border_is_seen() -> None:
    framed = np.full((400, 500), 255, np.uint8)
    framed[50:350, 50:450] = smooth(9)
    assert straight_edges(framed) >= FULL


@pytest.mark.parametrize("shape", [(1, 1), (3, 500), (12, 9), (300, 12_000), (8, 8)])
def test_any_size_is_judged(shape: tuple[int, int]) -> None:
    assert 0 <= straight_edges(np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)) <= 1


def test_a_plain_picture_has_no_edges() -> None:
    assert straight_edges(np.full((300, 300), 7, np.uint8)) == 0
