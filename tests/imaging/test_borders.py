from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from auditor.imaging.borders import (
    EDGE_TOLERANCE,
    OUTLIERS,
    _boxes,
    _edge_uniform,
    _uniform,
    may_be_bordered,
    trimmed,
)
from auditor.imaging.pixels import decode
from tests.imaging.files import scene
from tests.pictures import painting


def framed(inner: np.ndarray, left: int, top: int, right: int, bottom: int, colour: tuple[int, ...]) -> np.ndarray:
    height, width = inner.shape[:2]
    canvas = np.full((height + top + bottom, width + left + right, 3), colour, np.uint8)
    canvas[top : top + height, left : left + width] = inner
    return canvas


def jpeg(pixels: np.ndarray, quality: int) -> np.ndarray:
    target = io.BytesIO()
    Image.fromarray(pixels).save(target, "JPEG", quality=quality)
    return np.asarray(Image.open(target).convert("RGB"))


PAINTING = np.asarray(painting(1, (300, 200)))
"""Its own edges are uneven on every side."""


def test_a_picture_without_a_border_is_left_alone() -> None:
    assert trimmed(PAINTING) is None


@pytest.mark.parametrize("colour", [(255, 255, 255), (0, 0, 0), (226, 214, 190), (3, 90, 250)])
def test_the_border_goes_and_the_picture_stays(colour: tuple[int, ...]) -> None:
    cut = trimmed(framed(PAINTING, 60, 40, 60, 40, colour))
    assert cut is not None
    assert abs(cut.shape[0] - 200) <= 3
    assert abs(cut.shape[1] - 300) <= 3


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60), st.integers(0, 60), st.integers(0, 255))
@settings(max_examples=60, deadline=None)
def test_any_border_is_found_to_the_pixel(left: int, top: int, right: int, bottom: int, shade: int) -> None:
    picture = framed(PAINTING, left, top, right, bottom, (shade, 255 - shade, shade // 2))
    box = _boxes(picture)[-1]
    expected = (left, top, left + 300, top + 200)
    assert max(abs(a - b) for a, b in zip(box, expected, strict=True)) <= 2


@pytest.mark.parametrize("quality", [40, 60, 90])
def test_the_noise_of_jpeg_is_tolerated(quality: int) -> None:
    cut = trimmed(jpeg(framed(PAINTING, 60, 40, 60, 40, (255, 255, 255)), quality))
    assert cut is not None
    assert abs(cut.shape[0] - 200) <= 12
    assert abs(cut.shape[1] - 300) <= 12


def test_each_side_may_have_its_own_colour() -> None:
    picture = framed(framed(PAINTING, 0, 50, 0, 0, (0, 0, 0)), 0, 0, 0, 70, (255, 255, 255))
    assert _boxes(picture)[-1][1::2] == (50, 250)


@given(st.binary(min_size=300, max_size=300), st.integers(1, 60), st.integers(0, 40))
def test_a_glance_at_an_edge_never_passes_over_a_uniform_one(noise: bytes, pixels: int, spread: int) -> None:
    line = np.frombuffer(noise[: pixels * 3], np.uint8).reshape(-1, 3) % (spread + 1) + np.uint8(90)
    ordered = np.sort(line, axis=0).astype(int)
    specks = int(OUTLIERS * len(line) / 2)
    spreads = ordered[len(line) - 1 - specks] - ordered[specks]
    assert _uniform(line, EDGE_TOLERANCE, OUTLIERS) == bool((spreads <= 2 * EDGE_TOLERANCE).all())


@given(
    st.tuples(*[st.integers(0, 60)] * 4),
    st.tuples(*[st.sampled_from((0, 1, 3, 64, 128, 254, 255))] * 3),
    st.integers(20, 95),
    st.integers(0, 12),
)
@settings(max_examples=120, deadline=None)
def test_no_border_hides_from_the_luminance(
    sides: tuple[int, int, int, int], colour: tuple[int, int, int], quality: int, noise: int
) -> None:
    framed_in = framed(PAINTING, *sides, colour)
    grain = np.random.default_rng(noise).integers(-noise // 2, noise // 2 + 1, framed_in.shape)
    target = io.BytesIO()
    Image.fromarray((framed_in + grain).clip(0, 255).astype(np.uint8)).save(target, "JPEG", quality=quality)
    picture = decode(target.getvalue(), full=False)
    if trimmed(picture.rgb) is not None:
        assert may_be_bordered(decode(target.getvalue(), full=False, colour=False).rgb)
        again = decode(target.getvalue(), full=False, colour=may_be_bordered)
        assert np.array_equal(again.rgb, picture.rgb)


def test_most_pictures_need_no_colours() -> None:
    assert not may_be_bordered(PAINTING[..., 1])


@pytest.mark.parametrize("width", [200, 266, 400, 1000])
def test_specks_of_every_colour_are_allowed_for(width: int) -> None:
    picture = np.full((300, width, 3), 255, np.uint8)
    picture[60:-60, 60:-60] = np.asarray(painting(1, (width - 120, 180)))
    specks = width // 200
    for line in (picture[0], picture[-1], picture[:, 0], picture[:, -1]):
        for number, colour in enumerate([(0, 255, 255), (255, 0, 255), (255, 255, 0)]):
            line[20 + 40 * number : 20 + 40 * number + int(specks * len(line) / width)] = colour
    assert _edge_uniform(picture)
    assert may_be_bordered(np.asarray(Image.fromarray(picture).convert("L")))


def test_borders_inside_borders() -> None:
    picture = framed(framed(PAINTING, 10, 10, 10, 10, (20, 20, 20)), 40, 40, 40, 40, (240, 240, 240))
    box = _boxes(picture)[-1]
    assert max(abs(a - b) for a, b in zip(box, (50, 50, 350, 250), strict=True)) <= 1


@pytest.mark.parametrize("shade", [0, 128, 255])
def test_a_uniform_picture_is_not_trimmed_away(shade: int) -> None:
    assert trimmed(np.full((200, 300, 3), shade, np.uint8)) is None


def test_a_small_thing_on_a_plain_ground_is_left_whole() -> None:
    picture = framed(np.asarray(painting(2, (40, 40))), 200, 200, 200, 200, (255, 255, 255))
    assert trimmed(picture) is None


def test_a_hair_line_is_not_worth_a_view() -> None:
    assert trimmed(framed(np.asarray(painting(1, (600, 400))), 1, 1, 1, 1, (255, 255, 255))) is None


def test_a_smooth_sky_is_no_border() -> None:
    sky = np.asarray(painting(4, (300, 200))).copy()
    sky[:60] = np.linspace(90, 200, 300).astype(np.uint8)[None, :, None]
    assert trimmed(sky) is None


def test_large_pictures_are_cut_in_proportion() -> None:
    large = np.asarray(Image.fromarray(framed(PAINTING, 60, 40, 60, 40, (255, 255, 255))).resize((4200, 2800)))
    cut = trimmed(large)
    assert cut is not None
    assert abs(cut.shape[1] - 3000) <= 30
    assert abs(cut.shape[0] - 2000) <= 30


@given(st.integers(16, 80), st.integers(16, 80), st.integers(0, 30))
@settings(max_examples=40, deadline=None)
def test_what_is_cut_lies_inside(width: int, height: int, margin: int) -> None:
    picture = framed(scene(width, height), margin, margin, margin, margin, (255, 255, 255))
    cut = trimmed(picture)
    assert cut is None or (0 < cut.shape[0] <= picture.shape[0] and 0 < cut.shape[1] <= picture.shape[1])
