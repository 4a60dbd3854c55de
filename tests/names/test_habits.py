"""How people write names in prompts, tags, LoRA names and files; what is only like it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.names.finding.people import distinct, is_short_for, meant_by, same_given
from auditor.names.interface import ListedName
from auditor.names.listing.surfaces import surfaces
from auditor.names.matcher import compile_matcher
from auditor.thresholds import NAMES
from tests.names.listing import matcher

LISTED = (
    "Greg Rutkowski", "Alphonse Mucha", "Daniel F. Gerhartz", "M. C. Escher", "H. R. Giger", "Gregory Manchess",
    "Artgerm", "Wlop", "Caspar David Friedrich", "Caravaggio", "Claude Monet", "Andy Warhol", "Frank Frazetta",
    "William Morrisby",
)  # fmt: skip
ENGINE = matcher(LISTED)


@pytest.mark.parametrize(
    ("text", "artist"),
    [
        ("a portrait by daniel gerhartz", "Daniel F. Gerhartz"),
        ("daniel gerhartz, oil", "Daniel F. Gerhartz"),
        ("a staircase by escher", "M. C. Escher"),
        ("mc escher", "M. C. Escher"),
        ("escher, m. c.", "M. C. Escher"),
        ("giger style", "H. R. Giger"),
        ("h r gigger", "H. R. Giger"),
        ("giger, h. r.", "H. R. Giger"),
        ("by Greg Manchess", "Gregory Manchess"),
        ("art by bill morrisby", "William Morrisby"),
        ("by art germ, hd", "Artgerm"),
        ("gregrutkowsky, castle", "Greg Rutkowski"),
        ("<lora:gregrutkowsky_v2:0.8>", "Greg Rutkowski"),
        ("<lora:GregRutkowsky:1>", "Greg Rutkowski"),
        ("rutkowskigreg", "Greg Rutkowski"),
        ("muchaalphonse", "Alphonse Mucha"),
        ("a warholesque soup", "Andy Warhol"),
        ("warholian portrait", "Andy Warhol"),
        ("in a frazettaesque style", "Frank Frazetta"),
        ("rutkowskiesque", "Greg Rutkowski"),
        ("<lora:sdxl_wlop:1>", "Wlop"),
        ("artgerm_noobai", "Artgerm"),
        ("ohwx_wlop", "Wlop"),
        ("wlop_(3)", "Wlop"),
        ("greg_rutkowski_(12)", "Greg Rutkowski"),
        ("by caspar friedrich, moor", "Caspar David Friedrich"),
        ("made by carvaggio stanley", "Caravaggio"),
        ("in the style of Monet", "Claude Monet"),
        ("embedding:wlop", "Wlop"),
        ("(embedding:greg_rutkowski:1.1)", "Greg Rutkowski"),
        ("__wlop__", "Wlop"),
        ("<hypernet:wlop:1>", "Wlop"),
        ("<lyco:wlop-000008:.7>", "Wlop"),
    ],
)
def test_habits(text: str, artist: str) -> None:
    assert artist in {match.artist_id for match in ENGINE.find(text)}


@pytest.mark.parametrize("name", ["wlop_(2).png", "wlop-000008.safetensors", "10_wlop style", "wlop 1024x1024.webp"])
def test_file_names_with_numbers(name: str) -> None:
    (match,) = ENGINE.find(name, "file-name")
    assert match.artist_id == "Wlop" and match.score >= NAMES.block


@settings(deadline=None)
@given(st.integers(0, 9999))
def test_a_number_in_brackets_is_no_series(number: int) -> None:
    for text in (f"wlop_({number})", f"wlop ({number})", f"greg_rutkowski_({number})"):
        assert ENGINE.find(text), text
    assert ENGINE.find("wlop_(some_series)") == ()


@pytest.mark.parametrize(
    "text",
    [
        "#b0b0b0", "[COLOR1] and [COLOR2]", "<lora:emmaStone_v10:1.15>", "by Monette", "a gigger counter",
        "Caspar the friendly ghost", "the warholes", "Stone age", "Blanche Hoschede Monet exhibition",
    ],
)  # fmt: skip
def test_what_is_only_like_it(text: str) -> None:
    engine = matcher(["Bobobo", "Colo", "Emma", "Claude Monet", "H. R. Giger", "Caspar David Friedrich", "Andy Warhol"])
    assert [match for match in engine.find(text) if match.score >= NAMES.block] == []


def test_one_artist_in_several_spellings_keeps_the_surname() -> None:
    engine = matcher(["Alphonse Mucha", "Alfons Mucha", "A. Mucha"])
    assert engine.find("in the style of mucha")
    assert len(engine.find("by alphonse muchha")) <= 1


def test_a_famous_surname_goes_to_its_bearer() -> None:
    assert matcher(["Blanche Hoschedé Monet"]).find("in the style of Monet") == ()
    both = matcher(["Blanche Hoschedé Monet", "Claude Monet"])
    assert {match.artist_id for match in both.find("in the style of Monet")} == {"Claude Monet"}
    assert {match.artist_id for match in matcher(["Monet"]).find("in the style of Monet")} == {"Monet"}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("alphonse", "alfons", False), ("alphonse", "alphons", True), ("h", "hans", True), ("h", "rudi", False),
        ("greg", "gregory", True), ("bill", "william", True), ("claude", "blanche", False), ("", "anna", True),
    ],
)  # fmt: skip
def test_given_names_of_one_person(one: str, other: str, same: bool) -> None:
    assert same_given(one, other) is same
    assert same_given(other, one) is same


@given(st.text(alphabet="abcdefg", min_size=1, max_size=9))
def test_nobody_is_short_for_themselves(name: str) -> None:
    assert not is_short_for(name, name)
    assert same_given(name, name)


def test_bearers_are_counted_by_person() -> None:
    listed = surfaces([ListedName(name, name) for name in ("Anna Voss", "Ann Voss", "A. Voss", "Karl Voss")])
    assert len(distinct(enumerate(listed))) == 2
    assert {surface.listed for _, surface in meant_by("voss", list(enumerate(listed)))} <= {s.listed for s in listed}


@pytest.mark.parametrize(
    "text",
    ["Disney, cartoon", "christmas, star, felt", "History of African Literature, Currey, 1847",
     "Artist - Travis, vinyl",     "louis - theophile", "a michael long sleeve shirt"],
)  # fmt: skip
def test_a_surname_alone_is_not_enough(text: str) -> None:
    people = ["Walt Disney", "Ernest William Christmas", "Frances Currey", "Ann Travis", "Morris Louis", "Michael Lang"]
    engine = matcher(people)
    assert engine.find(text) == ()


def test_a_surname_counts_in_a_list_of_artists() -> None:
    assert "Frank Frazetta" in {match.artist_id for match in ENGINE.find("greg rutkowski, frazetta, oil")}
    assert "Frank Frazetta" in {match.artist_id for match in ENGINE.find("frazetta, greg rutkowski, oil")}


def test_the_floor_is_the_one_that_is_asked_for() -> None:
    engine = compile_matcher([ListedName("a", "Matt Fox"), ListedName("b", "Ross")])
    text = "a house that matt fox built, near ross"
    assert engine.find(text) == ()
    low = engine.find(text, "caption", 0.2)
    assert {match.artist_id for match in low} == {"a", "b"}
    assert engine.find(text, "caption", 0.4)[0].artist_id == "a"
    assert engine.find("art by ross", "caption", 0.95) == ()


PARTS = ["wlop", "a rose", "by", ",", "and", "greg rutkowski", "_", "(2)", "<lora:", ">", "style"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PARTS), max_size=10), st.floats(0.05, 0.95))
def test_a_higher_floor_finds_no_more(parts: list[str], floor: float) -> None:
    text = " ".join(parts)
    every, some = ENGINE.find(text, "caption", 0.05), ENGINE.find(text, "caption", floor)
    assert all(match.score >= floor for match in some)
    assert len(some) <= len(every)
