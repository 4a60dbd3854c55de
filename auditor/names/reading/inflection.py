"""Case endings of Slavic languages taken off the names of a list (`w stylu Beksińskiego`, `в стиле Рутковского`).

A text in such a language gets one more reading, in which every word that is a listed word with an ending stands
without it. The rules are the regular endings of nouns and adjectives in Russian, Ukrainian, Polish, Czech and Slovak,
as the engine folds them; that the result is a listed word keeps other words out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

import numpy as np

from auditor.names.reading.fold import Folded

_LETTERS = re.compile(r"[\u0400-\u04ffąęłńśźżěřůďťľĺĄĘŁŃŚŹŻĚŘŮĎŤĽĹ]")
_WORDS = ("w styl", "we styl", "v styl", "ve styl", "v stil", "u stil", "autorstw", "namalo", "obraz ", "dziel")
"""What a text in plain letters holds that speaks of an artist's manner or work in one of the languages."""
_WORD = re.compile(r"[A-Za-z]{4,}")
_STRONG_WORD = re.compile(r"[A-Z][a-z]+")
_ENDINGS = (
    "ogo", "ego", "iego", "omu", "emu", "iemu", "ymi", "imi", "ami", "owi", "ovi", "iem", "em", "om", "im", "ym", "am",
    "ou", "oi", "ei", "iei", "oy", "ey", "a", "u", "e", "y", "i", "ia", "ya", "yu", "iu", "ie", "ova", "ovo", "ove",
    "o", "io", "kiem", "kem", "ka", "ku",
)  # fmt: skip
_BASES = ("", "a", "i", "y", "ii", "iy", "o", "e", "ek", "ie")
_LONGEST_FIRST = tuple(sorted(_ENDINGS, key=len, reverse=True))
_STEM_FROM = 3


def uninflected(text: str, folded: Folded, listed: Collection[str]) -> Folded | None:
    """A reading in which listed words stand without their endings; None where no word has one.

    `text` is the source of `folded`; `listed` are the words of all names, in small letters.
    """
    if not _may_be_slavic(text):
        return None
    pieces: list[str] = []
    sources: list[tuple[int, int, int]] = []
    done = 0
    for match in _WORD.finditer(folded.text):
        base = _base(match.group(), listed)
        if base is None:
            continue
        pieces += [folded.text[done : match.start()], base]
        sources.append((match.start(), match.end(), len(base)))
        done = match.end()
    if not sources:
        return None
    pieces.append(folded.text[done:])
    starts = np.arange(len(folded.text), dtype=np.int32) if folded.starts is None else folded.starts
    ends = np.arange(1, len(folded.text) + 1, dtype=np.int32) if folded.ends is None else folded.ends
    parts_of_starts, parts_of_ends, at = [], [], 0
    for start, end, length in sources:
        parts_of_starts += [starts[at:start], np.full(length, starts[start], dtype=np.int32)]
        parts_of_ends += [ends[at:start], np.full(length, ends[end - 1], dtype=np.int32)]
        at = end
    parts_of_starts.append(starts[at:])
    parts_of_ends.append(ends[at:])
    return Folded("".join(pieces), np.concatenate(parts_of_starts), np.concatenate(parts_of_ends))


def _may_be_slavic(text: str) -> bool:
    if not text.isascii() and _LETTERS.search(text) is not None:
        return True
    lower = text.lower()
    return any(word in lower for word in _WORDS)


def _base(word: str, listed: Collection[str]) -> str | None:
    lower = word.lower()
    if lower in listed:
        return None
    for base in bases(lower):
        found = base if base in listed else base.replace("v", "w") if base.replace("v", "w") in listed else None
        if found is not None:
            return found.title() if _STRONG_WORD.fullmatch(word) else found
    return None


def bases(word: str) -> Iterator[str]:
    """What a folded word in small letters may be without its ending, the longest ending first."""
    for ending in _LONGEST_FIRST:
        if word.endswith(ending) and len(word) - len(ending) >= _STEM_FROM:
            stem = word[: -len(ending)]
            yield from (stem + base for base in _BASES if stem + base != word)
