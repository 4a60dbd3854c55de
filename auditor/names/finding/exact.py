"""Exact search: two Aho-Corasick automata over the two views of a batch, and one over native characters.

Aho and Corasick, "Efficient string matching: an aid to bibliographic search", CACM 18 (1975); `ahocorasick_rs`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from ahocorasick_rs import AhoCorasick, BytesAhoCorasick, Implementation, MatchKind

from auditor.names.listing.surfaces import Surface
from auditor.names.reading.fold import IntArray
from auditor.names.reading.views import Views

JOINED_FROM = 7
"""A name of this many letters is searched in the letters-only view; a shorter one only as whole words."""
OWNERS_AT_MOST = 32
"""Artists reported for one spelling; a list that gives one name to more is at fault (`lint_names` says so)."""


class Hit(NamedTuple):
    """A pattern found in a batch, before its neighbourhood was looked at."""

    pattern: int
    joined: bool
    """Found in the letters-only view, so that its ends may lie inside words."""
    start: int
    end: int
    """Positions in `Views.text`."""


@dataclass(frozen=True, slots=True, eq=False)
class Patterns:
    """Sorted distinct patterns of one automaton and the surfaces each stands for."""

    texts: tuple[str, ...]
    first: IntArray
    """Shape (n + 1,): where each pattern's surfaces start in `owners`."""
    owners: IntArray

    def surfaces(self, pattern: int) -> Sequence[int]:
        """Numbers of the surfaces that a pattern stands for."""
        owners: list[int] = self.owners[self.first[pattern] : self.first[pattern + 1]].tolist()
        return owners


def collect(pairs: Iterator[tuple[str, int]]) -> Patterns:
    """Group (pattern, surface) pairs by pattern; at most `OWNERS_AT_MOST` surfaces are kept for each."""
    grouped: dict[str, list[int]] = {}
    for text, surface in pairs:
        owners = grouped.setdefault(text, [])
        if len(owners) < OWNERS_AT_MOST and surface not in owners:
            owners.append(surface)
    texts = tuple(sorted(grouped))
    first = np.zeros(len(texts) + 1, dtype=np.int32)
    np.cumsum([len(grouped[text]) for text in texts], out=first[1:])
    owners_flat = np.fromiter(
        (owner for text in texts for owner in grouped[text]), dtype=np.int32, count=int(first[-1])
    )
    return Patterns(texts, first, owners_flat)


def spaced_patterns(surfaces: Sequence[Surface]) -> Patterns:
    """Patterns of short names and names with digits, for the spaced view."""
    return collect(
        (f" {form} ", number)
        for number, surface in enumerate(surfaces)
        if surface.spaced and not is_joined(surface)
        for form in (surface.spaced, surface.camel)
        if form
    )


def letter_patterns(surfaces: Sequence[Surface]) -> Patterns:
    """Patterns of long names, for the letters-only view."""
    return collect((surface.letters, number) for number, surface in enumerate(surfaces) if is_joined(surface))


def native_patterns(surfaces: Sequence[Surface]) -> Patterns:
    """Patterns of names in scripts without spaces."""
    return collect((surface.native, number) for number, surface in enumerate(surfaces) if len(surface.native) >= 2)


def is_joined(surface: Surface) -> bool:
    """Say whether a surface is searched in the letters-only view."""
    letters = surface.letters
    return len(letters) >= JOINED_FROM and len(letters) + surface.spaced.count(" ") == len(surface.spaced)


class ExactSearch:
    """The automata of a list. Building takes about 3 µs per pattern, so they are rebuilt when a cache is loaded."""

    def __init__(self, spaced: Patterns, letters: Patterns, native: Patterns) -> None:
        self.spaced = spaced
        self.letters = letters
        self.native = native
        self._spaced = _automaton(spaced)
        self._letters = _automaton(letters)
        self._native = (
            AhoCorasick(list(native.texts), matchkind=MatchKind.LeftmostLongest, store_patterns=False)
            if native.texts
            else None
        )

    def hits(self, views: Views) -> Iterator[Hit]:
        """Every occurrence in a batch, in both views, in no particular order."""
        if self._spaced is not None:
            at = views.spaced_at.tolist()
            for pattern, start, end in self._spaced.find_matches_as_indexes(views.spaced, overlapping=True):
                yield Hit(pattern, False, at[start + 1], at[end - 2] + 1)
        if self._letters is not None:
            at = views.letters_at.tolist()
            for pattern, start, end in self._letters.find_matches_as_indexes(views.letters, overlapping=True):
                yield Hit(pattern, True, at[start], at[end - 1] + 1)

    def native_hits(self, characters: str) -> list[tuple[int, int, int]]:
        """(pattern, start, end) in a text of native characters (`fold.squeeze_native`)."""
        if self._native is None:
            return []
        found: list[tuple[int, int, int]] = self._native.find_matches_as_indexes(characters)
        return found


def _automaton(patterns: Patterns) -> BytesAhoCorasick | None:
    if not patterns.texts:
        return None
    return BytesAhoCorasick(
        [text.encode("ascii") for text in patterns.texts],
        matchkind=MatchKind.Standard,
        implementation=Implementation.ContiguousNFA,
    )
