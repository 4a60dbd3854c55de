"""From a guess of the fuzzy search to a mention: the whole name must be there, and the spelling must be a slip."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace

from auditor.names.finding.alone import single, surname
from auditor.names.finding.around import cue_of, gap_before, gaps_allow, mention_of, stands_apart
from auditor.names.finding.doubt import kind_of, weigh, weight_of
from auditor.names.finding.fuzzy import FuzzySearch, Guess
from auditor.names.finding.people import is_short_for
from auditor.names.judging.cues import Cue, Strength
from auditor.names.judging.mention import Mention
from auditor.names.judging.notes import slip_note
from auditor.names.listing.ambiguity import Grade, Judgement
from auditor.names.listing.surfaces import Surface
from auditor.names.reading import tables
from auditor.names.reading.views import Views
from auditor.names.reading.words import TextWords
from auditor.thresholds import NAMES

_UNMISTAKABLE = 2
"""`weight_of` a word that is nothing but this name."""
_REVERSED_COST = 0.6
"""Weighted edits of a name that is turned round as well."""


def recognise(
    guess: Guess, search: FuzzySearch, surface: Surface, judgement: Judgement, text: TextWords, views: Views
) -> Mention | None:
    """Decide about one guess; `judgement` is that of the listed surface."""
    language = text.language(guess.first)
    spoken = tables.everyday(language)
    grade = judgement.within(language)
    if guess.manner in ("pair", "reversed"):
        return _pair(guess, search, surface, grade, text, views, spoken)
    if guess.manner == "single":
        return single(guess, surface, text, views, grade, spoken)
    return surname(guess, search, surface, text, views, spoken)


def _pair(
    guess: Guess, search: FuzzySearch, surface: Surface, grade: Grade, text: TextWords, views: Views, spoken: Set[str]
) -> Mention | None:
    whole = _extend(guess, search, text)
    if whole is None or not gaps_allow(whole, text, views):
        return None
    parts = search.parts(guess.surface)
    complete = len(whole.listed) == len(parts)
    cue = cue_of(whole, text, views)
    weight = _weight(whole)
    catalogued = _is_catalogued(whole, text, views)
    if not _order_allows(whole, complete, weight, cue, catalogued):
        return None
    if whole.manner == "reversed" and any(whole.edits) and not catalogued and _has_comma(whole, text, views):
        return None
    if not any(whole.edits):
        return _unaltered(whole, surface, complete, weight, grade, cue, text)
    apart = stands_apart(whole, text, views)
    verdict = weigh(whole.written, whole.listed, whole.edits, cue.strength is Strength.STRONG, spoken, apart)
    if verdict is None or (whole.manner == "reversed" and verdict.cost > _REVERSED_COST):
        return None
    ceiling = verdict.ceiling if complete and whole.manner == "pair" else min(verdict.ceiling, NAMES.slip)
    nonword = not any(kind_of(word) for word, slips in zip(whole.written, whole.edits, strict=True) if slips)
    if nonword and (grade is Grade.PERSONAL or (grade is Grade.ORDINARY and _is_given(parts[0]))):
        grade, ceiling = Grade.DISTINCTIVE, min(ceiling, NAMES.slip)
    short = is_short_for(whole.written[0], whole.listed[0]) and whole.written[1:] == whole.listed[1:]
    form = "nickname" if short else "misspelt"
    note = f"is the listed name '{surface.listed}' with a short first name" if short else _slip(whole, surface)
    if short and weight < _UNMISTAKABLE:
        ceiling = min(ceiling, NAMES.slip)
    mention = mention_of(whole, text, form, grade, cue, ceiling, note)
    return replace(mention, edits=0 if short else verdict.edits)


def _unaltered(
    whole: Guess, surface: Surface, complete: bool, weight: int, grade: Grade, cue: Cue, text: TextWords
) -> Mention | None:
    """The words as listed, but turned round, without the middle ones, or with something between them."""
    adjacent = whole.last - whole.first + 1 == len(whole.written)
    if complete and adjacent and whole.manner == "pair" and not whole.glued:
        return None
    form = "reversed" if whole.manner == "reversed" else "short" if not complete else "separator"
    glued = " and without a space" if whole.first == whole.last else ""
    what = {
        "reversed": f"with the surname first{glued}",
        "short": "without its middle name",
        "separator": "with something between its parts",
    }[form]
    ceiling = NAMES.turned if weight == 2 or cue.strength is Strength.STRONG else NAMES.turned_common
    return mention_of(whole, text, form, grade, cue, ceiling, f"is the listed name '{surface.listed}' {what}")


def _is_given(word: str) -> bool:
    return word in tables.given_names() and word not in tables.vocabulary()


def _slip(whole: Guess, surface: Surface) -> str:
    return slip_note(whole.written, whole.listed, f"the listed name '{surface.listed}'")


def _weight(guess: Guess) -> int:
    exact = (listed for listed, edits in zip(guess.listed, guess.edits, strict=True) if not edits)
    return max(map(weight_of, exact), default=0)


def _has_comma(whole: Guess, text: TextWords, views: Views) -> bool:
    return any("," in (gap_before(number, text, views) or "") for number in range(whole.first + 1, whole.last + 1))


def _is_catalogued(whole: Guess, text: TextWords, views: Views) -> bool:
    """Written `Last, First` with capitals, as catalogues do."""
    if whole.manner != "reversed" or whole.first == whole.last:
        return False
    capitals = all(views.text[int(text.at[number])].isupper() for number in (whole.first, whole.first + 1))
    return capitals and (gap_before(whole.first + 1, text, views) or "").strip() == ","


def _order_allows(whole: Guess, complete: bool, weight: int, cue: Cue, catalogued: bool) -> bool:
    """A name turned round or without its middle is somebody else's more often, so it must say more."""
    if whole.manner == "reversed" and catalogued and complete and weight:
        return True
    if whole.manner == "reversed" and whole.first == whole.last:
        return complete and weight > 0
    if whole.manner == "reversed":
        return complete and weight == 2 and all(len(word) > 3 for word in whole.written)
    if complete or weight == 2:
        return True
    return cue.strength is not Strength.NONE and not any(whole.edits)


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
