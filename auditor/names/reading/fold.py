"""Unicode folding: any text to plain ASCII letters, character by character, with the way back kept.

Every character is folded on its own, so that a folded position always belongs to one source character:
compatibility forms (NFKC) are unwrapped, marks and default-ignorable characters vanish, everything else is
transliterated (`anyascii`). Case is kept, because CamelCase is a word boundary. ASCII text is its own fold.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from anyascii import anyascii
from numpy.typing import NDArray

IntArray = NDArray[np.int32]

_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
"""Characters without a picture whose category is not Cf or Mn."""


@dataclass(frozen=True, slots=True, eq=False)
class Folded:
    """ASCII text and where each of its characters came from."""

    text: str
    """ASCII only, case kept."""
    starts: IntArray | None
    """Shape (len(text),): first source code point of each character; None where the text is the source."""
    ends: IntArray | None
    """Shape (len(text),): one past the last source code point of each character."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The source span of `text[start:end]`, where start < end."""
        if self.starts is None or self.ends is None:
            return start, end
        return int(self.starts[start]), int(self.ends[end - 1])


@lru_cache(maxsize=65536)
def fold_character(character: str) -> str:
    """ASCII for one character; empty where it has no width, a space where it separates or has no letters.

    Ideographs, kana and Hangul become spaces: romanised one by one they spell other people's names by chance, so
    they are only ever compared in their own script or as a whole reading (`finding.native`, `finding.spoken`).
    """
    if character < "\x80":
        return character
    if is_unspaced(character):
        return " "
    category = unicodedata.category(character)
    if category in ("Cf", "Mn", "Me") or character in _FILLERS or 0xE0000 <= ord(character) < 0xE1000:
        return ""
    if category[0] in "ZC":
        return " "
    return "".join(_fold_compatible(part) for part in unicodedata.normalize("NFKD", character))


def _fold_compatible(character: str) -> str:
    if character < "\x80":
        return character
    category = unicodedata.category(character)
    if category in ("Cf", "Mn", "Me") or character in _FILLERS:
        return ""
    if is_unspaced(character):
        return " "
    romanised = anyascii(character)
    if category[0] in "LNM":
        return romanised
    if len(romanised) == 1 and (romanised.isalpha() or category[0] == "P"):
        return romanised
    return " "


def is_unspaced(character: str) -> bool:
    """Say whether the character is Han, kana, bopomofo or Hangul, which are never romanised letter by letter."""
    code = ord(character)
    return (
        0xAC00 <= code <= 0xD7A3
        or 0x1100 <= code <= 0x11FF
        or 0x3130 <= code <= 0x318F
        or 0x3005 <= code <= 0x3007
        or 0x3040 <= code <= 0x30FF
        or 0x3100 <= code <= 0x312F
        or 0x3400 <= code <= 0x4DBF
        or 0x4E00 <= code <= 0x9FFF
        or 0xF900 <= code <= 0xFAFF
        or 0x20000 <= code <= 0x3FFFF
    )


class _OneToOne(dict[int, str]):
    """Folds that keep the length, learnt as they are met; a NUL stands for every other fold."""

    def __missing__(self, code: int) -> str:
        if len(self) > 65536:
            self.clear()
        folded = fold_character(chr(code))
        self[code] = folded if len(folded) == 1 else "\0"
        return self[code]


_ONE_TO_ONE = _OneToOne()


def fold(text: str) -> Folded:
    """Fold a whole text. Never raises; the length may grow or shrink."""
    if text.isascii():
        return Folded(text, None, None)
    return fold_parts(text, None, None)


def fold_parts(text: str, starts: IntArray | None, ends: IntArray | None) -> Folded:
    """Fold a text that is itself a decoding of a source, whose spans are `starts` and `ends` per character."""
    plain = text.translate(_ONE_TO_ONE)
    if "\0" not in plain:
        return Folded(plain, starts, ends)
    parts = [fold_character(character) for character in text]
    lengths = np.fromiter((len(part) for part in parts), dtype=np.int32, count=len(parts))
    index = np.repeat(np.arange(len(parts), dtype=np.int32), lengths)
    if starts is None or ends is None:
        return Folded("".join(parts), index, index + 1)
    return Folded("".join(parts), starts[index], ends[index])


def fold_name(name: str) -> str:
    """The folded text of a listed name, for comparison: ASCII, case kept, single spaces, stripped."""
    return " ".join(fold(name).text.split())


def is_other_script(text: str) -> bool:
    """Say whether a text has letters and none of them is a Latin one (Cyrillic, Greek, Arabic ...)."""
    letters = [character for character in unicodedata.normalize("NFKC", text) if character.isalpha()]
    return bool(letters) and not any(c < "\x80" or unicodedata.name(c, "").startswith("LATIN") for c in letters)


def squeeze_native(text: str) -> str:
    """A text as its native characters: NFKC, casefolded, without anything but letters and numbers.

    Used for aliases in scripts without spaces, where the romanised form would lose too much.
    """
    normal = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in normal if character.isalnum())
