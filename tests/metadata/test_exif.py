"""EXIF texts in every encoding that writers use."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.metadata.containers.budget import Budget
from auditor.metadata.exif import decode_comment, read_exif
from auditor.metadata.read import read_metadata
from tests.metadata.material import making


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"UNICODE\0" + "a b".encode("utf-16-be"), "a b"),
        (b"UNICODE\0" + "a b".encode("utf-16-le"), "a b"),
        (b"UNICODE\0" + "a b".encode("utf-16"), "a b"),
        (b"UNICODE\0" + "港の朝 by Q".encode("utf-16-be"), "港の朝 by Q"),
        (b"UNICODE\0" + "港の朝 by Q".encode("utf-16-le"), "港の朝 by Q"),
        (b"UNICODE\0" + b"plain words!", "plain words!"),
        (b"ASCII\0\0\0plain words", "plain words"),
        (b"ASCII\0\0\0caf\xc3\xa9", "caf\u00e9"),
        (b"\0" * 8 + b"plain words\0\0", "plain words"),
        (b"JIS\0\0\0\0\0" + "港".encode("iso2022_jp"), "港"),
        (b"no code in front", "no code in front"),
        (b"{}", "{}"),
        (b"", ""),
    ],
)
def test_a_user_comment_is_decoded(raw: bytes, text: str) -> None:
    assert decode_comment(raw) == text


@given(st.text(alphabet=st.characters(codec="ascii", exclude_characters="\0"), min_size=1), st.booleans())
def test_latin_text_comes_back_whatever_the_byte_order(text: str, big: bool) -> None:
    assert decode_comment(b"UNICODE\0" + text.encode("utf-16-be" if big else "utf-16-le")) == text


@given(st.binary(max_size=80))
def test_no_comment_makes_it_raise(raw: bytes) -> None:
    assert isinstance(decode_comment(raw), str)


def test_every_field_says_its_kind_and_source() -> None:
    block = making.exif_block(
        {
            0x010E: (2, b"a caption\0"),
            0x013B: (2, "J\u00e9r\u00f4me".encode() + b"\0"),
            0x8298: (2, b"the photographer\0the editor\0"),
            0x9C9D: (1, "港 Author".encode("utf-16-le") + b"\0\0"),
        },
        {0xA430: (2, b"an owner\0")},
    )
    texts, nested = read_exif(block, Budget(), "test")
    assert nested == ()
    assert {(text.source, text.value, text.kind) for text in texts} == {
        ("EXIF ImageDescription", "a caption", "description"),
        ("EXIF Artist", "J\u00e9r\u00f4me", "creator"),
        ("EXIF Copyright", "the photographer; the editor", "rights"),
        ("EXIF XPAuthor", "港 Author", "creator"),
        ("EXIF CameraOwnerName", "an owner", "creator"),
    }


def test_latin_1_text_is_read_as_such() -> None:
    texts, _ = read_exif(making.exif_block({0x013B: (2, b"J\xe9r\xf4me\0")}), Budget(), "test")
    assert texts[0].value == "J\u00e9r\u00f4me"


def test_big_endian_structures_are_read() -> None:
    value = b"Somebody\0"
    block = b"MM\0*" + struct.pack(">IHHHIII", 8, 1, 0x013B, 2, len(value), 26, 0) + value
    texts, _ = read_exif(block, Budget(), "test")
    assert [text.value for text in texts] == ["Somebody"]


def test_xmp_inside_exif_is_read_too() -> None:
    block = making.exif_block({700: (1, making.data_mining("DMI-PROHIBITED"))})
    (found,) = read_metadata(making.jpeg_exif(block)).reservations
    assert (found.meaning, found.where) == ("prohibited", "XMP in JPEG APP1 EXIF")


def test_binary_maker_notes_are_left_alone() -> None:
    block = making.exif_block({}, {0x927C: (7, bytes(range(200)))})
    assert read_exif(block, Budget(), "test") == ((), ())


@pytest.mark.parametrize("block", [b"", b"II", b"XX*\0\0\0\0\0", b"II*\0\xff\xff\xff\xff"])
def test_a_damaged_structure_gives_nothing(block: bytes) -> None:
    assert read_exif(block, Budget(), "test") == ((), ())
