"""Names in scripts that are not romanised letter by letter (Han, kana, Hangul).

Listed in such a script, a name is matched as its characters. A name that is listed in Latin letters only is compared
with the reading of the characters, the whole of it and nothing else, and only beside a cue.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from anyascii import anyascii

from auditor.names.finding.exact import ExactSearch, Patterns
from auditor.names.judging.cues import Cue
from auditor.names.judging.unspaced import cue_beside, cue_places
from auditor.names.reading import tables

_SCRIPTS = (r"[\u3040-\u30ff]+", r"[\u3400-\u9fff\uf900-\ufaff]+", r"[\uac00-\ud7a3]+(?: [\uac00-\ud7a3]+)?")
_RUN = re.compile("|".join(_SCRIPTS))
_UNSPACED = re.compile(
    "[\u1100-\u11ff\u3005-\u3007\u3040-\u30ff\u3100-\u318f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]"
)
"""The same characters as `fold.is_unspaced`."""
_RUN_BEFORE = re.compile(f"(?:{'|'.join(_SCRIPTS)})\\Z")
_SHORTEST, _LONGEST = 2, 4
"""Han characters or Hangul syllables of a name."""
_SHORTEST_KANA, _LONGEST_KANA = 3, 16
_MAY_PRECEDE = frozenset("的以用由仿是和与與及像似為为对對、")
"""Characters of Chinese texts behind which a name may begin without a space."""


@dataclass(frozen=True, slots=True)
class NativeHit:
    """A name in its own script; positions are those of the text itself."""

    surface: int
    start: int
    end: int
    cue: Cue
    reading: bool
    """Recognised by its reading, not as it is listed."""


def native_hits(text: str, exact: ExactSearch) -> Iterator[NativeHit]:
    """Occurrences of names in a text that holds Han, kana or Hangul."""
    if exact.native.texts:
        characters, places = _squeeze(text)
        for pattern, first, last in exact.native_hits(characters):
            start, end = places[first], places[last - 1] + 1
            for surface in exact.native.surfaces(pattern):
                yield NativeHit(surface, start, end, cue_beside(text, start, end), False)
    yield from _read_hits(text, exact)


def _read_hits(text: str, exact: ExactSearch) -> Iterator[NativeHit]:
    """Characters beside a cue whose reading is a listed name."""
    for place, follows, cue in cue_places(text):
        for start, end in _candidates(text, place, follows):
            word = text[start:end]
            found = [] if _is_everyday(word) else _surfaces(word, exact)
            if found:
                yield from (NativeHit(surface, start, end, cue, True) for surface in found)
                break


def _candidates(text: str, place: int, follows: bool) -> Iterator[tuple[int, int]]:
    """The spans behind (or before) a place that may be a whole name, the longest first."""
    window = text[place : place + _LONGEST_KANA] if follows else text[max(0, place - _LONGEST_KANA) : place]
    run = _RUN.match(window) if follows else _RUN_BEFORE.search(window)
    if run is None:
        return
    length = len(run.group())
    if "\u3040" <= run.group()[0] <= "\u30ff" or "\uac00" <= run.group()[0] <= "\ud7a3":
        if length >= (_SHORTEST_KANA if run.group()[0] <= "\u30ff" else _SHORTEST):
            yield (place, place + length) if follows else (place - length, place)
        return
    for size in range(min(_LONGEST, length), _SHORTEST - 1, -1):
        if follows:
            yield place, place + size
        elif size == length or run.group()[-size - 1] in _MAY_PRECEDE:
            yield place - size, place


def _is_everyday(word: str) -> bool:
    return any(word in tables.everyday(language) for language in ("zh", "ja", "ko"))


def _surfaces(word: str, exact: ExactSearch) -> list[int]:
    """Listed names that are spelt just as the characters are read."""
    spelling = " ".join(part.lower() for part in map(anyascii, word) if part.isalpha())
    joined = spelling.replace(" ", "")
    if not joined:
        return []
    spaced = {f" {spelling} ", f" {joined} "}
    return [*_lookup(exact.letters, joined), *(n for text in sorted(spaced) for n in _lookup(exact.spaced, text))]


def _lookup(patterns: Patterns, text: str) -> list[int]:
    at = bisect_left(patterns.texts, text)
    found = at < len(patterns.texts) and patterns.texts[at] == text
    return list(patterns.surfaces(at)) if found else []


def _squeeze(text: str) -> tuple[str, list[int]]:
    """`fold.squeeze_native` with the place of every character that is kept."""
    kept: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for part in unicodedata.normalize("NFKC", character).casefold():
            if part.isalnum():
                kept.append(part)
                places.append(place)
    return "".join(kept), places


def has_unspaced(text: str) -> bool:
    """Say whether a text holds Han, kana or Hangul."""
    return not text.isascii() and _UNSPACED.search(text) is not None
