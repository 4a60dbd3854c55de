from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.model import Artist
from auditor.names.interface import ListedName
from auditor.names.lint import lint_names, unsafe_names
from auditor.names.listing.readings import readings
from auditor.names.matcher import compile_matcher


@pytest.mark.parametrize(
    ("names", "rule"),
    [
        (("Rose",), "never-safe"),
        (("Ross",), "needs-cue"),
        (("Finland",), "place"),
        (("Zeus",), "fictional"),
        (("Quorvex Studio",), "organisation"),
        (("???",), "no-name"),
    ],
)
def test_single_names(names: tuple[str, ...], rule: str) -> None:
    advice = lint_names([Artist("a", names)])
    assert rule in {item.rule for item in advice}
    assert all(item.message.endswith(".") and item.fix for item in advice)


def test_a_full_name_gives_no_advice() -> None:
    assert lint_names([Artist("a", ("Greg Rutkowski",), ("grzegorz rutkowski",), ("alias",))]) == ()


def test_a_name_marked_as_ambiguous_is_not_called_unsafe() -> None:
    assert "never-safe" not in {item.rule for item in lint_names([Artist("a", ("Rose",), ambiguous=("Rose",))])}


def test_names_of_two_artists_and_names_inside_others() -> None:
    advice = lint_names([Artist("a", ("Kim Jung Gi",)), Artist("b", ("kim_jung-gi",)), Artist("c", ("Jung Gi",))])
    assert {(item.rule, item.artist_id) for item in advice} >= {("same-name", "a"), ("same-name", "b")}
    assert ("inside-another", "c") in {(item.rule, item.artist_id) for item in advice}


def test_withdrawn_artists_are_left_out() -> None:
    assert lint_names([Artist("a", ("Rose",), status="withdrawn")]) == ()


def test_many_equal_names_stay_short() -> None:
    advice = lint_names([Artist(str(number), ("Rose",)) for number in range(3_000)])
    assert len(advice) == 6_000
    assert max(len(item.message) for item in advice) < 200


@pytest.mark.parametrize(
    ("name", "language"),
    [("Mucha", "es"), ("Soleil", "fr"), ("Rose", "en"), ("Zwei", "de"), ("Tacco", "it")],
)
def test_an_unsafe_name_says_in_which_languages_it_stands_by_chance(name: str, language: str) -> None:
    (advice,) = [item for item in lint_names([Artist("a", (name,))]) if item.rule in ("never-safe", "needs-cue")]
    alarms = dict(advice.false_alarms)
    assert 0 < alarms[language] <= 1_000
    assert list(alarms.values()) == sorted(alarms.values(), reverse=True)
    assert "of 1,000 captions" in advice.message and "--fix" in advice.fix


@pytest.mark.parametrize("word", "kawaii nikon zbrush locon isekai chanel hime tsundere".split())
def test_words_of_the_field_are_never_safe(word: str) -> None:
    assert "never-safe" in {item.rule for item in lint_names([Artist("a", (word,))])}


def test_what_should_be_marked_is_what_is_advised() -> None:
    artist = Artist("a", ("Greta Holmqvist", "Rose"), ("ross", "gholmqvist"), ("alias", "handle"))
    assert unsafe_names(artist) == ("Rose", "ross")


@pytest.mark.parametrize(
    ("name", "script", "reading"),
    [
        ("Greg Rutkowski", "Cyrillic", "Грег Рутковски"),
        ("Yoneyama Mai", "katakana", "ヨネヤマ・マイ"),
        ("Hokusai", "katakana", "ホクサイ"),
        ("Park Seo Jun", "Hangul", "박서준"),
        ("Грег Рутковски", "Latin", "Greg Rutkovski"),
        ("阮佳", "Latin", "Ruan Jia"),
    ],
)
def test_readings(name: str, script: str, reading: str) -> None:
    assert dict(readings(name))[script] == reading


@pytest.mark.parametrize("name", ["X-1", "", "123", "!!"])
def test_what_is_no_word_has_no_reading(name: str) -> None:
    assert list(readings(name)) == []


@settings(deadline=None)
@given(st.text(max_size=20))
def test_a_reading_of_a_latin_name_is_found_as_an_alias(name: str) -> None:
    for script, reading in readings(name):
        assert reading.strip() and script in ("Cyrillic", "katakana", "Hangul", "Latin")


def test_a_confirmed_reading_is_found() -> None:
    for name in ("Greg Rutkowski", "Yoneyama Mai", "Park Seo Jun", "Hokusai"):
        for _, reading in readings(name):
            engine = compile_matcher([ListedName("a", name), ListedName("a", reading, "native")])
            assert [match.artist_id for match in engine.find(f"art by {reading}, hd")] == ["a"], reading
