"""Texts in many languages: what is an everyday word, what is a cue, which language it is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.names.interface import ListedName
from auditor.names.judging.phrases import AFTER, STRONG
from auditor.names.listing.ambiguity import Grade, everyday_of, judge
from auditor.names.listing.surfaces import surfaces
from auditor.names.reading import tables
from auditor.names.reading.fold import fold_name
from auditor.names.reading.words import guess_language
from tests.names.listing import found, matcher

SENTENCES = {
    "en": "the dog and the cat are not here with you",
    "de": "der Hund und die Katze sind nicht hier und er ist auch nicht da",
    "fr": "le chien est dans la maison avec une femme qui porte une robe pour elle",
    "es": "los perros estan en la casa y las mujeres tambien cuando yo fue muy",
    "it": "il cane che non ama della casa sono anche nel giardino degli alberi",
    "pt": "o homem nao esta em casa e ela tem uma bola para voce tambem",
    "nl": "het meisje en de jongen zijn niet op een boot met hun ouders voor ook",
    "pl": "nie ma go w domu bo jest tylko dla niej przez bardzo",
    "cs": "nejsem doma protoze jsem byl pro ktery jsou kdyz",
    "sv": "och jag är inte här för att det finns mycket som vara ett",
    "tr": "bu bir ev ve çok güzel ama daha için gibi olarak",
    "id": "orang ini tidak bisa yang dengan untuk dan adalah dari",
    "ru": "это не так как что если когда мне еще будет время",
    "uk": "що це таке він його які під вже коли якщо було",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_a_sentence_says_which_language_it_is_in(language: str) -> None:
    assert guess_language(fold_name(SENTENCES[language]).lower().split()) == language


@given(st.lists(st.sampled_from("castle dragon 8k masterpiece sunset oil".split()), max_size=12))
def test_words_of_a_prompt_say_nothing(words: list[str]) -> None:
    assert guess_language(words) == ""


@given(st.lists(st.text(alphabet="abcdefgh", min_size=1, max_size=6), max_size=30))
def test_a_guess_is_a_language_or_nothing(words: list[str]) -> None:
    assert guess_language(words) in {"", *tables.function_words().values()}


def test_every_language_has_a_table_and_words_of_its_own() -> None:
    assert len(tables.languages()) >= 20
    for language in tables.languages():
        words = tables.everyday(language)
        assert len(words) > (300 if language == "vi" else 2_000), language
    assert tables.everyday("xx") == frozenset()


@pytest.mark.parametrize("language", [code for code in tables.languages() if code not in ("zh", "ja", "ko")])
def test_tables_hold_folded_words(language: str) -> None:
    assert all(word.isascii() and word.isalpha() and word.islower() for word in tables.everyday(language))


@pytest.mark.parametrize(
    ("word", "language"),
    [("sommer", "de"), ("fleur", "fr"), ("ragazza", "it"), ("mujer", "es"), ("menina", "pt"), ("meisje", "nl"),
     ("dziewczyna", "pl"), ("pejsek", "cs"), ("flicka", "sv"), ("kadin", "tr"), ("perempuan", "id"), ("poika", "fi")],
)  # fmt: skip
def test_everyday_words_of_other_languages_need_a_cue(word: str, language: str) -> None:
    if word not in tables.everyday(language):
        pytest.skip("not in the table")
    listed = surfaces([ListedName("a", word)])
    judgement = judge(listed[0], everyday_of(listed))
    assert judgement.grade > Grade.PERSONAL
    assert judgement.within(language) is Grade.ORDINARY or judgement.grade is Grade.ORDINARY
    engine = matcher([word])
    assert engine.find(f"a girl, {word}, sunset") == ()
    assert [match.artist_id for match in engine.find(f"art by {word}")] == [word]


@pytest.mark.parametrize("name", ["Picasso", "Hokusai", "Caravaggio", "Kandinsky"])
def test_names_that_every_language_writes_are_no_everyday_words(name: str) -> None:
    listed = surfaces([ListedName("a", name)])
    assert judge(listed[0], everyday_of(listed)).grade is Grade.DISTINCTIVE


@pytest.mark.parametrize(
    "word", "kawaii hime mecha nikon canon zbrush locon lycoris radiosity twintails chanel pixiv isekai".split()
)
def test_words_of_the_field_need_a_cue(word: str) -> None:
    engine = matcher([word])
    assert engine.find(f"masterpiece, {word}, 1girl") == ()
    assert engine.find(f"<lora:{word}_v2:0.7>") == ()
    assert engine.find(f"art by {word}")


PHRASES = [(language, phrase) for language, phrases in STRONG.items() for phrase in phrases]
BEHIND = [(language, phrase) for language, phrases in AFTER.items() for phrase in phrases]


def test_there_are_cues_in_many_languages() -> None:
    assert len({*STRONG, *AFTER}) >= 15


@pytest.mark.parametrize(("language", "phrase"), PHRASES, ids=[f"{a}-{b}" for a, b in PHRASES])
def test_every_phrase_before_a_name_is_a_cue(language: str, phrase: str) -> None:
    engine = matcher(["Wlop", "Rose"])
    gap = "'" if phrase.endswith(" d") else " "
    for name in ("Wlop", "Rose"):
        text = f"{phrase}{gap}{name}"
        assert [match.artist_id for match in engine.find(text)] == [name], text


@pytest.mark.parametrize(("language", "phrase"), BEHIND, ids=[f"{a}-{b}" for a, b in BEHIND])
def test_every_phrase_behind_a_name_is_a_cue(language: str, phrase: str) -> None:
    (match,) = matcher(["Wlop"]).find(f"Wlop {phrase}")
    assert match.score >= 0.95


@pytest.mark.parametrize(
    "text",
    ["我用软件画画", "一个男的很高兴的在玩滑板。", "温暖的黄金时刻", "前線の戦況が悪くなってきた", "これは全部の年です",
     "나무와 푸른 들판", "女性面部", "ミニマルな構図", "复古风的桌布", "民族风", "发光的机柜"],
)  # fmt: skip
def test_ordinary_asian_text_names_nobody(text: str) -> None:
    people = ["Ruan Jia", "Gao Xiang", "Huang Ji", "Qian Xuan", "Fu Gu", "Min Zu"]
    assert matcher([*people, "quan", "nian", "namu", "mian", "minimaru"]).find(text) == ()


@pytest.mark.parametrize(
    "text",
    ["art by 阮佳", "阮佳风格", "画师：阮佳", "阮佳画风", "以阮佳风格画的", "阮佳之作", "阮佳的作品"],
)
def test_a_whole_reading_beside_a_cue_is_for_review(text: str) -> None:
    (match,) = matcher(["Ruan Jia", "Jia"]).find(text)
    assert (match.artist_id, text[match.start : match.end], match.form) == ("Ruan Jia", "阮佳", "reading")
    assert 0.5 <= match.score < 0.8


@settings(deadline=None)
@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=30))
def test_han_text_without_a_cue_never_names_a_latin_name(text: str) -> None:
    quiet = "".join(letter for letter in text if letter not in "风風作画畫之家绘繪")
    assert matcher(["Ruan Jia", "Li Bo", "Wu", "Shi Tao", "yi", "zhi", "ren"]).find(quiet) == ()


@pytest.mark.parametrize("text", ["草間彌生風", "草間彌生の絵", "by 草間彌生", "草間彌生"])
def test_a_confirmed_reading_is_found_as_it_is_listed(text: str) -> None:
    assert found(matcher(["草間彌生"]), text) == [("草間彌生", "草間彌生", "native-script")]


@pytest.mark.parametrize(
    ("text", "mention"),
    [
        ("картина в стиле Грега Рутковского", "Грега Рутковского"),
        ("в стиле Рутковского", "Рутковского"),
        ("Грегом Рутковским", "Грегом Рутковским"),
    ],
)
def test_a_cyrillic_alias_is_found_in_its_cases(text: str, mention: str) -> None:
    engine = matcher(["Грег Рутковский"])
    assert [text[match.start : match.end] for match in engine.find(text)] == [mention]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Greg Rutkowski", "obraz w stylu Grega Rutkowskiego"),
        ("Zdzisław Beksiński", "w stylu Zdzisława Beksińskiego"),
        ("Alfons Mucha", "ve stylu Alfonse Muchy"),
        ("Alfons Mucha", "obraz od Alfonse Muchy"),
        ("Jacek Malczewski", "w stylu Jacka Malczewskiego"),
    ],
)
def test_polish_and_czech_cases_are_found(name: str, text: str) -> None:
    assert name in {match.artist_id for match in matcher([name]).find(text)}


def test_a_whole_word_of_another_script_needs_a_cue() -> None:
    engine = matcher(["Suda", "Tomu Vega"])
    assert engine.find("он пошёл суда, а потом тому вега") == ()
    assert engine.find("художник: Тому Вега")
