"""Bounded fuzzy search: words that are no dictionary words, and what stands beside them.

Only such words start a search (a rare word, or a listed part of a name). Their near listed words are looked up, and
a neighbour must complete a listed name; `doubt.py` decides whether the spelling is a slip. Text without unknown
words costs one set look-up per word.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from auditor.names import tables
from auditor.names.doubt import is_common, kind_of
from auditor.names.fold import IntArray
from auditor.names.links import OWNERS_AT_MOST, Groups, Links
from auditor.names.near import Near, NearWords, index_words
from auditor.names.surfaces import PARTICLES, Surface
from auditor.names.views import Views

_INITIAL = re.compile(r"(?:^| )[a-z](?: |$)")
_GLUED = ("by", "of")
_LETTER_OR_SPACE = bytes(code if 97 <= code <= 122 else 32 for code in range(256))
_OWNERS_ALONE = 2
"""A surname alone says nothing where more listed artists bear it."""
_ALONE_FROM = 7
"""Letters from which a word alone may be misspelt."""
MOST_EDITS = 3
"""Edits that a name may have at all."""
_TITLES = frozenset("of the and is in on at to by or sir dr jr sr mr mrs saint lady lord ii iii iv".split())


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
    """pair | reversed | short (middle names left out) | initials | surname | single"""
    glued: int = 0
    """Letters of a "by" or "of" that is glued to the first word."""


@dataclass(frozen=True, slots=True, eq=False)
class TextWords:
    """The words of a batch: runs of letters in small letters."""

    words: Sequence[str]
    at: IntArray
    """Where each starts in `Views.text`."""
    reading: IntArray
    """Which reading each belongs to."""


def text_words(views: Views) -> TextWords:
    """Split a batch into words."""
    raw = views.lower.encode("ascii").translate(_LETTER_OR_SPACE)
    codes = np.frombuffer(raw, dtype=np.uint8) != 32
    before = np.zeros_like(codes)
    before[1:] = codes[:-1]
    at = np.flatnonzero(codes & ~before).astype(np.int32)
    reading = (np.searchsorted(views.bounds, at, side="right") - 1).astype(np.int32)
    return TextWords(raw.decode("ascii").split(), at, reading)


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

    def __init__(self, surfaces: Sequence[Surface], built: FuzzyTables) -> None:
        self.built = built
        self.near = NearWords(built.words, built.forms)
        self._surfaces = surfaces
        self._links = Links(len(built.words), built.links)
        self._ends = Groups(len(built.words), built.ends)
        loud = {word for word in built.words if word in tables.words() and not is_common(word)}
        self._quiet = frozenset(tables.words().keys() - loud)

    def guesses(self, text: TextWords, views: Views, covered: NDArray[np.bool_]) -> Iterator[Guess]:
        """What a batch may name, except words that end inside `covered` (a flag per character)."""
        yield from self._dotted(text, views, covered)
        words, quiet = text.words, self._quiet
        unknown = [number for number, word in enumerate(words) if word not in quiet and len(word) > 2]
        unknown = [number for number in unknown if not covered[text.at[number] + len(words[number]) - 1]]
        if not unknown:
            return
        self.near.prepare({words[number] for number in unknown})
        self.near.prepare({words[n][2:] for n in unknown if words[n].startswith(_GLUED) and len(words[n]) > 4})
        beside: dict[int, tuple[int, ...]] = {}
        for number in unknown:
            if self.near.near(words[number]) or words[number].startswith(_GLUED):
                beside[number] = (*_neighbours(text, number, 1), *_neighbours(text, number, -1))
        self.near.prepare({words[other] for others in beside.values() for other in others})
        for number, others in beside.items():
            word = words[number]
            yield from self._together(text, number, others, self.near.near(word), 0)
            yield from self._alone(text, number, self.near.near(word))
            for glue in _GLUED:
                if word.startswith(glue) and len(word) > len(glue) + 2 and word not in self.near.numbers:
                    right = tuple(other for other in others if other > number)
                    yield from self._together(text, number, right, self.near.near(word[len(glue) :]), len(glue))

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
        for other in others:
            beside = text.words[other]
            choices = dict(self.near.near(beside))
            if not choices:
                continue
            forward = other > number
            first, last = min(number, other), max(number, other)
            for listed, edits in near:
                for partner, surface, word_leads in self._links.of(listed, choices):
                    edits_other = choices[partner]
                    if edits + edits_other > MOST_EDITS:
                        continue
                    mine, theirs = self.near.words[listed], self.near.words[partner]
                    yield Guess(
                        surface,
                        first,
                        last,
                        (word, beside) if word_leads else (beside, word),
                        (mine, theirs) if word_leads else (theirs, mine),
                        (edits, edits_other) if word_leads else (edits_other, edits),
                        "pair" if word_leads == forward else "reversed",
                        glued if forward else 0,
                    )

    def _alone(self, text: TextWords, number: int, near: Near) -> Iterator[Guess]:
        """Names that end in the word: a surname alone or with initials, a name of one word."""
        word = text.words[number]
        initialled = any(len(text.words[n]) == 1 for n in (number - 1, number + 1) if 0 <= n < len(text.words))
        for listed, edits in near:
            name = self.near.words[listed]
            if edits and (len(name) < _ALONE_FROM or len(word) < _ALONE_FROM - 1 or kind_of(word)):
                continue
            owners = self._ends.of(listed)
            if len(owners) > _OWNERS_ALONE and not (initialled and not edits):
                continue
            for surface in owners[:OWNERS_AT_MOST]:
                manner = "surname" if " " in self._surfaces[surface].spaced else "single"
                yield Guess(surface, number, number, (word,), (name,), (edits,), manner)

    def initials(self, surface: int) -> str:
        """First letters of the given names of a surface, those that the list itself shortens included."""
        return self.built.initials.get(surface) or "".join(word[0] for word in self.parts(surface)[:-1])

    def parts(self, surface: int) -> tuple[str, ...]:
        """The telling words of a surface."""
        return telling_words(self._surfaces[surface])


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
