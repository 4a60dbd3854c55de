from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.names.reading.syntax import readings
from auditor.names.reading.tables import look_alikes


def read(text: str) -> dict[str, str]:
    return {reading.kind: reading.folded.text for reading in readings(text, look_alikes())}


@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        ("a&nbsp;b", "a b"),
        ("a&amp;amp;b", "a&amp;b"),
        ("&#103;reg &#x67;reg", "greg greg"),
        ("greg%20r", "greg r"),
        ("D%C3%BCrer", "Durer"),
        ("\\u0067reg", "greg"),
        ("a BREAK b", "a   b"),
    ],
)
def test_encodings_are_undone(text: str, decoded: str) -> None:
    assert read(text)["decoded"] == decoded


@pytest.mark.parametrize("text", ["a castle (greg:1.3)", "100% wool & co", "&zzz;", "5 %zz", ""])
def test_a_plain_text_has_one_reading(text: str) -> None:
    assert list(read(text)) == ["plain"]
    assert read(text)["plain"] == text


def test_digits_that_stand_for_letters_make_further_readings() -> None:
    assert read("gr3g rutk0wski")["leet"] == "greg rutkowski"
    assert "leet" not in read("(greg:1.3), 1999")
    assert {r.folded.text for r in readings("w1lliam", look_alikes())} == {"w1lliam", "william", "wllliam"}


def test_letters_of_other_scripts_are_read_both_ways() -> None:
    both = read("gr\u0435g \u0440")
    assert both["plain"] == "greg r"
    assert both["look-alike"] == "greg p"


@given(st.text(alphabet=st.sampled_from("aG1% 20&;#xnbsp\\u0041BREAK\u0435é\U0001f600")))
def test_every_character_of_every_reading_has_a_place_in_the_text(text: str) -> None:
    for reading in readings(text, look_alikes()):
        folded = reading.folded
        assert folded.text.isascii()
        for at in range(len(folded.text)):
            start, end = folded.span(at, at + 1)
            assert 0 <= start < end <= len(text)
