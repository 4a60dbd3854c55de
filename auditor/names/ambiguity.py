"""How sure a spelling alone makes: the grade of a listed surface, set once when the matcher is compiled.

A name that people also write when they mean no artist needs a cue such as "art by". A word list alone cannot
say which those are (painters' surnames are words to it), so lower-case dictionary words, given names, frequent
surnames and places are asked separately.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from auditor.names import tables
from auditor.names.surfaces import PARTICLES, Surface


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


FREQUENT_GIVEN = 3_000
HANDLE = 6
"""Characters from which letters joined with digits are a handle (dishwasher1910) and no number."""
RARE_WORD = 55
"""SCOWL level from which a word inside a full name counts as a name (louis, a coin)."""
SHORT = 3
"""Letters up to which a name alone says too little."""


def judge(surface: Surface) -> Judgement:
    """Grade one surface."""
    words = surface.spaced.split()
    if surface.ambiguous:
        return Judgement(Grade.ORDINARY, "the list marks it as ambiguous")
    if not words:
        short = len(surface.native) < SHORT
        return Judgement(
            Grade.NAME_ONLY if short else Grade.DISTINCTIVE,
            "it has two characters" if short else "it is a full name in its own script",
        )
    if any(word.isdigit() for word in words) and " " not in surface.listed and len("".join(words)) >= HANDLE:
        return Judgement(Grade.DISTINCTIVE, "letters and digits together make a handle")
    telling = [word for word in words if not word.isdigit() and len(word) > 1 and word not in PARTICLES]
    if not telling:
        return Judgement(Grade.ORDINARY, "it has no word of two letters")
    if len(telling) == 1 and len(words) == 1:
        return judge_single(telling[0])
    return _judge_full(words, telling)


def judge_single(word: str) -> Judgement:
    """Grade a name of one word."""
    if word in tables.words():
        return Judgement(Grade.ORDINARY, f"'{word}' is a dictionary word")
    if len(word) <= SHORT:
        return Judgement(Grade.NAME_ONLY, f"'{word}' has only {len(word)} letters")
    if word in tables.given_names():
        return Judgement(Grade.NAME_ONLY, f"'{word}' is a given name")
    if word in tables.frequent_surnames():
        return Judgement(Grade.NAME_ONLY, f"'{word}' is a frequent surname")
    if word in tables.places():
        return Judgement(Grade.NAME_ONLY, f"'{word}' is a place")
    if word in tables.characters():
        return Judgement(Grade.NAME_ONLY, f"'{word}' is a figure of fiction")
    return Judgement(Grade.DISTINCTIVE, f"'{word}' is no other word or name")


def _judge_full(words: list[str], telling: list[str]) -> Judgement:
    phrase = " ".join(words)
    if phrase in tables.places() or phrase in tables.characters():
        return Judgement(Grade.NAME_ONLY, f"'{phrase}' is also a place or a figure of fiction")
    if any(tables.words().get(word, RARE_WORD) >= RARE_WORD for word in telling):
        if len(telling) == 1 and telling[0] in tables.given_names():
            return Judgement(Grade.NAME_ONLY, f"'{telling[0]}' is a given name and the rest says little")
        return Judgement(Grade.DISTINCTIVE, "a part of it is no dictionary word")
    first_given = tables.given_names().get(telling[0], FREQUENT_GIVEN) < FREQUENT_GIVEN
    if len(telling) > 1 and first_given and telling[-1] in tables.surnames():
        return Judgement(Grade.PERSONAL, "every part of it is a dictionary word")
    return Judgement(Grade.ORDINARY, "every part of it is a dictionary word")
