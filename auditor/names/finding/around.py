"""What stands around the words of a guess: gaps, other people's names, cues, places in a list."""

from __future__ import annotations

import re

from auditor.names.finding.doubt import kind_of
from auditor.names.finding.fuzzy import Guess
from auditor.names.judging.cues import NO_CUE, Cue, Strength, cue_after, cue_before
from auditor.names.judging.mention import Mention
from auditor.names.listing.ambiguity import Grade
from auditor.names.reading import tables
from auditor.names.reading.views import Views
from auditor.names.reading.words import TextWords

_HARD = re.compile(r"[,;!?|\n\r&(]|[a-z]{3}\.\s|\d{2}")
_HARD_REVERSED = re.compile(r"[;!?|\n\r&.()\[\]{}\"]|\d{2}|,.*,")
_LONGEST_GAP = 12


def gap_before(number: int, text: TextWords, views: Views) -> str | None:
    """What stands between a word and the one before it in the same reading; None at the start of a reading."""
    before = number - 1
    if before < 0 or text.reading[before] != text.reading[number]:
        return None
    return views.text[int(text.at[before]) + len(text.words[before]) : int(text.at[number])]


def gap_after(number: int, text: TextWords, views: Views) -> str | None:
    """What stands between a word and the next one of the same reading; None at the end of a reading."""
    return gap_before(number + 1, text, views) if number + 1 < len(text.words) else None


def gaps_allow(guess: Guess, text: TextWords, views: Views) -> bool:
    """Say whether nothing between the words of a guess parts them."""
    hard = _HARD_REVERSED if guess.manner == "reversed" else _HARD
    for number in range(guess.first, guess.last):
        end = int(text.at[number]) + len(text.words[number])
        start = int(text.at[number + 1])
        if start - end > _LONGEST_GAP or hard.search(views.lower, max(end - 3, int(text.at[number])), start):
            return False
    return True


def continues(guess: Guess, text: TextWords, views: Views) -> bool:
    """Say whether a further name right behind (`Rutkowska Maria`, `amano_onsa`) makes it somebody else."""
    gap = gap_after(guess.last, text, views)
    if gap is None or len(gap) > 2 or gap.strip(" _-"):
        return False
    word, start = text.words[guess.last + 1], int(text.at[guess.last + 1])
    return is_name(word) or (len(word) == 1 and views.text[start + 1 : start + 2] == ".")


def preceded_by_name(guess: Guess, text: TextWords, views: Views) -> bool:
    """Say whether a given name or an initial right before makes it somebody else."""
    gap = gap_before(guess.first, text, views)
    if gap is None or gap.strip(" _-.") or len(gap) > 2:
        return False
    word = text.words[guess.first - 1]
    if len(word) == 1:
        return word not in ("a", "i", "o") or "." in gap
    return is_name(word) or (word in tables.given_names() and kind_of(word) != "word")


def is_name(word: str) -> bool:
    """Say whether a word is no dictionary word, no word of the field and no function word of any language."""
    return (
        len(word) > 1
        and word not in tables.words()
        and word not in tables.vocabulary()
        and word not in tables.latin_function_words()
    )


def cue_of(guess: Guess, text: TextWords, views: Views) -> Cue:
    """The stronger one of the cues before and behind the words."""
    if guess.glued:
        return Cue(Strength.WEAK, f"follows '{text.words[guess.first][: guess.glued]}'")
    if guess.suffix:
        strength = Strength.STRONG if guess.suffix == "esque" else Strength.WEAK
        return Cue(strength, f"has the ending '-{guess.suffix}'")
    reading = int(text.reading[guess.first])
    before = cue_before(views.lower, int(text.at[guess.first]), int(views.bounds[reading]))
    end = int(text.at[guess.last]) + len(text.words[guess.last])
    after = cue_after(views.lower, end, int(views.bounds[reading + 1]) - 1)
    return max(before, after, key=lambda cue: cue.strength)


def stands_apart(guess: Guess, text: TextWords, views: Views) -> bool:
    """Say whether the words of a guess stand between two commas, full stops, brackets or ends."""
    before, after = gap_before(guess.first, text, views), gap_after(guess.last, text, views)
    return all(gap is None or gap.strip(" _-'\"") for gap in (before, after))


def listed_alone(guess: Guess, text: TextWords, views: Views) -> Cue:
    """A weak cue where the words stand alone between two commas, as artists do in prompts."""
    reading = int(text.reading[guess.first])
    start = int(text.at[guess.first])
    end = int(text.at[guess.last]) + len(text.words[guess.last])
    before = views.text[int(views.bounds[reading]) : start].rstrip(" ([{")
    after = views.text[end : int(views.bounds[reading + 1]) - 1].lstrip(" )]}.")
    if before.endswith(",") and (not after or after[0] in ",:|"):
        return Cue(Strength.WEAK, "stands alone in a list")
    return NO_CUE


def mention_of(guess: Guess, text: TextWords, form: str, grade: Grade, cue: Cue, ceiling: float, note: str) -> Mention:
    """The mention that a guess makes, without what is glued to it."""
    start = int(text.at[guess.first]) + guess.glued
    end = int(text.at[guess.last]) + len(text.words[guess.last]) - len(guess.suffix)
    return Mention(guess.surface, start, end, form, grade, cue, ceiling=ceiling, note=note)
