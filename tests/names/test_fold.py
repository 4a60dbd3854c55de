from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.names.finding.native import has_unspaced
from auditor.names.reading.fold import fold, fold_name, is_unspaced, squeeze_native


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Dürer", "Durer"),
        ("Łukasz Øystein ß", "Lukasz Oystein ss"),
        ("e\u0301", "e"),
        ("𝐠𝐫𝐞𝐠", "greg"),
        ("ɢʀᴇɢ", "greg"),
        ("Ｇreg", "Greg"),
        ("Грег", "Greg"),
        ("g\u200br\u00adeg", "greg"),
        ("ⓖ🅶", "gG"),
        ("’—", "'-"),
        ("\u2028x\x00y", " x\x00y"),
        ("😀", " "),
        ("\ud800", " "),
    ],
)
def test_characters_fold_to_ascii(text: str, folded: str) -> None:
    assert fold(text).text == folded


@pytest.mark.parametrize("text", ["张大千", "グレッグ・ルトコフスキ", "がっこう", "김정기", "软件", "ﾅｶﾞﾉ"])
def test_han_kana_and_hangul_are_never_romanised_letter_by_letter(text: str) -> None:
    assert fold_name(text) == ""
    assert not any(character.isalpha() for character in fold(text).text)


@settings(deadline=None)
@given(st.text(alphabet=st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF), max_size=40), st.text(max_size=10))
def test_no_letter_of_a_reading_comes_from_a_han_character(han: str, other: str) -> None:
    folded = fold(other + han)
    for at, letter in enumerate(folded.text):
        if letter.isalpha():
            assert folded.span(at, at + 1)[0] < len(other)


def test_a_folded_span_leads_back_to_its_source() -> None:
    text = "x ß\u0301 Dürer"
    folded = fold(text)
    start = folded.text.index("Durer")
    left, right = folded.span(start, start + 5)
    assert text[left:right] == "Dürer"
    assert folded.span(2, 4) == (2, 3)


def test_native_characters_are_kept_without_separators() -> None:
    assert squeeze_native("グレッグ・ルト ｺﾌ") == "グレッグルトコフ"


@given(st.text())
def test_folding_gives_ascii_whose_spans_lie_inside_the_text(text: str) -> None:
    folded = fold(text)
    assert folded.text.isascii()
    for at in range(len(folded.text)):
        start, end = folded.span(at, at + 1)
        assert 0 <= start < end <= len(text)


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_ascii_is_its_own_fold(text: str) -> None:
    assert fold(text).text == text


@given(st.characters())
def test_the_quick_look_for_han_kana_and_hangul_agrees_with_the_slow_one(character: str) -> None:
    assert has_unspaced(character) == (not character.isascii() and is_unspaced(character))
