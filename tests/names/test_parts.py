"""The small pure parts: views, surfaces, grades, cues, shapes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.names.finding.edges import shape_of
from auditor.names.interface import ListedName
from auditor.names.judging.cues import Strength, chain_link, cue_after, cue_before
from auditor.names.listing.ambiguity import Grade, judge
from auditor.names.listing.surfaces import spellings, surfaces
from auditor.names.reading.views import build_views, spaced_form

ASCII = st.text(alphabet=st.characters(max_codepoint=127), max_size=40)


@given(st.lists(ASCII, max_size=6))
def test_the_views_hold_every_word_and_letter_and_their_places(texts: list[str]) -> None:
    views = build_views(texts)
    assert views.spaced.decode().count("\n") == len(texts)
    assert views.letters.decode().split("\n")[:-1] == [
        "".join(character for character in text.lower() if character.isalpha()) for text in texts
    ]
    for byte, at in zip(views.letters.decode(), views.letters_at.tolist(), strict=True):
        assert views.text[at].lower() == byte
    for number, text in enumerate(texts):
        if text:
            assert views.reading(int(views.bounds[number])) == number


@given(ASCII)
def test_one_name_and_a_batch_split_words_alike(text: str) -> None:
    assert spaced_form(text).split() == build_views([text]).spaced.decode().split()


@pytest.mark.parametrize(
    ("text", "form"),
    [("WlopStyle2", "wlop style 2"), ("KIMStyle", "kim style"), ("McBess", "mc bess"), ("a_b-c", "a b c"), ("!", "")],
)
def test_words_end_at_capitals_digits_and_separators(text: str, form: str) -> None:
    assert spaced_form(text) == form


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("Mucha, Alphonse, 1860-1939.", "Alphonse Mucha"),
        ("Stanley Lau (Artgerm)", "Artgerm"),
        ("Stanley Lau (Artgerm)", "Stanley Lau"),
        ("araki_hirohiko_(style)", "araki_hirohiko_"),
        ("Harry Weisburd, Jr.", "Harry Weisburd"),
        ('Stanley "Artgerm" Lau', "Stanley Lau"),
    ],
)
def test_an_entry_is_unpacked_into_its_spellings(entry: str, expected: str) -> None:
    assert expected in [spelling for spelling, _ in spellings(entry)]


def test_equal_surfaces_are_kept_once_and_in_order() -> None:
    names = [ListedName("b", "Wlop"), ListedName("a", "wlop"), ListedName("a", "WLOP", ambiguous=True)]
    found = surfaces(names)
    assert [(surface.artist_id, surface.ambiguous) for surface in found] == [("a", True), ("b", False)]


@pytest.mark.parametrize(
    ("name", "grade"),
    [
        ("Greg Rutkowski", Grade.DISTINCTIVE),
        ("Wlop", Grade.DISTINCTIVE),
        ("Dishwasher1910", Grade.DISTINCTIVE),
        ("Picasso", Grade.DISTINCTIVE),
        ("Matt Fox", Grade.PERSONAL),
        ("Ross", Grade.NAME_ONLY),
        ("Kim", Grade.NAME_ONLY),
        ("Yu", Grade.ORDINARY),
        ("Rose", Grade.ORDINARY),
        ("Will", Grade.ORDINARY),
        ("Blue Sky", Grade.ORDINARY),
        ("1 2", Grade.ORDINARY),
    ],
)
def test_grades(name: str, grade: Grade) -> None:
    (surface,) = surfaces([ListedName("a", name)])
    assert judge(surface, {}).grade is grade
    assert judge(surface, {}).why


@pytest.mark.parametrize(
    ("before", "strength"),
    [
        ("art by ", Strength.STRONG),
        ("oil painting by the famous ", Strength.STRONG),
        ("in the style of ", Strength.STRONG),
        ("artist:", Strength.STRONG),
        ("artist: (", Strength.STRONG),
        ("@", Strength.STRONG),
        ("by ", Strength.WEAK),
        ("<lora:", Strength.WEAK),
        ("a true artist ", Strength.WEAK),
        ("standby ", Strength.NONE),
        ("art by nobody, ", Strength.NONE),
        ("me@", Strength.NONE),
        ("", Strength.NONE),
    ],
)
def test_cues_before(before: str, strength: Strength) -> None:
    assert cue_before(before, len(before), 0).strength is strength


@pytest.mark.parametrize(
    ("after", "strength"),
    [
        (" style", Strength.WEAK),
        ("'s painting", Strength.STRONG),
        ("_(artist)", Strength.STRONG),
        (r" \(style\)", Strength.STRONG),
        (" stylus", Strength.NONE),
        (", style", Strength.NONE),
    ],
)
def test_cues_after(after: str, strength: Strength) -> None:
    assert cue_after("x" + after, 1, len(after) + 1).strength is strength


@pytest.mark.parametrize(
    ("gap", "link"),
    [(", ", ","), (" and ", "and"), (" & ", "&"), (":1.2), (", ","), (" | ", "|"), (" walks with ", None), (" ", None)],
)
def test_chains(gap: str, link: str | None) -> None:
    assert chain_link(gap) == link


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("greg rutkowski", "exact"),
        ("greg  rutkowski", "separator"),
        ("gregrutkowski", "concatenated"),
        ("greg rutkowski's", "possessive"),
        ("g r e g r u t k o w s k i", "spaced-out"),
        ("gre grut kowski", "split"),
        ("xgreg rutkowski", None),
        ("greg rutkowskix", None),
        ("gregrutkowskistyle", "concatenated"),
    ],
)
def test_shapes(text: str, form: str | None) -> None:
    start = text.index("g")
    end = text.rindex("i") + 1 if "style" not in text else text.index("style")
    shape = shape_of(text, start, end, "greg rutkowski")
    assert (shape.form if shape else None) == form
