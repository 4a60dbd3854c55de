"""pHash as an index stores it is the value of `imagehash`; what is looked up is its faster equal."""

from __future__ import annotations

import io

import imagehash
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from auditor.imaging import conformance, phash
from auditor.imaging.imagehash_form import code_of_text, codes, imagehash_code, imagehash_text, made
from auditor.imaging.perceptual import hash_view, whole_views
from auditor.imaging.pixels import decode, grey
from tests.imaging.files import scene
from tests.imaging.real import real_pictures
from tests.pictures import encoded, painting


def distance(left: bytes, right: bytes) -> int:
    return (int.from_bytes(left) ^ int.from_bytes(right)).bit_count()


@pytest.mark.parametrize("size", [(33, 40), (640, 480), (1500, 1100)])
@pytest.mark.parametrize("mode", ["RGB", "L"])
@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_what_is_stored_of_a_file_is_what_imagehash_says_of_it(size: tuple[int, int], mode: str, form: str) -> None:
    data = encoded(painting(4).resize(size).convert(mode), form)
    picture = decode(data)
    view = whole_views(picture)[0]
    stored = imagehash.phash(Image.open(io.BytesIO(data)))
    assert made(view, picture.rgb) == np.packbits(stored.hash).tobytes()
    assert imagehash_text(made(view, picture.rgb)) == str(stored)
    assert codes(picture, [view]).shape == (8, 8)


def test_real_pictures_are_found_by_what_is_looked_up() -> None:
    far = [
        distance(imagehash_code(rgb), phash.phash(grey(rgb, max(rgb.shape)))[0].tobytes()) for _, rgb in real_pictures()
    ]
    assert max(far) <= 4
    assert far.count(0) >= len(far) * 0.75


@settings(max_examples=60, deadline=None)
@given(st.integers(40, 900), st.integers(40, 900), st.integers(0, 50), st.sampled_from(["painting", "scene"]))
def test_any_picture_is_looked_up_by_nearly_the_stored_bits(width: int, height: int, seed: int, what: str) -> None:
    if what == "scene":
        pixels = scene(height, width)
    else:
        pixels = np.asarray(painting(seed).resize((width, height)).convert("RGB"))
    assert distance(imagehash_code(pixels), hash_view("whole", pixels).phash[0].tobytes()) <= 4


@given(st.binary(min_size=8, max_size=8))
def test_text_is_that_of_imagehash_both_ways(code: bytes) -> None:
    assert imagehash_text(code) == code.hex()
    assert code_of_text(code.hex()) == code
    assert str(imagehash.hex_to_hash(imagehash_text(code))) == code.hex()


@pytest.mark.parametrize("text", ["", "0f", "0x" + "0" * 14, "1_2_3_4_5_6_7_8_", " " + "0" * 15, "g" * 16, "0" * 32])
def test_text_that_only_looks_like_a_hash_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        code_of_text(text)


def test_the_self_test_sees_a_faster_hash_that_is_not_equal(monkeypatch: pytest.MonkeyPatch) -> None:
    vector = next(item for item in conformance.shipped()["vectors"] if item["algorithm"] == "phash@1")
    assert conformance.check(vector).passed
    true = phash.hash_points
    monkeypatch.setattr(phash, "hash_points", lambda points: true(points) ^ np.uint8(1))
    result = conformance.check({**vector, "expected": conformance.measure("phash@1", vector["picture"])})
    assert not result.passed
    assert "imagehash.phash" in result.detail
