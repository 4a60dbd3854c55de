"""Whether words that nearly spell a listed name are a slip, or somebody or something else.

A slip makes a word that nobody uses; another person's name is a word that people use. So a half that is spelt
wrongly may be far off when it is no known word or name, must keep the sound when it is a known name, and must be
one small slip beside an unmistakable half when it is a dictionary word.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

from auditor.names.finding.people import is_other_famous, is_short_for
from auditor.names.finding.spelling import cost
from auditor.names.listing.surfaces import PARTICLES
from auditor.names.reading import tables
from auditor.thresholds import NAMES

COMMON_WORD = 40
"""SCOWL level up to which a word is in everybody's use."""
NAME_WORD = 20
"""The same for words that are frequent surnames too."""
_FUNCTION_WORD = 10
_SHORT = 3
_COMMONEST_GIVEN = 2_500
_SAME_SOUND = 0.6
"""Weighted edits up to which a slip keeps the sound or the look."""
_SAME_NAME = 0.45
"""Weighted edits up to which a known person is the listed one, spelt otherwise (Brueghel, Bruegel)."""
_NICKNAME = 0.5
_SHORT_SURNAME = 5
_UNMISTAKABLE = 2
"""`weight_of` a word that is nothing but this name."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a near spelling amounts to."""

    ceiling: float
    edits: int
    cost: float


def budget(letters: int) -> int:
    """Edits that a whole name of so many letters may have."""
    return 0 if letters < 7 else 1 if letters <= 8 else 2 if letters <= 11 else 3


def weigh(
    written: Sequence[str],
    listed: Sequence[str],
    edits: Sequence[int],
    cued: bool,
    spoken: Set[str] = frozenset(),
    apart: bool = True,
) -> Verdict | None:
    """Judge words written for the listed words, one to one; None where they mean something else.

    `edits` are the plain edits of each pair. `cued` says that a phrase such as "art by" stands before; `spoken` are the
    everyday words of the language around; `apart` says that nothing but the words stands between two commas or ends,
    so that an everyday word among them is no part of a sentence.
    """
    total = sum(edits)
    phrase = " ".join(written)
    if total > budget(sum(map(len, listed))):
        return None
    wrong = [number for number, edit in enumerate(edits) if edit]
    if any(written[number] in PARTICLES for number in wrong):
        return None
    exact = [listed[number] for number, edit in enumerate(edits) if not edit]
    if exact and not cued and not apart and all(word in PARTICLES for word in exact):
        return None
    if any(written[number] in spoken for number in wrong):
        return None
    anchor = max((0 if word in spoken else weight_of(word) for word in exact), default=0)
    if not exact and (len(wrong) > 2 or any(kind_of(written[number]) for number in wrong)):
        return None
    named = anchor or int(any(word in tables.given_names() for word in exact))
    costs = [_cost(written[number], listed[number], first=number == 0) for number in wrong]
    if sum(costs) > _SAME_NAME and (is_other_famous(phrase, " ".join(listed)) or phrase in tables.characters()):
        return None
    allowance = 0.0 if not cued else 0.4 if anchor >= _UNMISTAKABLE else 0.2
    for number, price in zip(wrong, costs, strict=True):
        if number == 0 and exact and is_short_for(written[0], listed[0]):
            if anchor >= (1 if cued or listed[0].startswith(written[0]) else _UNMISTAKABLE):
                continue
            return None
        kind = kind_of(written[number])
        strength = anchor + int(cued or apart) if kind == "word" else named
        two = kind == "frequent" and number > 0 and _are_two(written[number], listed[number])
        two = two or (kind == "word" and number > 0 and written[number] in tables.commonest_surnames())
        if two and named < _UNMISTAKABLE and price > _SAME_NAME:
            return None
        less = 0.0 if kind in ("frequent", "rare") else allowance
        if not _is_slip(kind, written[number], listed[number], edits[number], price - less, strength, bool(exact)):
            return None
    worst = max(costs, default=0.0)
    sure = anchor > 0 and worst <= 0.6 and not any(kind_of(written[number]) == "word" for number in wrong)
    return Verdict(NAMES.slip_cued if cued else NAMES.slip_sure if sure else NAMES.slip, total, sum(costs))


def weight_of(word: str) -> int:
    """How much an exact word says: 0 a common word, 1 a known name or a rare word, 2 nothing but this name."""
    level = tables.words().get(word)
    if level is not None:
        return 0 if is_common(word) else 1
    if word in PARTICLES or word in tables.latin_function_words() or word in tables.vocabulary():
        return 0
    return 1 if word in tables.given_names() or word in tables.frequent_surnames() else 2


def is_common(word: str) -> bool:
    """Say whether a word is in everybody's use as a word; less so where it is a frequent surname (newton)."""
    level = tables.words().get(word, COMMON_WORD + 1)
    return level <= (NAME_WORD if word in tables.frequent_surnames() else COMMON_WORD)


def kind_of(word: str) -> str:
    """What a word is besides: `word`, `frequent` (name), `rare` (name), or empty."""
    level = tables.words().get(word)
    if (level is not None and level <= COMMON_WORD) or word in tables.vocabulary():
        return "word"
    if word in tables.given_names() or word in tables.frequent_surnames():
        return "frequent"
    return "rare" if level is not None or word in tables.surnames() else ""


def _is_slip(kind: str, written: str, listed: str, edits: int, price: float, anchor: int, anchored: bool) -> bool:
    """Decide about one word; `anchor` is the weight of the best exact word beside it."""
    ratio = price / max(len(written), len(listed))
    level = tables.words().get(written, COMMON_WORD)
    if kind == "word" and len(written) <= _SHORT and level <= _FUNCTION_WORD:
        return False
    if kind == "word":
        if anchor > _UNMISTAKABLE and level > _FUNCTION_WORD:
            return edits <= 2 and price <= 1.0
        return anchor >= 2 and edits <= 1 and price <= _SAME_SOUND
    if len(written) <= _SHORT and price > _SAME_SOUND:
        return False
    if kind and anchor == 2 and ratio <= 0.25:
        return True
    if kind == "frequent":
        return anchored and price <= (_SAME_SOUND if is_commonest(written) else 0.8)
    if kind == "rare":
        return anchored and (price <= 0.8 or (ratio <= 0.16 and price <= 0.7 * edits))
    if price <= _SAME_SOUND and anchored:
        return True
    if not anchor:
        return ratio <= 0.13
    same_head = written[:5] == listed[:5] and len(written) > 5
    return ratio <= (0.28 if anchor == 2 or same_head else 0.21)


def _are_two(written: str, listed: str) -> bool:
    """Say whether two short words are surnames of many people each (Moro, Mora): one is no slip for the other."""
    known = tables.frequent_surnames()
    return len(listed) <= _SHORT_SURNAME and written in known and listed in known


def is_commonest(word: str) -> bool:
    """Say whether very many people have this name."""
    return word in tables.commonest_surnames() or tables.given_names().get(word, _COMMONEST_GIVEN) < _COMMONEST_GIVEN


def _cost(written: str, listed: str, first: bool) -> float:
    """Weighted edits; a given name cut short (Norm, Greg) is a small step."""
    price = cost(written, listed)
    if first and is_short_for(written, listed):
        return min(price, _NICKNAME)
    return price
