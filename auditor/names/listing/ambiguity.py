"""How sure a spelling alone makes: the grade of a listed surface, set once when the matcher is compiled.

A name that people also write when they mean no artist needs a cue such as "art by". A word list alone cannot
say which those are (painters' surnames are words to it), so lower-case dictionary words, given names, frequent
surnames and places are asked separately.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from auditor.names.listing.surfaces import PARTICLES, Surface
from auditor.names.reading import tables
from auditor.names.reading.fold import is_other_script
from auditor.thresholds import NAMES

LANGUAGES = {
    "bg": "Bulgarian", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "es": "Spanish", "fi": "Finnish", "fr": "French", "hu": "Hungarian", "id": "Indonesian", "it": "Italian",
    "ja": "Japanese", "ko": "Korean", "nb": "Norwegian", "nl": "Dutch", "pl": "Polish", "pt": "Portuguese",
    "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian",
    "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
"""Language code -> its English name."""
SECTIONS = {
    "booru": "picture tags", "romaji": "Japanese", "camera": "photography", "brand": "trade (a brand)",
    "model": "image models", "trainer": "model training", "art": "art",
}  # fmt: skip
"""Section of the vocabulary -> what it is a word of."""


class Grade(IntEnum):
    """What a surface needs to count."""

    DISTINCTIVE = 0
    """Counts wherever it stands."""
    PERSONAL = 1
    """A person's full name made of dictionary words (Grant Wood): counts with a cue, or alone between commas."""
    NAME_ONLY = 2
    """A lone given name, frequent surname, place or very short handle: counts with a cue."""
    ORDINARY = 3
    """Dictionary words (Rose, Blue Sky), or said by the list: counts only with a strong cue such as "art by"."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A grade and, in words, why."""

    grade: Grade
    why: str
    languages: tuple[str, ...] = ()
    """Languages in which the name is made of everyday words; in their texts it is `Grade.ORDINARY`."""

    def within(self, language: str) -> Grade:
        """The grade in a text of a language."""
        return Grade.ORDINARY if language in self.languages else self.grade


Everyday = Mapping[str, tuple[str, ...]]
"""Word of a list -> languages in which it is everyday (`tables.everyday_languages`)."""
FREQUENT_GIVEN = 3_000
HANDLE = 6
"""Characters from which letters joined with digits are a handle (dishwasher1910) and no number."""
RARE_WORD = 55
"""SCOWL level from which a word inside a full name counts as a name (louis, a coin)."""


def everyday_of(surfaces: Iterable[Surface]) -> Everyday:
    """The words of a list that are everyday in a language of their script."""
    latin: set[str] = set()
    other: set[str] = set()
    for surface in surfaces:
        into = other if surface.native or (not surface.listed.isascii() and is_other_script(surface.listed)) else latin
        into.update([surface.native] if surface.native else surface.spaced.split())
    spoken = tables.languages()
    found = tables.everyday_languages(latin, [code for code in spoken if code not in tables.FOLDED])
    for word, languages in tables.everyday_languages(other, spoken).items():
        found.setdefault(word, languages)
    return found


def judge(surface: Surface, everyday: Everyday) -> Judgement:
    """Grade one surface."""
    words = surface.spaced.split()
    if surface.ambiguous:
        return Judgement(Grade.ORDINARY, "the list marks it as ambiguous")
    if not words:
        return _judge_native(surface, everyday)
    if any(word.isdigit() for word in words) and " " not in surface.listed and len("".join(words)) >= HANDLE:
        return Judgement(Grade.DISTINCTIVE, "letters and digits together make a handle")
    telling = [word for word in words if not word.isdigit() and len(word) > 1 and word not in PARTICLES]
    if not telling:
        return Judgement(Grade.ORDINARY, "it has no word of two letters")
    if len(telling) == 1 and len(words) == 1:
        return judge_single(telling[0], everyday.get(telling[0], ()))
    return _judge_full(words, telling, everyday)


def _judge_native(surface: Surface, everyday: Everyday) -> Judgement:
    if surface.native in everyday:
        return Judgement(Grade.ORDINARY, f"'{surface.native}' is an everyday word", everyday[surface.native])
    if len(surface.native) <= NAMES.short_native:
        return Judgement(Grade.NAME_ONLY, f"it has only {len(surface.native)} characters")
    return Judgement(Grade.DISTINCTIVE, "it is a full name in its own script")


def judge_single(word: str, languages: tuple[str, ...] = ()) -> Judgement:
    """Grade a name of one word; `languages` are those in which it is everyday."""
    if word in tables.words():
        return Judgement(Grade.ORDINARY, f"'{word}' is a dictionary word")
    if word in tables.vocabulary():
        return Judgement(Grade.ORDINARY, f"'{word}' is a word of {SECTIONS[tables.vocabulary()[word]]}")
    if len(word) < NAMES.short_letters or word in tables.latin_function_words():
        return Judgement(Grade.ORDINARY, f"'{word}' is too short or too common a word", languages)
    if len(word) == NAMES.short_letters:
        return Judgement(Grade.NAME_ONLY, f"'{word}' has only {len(word)} letters", languages)
    if is_famous_artist(word) and tables.given_names().get(word, FREQUENT_GIVEN) >= FREQUENT_GIVEN:
        return Judgement(Grade.DISTINCTIVE, f"'{word}' is known as an artist's name", languages)
    if word in tables.given_names():
        return Judgement(Grade.NAME_ONLY, f"'{word}' is a given name", languages)
    if languages:
        spoken = ", ".join(LANGUAGES.get(code, code) for code in languages[:3])
        return Judgement(Grade.NAME_ONLY, f"'{word}' is an everyday word in {spoken}", languages)
    if word in tables.frequent_surnames():
        return Judgement(Grade.NAME_ONLY, f"'{word}' is a frequent surname")
    if word in tables.places():
        return Judgement(Grade.NAME_ONLY, f"'{word}' is a place")
    if word in tables.characters():
        return Judgement(Grade.NAME_ONLY, f"'{word}' is a figure of fiction")
    if word in tables.web():
        return Judgement(Grade.NAME_ONLY, f"'{word}' is often written for something else")
    if (plain := _undoubled(word)) is not None:
        return Judgement(Grade.NAME_ONLY, f"'{word}' is the dictionary word '{plain}' with a letter doubled")
    return Judgement(Grade.DISTINCTIVE, f"'{word}' is no other known word or name")


def _undoubled(word: str) -> str | None:
    """The dictionary word that a word is with one letter written twice (joyfull), or None."""
    shorter = (word[:at] + word[at + 1 :] for at in range(len(word) - 1) if word[at] == word[at + 1])
    return next((plain for plain in shorter if plain in tables.words()), None)


def is_famous_artist(name: str) -> bool:
    """Say whether a name alone means one well-known artist to most people (Monet, Hokusai)."""
    known = tables.famous().get(name)
    return known is not None and known[1]


def is_ordinary(word: str, everyday: Everyday) -> bool:
    """Say whether a word inside a full name is a word and no name."""
    if tables.words().get(word, RARE_WORD) < RARE_WORD or word in tables.vocabulary():
        return True
    if word in tables.latin_function_words():
        return True
    if word not in everyday:
        return False
    return len(word) <= NAMES.short_letters or (word not in tables.given_names() and word not in tables.surnames())


def _judge_full(words: list[str], telling: list[str], everyday: Everyday) -> Judgement:
    phrase = " ".join(words)
    if is_famous_artist(phrase):
        return Judgement(Grade.DISTINCTIVE, "it is the full name of a known artist")
    if phrase in tables.places() or phrase in tables.characters():
        return Judgement(Grade.NAME_ONLY, f"'{phrase}' is also a place or a figure of fiction")
    names = [word for word in telling if not is_ordinary(word, everyday)]
    given = telling[0] in tables.given_names()
    if names and not given and max(map(len, names)) <= NAMES.short_letters and len(telling) < 3:
        return Judgement(Grade.NAME_ONLY, f"'{max(names, key=len)}' has few letters and the rest says little")
    if names:
        if len(telling) == 1 and telling[0] in tables.given_names():
            return Judgement(Grade.NAME_ONLY, f"'{telling[0]}' is a given name and the rest says little")
        return Judgement(Grade.DISTINCTIVE, f"'{max(names, key=len)}' in it is no dictionary word")
    shared = _shared_languages(telling, everyday)
    first_given = tables.given_names().get(telling[0], FREQUENT_GIVEN) < FREQUENT_GIVEN
    first_given = first_given or telling[0] not in tables.words()
    if len(telling) > 1 and (shared or (first_given and telling[-1] in tables.surnames()) or len(words) > 2):
        return Judgement(Grade.PERSONAL, "every part of it is also an everyday word", shared)
    return Judgement(Grade.ORDINARY, "every part of it is an everyday word", shared)


def _shared_languages(telling: list[str], everyday: Everyday) -> tuple[str, ...]:
    """Languages in which every word that English does not have is everyday."""
    foreign = [set(everyday.get(word, ())) for word in telling if word not in tables.words()]
    return tuple(sorted(set.intersection(*foreign))) if foreign else ()
