from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.names.interface import ListedName
from auditor.names.matcher import compile_matcher
from auditor.thresholds import NAMES
from tests.names.listing import PEOPLE, found, matcher

ENGINE = matcher()

WRITINGS = {
    "greg rutkowski": "exact",
    "GREG RUTKOWSKI": "exact",
    "greg_rutkowski": "separator",
    "greg-rutkowski": "separator",
    "greg.rutkowski": "separator",
    "GregRutkowski": "concatenated",
    "gregrutkowski": "concatenated",
    "g r e g r u t k o w s k i": "spaced-out",
    "gre grutkowski": "split",
    "greg%20rutkowski": "encoded",
    "greg&nbsp;rutkowski": "encoded",
    "gr3g rutk0wski": "leet",
    "ｇｒｅｇ　ｒｕｔｋｏｗｓｋｉ": "look-alike",
    "𝐠𝐫𝐞𝐠 𝐫𝐮𝐭𝐤𝐨𝐰𝐬𝐤𝐢": "look-alike",
    "gr\u0435g rutk\u043ewski": "look-alike",
    "g\u200breg rut\u00adkowski": "look-alike",
    "ɢʀᴇɢ ʀᴜᴛᴋᴏᴡꜱᴋɪ": "look-alike",
    "grég rutkówski": "accents",
    "greg rutkowsky": "misspelt",
    "grag rutkowski": "misspelt",
    "Rutkowski, Greg": "reversed",
    "G. Rutkowski": "initials",
}


@pytest.mark.parametrize("written", WRITINGS)
def test_every_writing_of_a_name_is_found_with_its_form_and_its_place(written: str) -> None:
    text = f"a castle at dawn, {written}, oil on canvas"
    assert found(ENGINE, text) == [("Greg Rutkowski", written, WRITINGS[written])]


@pytest.mark.parametrize(
    "template",
    [
        "({}:1.3)",
        "[[[artist:{}]]]",
        "1.5::artist:{}::",
        "{{{{{}}}}}",
        "<lora:{}:0.8>",
        "{}'s castle",
        "#{} #art",
        "masterpiece BREAK {}",
        "0.4::artiat:{}",
        "by {} and nobody",
        r"{} \(artist\)",
    ],
)
@pytest.mark.parametrize("name", ["greg_rutkowski", "GregRutkowski", "wlop", "WLOP"])
def test_prompt_grammar_does_not_hide_a_name(template: str, name: str) -> None:
    text = template.format(name)
    matches = ENGINE.find(text)
    assert [text[match.start : match.end] for match in matches] == [name]
    assert matches[0].score >= NAMES.block


@pytest.mark.parametrize(
    ("text", "mention"),
    [
        ("<lora:GregRutkowskiStyle_v2:.8>", "GregRutkowski"),
        ("<lora:wlop-2_v1_epoch15:0.8>", "wlop"),
        ("bygreg rutkowski", "greg rutkowski"),
        ("artist:dishwasher1910", "dishwasher1910"),
        ("greg_rutkowski_xl_2.safetensors", "greg_rutkowski"),
    ],
)
def test_the_span_is_the_name_alone(text: str, mention: str) -> None:
    assert [text[match.start : match.end] for match in ENGINE.find(text)] == [mention]


@pytest.mark.parametrize(
    "text",
    [
        "a rose by the window",
        "a prince and a rose under a blue sky",
        "people hope for rain",
        "ross and kim walk their dog",
        "art by ross tran",
        "art by kim jung gi",
        "mecha, goth, tiger, money",
        "emily ratajkowski",
        "greg_rutkowski_(pokemon)",
        "the making of a film",
        "grants wood to the poor",
    ],
)
def test_other_people_and_ordinary_words_are_not_named(text: str) -> None:
    assert found(ENGINE, text) == []


@pytest.mark.parametrize(
    ("text", "artist"),
    [
        ("art by rose", "Rose"),
        ("photo by Prince, 1999", "Prince"),
        ("in the style of kim", "Kim"),
        ("artist:ross", "Ross"),
        ("by greg rutkowski and ross", "Ross"),
        ("@kim", "Kim"),
    ],
)
def test_an_ambiguous_name_counts_with_a_cue(text: str, artist: str) -> None:
    assert artist in {match.artist_id for match in ENGINE.find(text)}


def test_a_creator_field_is_a_cue_by_itself_and_a_caption_is_not() -> None:
    assert [match.artist_id for match in ENGINE.find("Rose", "metadata")] == ["Rose"]
    assert ENGINE.find("Rose", "caption") == ()


def test_a_name_that_the_list_marks_needs_a_strong_cue() -> None:
    engine = compile_matcher([ListedName("a", "Sakimichan", ambiguous=True)])
    assert engine.find("1girl, sakimichan") == ()
    assert [match.score >= NAMES.block for match in engine.find("art by sakimichan")] == [True]


def test_the_reason_says_what_was_recognised_and_which_cue_it_follows() -> None:
    (match,) = ENGINE.find("a castle, art by greg rutkowsky")
    assert match.reason == (
        "'greg rutkowsky' is the listed name 'Greg Rutkowski' with one letter wrong ('rutkowsky' for 'rutkowski') "
        "and follows 'art by'."
    )


def test_native_names_are_matched_as_characters() -> None:
    engine = matcher(["草間彌生", "グレッグ・ルトコフスキ", "王五"])
    assert found(engine, "art by 草間彌生, hd") == [("草間彌生", "草間彌生", "native-script")]
    assert found(engine, "グレッグルトコフスキ風") == [
        ("グレッグ・ルトコフスキ", "グレッグルトコフスキ", "native-script")
    ]
    assert found(engine, "王五と犬") == []
    assert found(engine, "王五風") == [("王五", "王五", "native-script")]


def test_a_longer_name_swallows_a_shorter_one() -> None:
    engine = matcher(["Kim", "Kim Jung Gi", "Artgerm", "Stanley Artgerm Lau"])
    assert [match.artist_id for match in engine.find("art by kim jung gi")] == ["Kim Jung Gi"]
    assert [match.artist_id for match in engine.find("stanley artgerm lau")] == ["Stanley Artgerm Lau"]


def test_artists_that_share_a_name_are_all_named_up_to_a_bound() -> None:
    two = compile_matcher([ListedName("a", "Greg Rutkowski"), ListedName("b", "greg  rutkowski")])
    assert {match.artist_id for match in two.find("greg rutkowski")} == {"a", "b"}
    many = compile_matcher([ListedName(str(number), "Greg Rutkowski") for number in range(200)])
    assert 0 < len(many.find("greg rutkowski")) < 200


def test_empty_and_wordless_names_are_left_out() -> None:
    engine = matcher(["", "  ", "!!!", "\u0301", "Greg Rutkowski"])
    assert found(engine, "!!! greg rutkowski") == [("Greg Rutkowski", "greg rutkowski", "exact")]
    assert matcher([]).find("anything") == ()


def test_many_texts_give_what_each_gives_alone() -> None:
    texts = [f"x, {written}, y" for written in WRITINGS] + ["", "a rose", "\n", "é"] + ["greg rutkowski"] * 3
    assert ENGINE.find_many(texts) == [ENGINE.find(text) for text in texts]
    assert ENGINE.find_many([]) == []


def test_without_misspellings_only_whole_names_are_found() -> None:
    exact = matcher(misspellings=False)
    assert found(exact, "greg_rutkowski") == [("Greg Rutkowski", "greg_rutkowski", "separator")]
    assert exact.find("art by greg rutkowsky") == ()


ALPHABET = st.one_of(
    st.sampled_from(
        [*PEOPLE, "greg", "rutkowsky", " by ", ", ", "_", "(", ":1.3)", "&amp;", "%20", "\u0435", "\u0301"]
    ),
    st.text(max_size=6),
    st.characters(),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(ALPHABET, max_size=12), st.sampled_from(["caption", "tag", "metadata", "file-name", "prompt"]))
def test_matching_never_raises_and_spans_lie_inside_the_text(parts: list[str], kind: str) -> None:
    text = "".join(parts)
    for match in ENGINE.find(text, kind):
        assert 0 <= match.start < match.end <= len(text)
        assert NAMES.review <= match.score <= 1
        assert match.artist_id in PEOPLE
        assert match.reason.endswith(".")
        assert match.form


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=30), st.text(max_size=30))
def test_a_listed_name_is_found_in_any_surroundings_of_punctuation(left: str, right: str) -> None:
    def quiet(text: str) -> str:
        return "".join(character for character in text if character in " ,.!?*:;{}[]'\"\n")

    text = f"{quiet(left)} greg rutkowski {quiet(right)}"
    assert "Greg Rutkowski" in {match.artist_id for match in ENGINE.find(text)}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=40), max_size=20), st.text(max_size=60))
def test_any_list_compiles_and_answers(names: list[str], text: str) -> None:
    engine = compile_matcher([ListedName(str(number), name) for number, name in enumerate(names)])
    for candidate in [text, *names, "art by " + " and ".join(names)]:
        for match in engine.find(candidate):
            assert 0 <= match.start < match.end <= len(candidate)


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "a castle at dawn, " * 600_000,
        "art by greg rutkowski, " * 100_000,
        "\u0301" * 1_000_000,
        "שלום עולם " * 100_000,
        "\0" * 2_000_000,
        b"\xff\xfe\x80".decode("utf-8", "surrogateescape") * 300_000,
        "xqzt brlk wvnm " * 200_000,
        "greg" + "\u200b" * 500_000 + "rutkowski",
    ],
    ids=["prose", "names", "marks", "right-to-left", "nul", "bytes", "unknown", "hidden"],
)
def test_a_huge_text_is_searched_to_its_end(text: str) -> None:
    last = len(text) - 1
    text += " art by Alphonse Mucha"
    matches = ENGINE.find(text)
    assert matches[-1].artist_id == "Alphonse Mucha"
    assert matches[-1].start > last
