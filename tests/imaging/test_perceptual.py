from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageFilter, ImageOps

from auditor.imaging.pdq import ORIENTATIONS
from auditor.imaging.perceptual import whole_views
from auditor.imaging.pixels import decode
from auditor.imaging.views import WholeView
from auditor.thresholds import DEFAULT
from tests.imaging.files import exif, save
from tests.pictures import painting


def views(image: Image.Image, format: str = "PNG", **options: object) -> dict[str, WholeView]:
    return {view.name: view for view in whole_views(decode(save(image, format, **options)))}


def nearest(query: WholeView, stored: WholeView) -> tuple[int, tuple[bool, int]]:
    """Distance and orientation, as a search does it: every row of the query against row 0 of what is stored."""
    distances = np.bitwise_count(query.pdq ^ stored.pdq[0]).sum(axis=1)
    best = int(distances.argmin())
    return int(distances[best]), ORIENTATIONS[best]


WORK = painting(7, (480, 360))
STORED = views(WORK)["whole"]


def test_an_ordinary_picture_has_one_view() -> None:
    assert list(views(WORK)) == ["whole"]
    assert STORED.pdq.shape == (8, 32)
    assert STORED.phash.shape == (8, 8)
    assert STORED.pdq.dtype == STORED.phash.dtype == np.uint8
    assert STORED.quality >= DEFAULT.pdq_quality


@pytest.mark.parametrize(
    ("edit", "at_most"),
    [
        (lambda image: image.resize((240, 180)), 24),
        (lambda image: image.resize((360, 360)), 24),
        (lambda image: ImageOps.grayscale(image).filter(ImageFilter.GaussianBlur(1)), 24),
        (lambda image: ImageOps.posterize(image, 4), 24),
    ],
)
def test_a_changed_copy_is_near(edit: object, at_most: int) -> None:
    copy = views(edit(WORK))["whole"]
    distance, orientation = nearest(copy, STORED)
    assert distance <= at_most
    assert orientation == (False, 0)


def test_a_re_encoded_copy_is_near() -> None:
    assert nearest(views(WORK, "JPEG", quality=30)["whole"], STORED)[0] <= 12


@pytest.mark.parametrize(
    ("edit", "back"),
    [
        (ImageOps.mirror, (True, 0)),
        (ImageOps.flip, (True, 180)),
        (lambda image: image.transpose(Image.Transpose.ROTATE_270), (False, 270)),
        (lambda image: image.transpose(Image.Transpose.ROTATE_90), (False, 90)),
        (lambda image: image.transpose(Image.Transpose.ROTATE_180), (False, 180)),
    ],
)
def test_the_row_that_matches_turns_the_sample_back_into_the_work(edit: object, back: tuple[bool, int]) -> None:
    distance, orientation = nearest(views(edit(WORK))["whole"], STORED)
    assert distance <= 2
    assert orientation == back


def test_a_bordered_copy_matches_by_its_trimmed_view() -> None:
    copy = views(ImageOps.expand(WORK, (70, 90), (230, 225, 210)), "JPEG", quality=85)
    assert list(copy) == ["whole", "trimmed"]
    assert nearest(copy["whole"], STORED)[0] > 40
    assert nearest(copy["trimmed"], STORED)[0] <= 31


def test_an_even_sky_inside_a_border_stays_in_one_view() -> None:
    sky = np.asarray(WORK.convert("RGB")).copy()
    sky[: sky.shape[0] // 4] = np.linspace(150, 170, sky.shape[1])[None, :, None]
    work = whole_views(decode(save(Image.fromarray(sky), "PNG")))
    copy = whole_views(decode(save(ImageOps.expand(Image.fromarray(sky), 40, (255, 255, 255)), "PNG")))
    assert [view.name for view in work] == ["whole"]
    assert [view.name for view in copy] == ["whole", "trimmed", "trimmed"]
    assert min(nearest(view, work[0])[0] for view in copy) <= 16 < nearest(copy[1], work[0])[0]


def test_a_file_that_asks_to_be_turned_is_read_both_ways() -> None:
    copy = views(WORK, "JPEG", quality=90, exif=exif(6))
    assert list(copy) == ["whole", "exif-ignored"]
    assert nearest(copy["exif-ignored"], STORED) == (nearest(copy["exif-ignored"], STORED)[0], (False, 0))
    assert nearest(copy["exif-ignored"], STORED)[0] <= 8


def test_a_hidden_picture_is_found_where_alpha_is_dropped() -> None:
    pixels = np.dstack((np.asarray(WORK), np.zeros((360, 480), np.uint8)))
    pixels[:20, :20, 3] = 255
    copy = views(Image.fromarray(pixels))
    assert copy["whole"].quality < DEFAULT.pdq_quality
    assert nearest(copy["alpha-dropped"], STORED)[0] == 0


def test_plain_pictures_are_flagged() -> None:
    assert views(Image.new("RGB", (300, 300), (40, 80, 120)))["whole"].quality < DEFAULT.pdq_quality


def test_hashing_twice_gives_the_same() -> None:
    again = views(WORK)["whole"]
    assert np.array_equal(again.pdq, STORED.pdq)
    assert np.array_equal(again.phash, STORED.phash)


def test_a_reduced_decode_hashes_nearly_the_same() -> None:
    target = io.BytesIO()
    WORK.resize((2880, 2160), Image.Resampling.BICUBIC).save(target, "JPEG", quality=90)
    full = whole_views(decode(target.getvalue(), full=True))[0]
    reduced = whole_views(decode(target.getvalue(), full=False))[0]
    assert np.bitwise_count(full.pdq[0] ^ reduced.pdq[0]).sum() <= 16
    assert np.bitwise_count(full.phash[0] ^ reduced.phash[0]).sum() <= 4


@pytest.mark.parametrize("number", range(6))
def test_the_luminance_of_a_jpeg_hashes_as_its_colours_do(number: int) -> None:
    data = save(painting(number, (500, 400)), "JPEG", quality=85)
    coloured, plain = (whole_views(decode(data, full=False, colour=colour)) for colour in (True, False))
    for view, other in zip(coloured, plain, strict=True):
        assert np.unpackbits(view.pdq ^ other.pdq, axis=1).sum(axis=1).max() <= 8
        assert np.unpackbits(view.phash ^ other.phash, axis=1).sum(axis=1).max() <= 4
        assert abs(view.quality - other.quality) <= 1
