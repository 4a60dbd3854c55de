from __future__ import annotations

import io
import resource
import warnings

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile, ImageOps

from auditor.errors import PictureError
from auditor.imaging.formats import READABLE
from auditor.imaging.pixels import DRAFT_LONG_SIDE, LARGE_PIXELS, PixelLimits, decode, grey, shrink, turned
from tests.imaging.files import exif, png_header, save, scene, webp_header

REASONS = {
    "zero-bytes",
    "not-a-picture",
    "unsupported",
    "truncated",
    "too-many-pixels",
    "too-small",
    "decode-failed",
}


def reason(data: bytes, limits: PixelLimits | None = None) -> str:
    with pytest.raises(PictureError) as caught:
        decode(data, limits or PixelLimits())
    assert caught.value.reason in REASONS
    assert caught.value.detail
    return caught.value.reason


@pytest.mark.parametrize("format", READABLE)
def test_every_readable_format_is_decoded(format: str) -> None:
    options = {"lossless": True} if format == "WEBP" else {"quality": 95} if format in {"JPEG", "AVIF"} else {}
    picture = decode(save(scene(), format, **options))
    assert (picture.width, picture.height, picture.format, picture.full) == (120, 80, format, True)
    assert picture.rgb.shape == (80, 120, 3)
    assert picture.rgb.dtype == np.uint8
    near = 30 if format in {"JPEG", "GIF", "AVIF"} else 0
    assert np.abs(picture.rgb.astype(int) - scene()).mean() <= near


def test_zero_bytes() -> None:
    assert reason(b"") == "zero-bytes"


@pytest.mark.parametrize("data", [b"just a text in a file called .png", bytes(500), b"\x7fELF" + bytes(100)])
def test_other_files_are_no_pictures(data: bytes) -> None:
    assert reason(data) == "not-a-picture"


@pytest.mark.parametrize("data", [b"%!PS-Adobe-3.0 EPSF-3.0\n", b"8BPS" + bytes(60), b"\xff\x0a" + bytes(60)])
def test_formats_outside_the_list_are_never_handed_to_a_decoder(data: bytes) -> None:
    assert reason(data) == "unsupported"


@pytest.mark.parametrize("format", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "AVIF", "JPEG2000", "QOI", "TIFF"])
@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_a_part_of_a_picture_is_never_audited_as_a_whole(format: str, part: float) -> None:
    data = save(scene(400, 300, "rings"), format)
    assert reason(data[: int(len(data) * part)]) in {"truncated", "decode-failed"}


@pytest.mark.parametrize("format", ["PNG", "JPEG", "GIF", "WEBP", "BMP"])
def test_common_formats_say_that_they_are_truncated(format: str) -> None:
    data = save(scene(400, 300, "rings"), format)
    assert reason(data[: len(data) // 2]) == "truncated"
    assert reason(data[:20]) == "truncated"


def test_truncated_files_stay_skips_where_pillow_was_told_to_fill_them_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    data = save(scene(400, 300, "rings"), "JPEG")
    assert reason(data[: len(data) // 2]) == "truncated"
    assert ImageFile.LOAD_TRUNCATED_IMAGES is True


@pytest.mark.parametrize("size", [(60_000, 60_000), (2_000_000_000, 16), (160_000_001, 17)])
def test_a_bomb_is_refused_by_its_header(size: tuple[int, int]) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert reason(png_header(*size)) == "too-many-pixels"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000


def test_a_webp_canvas_is_refused_by_its_header() -> None:
    assert reason(webp_header(16384, 16384)) == "too-many-pixels"


def test_a_jpeg_of_very_many_scans_is_refused() -> None:
    data = save(scene(), "JPEG", progressive=True)
    assert reason(data[:-2] + b"\xff\xda" * 300 + data[-2:]) == "decode-failed"


def test_limits_are_parameters() -> None:
    assert reason(save(scene()), PixelLimits(max_pixels=9_599)) == "too-many-pixels"
    assert decode(save(scene()), PixelLimits(max_pixels=9_600)).width == 120


@pytest.mark.parametrize("size", [(1, 1), (15, 400), (400, 15)])
def test_tiny_pictures_are_skips(size: tuple[int, int]) -> None:
    assert reason(save(Image.new("RGB", size))) == "too-small"


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_orientation_is_applied_as_pillow_does(format: str, orientation: int) -> None:
    data = save(scene(), format, exif=exif(orientation))
    picture = decode(data)
    with Image.open(io.BytesIO(data)) as image:
        expected = np.asarray(ImageOps.exif_transpose(image).convert("RGB"))
    assert np.array_equal(picture.rgb, expected)
    assert (picture.width, picture.height) == expected.shape[1::-1]
    if format != "TIFF":  # Pillow turns a TIFF while it loads, so there is no other reading
        assert picture.exif_orientation == orientation
        names = [name for name, _ in picture.alternatives]
        assert names == ([] if orientation == 1 else ["exif-ignored"])


@pytest.mark.parametrize("value", [0, 9, 65535])
def test_an_orientation_out_of_range_is_none(value: int) -> None:
    assert decode(save(scene(), "JPEG", exif=exif(value))).exif_orientation == 1


@given(st.integers(1, 8))
def test_turning_keeps_every_pixel(orientation: int) -> None:
    pixels = scene(40, 30)
    after = turned(pixels, orientation)
    assert sorted(after.reshape(-1, 3).tolist()) == sorted(pixels.reshape(-1, 3).tolist())
    assert after.flags.c_contiguous


def test_transparency_is_laid_on_white_and_also_dropped() -> None:
    pixels = np.dstack((scene(), np.full((80, 120), 255, np.uint8)))
    pixels[:, :60, 3] = 0
    picture = decode(save(pixels))
    assert picture.has_alpha
    assert (picture.rgb[:, :60] == 255).all()
    assert np.array_equal(picture.rgb[:, 60:], scene()[:, 60:])
    readings = dict(picture.alternatives)
    assert list(readings) == ["alpha-dropped", "alpha-on-black"]
    assert np.array_equal(readings["alpha-dropped"], scene())
    assert (readings["alpha-on-black"][:, :60] == 0).all()


def test_half_transparency_is_mixed_with_white() -> None:
    pixels = np.dstack((np.zeros((20, 20, 3), np.uint8), np.full((20, 20), 51, np.uint8)))
    assert np.unique(decode(save(pixels)).rgb).tolist() == [204]


def test_an_alpha_channel_without_transparency_changes_nothing() -> None:
    pixels = np.dstack((scene(), np.full((80, 120), 255, np.uint8)))
    picture = decode(save(pixels))
    assert not picture.has_alpha
    assert picture.alternatives == ()
    assert np.array_equal(picture.rgb, scene())


def test_palette_with_transparency() -> None:
    image = Image.fromarray(scene()).quantize(16)
    picture = decode(save(image, "PNG", transparency=3))
    hidden = np.asarray(image) == 3
    assert hidden.any()
    assert picture.has_alpha
    assert (picture.rgb[hidden] == 255).all()
    assert [name for name, _ in picture.alternatives] == ["alpha-dropped", "alpha-on-black"]


def test_a_reason_is_the_same_in_every_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Decoders name objects by their address in memory; a report must not."""
    data = bytearray(save(scene()))
    data[12:16] = b"IHDX"
    with pytest.raises(PictureError) as caught:
        decode(bytes(data))
    assert (caught.value.reason, caught.value.detail) == (
        "decode-failed",
        "its first bytes are those of PNG, what follows is not",
    )

    def broken(*_: object, **__: object) -> Image.Image:
        raise ValueError(f"cannot read {io.BytesIO()!r} any  further")

    monkeypatch.setattr(Image, "open", broken)
    with pytest.raises(PictureError) as caught:
        decode(save(scene()))
    assert caught.value.detail == "ValueError: cannot read <_io.BytesIO object> any further"


def test_grey_with_a_transparent_value() -> None:
    image = Image.fromarray(np.repeat(np.arange(0, 200, 2, dtype=np.uint8)[None], 40, axis=0))
    picture = decode(save(image, "PNG", transparency=100))
    assert (picture.rgb[:, 50] == 255).all()
    assert (picture.rgb[:, 49] == 98).all()


def test_sixteen_bit_grey_is_scaled_and_not_clipped() -> None:
    ramp = np.linspace(0, 65535, 256).round().astype(np.uint16)
    picture = decode(save(Image.fromarray(np.repeat(ramp[None], 32, axis=0))))
    assert picture.rgb[0, :, 0].tolist() == list(range(256))


def test_sixteen_bit_colour_is_decoded() -> None:
    data = png_header(32, 32, depth=16)  # 32 × 32 × 6 bytes and a filter byte a row need 6,176; it holds 4,096
    assert reason(data) in {"truncated", "decode-failed"}
    import struct
    import zlib

    rows = b"".join(b"\0" + struct.pack(">96H", *([40_000, 20_000, 60_000] * 32)) for _ in range(32))
    body = zlib.compress(rows)
    chunk = struct.pack(">I", len(body)) + b"IDAT" + body + struct.pack(">I", zlib.crc32(b"IDAT" + body))
    head = data[: data.index(b"IDAT") - 4]
    picture = decode(head + chunk + data[data.index(b"IEND") - 4 :])
    assert np.abs(picture.rgb[0, 0].astype(int) - (40_000 / 257, 20_000 / 257, 60_000 / 257)).max() <= 1


@pytest.mark.parametrize(("top", "expected"), [(1.0, 255), (255.0, 255), (5000.0, 255)])
def test_floating_point_tiff_is_brought_into_range(top: float, expected: int) -> None:
    values = np.tile(np.linspace(0, top, 64, dtype=np.float32), (64, 1))
    values[0, 0] = np.nan
    picture = decode(save(Image.fromarray(values), "TIFF"))
    assert picture.rgb.max() == expected
    assert picture.rgb[1, 32, 0] in range(125, 133)


def test_cmyk_jpeg_is_decoded_in_colour() -> None:
    picture = decode(save(Image.fromarray(scene()).convert("CMYK"), "JPEG", quality=95))
    assert np.abs(picture.rgb.astype(int) - scene()).mean() < 12


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG", "TIFF"])
def test_of_several_frames_the_first_is_decoded_and_all_are_counted(format: str) -> None:
    frames = [Image.fromarray(scene(pattern=pattern)) for pattern in ("scene", "rings", "quilt")]
    options = {"lossless": True} if format == "WEBP" else {}
    picture = decode(save(frames[0], format, save_all=True, append_images=frames[1:], **options))
    assert picture.frames == 3
    near = 20 if format == "GIF" else 0
    assert np.abs(picture.rgb.astype(int) - scene()).mean() <= near


def test_warnings_stay_inside() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        decode(save(Image.fromarray(scene()).quantize(8), "PNG", transparency=b"\x00\x80\xff\xff\xff\xff\xff\xff"))
        with pytest.raises(PictureError):
            decode(png_header(12_000, 12_000))


def test_a_large_jpeg_is_reduced_where_not_every_pixel_is_needed() -> None:
    data = save(scene(3000, 2000), "JPEG", exif=exif(6))
    reduced = decode(data, full=False)
    assert (reduced.width, reduced.height) == (2000, 3000)
    assert not reduced.full
    assert DRAFT_LONG_SIDE <= max(reduced.rgb.shape) < 2 * DRAFT_LONG_SIDE
    complete = decode(data, full=True)
    assert complete.full
    assert complete.rgb.shape == (3000, 2000, 3)
    small = shrink(complete.rgb, max(reduced.rgb.shape))
    assert np.abs(small.astype(int) - reduced.rgb).mean() < 6


def test_the_question_for_full_pixels_is_asked_with_the_size_that_is_shown() -> None:
    asked = []

    def question(width: int, height: int) -> bool:
        asked.append((width, height))
        return False

    assert decode(save(scene(1600, 1200), "JPEG", exif=exif(8)), full=question).full
    assert not decode(save(scene(3000, 1200), "JPEG"), full=question).full
    assert asked == [(1200, 1600), (3000, 1200)]


@pytest.mark.parametrize("size", [(300, 200), (3000, 2000), (4800, 1300)])
@pytest.mark.parametrize("orientation", [1, 3, 6])
def test_of_a_jpeg_the_luminance_alone_is_what_its_colours_would_give(size: tuple[int, int], orientation: int) -> None:
    data = save(scene(*size), "JPEG", quality=90, exif=exif(orientation))
    coloured, plain = decode(data, full=False), decode(data, full=False, colour=False)
    assert (plain.width, plain.height, plain.format) == (coloured.width, coloured.height, "JPEG")
    assert plain.rgb.shape == coloured.rgb.shape[:2]
    assert not plain.full  # a digest of it would mean nothing
    assert np.abs(grey(coloured.rgb, 9999).astype(int) - grey(plain.rgb, 9999)).mean() < 1
    assert [name for name, _ in plain.alternatives] == [name for name, _ in coloured.alternatives]
    for (_, mine), (_, theirs) in zip(plain.alternatives, coloured.alternatives, strict=True):
        assert np.abs(grey(theirs, 9999).astype(int) - mine).mean() < 1


def test_the_question_for_colours_is_asked_with_the_luminance() -> None:
    data = save(scene(300, 200), "JPEG", exif=exif(6))
    asked = []

    def question(luminance: np.ndarray) -> bool:
        asked.append(luminance.shape)
        return True

    assert np.array_equal(decode(data, full=False, colour=question).rgb, decode(data, full=False).rgb)
    assert decode(data, full=True, colour=question).rgb.shape == (300, 200, 3)
    assert decode(save(scene(300, 200)), full=False, colour=question).rgb.shape == (200, 300, 3)
    assert asked == [(300, 200)]


def test_colours_stay_where_a_jpeg_has_no_luminance_of_its_own() -> None:
    data = save(Image.fromarray(scene()).convert("CMYK"), "JPEG", quality=95)
    assert np.array_equal(decode(data, full=False, colour=False).rgb, decode(data).rgb)
    grey_scale = save(Image.fromarray(scene()).convert("L"), "JPEG")
    assert np.array_equal(decode(grey_scale, full=False, colour=False).rgb, decode(grey_scale).rgb[..., 0])


@pytest.mark.parametrize("part", [0.3, 0.9])
def test_a_part_of_a_jpeg_is_a_skip_without_colours_too(part: float) -> None:
    data = save(scene(300, 200), "JPEG")
    with pytest.raises(PictureError) as caught:
        decode(data[: int(len(data) * part)], full=False, colour=False)
    assert caught.value.reason == "truncated"


@pytest.mark.parametrize("size", [(300, 200), (2600, 1700)])
def test_the_pixels_are_those_that_pillow_gives(size: tuple[int, int]) -> None:
    data = save(scene(*size), "JPEG")  # the larger one does not lie in one piece of memory
    assert np.array_equal(decode(data).rgb, np.asarray(Image.open(io.BytesIO(data))))


def test_grey_is_luminance_and_never_enlarged() -> None:
    assert grey(scene(), 640).shape == (80, 120)
    assert grey(scene(), 60).shape == (40, 60)
    assert grey(np.full((20, 20, 3), (255, 0, 0), np.uint8), 64).max() == 76


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "QOI", "PPM"]), st.data())
def test_damaged_files_give_a_picture_or_a_reason(format: str, data: st.DataObject) -> None:
    whole = bytearray(SOUND[format])
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        picture = decode(bytes(whole), PixelLimits(max_pixels=4_000_000))
    except PictureError as error:
        assert error.reason in REASONS
    else:
        assert picture.rgb.shape == (picture.height, picture.width, 3)


SOUND = {format: save(scene(40, 30), format) for format in ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "QOI", "PPM")}


def test_the_bound_on_pixels_holds_for_banners_too() -> None:
    image = Image.new("RGBA", (60_000, 450))
    data = io.BytesIO()
    image.save(data, "PNG", compress_level=1)
    height, width = decode(data.getvalue(), full=False).rgb.shape[:2]
    assert width * height <= LARGE_PIXELS and height >= 200


def test_a_banner_keeps_its_short_side() -> None:
    assert decode(save(scene(9600, 300), "JPEG"), full=False).rgb.shape == (300, 9600, 3)
    assert decode(save(scene(4800, 1300), "JPEG"), full=False).rgb.shape == (325, 1200, 3), (
        "reduced as far as the short side allows"
    )
