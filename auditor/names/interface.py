"""The seam of the name engine: what goes in, what comes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from auditor.thresholds import NAMES


@dataclass(frozen=True, slots=True)
class ListedName:
    """One name or alias of a listed artist, as a matcher is compiled from it."""

    artist_id: str
    name: str
    kind: str = "name"
    """name | alias | handle | native | tag"""
    ambiguous: bool = False
    """The list says that this surface needs a cue."""


@dataclass(frozen=True, slots=True)
class NameMatch:
    """One mention of a listed artist in a text."""

    artist_id: str
    surface: str
    """The listed name or alias that was recognised."""
    start: int
    end: int
    """Code points in the text as it was given; 0 <= start < end <= len(text)."""
    score: float
    """0 to 1: by default 0.8 and more is graded high, 0.5 to 0.8 medium, and less is not reported."""
    form: str
    """exact | separator | concatenated | misspelt | initials | reversed | possessive | native-script | tag | ..."""
    reason: str
    """Plain words: why this counts, and why a cue was or was not needed."""


class NameMatcher(Protocol):
    """Finds listed names in a text. Never raises on any text; time is linear in its length."""

    def find(self, text: str, kind: str = "caption", floor: float = NAMES.review) -> tuple[NameMatch, ...]:
        """Return matches in order of `start`, at most one per artist and place.

        `kind` is the kind of a `model.Text` (caption, file-name, folder-name, member-name, config, tag,
        metadata, prompt). Matches that score less than `floor` are left out.
        """
        ...

    def find_many(
        self, texts: Sequence[str], kind: str = "caption", floor: float = NAMES.review
    ) -> list[tuple[NameMatch, ...]]:
        """`find` for each text of one kind, in order; many times faster than one by one."""
        ...
