from __future__ import annotations

import cv2
import imagehash
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from auditor.imaging.pdq import ORIENTATIONS
from auditor.imaging.phash import POINTS, hash_points, phash
from tests.imaging.files import scene
from tests.imaging.real import real_pictures
from tests.pictures import painting


def plane(image: Image.Image) -> np.ndarray:
    return np.asarray(cv2.cvtColor(np.asarray(image.convert("RGB")), cv2.COLOR_RGB2GRAY), np.uint8)


def distance(left: np.ndarray, right: np.ndarray) -> int:
    return int(np.bitwise_count(left ^ right).sum())


def reference(image: Image.Image) -> np.ndarray:
    return np.packbits(imagehash.phash(image).hash)


@pytest.mark.parametrize("size", [(32, 32), (64, 48), (500, 400), (1200, 800), (20, 333)])
@pytest.mark.parametrize("seed", range(4))
def test_lists_made_by_imagehash_match(size: tuple[int, int], seed: int) -> None:
    image = painting(seed).resize(size)
    assert distance(phash(plane(image))[0], reference(image)) <= 4


def test_real_pictures_hash_as_with_imagehash() -> None:
    far = [distance(phash(plane(image := Image.fromarray(rgb)))[0], reference(image)) for _, rgb in real_pictures()]
    assert max(far) <= 4


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 3))
def test_from_the_same_points_every_row_is_the_hash_of_imagehash_bit_for_bit(seed: int, blur: int) -> None:
    noise = np.random.default_rng(seed).integers(0, 256, (POINTS, POINTS), dtype=np.uint8)
    image = Image.fromarray(noise).filter(ImageFilter.GaussianBlur(blur))
    for row, (mirrored, rotation) in zip(hash_points(np.asarray(image)), ORIENTATIONS, strict=True):
        turned = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if mirrored else image
        assert distance(row, reference(turned.rotate(-rotation))) == 0


def test_the_hexadecimal_form_is_that_of_imagehash() -> None:
    image = painting(3, (32, 32)).convert("L")
    assert phash(np.asarray(image))[0].tobytes().hex() == str(imagehash.phash(image))


def test_every_row_is_the_hash_of_the_turned_picture() -> None:
    image = Image.fromarray(scene(320, 256))
    rows = phash(plane(image))
    assert rows.shape == (8, 8)
    for row, (mirrored, rotation) in zip(rows, ORIENTATIONS, strict=True):
        turned = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if mirrored else image
        turned = turned.rotate(-rotation, expand=True)
        assert distance(row, phash(plane(turned))[0]) <= 2


def test_different_pictures_are_far_apart() -> None:
    rows = [phash(plane(painting(seed)))[0] for seed in range(12)]
    assert min(distance(rows[i], rows[j]) for i in range(12) for j in range(i)) > 10
