"""A mention while it is being judged: what was found, where, how it is written and what stands around it."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.names.judging.cues import NO_CUE, Cue
from auditor.names.listing.ambiguity import Grade


@dataclass(frozen=True, slots=True)
class Mention:
    """A candidate. Positions are those of the batch's joined text."""

    surface: int
    start: int
    end: int
    form: str
    grade: Grade
    cue: Cue = NO_CUE
    edits: int = 0
    """Letters that differ from the listed name, for a misspelling."""
    ceiling: float = 1.0
    """Upper bound of the score, lowered where the spelling leaves doubt."""
    small: bool = False
    """Listed as one word of small letters, as tags of pictures are: often part of somebody else's name."""
    marked: bool = False
    """The list itself marks the surface as ambiguous."""
    note: str = ""
    """What was recognised, in words, where the form alone does not say it."""

    @property
    def length(self) -> int:
        """Characters between the ends."""
        return self.end - self.start
