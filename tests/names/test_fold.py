from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.names.fold import fold, fold_name, squeeze_native


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


def test_ideographs_become_words_of_their_own() -> None:
    assert fold_name("张大千") == "Zhang Da Qian"


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
