from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from benchmarks.edits import EDITS, apply
from tests.pictures import painting

PIXELS = np.asarray(painting(3, (320, 240)))
FILLERS = [np.asarray(painting(seed, (90, 60))) for seed in range(20, 26)]
NAMES = (
    "jpeg40", "resize512", "square512", "hflip", "rot90", "rot8", "crop70", "crop50", "crop35", "border", "text",
    "jitter", "grayblur", "squash", "collage50", "collage30", "combo", "posterize",
)  # fmt: skip


def opened(name: str, seed: str = "a") -> Image.Image:
    return Image.open(io.BytesIO(apply(name, PIXELS, seed, FILLERS).data))


def test_the_eighteen_edits_are_there() -> None:
    assert tuple(EDITS) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_an_edit_is_the_same_for_the_same_seed(name: str) -> None:
    first = apply(name, PIXELS, "a", FILLERS)
    assert first == apply(name, PIXELS, "a", FILLERS)
    assert Image.open(io.BytesIO(first.data)).mode == "RGB"
    x0, y0, x1, y1 = first.work_region
    assert 0 <= x0 < x1 <= 1
    assert 0 <= y0 < y1 <= 1


@pytest.mark.parametrize("name", ["crop35", "jitter", "collage50", "combo"])
def test_another_seed_gives_another_edit(name: str) -> None:
    assert apply(name, PIXELS, "a", FILLERS).data != apply(name, PIXELS, "b", FILLERS).data


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("jpeg40", (320, 240)),
        ("resize512", (512, 384)),
        ("square512", (512, 512)),
        ("hflip", (320, 240)),
        ("rot90", (240, 320)),
        ("crop50", (160, 120)),
        ("crop35", (112, 84)),
        ("border", (416, 312)),
        ("collage30", (1024, 1024)),
        ("combo", (192, 144)),
    ],
)
def test_sizes(name: str, size: tuple[int, int]) -> None:
    assert opened(name).size == size


def test_squash_changes_one_side_only() -> None:
    assert opened("squash").size in {(240, 240), (320, 180)}


def test_a_crop_says_which_part_it_shows() -> None:
    edited = apply("crop50", PIXELS, "a")
    x0, y0, x1, y1 = edited.work_region
    part = PIXELS[round(y0 * 240) : round(y1 * 240), round(x0 * 320) : round(x1 * 320)]
    shown = np.asarray(Image.open(io.BytesIO(edited.data)).convert("L"))  # JPEG halves the colours' resolution
    assert np.abs(shown.astype(int) - np.asarray(Image.fromarray(part).convert("L"))).mean() < 8


def test_posterize_leaves_few_colours_and_is_not_blurred_by_jpeg() -> None:
    assert set(np.unique(np.asarray(opened("posterize"))).tolist()) <= {0, 64, 128, 192}
    assert apply("posterize", PIXELS, "a").suffix == ".png"


def test_an_unknown_edit_is_an_error() -> None:
    with pytest.raises(KeyError):
        apply("sepia", PIXELS, "a")
