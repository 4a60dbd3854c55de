"""What a hit looks like in its text: whether it begins and ends like a name, and how it is written."""

from __future__ import annotations

import re
from dataclasses import dataclass

from auditor.names.reading import tables

_LETTERS_BEFORE = re.compile(r"[A-Za-z]+\Z")
_LETTERS_AFTER = re.compile(r"[A-Za-z]+")
_SINGLE_BEFORE = re.compile(r"(?<![A-Za-z])[A-Za-z][^A-Za-z]\Z")
_SINGLE_AFTER = re.compile(r"[^A-Za-z][A-Za-z](?![A-Za-z])")
_GAP = re.compile(r"[^A-Za-z]+")
_HARD_PUNCTUATION = re.compile(r"[,;!?|\n\r&]")
_HARD_GAP = re.compile(r"[,;!?|\n\r]|[a-z]{3}\.\s|&|\d{3}")
_GLUED_BEFORE = frozenset(
    (
        "by artby of styleof inthestyleof and art artist style the lora paintingby photoby illustrationby drawingby "
        "from with inspiredby"
    ).split()
)
_GLUED_AFTER = frozenset(
    (
        "s style styles styled stylized art arts artist artstyle esque ish like ian inspired lora model xl sd sdxl "
        "flux il illustrious pony noob v ver version painting paintings works work and by concept anime manga draws "
        "cosplay fan fanart locon lycoris"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Shape:
    """How a hit is written."""

    form: str
    """exact | separator | concatenated | spaced-out | split | possessive"""
    glued_by: bool
    """The word before is a "by" or "style of" without a space (`bypeter mohrbacher`)."""
    hard_gap: bool
    """A comma or another full stop stands inside."""
    same_words: bool
    """The words end where the listed name's words end."""


def shape_of(text: str, start: int, end: int, listed: str | None) -> Shape | None:
    """Describe a hit in ASCII text; None where it is a part of other words.

    `listed` is the name in the spaced view for a hit of the letters-only view; None for a hit of the spaced view,
    whose words are whole already.
    """
    if listed is None:
        return _whole_words(text, start, end)
    before = _open_before(text, start)
    if before is None or not _open_after(text, end):
        return None
    segment = text[start:end]
    breaks = _breaks(segment)
    wanted = _listed_breaks(listed)
    form = _form(segment, breaks, wanted)
    if form is None or (form == "spaced-out" and _goes_on_in_letters(text, start, end)):
        return None
    if form in ("exact", "separator") and text[end : end + 2].lower() in ("'s", "s'"):
        form = "possessive"
    hard = any(_HARD_GAP.search(segment[max(0, gap.start() - 3) : gap.end()]) for gap in _GAP.finditer(segment))
    return Shape(form, before == "by", hard, breaks == wanted)


def _whole_words(text: str, start: int, end: int) -> Shape:
    segment = text[start:end]
    form = "exact" if segment.replace(" ", "").isalnum() else "separator"
    if text[end : end + 2].lower() in ("'s", "s'"):
        form = "possessive"
    return Shape(form, False, _HARD_PUNCTUATION.search(segment) is not None, True)


def _goes_on_in_letters(text: str, start: int, end: int) -> bool:
    """Say whether single letters stand before or behind as well (`s-k-i-n-p-o-t-i-o-n`)."""
    return _SINGLE_BEFORE.search(text, max(0, start - 3), start) is not None or bool(_SINGLE_AFTER.match(text, end))


def _open_before(text: str, start: int) -> str | None:
    """`` at a word's start, `by` behind a glued cue, None inside a word."""
    if start == 0 or not text[start - 1].isalpha():
        return ""
    if text[start].isupper() and (text[start - 1].islower() or text[start + 1 : start + 2].islower()):
        return ""
    glued = _LETTERS_BEFORE.search(text, max(0, start - 24), start)
    word = glued.group().lower() if glued else ""
    if word in _GLUED_BEFORE:
        return "by" if word.endswith(("by", "of")) else ""
    return None


def _open_after(text: str, end: int) -> bool:
    if end >= len(text) or not text[end].isalpha():
        return True
    if text[end].isupper() and (text[end - 1].islower() or text[end + 1 : end + 2].islower()):
        return True
    glued = _LETTERS_AFTER.match(text, end, end + 24)
    return glued is not None and glued.group().lower() in _GLUED_AFTER


def _breaks(segment: str) -> tuple[int, ...]:
    """How many letters stand before each gap."""
    found: list[int] = []
    removed = 0
    for gap in _GAP.finditer(segment):
        found.append(gap.start() - removed)
        removed += gap.end() - gap.start()
    return tuple(found)


def _listed_breaks(listed: str) -> tuple[int, ...]:
    found: list[int] = []
    count = 0
    for word in listed.split()[:-1]:
        count += sum("a" <= character <= "z" for character in word)
        found.append(count)
    return tuple(found)


def _form(segment: str, breaks: tuple[int, ...], wanted: tuple[int, ...]) -> str | None:
    if breaks == wanted:
        plain = all(gap.group() == " " for gap in _GAP.finditer(segment))
        return "exact" if plain else "separator"
    if not breaks:
        return None if segment.lower() in tables.words() else "concatenated"
    pieces = _GAP.split(segment)
    if all(len(piece) == 1 for piece in pieces) or sum(len(piece) == 1 for piece in pieces) >= 0.8 * len(pieces) > 4:
        return "spaced-out"
    if set(breaks) < set(wanted):
        return "separator"
    initials = set() if not wanted else {at for at, piece in zip(breaks, pieces, strict=False) if len(piece) == 1}
    if set(breaks) - initials <= set(wanted):
        return "separator"
    if wanted and all(len(piece) == 1 or piece.lower() in tables.words() for piece in pieces):
        return None
    return "split"
