"""Guesses of one word: a surname alone or with initials, a misspelt name of one word."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import replace

from auditor.names.finding.around import (
    continues,
    cue_of,
    gap_before,
    is_name,
    listed_alone,
    mention_of,
    preceded_by_name,
)
from auditor.names.finding.doubt import kind_of, weigh, weight_of
from auditor.names.finding.fuzzy import FuzzySearch, Guess
from auditor.names.judging.cues import NO_CUE, Cue, Strength
from auditor.names.judging.mention import Mention
from auditor.names.judging.notes import slip_note
from auditor.names.listing.ambiguity import FREQUENT_GIVEN, Grade, is_famous_artist, judge_single
from auditor.names.listing.surfaces import Surface
from auditor.names.reading import tables
from auditor.names.reading.views import Views
from auditor.names.reading.words import TextWords
from auditor.thresholds import NAMES

_INITIAL_GAPS = re.compile(r"(?:[A-Za-z][ ._-]{1,3})+")
_DOTTED = re.compile(r"(?:[A-Z]\.[ _-]?)+[A-Z][a-z]")
_DOTTED_TAIL = re.compile(r"(?:[A-Za-z]\.[ -]?)*[A-Za-z](?:\.|\Z)?")
_ARTICLES = ("a", "i", "o")
"""Words of one letter, which are initials only with a dot."""
_QUOTES = ("'", "’", "`")
_SINGLE_FROM = {Strength.NONE: 8, Strength.WEAK: 7, Strength.STRONG: 6}
"""Letters from which a name of one word may be misspelt, by the cue beside it."""
_SURNAME_FROM = 5


def single(
    guess: Guess, surface: Surface, text: TextWords, views: Views, grade: Grade, spoken: Set[str]
) -> Mention | None:
    """A near spelling of a name of one word, or the name with an ending; counts only beside a cue or in a list."""
    cue = cue_of(guess, text, views)
    sure = cue.strength is Strength.STRONG and is_famous_artist(guess.listed[0])
    if continues(guess, text, views) and not sure:
        return None
    if not any(guess.edits):
        if surface.is_tag:
            return None
        note = f"is the listed name '{surface.listed}'"
        return mention_of(guess, text, "ending", grade, cue, NAMES.surname_cued, note) if guess.suffix else None
    verdict = weigh(guess.written, guess.listed, guess.edits, False, spoken)
    if verdict is None or len(guess.listed[0]) < _SINGLE_FROM[cue.strength]:
        return None
    strong = cue.strength is Strength.STRONG
    grade = grade if strong else max(grade, Grade.NAME_ONLY)
    ceiling = NAMES.single_slip_cued if strong else NAMES.single_slip
    mention = mention_of(
        guess,
        text,
        "misspelt",
        grade,
        cue,
        ceiling,
        slip_note(guess.written, guess.listed, f"the listed name '{surface.listed}'"),
    )
    return replace(mention, edits=verdict.edits)


def surname(
    guess: Guess, search: FuzzySearch, surface: Surface, text: TextWords, views: Views, spoken: Set[str]
) -> Mention | None:
    """A surname with initials, or alone."""
    initials = _initials(guess, search.initials(guess.surface), text, views)
    if initials is not None and not guess.suffix and not surface.listed.islower():
        given = search.initials(guess.surface)
        if any(guess.edits) and not _slips_once(initials, given):
            return None
        return _with_initials(initials, guess.listed[0], surface, text, views)
    if not _can_stand_alone(guess.listed[0], search, guess.surface, surface) or continues(guess, text, views):
        return None
    cue = cue_of(guess, text, views)
    if not cue.phrase.startswith("follows") and preceded_by_name(guess, text, views):
        return None
    if cue.form == "handle":
        return None
    cued = cue.strength is Strength.STRONG
    judgement = judge_single(guess.listed[0], search.everyday.get(guess.listed[0], ()))
    name = surface.listed
    if any(guess.edits):
        verdict = weigh(guess.written, guess.listed, guess.edits, cued, spoken)
        if verdict is None or judgement.grade is not Grade.DISTINCTIVE or cue.strength is Strength.NONE:
            return None
        ceiling = NAMES.surname_slip if cued else NAMES.surname
        note = slip_note(guess.written, guess.listed, f"the surname of the listed '{name}'")
        return replace(mention_of(guess, text, "misspelt", Grade.NAME_ONLY, cue, ceiling, note), edits=verdict.edits)
    if judgement.grade is not Grade.DISTINCTIVE and not cued and cue.form != "lora-tag" and not guess.suffix:
        return mention_of(guess, text, "surname", Grade.NAME_ONLY, NO_CUE, NAMES.surname, _surname_note(guess, name))
    grade = judgement.grade
    if cue.strength is Strength.NONE:
        cue = listed_alone(guess, text, views)
        grade = max(grade, Grade.NAME_ONLY)
    ceiling = NAMES.surname_cued if cued and judgement.grade is Grade.DISTINCTIVE else NAMES.surname
    return mention_of(guess, text, "surname", grade, cue, ceiling, _surname_note(guess, name))


def _surname_note(guess: Guess, name: str) -> str:
    return f"is the surname of the listed '{name}'"


def _can_stand_alone(word: str, search: FuzzySearch, number: int, surface: Surface) -> bool:
    """Say whether people use this last word alone for its bearer: a surname behind a given name, long enough.

    A tag of two words in small letters (`tsuji kazuho`) may end in a given name, and a surname that is a given name
    as well mostly is one.
    """
    if is_famous_artist(word) and tables.given_names().get(word, FREQUENT_GIVEN) >= FREQUENT_GIVEN:
        return True
    if len(word) < _SURNAME_FROM or word in tables.given_names() or word in tables.vocabulary():
        return False
    if surface.listed.islower():
        return False
    return len(search.parts(number)) > 1 or bool(search.initials(number))


def _slips_once(guess: Guess, given: str) -> bool:
    """Say whether a surname behind all listed initials is misspelt by one letter and no dictionary word."""
    return sum(guess.edits) == 1 and guess.last - guess.first == len(given) and kind_of(guess.written[0]) != "word"


def _with_initials(guess: Guess, surname: str, surface: Surface, text: TextWords, views: Views) -> Mention | None:
    cue = cue_of(guess, text, views)
    edits = sum(guess.edits)
    weight = weight_of(surname)
    common = weight == 0 or surname in tables.commonest_surnames()
    grade = Grade.NAME_ONLY if common else Grade.DISTINCTIVE
    ceiling = (
        NAMES.initials_cued
        if cue.strength is Strength.STRONG
        else NAMES.initials
        if weight == 2
        else NAMES.initials_common
    )
    if common and cue.strength is Strength.NONE:
        cue = listed_alone(guess, text, views)
        start = int(text.at[guess.first])
        if cue.strength is Strength.NONE and _DOTTED.match(views.text, start):
            cue = Cue(Strength.WEAK, "is written with dotted initials and a capital")
    if edits:
        ceiling = min(ceiling, NAMES.surname_slip)
        note = slip_note(guess.written, guess.listed, f"the listed '{surface.listed}' with initials")
    else:
        note = f"is initials and surname of the listed '{surface.listed}'"
    return replace(mention_of(guess, text, "initials", grade, cue, ceiling, note), edits=edits)


def _initials(guess: Guess, given: str, text: TextWords, views: Views) -> Guess | None:
    """Take in the initials before the surname (`h. r. giger`) or behind it (`rutkowski, g.`).

    `given` are the first letters of the listed given names; the text may leave out the later ones.
    """
    letters = _letters_at(text, guess.first, -1)
    if letters in _ARTICLES and views.text[int(text.at[guess.first - 1]) + 1] != ".":
        return None
    if letters and given.startswith(letters):
        whole = replace(guess, first=guess.first - len(letters))
        start = int(text.at[whole.first])
        tight = _INITIAL_GAPS.fullmatch(views.text, start, int(text.at[guess.first])) is not None
        before = views.text[start - 1 : start]
        alone = before not in _QUOTES and not before.isdigit() and not _after_name(whole, text, views)
        return whole if tight and alone else None
    after = _letters_at(text, guess.last, 1)
    if after and not letters and given.startswith(after):
        whole = replace(guess, last=guess.last + len(after), manner="reversed")
        gap = views.text[int(text.at[guess.last]) + len(text.words[guess.last]) : text.at[guess.last + 1]]
        tail = views.text[int(text.at[guess.last + 1]) : int(text.at[whole.last]) + 2]
        return whole if gap.strip() == "," and _DOTTED_TAIL.fullmatch(tail) else None
    return None


def _after_name(guess: Guess, text: TextWords, views: Views) -> bool:
    """A given name before the initials (Lyndon B. Johnson) makes it somebody else."""
    gap = gap_before(guess.first, text, views)
    if gap is None or gap.strip(" _"):
        return False
    word = text.words[guess.first - 1]
    return is_name(word) or word in tables.given_names()


def _letters_at(text: TextWords, number: int, step: int) -> str:
    """Up to three single letters beside a word, in reading order."""
    letters = ""
    other = number + step
    while 0 <= other < len(text.words) and len(letters) < 3 and text.reading[other] == text.reading[number]:
        if len(text.words[other]) != 1:
            break
        letters = text.words[other] + letters if step < 0 else letters + text.words[other]
        other += step
    return letters
