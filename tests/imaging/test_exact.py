from __future__ import annotations

import hashlib
from dataclasses import replace

import numpy as np
import pytest

from auditor.imaging.exact import file_sha256, pixel_sha256
from auditor.imaging.pixels import decode
from tests.imaging.files import exif, save, scene


def test_file_digest_is_plain_sha256() -> None:
    assert file_sha256(b"abc").hex() == hashlib.sha256(b"abc").hexdigest()


@pytest.mark.parametrize("format", ["PNG", "BMP", "TIFF", "QOI", "PPM"])
def test_saving_without_loss_keeps_the_pixel_digest(format: str) -> None:
    data = save(scene(), format)
    assert pixel_sha256(decode(data)) == pixel_sha256(decode(save(scene(), "PNG", compress_level=1)))
    assert file_sha256(data) != file_sha256(save(scene(), "PNG", compress_level=1))


def test_lossless_webp_and_metadata_keep_the_pixel_digest() -> None:
    plain = pixel_sha256(decode(save(scene())))
    assert pixel_sha256(decode(save(scene(), "WEBP", lossless=True))) == plain
    assert pixel_sha256(decode(save(scene(), "PNG", exif=exif(1)))) == plain


def test_orientation_counts_as_pixels() -> None:
    stored = np.ascontiguousarray(np.rot90(scene()))
    assert pixel_sha256(decode(save(stored, "PNG", exif=exif(6)))) == pixel_sha256(decode(save(scene())))


def test_one_changed_pixel_changes_the_digest() -> None:
    changed = scene()
    changed[3, 4, 1] ^= 1
    assert pixel_sha256(decode(save(changed))) != pixel_sha256(decode(save(scene())))


def test_the_same_bytes_in_other_proportions_differ() -> None:
    plain = np.full((20, 40, 3), 7, np.uint8)
    assert pixel_sha256(decode(save(plain))) != pixel_sha256(decode(save(plain.reshape(40, 20, 3))))


def test_the_digest_is_of_size_and_rgb_bytes() -> None:
    expected = hashlib.sha256(b"\0\0\0\x78\0\0\0\x50" + scene().tobytes()).digest()
    assert pixel_sha256(decode(save(scene()))) == expected


def test_reduced_pixels_have_no_digest() -> None:
    picture = replace(decode(save(scene())), full=False)
    with pytest.raises(ValueError, match="full=True"):
        pixel_sha256(picture)
