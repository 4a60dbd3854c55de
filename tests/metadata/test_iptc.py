"""IPTC-IIM records, bare and in Photoshop resources."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.metadata.containers.budget import Budget
from auditor.metadata.iptc import photoshop_resources, read_iptc, read_photoshop
from auditor.metadata.read import read_metadata
from tests.metadata.material import making

NAME = "J\u00e9r\u00f4me Quenzle"


def texts(data: bytes) -> list[tuple[str, str, str]]:
    return [(text.source, text.value, text.kind) for text in read_iptc(data, Budget(), "test")]


def test_every_field_says_its_kind_and_source() -> None:
    records = b"".join(making.iptc_record(number, b"v%d" % number) for number in (40, 80, 110, 116, 120, 200))
    assert texts(records) == [
        ("IPTC SpecialInstructions", "v40", "rights"),
        ("IPTC By-line", "v80", "creator"),
        ("IPTC Credit", "v110", "creator"),
        ("IPTC CopyrightNotice", "v116", "rights"),
        ("IPTC Caption-Abstract", "v120", "description"),
    ]


@pytest.mark.parametrize(
    ("mark", "encoding"), [(b"\x1b%G", "utf-8"), (b"", "utf-8"), (b"", "latin-1"), (b"\x1b.A", "latin-1")]
)
def test_names_are_decoded(mark: bytes, encoding: str) -> None:
    records = (making.iptc_record(90, mark, record=1) if mark else b"") + making.iptc_record(80, NAME.encode(encoding))
    assert texts(records) == [("IPTC By-line", NAME, "creator")]


def test_a_long_record_has_its_length_in_further_bytes() -> None:
    value = b"x" * 40_000
    record = bytes([0x1C, 2, 120]) + struct.pack(">HI", 0x8004, len(value)) + value
    assert texts(record + making.iptc_record(80, b"after"))[1] == ("IPTC By-line", "after", "creator")


def test_several_by_lines_all_count() -> None:
    data = making.jpeg_iptc(making.iptc_record(80, b"one"), making.iptc_record(80, b"two"))
    assert [text.value for text in read_metadata(data).of_kind("creator")] == ["one", "two"]


def test_resources_around_the_records_are_stepped_over() -> None:
    data = making.photoshop(0x03ED, b"odd") + making.photoshop(0x0404, making.iptc_record(80, b"me"))
    assert [number for number, _ in photoshop_resources(data)] == [0x03ED, 0x0404]
    found, packets = read_photoshop(data, Budget(), "test")
    assert ([text.value for text in found], packets) == (["me"], ())


def test_xmp_in_a_resource_is_read() -> None:
    resource = making.photoshop(0x0424, making.data_mining("DMI-PROHIBITED"))
    data = making.jpeg(making.segment(0xED, b"Photoshop 3.0\0" + resource))
    assert [item.meaning for item in read_metadata(data).reservations] == ["prohibited"]


def test_records_split_over_two_segments_are_joined() -> None:
    whole = making.photoshop(0x0404, making.iptc_record(80, b"a name that is cut"))
    data = making.jpeg(*[making.segment(0xED, b"Photoshop 3.0\0" + part) for part in (whole[:22], whole[22:])])
    assert [text.value for text in read_metadata(data).of_kind("creator")] == ["a name that is cut"]


@given(st.binary(max_size=120))
def test_no_bytes_make_it_raise(raw: bytes) -> None:
    read_iptc(b"\x1c\x02\x50" + raw, Budget(), "test")
    read_photoshop(b"8BIM\x04\x04" + raw, Budget(), "test")
