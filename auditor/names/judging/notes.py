"""What was recognised, in plain words."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import OSA

_NUMBERS = ("no", "one letter", "two letters", "three letters")


def slip_note(written: Sequence[str], listed: Sequence[str], whole: str = "") -> str:
    """Say which word of a name is spelt wrongly, and by how much; `whole` says what the words are, if not the name."""
    wrong = [(mine, theirs) for mine, theirs in zip(written, listed, strict=True) if mine != theirs]
    count = sum(OSA.distance(mine, theirs) for mine, theirs in wrong)
    pairs = " and ".join(f"'{mine}' for '{theirs}'" for mine, theirs in wrong)
    what = whole or f"the listed name '{' '.join(listed)}'"
    return f"is {what} with {_NUMBERS[min(count, 3)]} wrong ({pairs})"
