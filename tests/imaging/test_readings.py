"""Other readings of one file: values beyond 8 bits, transparency, and later frames."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from auditor.imaging.frames import spread
from auditor.imaging.pixels import DEFAULT_LIMITS, PixelLimits, decode
from tests.imaging.test_pixels import scene


def grey_scene() -> np.ndarray:
    return np.asarray(Image.fromarray(scene()).convert("L"))


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    raw = io.BytesIO()
    image.save(raw, kind, **options)
    return raw.getvalue()


def near(one: np.ndarray, other: np.ndarray) -> bool:
    grey = one[..., 0] if one.ndim == 3 else one
    return float(np.abs(grey.astype(int) - other).mean()) < 3


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "I;16"), ("TIFF", "I;16"), ("TIFF", "I"), ("TIFF", "F")])
def test_one_spike_does_not_turn_a_picture_black(kind: str, mode: str) -> None:
    types = {"I;16": np.uint16, "I": np.int32, "F": np.float32}
    values = grey_scene().astype(types[mode])
    values[0, 0] = 65_535
    picture = decode(saved(Image.fromarray(values), kind))
    assert any(near(pixels, grey_scene()) for _, pixels in picture.alternatives), [n for n, _ in picture.alternatives]


def test_a_true_sixteen_bit_picture_is_read_as_before_and_clipped() -> None:
    picture = decode(saved(Image.fromarray(grey_scene().astype(np.uint16) * 257), "PNG"))
    assert near(picture.rgb, grey_scene())
    assert "clipped" in dict(picture.alternatives) or grey_scene().min() > 0


def test_eight_bits_have_no_other_reading() -> None:
    assert decode(saved(Image.fromarray(scene()), "PNG")).alternatives == ()
    assert decode(saved(Image.fromarray(scene()), "TIFF")).alternatives == ()


def test_content_that_shows_on_black_only() -> None:
    white = np.full((80, 120, 4), 255, np.uint8)
    white[..., 3] = grey_scene()
    picture = decode(saved(Image.fromarray(white), "PNG"))
    assert (picture.rgb == 255).all()
    assert near(dict(picture.alternatives)["alpha-on-black"], grey_scene())


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF"])
def test_a_later_frame_is_looked_at(kind: str) -> None:
    plain = [Image.new("RGB", (120, 80), (shade, 90, 90)) for shade in (10, 60)]
    options = {"lossless": True} if kind == "WEBP" else {}
    data = saved(plain[0], kind, save_all=True, append_images=[plain[1], Image.fromarray(scene())], **options)
    picture = decode(data)
    assert (picture.frames, picture.frames_read) == (3, 3)
    last = dict(picture.alternatives)["frame 3 of 3"]
    assert float(np.abs(last.astype(int) - scene()).mean()) < 12


def test_sixteen_of_many_frames_spread_evenly() -> None:
    chosen = spread(1000, 100, DEFAULT_LIMITS)
    assert len(chosen) == 15
    assert chosen[-1] == 999
    assert max(np.diff([0, *chosen])) <= 67


@pytest.mark.parametrize("frames", range(2, 40))
def test_frames_are_distinct_and_in_the_file(frames: int) -> None:
    chosen = spread(frames, 100, DEFAULT_LIMITS)
    assert chosen == sorted(set(chosen))
    assert len(chosen) == min(frames, 16) - 1
    assert chosen[0] > 0 and chosen[-1] == frames - 1


def test_large_frames_are_fewer() -> None:
    assert spread(100, 100_000_000, DEFAULT_LIMITS) == [1, 2, 3]
    assert spread(5, 100, PixelLimits(max_frames=1)) == []


def test_a_damaged_later_frame_does_not_cost_the_first() -> None:
    frames = [Image.fromarray(scene()), Image.fromarray(scene()[::-1].copy())]
    data = saved(frames[0], "TIFF", save_all=True, append_images=frames[1:])
    picture = decode(data[:-40] + bytes(40))
    assert picture.rgb.shape == (80, 120, 3)
