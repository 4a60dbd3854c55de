"""From a guess of the fuzzy search to a mention: the whole name must be there, and the spelling must be a slip."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from auditor.names import tables
from auditor.names.ambiguity import Grade, Judgement, judge_single
from auditor.names.cues import NO_CUE, Cue, Strength, cue_before
from auditor.names.doubt import kind_of, weigh, weight_of
from auditor.names.fuzzy import FuzzySearch, Guess, TextWords
from auditor.names.mention import Mention
from auditor.names.views import Views

_REVERSED_COST = 0.6
"""Weighted edits of a name that is turned round as well."""
_HARD = re.compile(r"[,;!?|\n\r&(]|[a-z]{3}\.\s|\d{2}")
_HARD_REVERSED = re.compile(r"[;!?|\n\r&.()\[\]{}\"]|\d{2}|,.*,")
_INITIAL_GAPS = re.compile(r"(?:[A-Za-z][ ._-]{1,3})+")
_DOTTED = re.compile(r"(?:[A-Z]\.[ _-]?)+[A-Z][a-z]")
_ARTICLES = ("a", "i", "o")
"""Words of one letter, which are initials only with a dot."""
_QUOTES = ("'", "’", "`")
_LONGEST_GAP = 12
_NUMBERS = ("no", "one edit", "two edits", "three edits")


@dataclass(frozen=True, slots=True)
class Recognised:
    """A mention and the grade of what was written, which may be less than the listed name (a surname)."""

    mention: Mention
    judgement: Judgement | None = None
    """None where the surface's own judgement holds."""


def recognise(guess: Guess, search: FuzzySearch, text: TextWords, views: Views, grade: Grade) -> Recognised | None:
    """Decide about one guess; `grade` is that of the listed surface."""
    if guess.manner in ("pair", "reversed"):
        return _pair(guess, search, text, views, grade)
    if guess.manner == "single":
        return _single(guess, text, views, grade)
    return _surname(guess, search, text, views)


def _pair(guess: Guess, search: FuzzySearch, text: TextWords, views: Views, grade: Grade) -> Recognised | None:
    whole = _extend(guess, search, text)
    if whole is None or not _gaps_allow(whole, text, views):
        return None
    parts = search.parts(guess.surface)
    complete = len(whole.listed) == len(parts)
    adjacent = whole.last - whole.first + 1 == len(whole.written)
    cue = _cue(whole, text, views)
    weight = _weight(whole)
    catalogued = _is_catalogued(whole, text, views)
    if not _order_allows(whole, complete, weight, cue, catalogued):
        return None
    if whole.manner == "reversed" and any(whole.edits) and not catalogued and _has_comma(whole, text, views):
        return None
    if not any(whole.edits):
        if complete and adjacent and whole.manner == "pair" and not whole.glued:
            return None
        form = "reversed" if whole.manner == "reversed" else "short" if not complete else "separator"
        shown = " ".join(parts)
        note = {
            "reversed": f"is the listed name '{shown}' with the surname first",
            "short": f"is the listed name '{shown}' without its middle name",
            "separator": f"is the listed name '{shown}' with something between its parts",
        }[form]
        ceiling = 0.85 if weight == 2 or cue.strength is Strength.STRONG else 0.7
        return Recognised(_mention(whole, text, form, grade, cue, ceiling, note))
    verdict = weigh(whole.written, whole.listed, whole.edits, cue.strength is Strength.STRONG)
    if verdict is None or (whole.manner == "reversed" and verdict.cost > _REVERSED_COST):
        return None
    ceiling = verdict.ceiling if complete and whole.manner == "pair" else min(verdict.ceiling, 0.7)
    nonword = not any(kind_of(word) for word, slips in zip(whole.written, whole.edits, strict=True) if slips)
    if nonword and (grade is Grade.PERSONAL or (grade is Grade.ORDINARY and parts[0] in tables.given_names())):
        grade, ceiling = Grade.DISTINCTIVE, min(ceiling, 0.7)
    mention = _mention(whole, text, "misspelt", grade, cue, ceiling, _spelling_note(whole, parts))
    return Recognised(replace(mention, edits=verdict.edits))


def _weight(guess: Guess) -> int:
    exact = (listed for listed, edits in zip(guess.listed, guess.edits, strict=True) if not edits)
    return max(map(weight_of, exact), default=0)


def _has_comma(whole: Guess, text: TextWords, views: Views) -> bool:
    return "," in views.text[text.at[whole.first] : text.at[whole.last]]


def _is_catalogued(whole: Guess, text: TextWords, views: Views) -> bool:
    """Written `Last, First` with capitals, as catalogues do."""
    if whole.manner != "reversed":
        return False
    end = int(text.at[whole.first]) + len(text.words[whole.first])
    start = int(text.at[whole.first + 1])
    capitals = views.text[text.at[whole.first]].isupper() and views.text[start].isupper()
    return capitals and views.text[end:start].strip() == ","


def _order_allows(whole: Guess, complete: bool, weight: int, cue: Cue, catalogued: bool) -> bool:
    """A name turned round or without its middle is somebody else's more often, so it must say more."""
    if whole.manner == "reversed" and catalogued and complete and weight:
        return True
    if whole.manner == "reversed":
        return complete and weight == 2 and all(len(word) > 3 for word in whole.written)
    return complete or weight == 2 or (cue.strength is Strength.STRONG and not any(whole.edits))


def _extend(guess: Guess, search: FuzzySearch, text: TextWords) -> Guess | None:
    """Take in the parts of a longer name that stand beside the pair; None where its surname is missing."""
    parts = search.parts(guess.surface)
    if len(parts) == 2:
        return guess
    if guess.manner == "reversed":
        return _extend_reversed(guess, parts, text) if guess.listed == (parts[0], parts[-1]) else None
    found = guess
    while found.listed[-1] != parts[-1]:
        following = parts[min(parts.index(found.listed[-1]) + 1, len(parts) - 1)]
        number = found.last + 1
        edits = _near_edits(search, text, number, found, following)
        if edits is None:
            return None
        found = replace(
            found,
            last=number,
            written=(*found.written, text.words[number]),
            listed=(*found.listed, following),
            edits=(*found.edits, edits),
        )
    while found.listed[0] != parts[0]:
        preceding = parts[max(parts.index(found.listed[0]) - 1, 0)]
        number = found.first - 1
        edits = _near_edits(search, text, number, found, preceding)
        if edits is None:
            break
        found = replace(
            found,
            first=number,
            written=(text.words[number], *found.written),
            listed=(preceding, *found.listed),
            edits=(edits, *found.edits),
        )
    return found


def _extend_reversed(guess: Guess, parts: Sequence[str], text: TextWords) -> Guess:
    """Take in the middle names of `Last, First Middle`."""
    middle = tuple(parts[1:-1])
    last = guess.last + len(middle)
    if last >= len(text.words) or text.reading[last] != text.reading[guess.last]:
        return guess
    if tuple(text.words[guess.last + 1 : last + 1]) != middle:
        return guess
    return replace(
        guess,
        last=last,
        written=(guess.written[0], *middle, guess.written[-1]),
        listed=tuple(parts),
        edits=(guess.edits[0], *(0 for _ in middle), guess.edits[-1]),
    )


def _near_edits(search: FuzzySearch, text: TextWords, number: int, guess: Guess, listed: str) -> int | None:
    if not 0 <= number < len(text.words) or text.reading[number] != text.reading[guess.first]:
        return None
    wanted = search.near.numbers.get(listed)
    return next((edits for near, edits in search.near.near(text.words[number]) if near == wanted), None)


def _single(guess: Guess, text: TextWords, views: Views, grade: Grade) -> Recognised | None:
    """A near spelling of a name of one word."""
    if not any(guess.edits) or _continues(guess, text, views):
        return None
    cue = _cue(guess, text, views)
    verdict = weigh(guess.written, guess.listed, guess.edits, False)
    if verdict is None or len(guess.listed[0]) < (7 if cue.strength is Strength.STRONG else 8):
        return None
    ceiling = 0.82 if cue.strength is Strength.STRONG else 0.6
    mention = _mention(guess, text, "misspelt", grade, cue, ceiling, _spelling_note(guess, guess.listed))
    return Recognised(replace(mention, edits=verdict.edits))


def _surname(guess: Guess, search: FuzzySearch, text: TextWords, views: Views) -> Recognised | None:
    """A surname with initials, or alone."""
    parts = search.parts(guess.surface)
    surname = guess.listed[0]
    if not any(guess.edits):
        initials = _initials(guess, search.initials(guess.surface), text, views)
        if initials is not None:
            return _with_initials(initials, surname, " ".join(parts), text, views)
    if len(parts) < 2 or _continues(guess, text, views) or _preceded_by_name(guess, text, views):
        return None
    cue = _cue(guess, text, views)
    judgement = judge_single(surname)
    cued = cue.strength is Strength.STRONG
    if any(guess.edits):
        verdict = weigh(guess.written, guess.listed, guess.edits, cued)
        if verdict is None or judgement.grade is not Grade.DISTINCTIVE or not cued:
            return None
        mention = _mention(guess, text, "misspelt", Grade.DISTINCTIVE, cue, 0.7, _spelling_note(guess, parts, True))
        return Recognised(replace(mention, edits=verdict.edits), judgement)
    if len(surname) < 5 or (surname in tables.given_names() and not cued):
        return None
    if judgement.grade is not Grade.DISTINCTIVE and not cued:
        return None
    if cue.strength is Strength.NONE:
        cue = _listed_alone(guess, text, views)
        if cue.strength is Strength.NONE:
            return None
    ceiling = 0.82 if cued and judgement.grade is Grade.DISTINCTIVE else 0.6
    note = f"is the surname of the listed '{' '.join(parts)}'"
    return Recognised(_mention(guess, text, "surname", judgement.grade, cue, ceiling, note), judgement)


def _with_initials(guess: Guess, surname: str, name: str, text: TextWords, views: Views) -> Recognised | None:
    cue = _cue(guess, text, views)
    weight = weight_of(surname)
    common = weight == 0 or surname in tables.commonest_surnames()
    judgement = Judgement(
        Grade.NAME_ONLY if common else Grade.DISTINCTIVE,
        f"'{surname}' is a common word or name" if common else f"'{surname}' is no common word or name",
    )
    ceiling = 0.86 if cue.strength is Strength.STRONG else 0.78 if weight == 2 else 0.66
    if common and cue.strength is Strength.NONE:
        cue = _listed_alone(guess, text, views)
        start = int(text.at[guess.first])
        if cue.strength is Strength.NONE and _DOTTED.match(views.text, start):
            cue = Cue(Strength.WEAK, "is written with dotted initials and a capital")
    note = f"is initials and surname of the listed '{name}'"
    return Recognised(_mention(guess, text, "initials", judgement.grade, cue, ceiling, note), judgement)


def _listed_alone(guess: Guess, text: TextWords, views: Views) -> Cue:
    """A weak cue where the words stand alone between two commas, as artists do in prompts."""
    reading = int(text.reading[guess.first])
    start = int(text.at[guess.first])
    end = int(text.at[guess.last]) + len(text.words[guess.last])
    before = views.text[int(views.bounds[reading]) : start].rstrip(" ([{")
    after = views.text[end : int(views.bounds[reading + 1]) - 1].lstrip(" )]}.")
    if before.endswith(",") and (not after or after[0] in ",:|"):
        return Cue(Strength.WEAK, "stands alone in a list")
    return NO_CUE


def _initials(guess: Guess, given: str, text: TextWords, views: Views) -> Guess | None:
    """Take in the initials before the surname (`h. r. giger`) or behind it (`rutkowski, g.`).

    `given` are the first letters of the listed given names; the text may leave out the later ones.
    """
    before = _letters_at(text, guess.first, -1)
    if before in _ARTICLES and views.text[int(text.at[guess.first - 1]) + 1] != ".":
        return None
    if before and given.startswith(before):
        whole = replace(guess, first=guess.first - len(before))
        start = int(text.at[whole.first])
        tight = _INITIAL_GAPS.fullmatch(views.text, start, int(text.at[guess.first])) is not None
        return (
            whole
            if tight and views.text[start - 1 : start] not in _QUOTES and not _after_name(whole, text, views)
            else None
        )
    after = _letters_at(text, guess.last, 1)
    if after and not before and given.startswith(after):
        whole = replace(guess, last=guess.last + len(after), manner="reversed")
        gap = views.text[int(text.at[guess.last]) + len(text.words[guess.last]) : text.at[guess.last + 1]]
        dotted = views.text[int(text.at[whole.last]) + 1 : int(text.at[whole.last]) + 2] in (".", "")
        return whole if dotted and gap.strip() == "," and _gaps_allow(whole, text, views) else None
    return None


def _after_name(guess: Guess, text: TextWords, views: Views) -> bool:
    """A given name before the initials (Lyndon B. Johnson) makes it somebody else."""
    number = guess.first - 1
    if number < 0 or text.reading[number] != text.reading[guess.first]:
        return False
    gap = views.text[int(text.at[number]) + len(text.words[number]) : text.at[guess.first]]
    return not gap.strip(" _") and (_is_name(text.words[number]) or text.words[number] in tables.given_names())


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


def _gaps_allow(guess: Guess, text: TextWords, views: Views) -> bool:
    hard = _HARD_REVERSED if guess.manner == "reversed" else _HARD
    for number in range(guess.first, guess.last):
        end = int(text.at[number]) + len(text.words[number])
        start = int(text.at[number + 1])
        if start - end > _LONGEST_GAP or hard.search(views.lower, max(end - 3, int(text.at[number])), start):
            return False
    return True


def _continues(guess: Guess, text: TextWords, views: Views) -> bool:
    """A further name right behind (`Rutkowska Maria`, `amano_onsa`) makes it somebody else."""
    number = guess.last + 1
    if number >= len(text.words) or text.reading[number] != text.reading[guess.last]:
        return False
    word, start = text.words[number], int(text.at[number])
    gap = views.text[int(text.at[guess.last]) + len(text.words[guess.last]) : start]
    if len(gap) > 2 or gap.strip(" _-"):
        return False
    return _is_name(word) or (len(word) == 1 and views.text[start + 1 : start + 2] == ".")


def _preceded_by_name(guess: Guess, text: TextWords, views: Views) -> bool:
    number = guess.first - 1
    if number < 0 or text.reading[number] != text.reading[guess.first]:
        return False
    gap = views.text[int(text.at[number]) + len(text.words[number]) : text.at[guess.first]]
    if gap.strip(" _-.") or len(gap) > 2:
        return False
    word = text.words[number]
    return len(word) == 1 or _is_name(word) or (word in tables.given_names() and kind_of(word) != "word")


def _is_name(word: str) -> bool:
    return len(word) > 1 and word not in tables.words()


def _cue(guess: Guess, text: TextWords, views: Views) -> Cue:
    if guess.glued:
        return Cue(Strength.WEAK, f"follows '{text.words[guess.first][: guess.glued]}'")
    start = int(text.at[guess.first])
    return cue_before(views.lower, start, int(views.bounds[text.reading[guess.first]]))


def _mention(guess: Guess, text: TextWords, form: str, grade: Grade, cue: Cue, ceiling: float, note: str) -> Mention:
    start = int(text.at[guess.first]) + guess.glued
    end = int(text.at[guess.last]) + len(text.words[guess.last])
    return Mention(guess.surface, start, end, form, grade, cue, ceiling=ceiling, note=note)


def _spelling_note(guess: Guess, parts: Sequence[str], surname_only: bool = False) -> str:
    total = _NUMBERS[min(sum(guess.edits), 3)]
    wrong = [listed for listed, edits in zip(guess.listed, guess.edits, strict=True) if edits]
    where = "surname" if wrong[0] == parts[-1] and len(parts) > 1 else "given name" if len(parts) > 1 else "name"
    whole = "" if len(parts) == 1 or surname_only else f" beside the rest of '{' '.join(parts)}'"
    return f"is {total} from the listed {where} '{wrong[0]}'{whole}"
