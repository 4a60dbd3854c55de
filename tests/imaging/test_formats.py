from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.imaging.formats import READABLE, jpeg_scans, lacks_end, sniff, webp_size
from tests.imaging.files import save, scene, webp_header

WRITABLE = ("JPEG", "PNG", "WEBP", "GIF", "AVIF", "BMP", "TIFF", "JPEG2000", "PPM", "QOI")


@pytest.mark.parametrize("format", WRITABLE)
def test_every_readable_format_is_recognised(format: str) -> None:
    known = sniff(save(scene(), format))
    assert known is not None
    assert known.readable
    assert known.name == format
    assert format in READABLE


@pytest.mark.parametrize(
    ("start", "name"),
    [
        (b"%!PS-Adobe-3.0 EPSF", "EPS"),
        (b"%PDF-1.7", "PDF"),
        (b"8BPS\0\1", "PSD"),
        (b"\xff\x0a\x00", "JPEG XL"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIF"),
        (b"\0\0\1\0\1\0", "ICO"),
        (b"DDS |\0\0\0", "DDS"),
        (b"\x76\x2f\x31\x01", "OpenEXR"),
        (b'<?xml version="1.0"?>\n<svg xmlns="x">', "SVG"),
    ],
)
def test_other_pictures_are_named_but_not_read(start: bytes, name: str) -> None:
    known = sniff(start)
    assert known is not None
    assert (known.name, known.readable) == (name, False)
    assert name not in READABLE


@pytest.mark.parametrize("data", [b"hello, this is text", b"\0" * 40, b"PK\x03\x04", b"GIF", b"BMW drives away fast"])
def test_other_bytes_are_no_picture(data: bytes) -> None:
    assert sniff(data) is None


@given(st.binary(max_size=64))
def test_any_bytes_are_looked_at_without_error(data: bytes) -> None:
    known = sniff(data)
    if known is not None:
        assert isinstance(lacks_end(data, known.name), bool)
    assert webp_size(data) is None or len(data) >= 30


@pytest.mark.parametrize("format", ["JPEG", "PNG", "GIF", "WEBP", "BMP"])
def test_the_end_is_missed_exactly_when_it_is_cut(format: str) -> None:
    data = save(scene(), format)
    assert not lacks_end(data, format)
    assert lacks_end(data[: len(data) * 2 // 3], format)


@pytest.mark.parametrize("options", [{}, {"lossless": True}, {"exif": b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0"}])
def test_webp_size_is_read_from_every_kind_of_header(options: dict[str, object]) -> None:
    assert webp_size(save(scene(123, 77), "WEBP", **options)) == (123, 77)


def test_webp_size_reads_a_canvas_that_is_not_there() -> None:
    assert webp_size(webp_header(16384, 16000)) == (16384, 16000)


def test_scans_of_a_progressive_file_are_counted() -> None:
    assert jpeg_scans(save(scene(), "JPEG")) == 1
    assert 4 < jpeg_scans(save(scene(), "JPEG", progressive=True)) < 30


@given(st.lists(st.sampled_from([b"\xff", b"\xda", b"\x00"]), max_size=40).map(b"".join))
def test_scans_are_counted_at_even_and_odd_places(data: bytes) -> None:
    assert jpeg_scans(data) == data.count(b"\xff\xda")
