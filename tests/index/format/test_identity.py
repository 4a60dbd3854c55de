from __future__ import annotations

import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from auditor.index.format.identity import artist_id, safe_text, work_id


def test_ids_are_readable_and_stable() -> None:
    assert artist_id("Ash Varga") == "ash-varga-feeaf469"
    assert artist_id("Ash Varga") != artist_id("ash varga")
    assert re.fullmatch(r"[a-z-]+-[0-9a-f]{8}", artist_id("张京娜"))
    assert artist_id("!!!").startswith("artist-")


@given(st.text())
def test_ids_hold_no_surprises(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*-[0-9a-f]{8}", artist_id(name))
    assert len(artist_id(name)) <= 49


def test_composed_and_decomposed_names_are_one_artist() -> None:
    assert artist_id(unicodedata.normalize("NFD", "Zoë")) == artist_id(unicodedata.normalize("NFC", "Zoë"))


@given(st.binary())
def test_work_ids_have_one_length(content: bytes) -> None:
    assert re.fullmatch(r"[0-9a-f]{24}", work_id(content))
    assert work_id(content) == work_id(content)


@given(st.binary(max_size=20))
def test_any_file_name_becomes_text(raw: bytes) -> None:
    safe_text(raw.decode("utf-8", "surrogateescape")).encode("utf-8")


def test_undecodable_bytes_are_marked() -> None:
    assert safe_text("a\udcffb") == "a�b"
