"""Which listed entries are one person, and whom a surname alone means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rapidfuzz.distance import OSA

from auditor.names.listing.surfaces import PARTICLES, Surface
from auditor.names.reading import tables

_SPELLING = 2
"""Letters by which two spellings of one given name differ (Alphonse, Alfons)."""
_SPELLING_FROM = 5
NICKNAMES = {
    "abe": "abraham", "al": "albert", "alex": "alexander", "andy": "andrew", "art": "arthur", "beth": "elizabeth",
    "bill": "william", "billy": "william", "bob": "robert", "bobby": "robert", "charlie": "charles",
    "chuck": "charles", "dave": "david", "dick": "richard", "don": "donald", "drew": "andrew", "ed": "edward",
    "frank": "francis", "fred": "frederick", "gene": "eugene", "geoff": "geoffrey", "gus": "gustav", "hank": "henry",
    "harry": "henry", "jack": "john", "jake": "jacob", "jeff": "jeffrey", "jim": "james", "jimmy": "james",
    "joe": "joseph", "johnny": "john", "kate": "katherine", "kathy": "katherine", "ken": "kenneth", "larry": "lawrence",
    "liz": "elizabeth", "maggie": "margaret", "matt": "matthew", "mike": "michael", "ned": "edward", "nick": "nicholas",
    "peggy": "margaret", "pete": "peter", "phil": "philip", "rick": "richard", "rob": "robert", "ron": "ronald",
    "sam": "samuel", "seb": "sebastian", "steve": "stephen", "sue": "susan", "ted": "theodore", "tim": "timothy",
    "tom": "thomas", "tony": "anthony", "vince": "vincent", "walt": "walter", "will": "william",
}  # fmt: skip
"""Short first name -> the name it stands for, where it is no beginning of it or is one of few letters."""
_SHORT_FROM = 3


def is_short_for(short: str, given: str) -> bool:
    """Say whether a first name is a short form of another (Greg, Gregory; Bill, William)."""
    if NICKNAMES.get(short) == given:
        return True
    return _SHORT_FROM <= len(short) < len(given) and given.startswith(short)


def same_given(one: str, other: str) -> bool:
    """Say whether two given names may be one person's: equal, an initial, a short form, or nearly spelt alike."""
    if not one or not other or one == other:
        return True
    if len(one) == 1 or len(other) == 1:
        return one[0] == other[0]
    if is_short_for(one, other) or is_short_for(other, one):
        return True
    if min(len(one), len(other)) < _SPELLING_FROM or one[0] != other[0]:
        return False
    return OSA.distance(one, other, score_cutoff=_SPELLING) <= _SPELLING


def given_of(surface: Surface) -> str:
    """The first word of a name before its last one; empty for a name of one word."""
    words = [word for word in surface.spaced.split() if word not in PARTICLES or len(word) == 1]
    return words[0] if len(words) > 1 else ""


def distinct(bearers: Iterable[tuple[int, Surface]]) -> list[tuple[int, Surface]]:
    """One entry for each person among entries with one surname, the one with the longest name."""
    kept: list[tuple[int, Surface]] = []
    for number, surface in sorted(bearers, key=lambda pair: (-len(pair[1].spaced), pair[0])):
        if not any(same_given(given_of(surface), given_of(other)) for _, other in kept):
            kept.append((number, surface))
    return kept


def meant_by(surname: str, bearers: Sequence[tuple[int, Surface]]) -> list[tuple[int, Surface]]:
    """The persons whom a surname alone may mean: its famous bearer if there is one, else all."""
    people = distinct(bearers)
    known = tables.famous().get(surname)
    if known is None or known[0] == surname:
        return people
    given = known[0].split()[:-1]
    owners = [pair for pair in people if any(same_given(given_of(pair[1]), name) for name in given)]
    return owners[:1]


def is_other_famous(written: str, listed: str) -> bool:
    """Say whether words are the exact name of a known person, who is not the listed one."""
    if written == listed:
        return False
    known = tables.famous().get(written)
    return written in tables.people() or (known is not None and known[0] != listed)
