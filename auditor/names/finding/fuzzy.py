"""Bounded fuzzy search: words that are no dictionary words, and what stands beside them.

Only such words start a search (a rare word, or a listed part of a name). Their near listed words are looked up, and
a neighbour must complete a listed name; `doubt.py` decides whether the spelling is a slip. Text without unknown
words costs one set look-up per word.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from auditor.names.finding.doubt import is_common, kind_of
from auditor.names.finding.links import OWNERS_AT_MOST, Groups, Links
from auditor.names.finding.near import Near, NearWords, index_words
from auditor.names.finding.people import is_short_for, meant_by
from auditor.names.listing.ambiguity import Everyday
from auditor.names.listing.surfaces import PARTICLES, Surface
from auditor.names.reading import tables
from auditor.names.reading.fold import IntArray
from auditor.names.reading.views import Views
from auditor.names.reading.words import TextWords

_INITIAL = re.compile(r"(?:^| )[a-z](?: |$)")
_GLUED = ("by", "of")
_OWNERS_ALONE = 2
"""A surname alone says nothing where more listed people bear it."""
_WORD_AT_MOST = 80
"""Letters of a word that is looked at for slips. A longer one is no name with a slip in it, and to try all its halves
takes time that grows with the square of its length; names that stand in it as listed are found all the same."""
_GLUED_FROM = 8
"""Letters from which one word may be a whole name without its space."""
_PART_FROM = 3
_STEM_FROM = 4
_HALVES_AT_MOST = 50_000
SUFFIXES = ("esque", "ian", "ean")
"""Endings that make "in the manner of" of a name."""
_ENDINGS = ("", "o", "a", "e", "i", "y", "io", "us")
"""What such an ending may have replaced (Caravaggio, caravaggesque)."""
_ALONE_FROM = 7
"""Letters from which a word alone may be misspelt."""
_INITIALLED_FROM = 5
"""Letters from which a surname with initials may be misspelt."""
MOST_EDITS = 3
"""Edits that a name may have at all."""
_TITLES = frozenset(
    "of the and is in on at to by or sir dr jr sr mr mrs saint lady lord queen princess emperor "
    "ii iii iv vi vii viii ix xi xii xiii xiv xv xvi".split()
)


@dataclass(frozen=True, slots=True)
class Guess:
    """Words of a text that may stand for a listed name."""

    surface: int
    first: int
    last: int
    """Numbers of the first and last word in `TextWords`."""
    written: tuple[str, ...]
    listed: tuple[str, ...]
    edits: tuple[int, ...]
    manner: str
    """pair | reversed | surname | single"""
    glued: int = 0
    """Letters of a "by" or "of" that is glued to the first word."""
    suffix: str = ""
    """The ending of the last word that is no part of the name (`-esque`)."""


@dataclass(frozen=True, slots=True, eq=False)
class FuzzyTables:
    """What a fuzzy search is made of, as flat values that a cache can hold."""

    words: Sequence[str]
    """Telling words of all names, sorted."""
    forms: NDArray[np.uint64]
    """`near.index_words(words)`."""
    links: IntArray
    """Shape (n, 3): number of a word, of the word that follows it in a name, of the surface."""
    ends: IntArray
    """Shape (n, 2): number of a name's last telling word, of the surface."""
    initials: Mapping[int, str]
    """Surface -> initials, for names that the list itself shortens."""


def fuzzy_tables(surfaces: Sequence[Surface]) -> FuzzyTables:
    """Take the names of a list apart."""
    parts = [telling_words(surface) for surface in surfaces]
    words = sorted({word for part in parts for word in part})
    numbers = {word: number for number, word in enumerate(words)}
    links: list[tuple[int, int, int]] = []
    ends: list[tuple[int, int]] = []
    for surface, part in enumerate(parts):
        coded = [numbers[word] for word in part]
        links.extend((left, right, surface) for left, right in _adjacent(coded))
        if coded:
            ends.append((coded[-1], surface))
    initials = {
        number: "".join(word[0] for word in surface.spaced.split()[:-1] if word not in PARTICLES or len(word) == 1)
        for number, surface in enumerate(surfaces)
        if _INITIAL.search(surface.spaced)
    }
    return FuzzyTables(
        words,
        index_words(words),
        np.array(links, dtype=np.int32).reshape(-1, 3),
        np.array(ends, dtype=np.int32).reshape(-1, 2),
        initials,
    )


class FuzzySearch:
    """The words of a list, which of them stand beside each other, and the words near them."""

    def __init__(self, surfaces: Sequence[Surface], built: FuzzyTables, everyday: Everyday) -> None:
        self.built = built
        self.everyday = everyday
        self.near = NearWords(built.words, built.forms)
        self._surfaces = surfaces
        self._links = Links(len(built.words), built.links)
        self._ends = Groups(len(built.words), built.ends)
        loud = {word for word in built.words if word in tables.words() and not is_common(word)}
        self._quiet = (tables.words().keys() | tables.vocabulary().keys()) - loud
        self._parts: dict[int, tuple[str, ...]] = {}
        self._bearers: dict[int, list[tuple[int, bool]]] = {}
        self._halves: dict[str, tuple[tuple[str, str], ...]] = {}

    def guesses(self, text: TextWords, views: Views, covered: NDArray[np.bool_]) -> Iterator[Guess]:
        """What a batch may name, except words that end inside `covered` (a flag per character)."""
        yield from self._dotted(text, views, covered)
        words, quiet = text.words, self._quiet
        unknown = [n for n, word in enumerate(words) if 2 < len(word) <= _WORD_AT_MOST and word not in quiet]
        unknown = [number for number in unknown if not covered[text.at[number] + len(words[number]) - 1]]
        unknown = [number for number in unknown if not self._is_spoken(text, number)]
        if not unknown:
            return
        self.near.prepare({words[number] for number in unknown})
        self.near.prepare({words[n][2:] for n in unknown if words[n].startswith(_GLUED) and len(words[n]) > 4})
        beside: dict[int, tuple[int, ...]] = {}
        split: list[int] = []
        for number in unknown:
            word = words[number]
            if self.near.near(word) or word.startswith(_GLUED):
                beside[number] = (*_neighbours(text, number, 1), *_neighbours(text, number, -1))
            yield from self._endings(text, number)
            if len(word) >= _GLUED_FROM and word not in self.near.numbers and self._split(word):
                split.append(number)
        self.near.prepare({words[other] for others in beside.values() for other in others})
        self.near.prepare({half for number in split for halves in self._split(words[number]) for half in halves})
        for number in split:
            yield from self._without_space(text, number)
        for number, others in beside.items():
            yield from self._beside(text, number, others)

    def _is_spoken(self, text: TextWords, number: int) -> bool:
        """Say whether a word is an everyday word, and no given name, in the language around it."""
        word = text.words[number]
        return word in tables.everyday(text.language(number)) and word not in tables.given_names()

    def _beside(self, text: TextWords, number: int, others: tuple[int, ...]) -> Iterator[Guess]:
        """Names that a word makes with what stands beside it, or alone."""
        word = text.words[number]
        near = self.near.near(word)
        if near:
            yield from self._together(text, number, others, near, 0)
            yield from self._alone(text, number, near)
            yield from self._nicknamed(text, number, near)
        for glue in _GLUED:
            if word.startswith(glue) and len(word) > len(glue) + 2 and word not in self.near.numbers:
                right = tuple(other for other in others if other > number)
                yield from self._together(text, number, right, self.near.near(word[len(glue) :]), len(glue))

    def _without_space(self, text: TextWords, number: int) -> Iterator[Guess]:
        """A whole name in one word, a half of it misspelt, or the surname first (`gregrutkowsky`, `muchaalphonse`)."""
        numbers = self.near.numbers
        for left, right in self._split(text.words[number]):
            whole, tail = numbers.get(left), numbers.get(right)
            if whole is not None:
                yield from self._joined(number, left, right, ((whole, 0),), self.near.near(right))
            elif tail is not None:
                yield from self._joined(number, left, right, self.near.near(left), ((tail, 0),))

    def _joined(self, number: int, left: str, right: str, near: Near, others: Near) -> Iterator[Guess]:
        choices, edits = dict(others), dict(near)
        for listed, partner, surface, leads in self._links.between(near, choices):
            found = (edits[listed], choices[partner])
            if len(self.parts(surface)) != 2 or sum(found) > MOST_EDITS:
                continue
            pair = (self.near.words[listed], self.near.words[partner])
            if leads and any(found):
                yield Guess(surface, number, number, (left, right), pair, found, "pair")
            elif not leads:
                yield Guess(surface, number, number, (right, left), pair[::-1], found[::-1], "reversed")

    def _split(self, word: str) -> tuple[tuple[str, str], ...]:
        """The ways to split a word of which one half is a part of a listed name as it stands."""
        known = self._halves.get(word)
        if known is None:
            if len(self._halves) > _HALVES_AT_MOST:
                self._halves.clear()
            numbers, found = self.near.numbers, []
            given = tables.given_names()
            for at in range(_PART_FROM, len(word) - _PART_FROM + 1):
                left, right = word[:at], word[at:]
                if (left in numbers and (at > _PART_FROM or left in given)) or right in numbers:
                    found.append((left, right))
            known = self._halves[word] = tuple(found)
        return known

    def _endings(self, text: TextWords, number: int) -> Iterator[Guess]:
        """Names behind which an ending says "in the manner of" (`rembrandtesque`, `warholian`)."""
        word = text.words[number]
        if not word.endswith(SUFFIXES) or word in self.near.numbers:
            return
        for suffix in SUFFIXES:
            stem = word.removesuffix(suffix)
            if len(stem) == len(word) or len(stem) < _STEM_FROM:
                continue
            for ending in _ENDINGS:
                listed = self.near.numbers.get(stem + ending)
                if listed is not None and stem + ending not in tables.places():
                    for guess in self._alone(text, number, ((listed, 0),)):
                        yield replace(guess, suffix=suffix)
                    return

    def _nicknamed(self, text: TextWords, number: int, near: Near) -> Iterator[Guess]:
        """A surname as listed behind a short form of the first name (`Greg Manchess`)."""
        before = number - 1
        if before < 0 or text.reading[before] != text.reading[number] or not near or near[0][1]:
            return
        short, surname = text.words[before], text.words[number]
        for surface in self._ends.of(near[0][0])[:OWNERS_AT_MOST]:
            parts = self.parts(surface)
            if len(parts) == 2 and parts[0] != short and is_short_for(short, parts[0]):
                yield Guess(surface, before, number, (short, surname), parts, (1, 0), "pair")

    def _dotted(self, text: TextWords, views: Views, covered: NDArray[np.bool_]) -> Iterator[Guess]:
        """Surnames that are dictionary words, behind a dotted initial (`R. Prince`)."""
        words, numbers = text.words, self.near.numbers
        for number in (n for n, word in enumerate(words[:-1]) if len(word) == 1 and words[n + 1] in numbers):
            at, following = int(text.at[number]), words[number + 1]
            if following in self._quiet and views.text[at + 1] == "." and not covered[text.at[number + 1]]:
                yield from self._alone(text, number + 1, ((numbers[following], 0),))

    def _together(
        self, text: TextWords, number: int, others: tuple[int, ...], near: Near, glued: int
    ) -> Iterator[Guess]:
        """Names that the word and a neighbour make together."""
        word = text.words[number][glued:]
        edits = dict(near)
        exact = near[:1] if near and not near[0][1] else ()
        for other in others:
            beside = text.words[other]
            known = self.near.numbers.get(beside)
            if beside in self._quiet and not exact and known is None:
                continue
            choices = dict(self.near.near(beside))
            if not choices:
                continue
            forward = other > number
            first, last = min(number, other), max(number, other)
            for listed, partner, surface, word_leads in self._links.between(near, choices):
                mine, theirs = edits[listed], choices[partner]
                if mine + theirs > MOST_EDITS or (mine and theirs and beside in self._quiet):
                    continue
                listed_words = (self.near.words[listed], self.near.words[partner])
                yield Guess(
                    surface,
                    first,
                    last,
                    (word, beside) if word_leads else (beside, word),
                    listed_words if word_leads else listed_words[::-1],
                    (mine, theirs) if word_leads else (theirs, mine),
                    "pair" if word_leads == forward else "reversed",
                    glued if forward else 0,
                )

    def _alone(self, text: TextWords, number: int, near: Near) -> Iterator[Guess]:
        """Names that end in the word: a surname alone or with initials, a name of one word."""
        word = text.words[number]
        initialled = any(len(text.words[n]) == 1 for n in (number - 1, number + 1) if 0 <= n < len(text.words))
        least = _INITIALLED_FROM if initialled else _ALONE_FROM
        known = bool(kind_of(word)) or word in tables.web()
        exact_only = len(word) < least - 1 or (known and not initialled)
        for listed, edits in near:
            name = self.near.words[listed]
            if edits and (exact_only or len(name) < least):
                if exact_only:
                    break
                continue
            for surface, alone in self._bearers_of(listed):
                if alone or (initialled and not (edits and len(name) < _INITIALLED_FROM)):
                    manner = "surname" if " " in self._surfaces[surface].spaced else "single"
                    yield Guess(surface, number, number, (word,), (name,), (edits,), manner)

    def _bearers_of(self, listed: int) -> list[tuple[int, bool]]:
        """(surface, whether the word alone may mean it) of the names that end in a listed word."""
        known = self._bearers.get(listed)
        if known is None:
            owners = [(number, self._surfaces[number]) for number in self._ends.of(listed)[:OWNERS_AT_MOST]]
            meant = meant_by(self.near.words[listed], owners)
            alone = {number for number, _ in meant} if len(meant) <= _OWNERS_ALONE else set()
            alone |= {number for number, surface in owners if " " not in surface.spaced}
            known = self._bearers[listed] = [(number, number in alone) for number, _ in owners]
        return known

    def initials(self, surface: int) -> str:
        """First letters of the given names of a surface, those that the list itself shortens included."""
        return self.built.initials.get(surface) or "".join(word[0] for word in self.parts(surface)[:-1])

    def parts(self, surface: int) -> tuple[str, ...]:
        """The telling words of a surface."""
        known = self._parts.get(surface)
        if known is None:
            known = self._parts[surface] = telling_words(self._surfaces[surface])
        return known


def telling_words(surface: Surface) -> tuple[str, ...]:
    """The words of a name that say who it is: no initials, numbers, particles, titles or function words.

    A name in a script without spaces has none: its romanised form is no spelling that people write.
    """
    if surface.native:
        return ()
    words = surface.spaced.split()
    kept = [word for word in words if len(word) > 1 and word.isalpha() and word not in _TITLES]
    telling = tuple(word for word in kept if word not in PARTICLES)
    return tuple(kept) if len(words) == 2 and len(kept) == 2 else telling


def _adjacent(coded: Sequence[int]) -> Iterator[tuple[int, int]]:
    yield from itertools.pairwise(coded)
    if len(coded) > 2:
        yield coded[0], coded[-1]


def _neighbours(text: TextWords, number: int, step: int) -> tuple[int, ...]:
    """The next telling word of the same reading, over at most two initials or particles, and a particle beside."""
    found: list[int] = []
    for distance in (1, 2, 3):
        other = number + step * distance
        if not 0 <= other < len(text.words) or text.reading[other] != text.reading[number]:
            break
        word = text.words[other]
        telling = len(word) > 1 and word not in PARTICLES
        if telling or (distance == 1 and len(word) > 1):
            found.append(other)
        if telling:
            break
    return tuple(found)
