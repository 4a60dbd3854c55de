"""Case endings: what is taken off, where, and that every letter keeps its place."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.names.reading.fold import fold
from auditor.names.reading.inflection import bases, uninflected

LISTED = {"rutkowski", "greg", "mucha", "alfons", "beksinski", "malczewski", "jacek"}


@pytest.mark.parametrize(
    ("written", "base"),
    [
        ("rutkowskiego", "rutkowski"), ("rutkowskiemu", "rutkowski"), ("rutkowskim", "rutkowski"), ("grega", "greg"),
        ("muchy", "mucha"), ("muchou", "mucha"), ("alfonsa", "alfons"), ("alfonsem", "alfons"),
        ("rutkovskogo", "rutkovskii"), ("rutkovskomu", "rutkovskii"), ("rutkovskim", "rutkovskii"),
    ],
)  # fmt: skip
def test_endings(written: str, base: str) -> None:
    assert base in set(bases(written))


@pytest.mark.parametrize("word", ["a", "abc", "rutkowski", "xyz"])
def test_a_base_is_never_the_word_itself(word: str) -> None:
    assert word not in set(bases(word))


def test_only_texts_in_such_a_language_are_read_again() -> None:
    for text in ("art by Grega Rutkowskiego", "in the style of Rutkowskiego", ""):
        assert uninflected(text, fold(text), LISTED) is None
    again = uninflected("w stylu Grega Rutkowskiego", fold("w stylu Grega Rutkowskiego"), LISTED)
    assert again is not None and again.text == "w stylu Greg Rutkowski"


@settings(deadline=None)
@given(st.lists(st.sampled_from("w stylu Grega Muchy Alfonsem pies Beksińskiego ż Жаба , .".split()), max_size=12))
def test_every_letter_has_its_place_in_the_source(words: list[str]) -> None:
    text = " ".join(words)
    again = uninflected(text, fold(text), LISTED)
    if again is None:
        return
    spans = [again.span(at, at + 1) for at in range(len(again.text))]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert [start for start, _ in spans] == sorted(start for start, _ in spans)
