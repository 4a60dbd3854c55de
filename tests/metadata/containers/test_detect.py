"""Where each container keeps its blocks, and what damage does."""

from __future__ import annotations

import itertools
import struct

import pytest

from auditor.metadata.containers import detect, tiff
from auditor.metadata.containers.blocks import decode_text
from auditor.metadata.containers.budget import FIELD_LIMIT, Budget
from auditor.metadata.read import read_metadata
from tests.metadata.material import making


def kinds(data: bytes) -> list[tuple[str, str]]:
    return [(block.kind, block.where) for block in detect.blocks(data, Budget())[1]]


@pytest.mark.parametrize(
    ("kind", "name"),
    [("JPEG", "JPEG"), ("PNG", "PNG"), ("WEBP", "WebP"), ("TIFF", "TIFF"), ("AVIF", "AVIF"), ("GIF", "GIF")],
)
def test_containers_are_told_by_their_first_bytes(kind: str, name: str) -> None:
    assert detect.container_of(making.picture(kind)) == name


@pytest.mark.parametrize("data", [b"", b"BM", b"hello", b"RIFF\0\0\0\0WAVE"])
def test_other_bytes_are_no_container(data: bytes) -> None:
    assert detect.container_of(data) is None


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_a_plain_picture_has_no_block(kind: str) -> None:
    assert kinds(making.picture(kind)) == []
    assert read_metadata(making.picture(kind)).notes == ()


def test_text_after_the_pixels_is_read() -> None:
    data = making.png(making.text("parameters", "x"), after_pixels=True)
    assert kinds(data) == [("text", "PNG")]


def test_extended_xmp_is_put_together_in_any_order() -> None:
    packet = making.data_mining("DMI-PROHIBITED")
    header = b"http://ns.adobe.com/xmp/extension/\0" + b"A" * 32
    cuts = [0, 100, 250, len(packet)]
    parts = [
        making.segment(0xE1, header + struct.pack(">II", len(packet), start) + packet[start:end])
        for start, end in itertools.pairwise(cuts)
    ]
    found = read_metadata(making.jpeg(*reversed(parts))).reservations
    assert [(item.meaning, item.where) for item in found] == [("prohibited", "XMP in JPEG ExtendedXMP")]


@pytest.mark.parametrize("keyword", ["Raw profile type xmp", "Raw profile type APP1"])
@pytest.mark.parametrize("packed", [True, False])
def test_raw_profiles_are_unpacked(keyword: str, packed: bool) -> None:
    import zlib

    packet = making.data_mining("DMI-PROHIBITED")
    profile = packet if keyword.endswith("xmp") else b"http://ns.adobe.com/xap/1.0/\0" + packet
    digits = profile.hex().encode()
    lines = b"\n".join(digits[n : n + 72] for n in range(0, len(digits), 72))
    text = b"\nxmp\n%8d\n" % len(profile) + lines + b"\n"
    key = keyword.encode()
    chunk = (
        making.chunk(b"zTXt", key + b"\0\0" + zlib.compress(text))
        if packed
        else making.chunk(b"tEXt", key + b"\0" + text)
    )
    assert [item.meaning for item in read_metadata(making.png(chunk)).reservations] == ["prohibited"]


@pytest.mark.parametrize("raw", [True, False])
def test_gif_packets_are_read_raw_and_in_sub_blocks(raw: bool) -> None:
    packet = making.data_mining("DMI-PROHIBITED")
    if raw:
        block = making.gif_extension(b"XMP DataXMP", packet)
    else:
        subs = b"".join(bytes([len(packet[n : n + 200])]) + packet[n : n + 200] for n in range(0, len(packet), 200))
        block = b"\x21\xff\x0bXMP DataXMP" + subs + b"\0"
    metadata = read_metadata(making.gif(block))
    assert [item.meaning for item in metadata.reservations] == ["prohibited"]
    assert metadata.notes == ()


@pytest.mark.parametrize("wrapper", [b"%s", b"BM some other format %s tail", b"\0" * 5000 + b"%s"])
def test_packets_in_unknown_containers_are_found_by_their_marks(wrapper: bytes) -> None:
    data = wrapper.replace(b"%s", making.data_mining("DMI-PROHIBITED"))
    assert [item.meaning for item in read_metadata(data).reservations] == ["prohibited"]


def test_boxes_of_jpeg_xl_are_read() -> None:
    packet = making.data_mining("DMI-PROHIBITED")
    exif = making.exif_block({0x013B: (2, b"Somebody\0")})
    data = struct.pack(">I4s", 12, b"JXL ") + b"\r\n\x87\n"
    data += struct.pack(">I4s", 8 + len(packet), b"xml ") + packet
    data += struct.pack(">I4sI", 12 + len(exif), b"Exif", 0) + exif + struct.pack(">I4s", 12, b"brob") + b"xml "
    metadata = read_metadata(data)
    assert metadata.container == "JPEG XL"
    assert [item.meaning for item in metadata.reservations] == ["prohibited"]
    assert [text.value for text in metadata.of_kind("creator")] == ["Somebody"]
    assert [note.reason for note in metadata.notes] == ["compressed"]


def test_uuid_boxes_are_read() -> None:
    packet = making.data_mining("DMI-PROHIBITED")
    box = struct.pack(">I4s", 24 + len(packet), b"uuid") + bytes.fromhex("be7acfcb97a942e89c71999491e3afac") + packet
    assert [item.meaning for item in read_metadata(making.picture("AVIF") + box).reservations] == ["prohibited"]


def test_big_tiff_is_read() -> None:
    packet = making.data_mining("DMI-PROHIBITED")
    data = b"II" + struct.pack("<HHHQ", 43, 8, 0, 16)
    data += struct.pack("<QHHQQ", 1, tiff.XMP_TAG, 1, len(packet), 16 + 8 + 20 + 8) + struct.pack("<Q", 0) + packet
    assert [item.meaning for item in read_metadata(data).reservations] == ["prohibited"]


def test_fields_beyond_the_count_are_left_with_a_note() -> None:
    data = making.png(*[making.text(f"k{n}", "v") for n in range(FIELD_LIMIT + 10)])
    metadata = read_metadata(data)
    assert [note.reason for note in metadata.notes] == ["too-many"]
    assert len(metadata.texts) == FIELD_LIMIT


@pytest.mark.parametrize(("raw", "text"), [(b"caf\xc3\xa9", "caf\u00e9"), (b"caf\xe9", "caf\u00e9"), (b"", "")])
def test_text_of_unstated_encoding(raw: bytes, text: str) -> None:
    assert decode_text(raw) == text


@pytest.mark.parametrize("cut", range(0, 400, 7))
def test_a_cut_file_is_read_as_far_as_it_goes(cut: int) -> None:
    data = making.png(making.text("Author", "Somebody"))
    metadata = read_metadata(data[:cut])
    assert metadata.of_kind("creator") in ((), metadata.of_kind("creator"))
    assert cut < 60 or metadata.of_kind("creator")[0].value == "Somebody"
