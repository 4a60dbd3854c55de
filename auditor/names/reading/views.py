"""The two views of a batch of texts that the automata search, with the way back to the positions.

The spaced view holds every word between single spaces; a word ends at any character that is no letter or digit,
between a small and a capital letter (`WlopStyle`), and between letters and digits (`wlop2`). The letters-only view
holds nothing but the letters, so that any separator, or none, may stand inside a name. A line feed closes every
reading in both views, so that no hit can reach from one text into the next.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from auditor.names.reading.fold import IntArray

_OTHER, _SMALL, _CAPITAL, _DIGIT, _CLOSE = 0, 1, 2, 3, 4
_CLOSING = "\n"
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
"""The same words as `_word_starts` finds, for a single short text."""


def _class_table() -> NDArray[np.uint8]:
    table = np.zeros(128, dtype=np.uint8)
    table[ord("a") : ord("z") + 1] = _SMALL
    table[ord("A") : ord("Z") + 1] = _CAPITAL
    table[ord("0") : ord("9") + 1] = _DIGIT
    table[ord(_CLOSING)] = _CLOSE
    return table


_CLASSES = _class_table()
_LOWER = np.frombuffer(bytes(range(128)).lower(), dtype=np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Views:
    """A batch of ASCII readings joined into one text, and its two views."""

    text: str
    """All readings, each closed by a line feed; case kept."""
    lower: str
    """The same in small letters."""
    bounds: IntArray
    """Shape (n + 1,): where each reading starts in `text`."""
    spaced: bytes
    """Words between single spaces."""
    spaced_at: IntArray
    """Position in `text` of each byte of `spaced` (of a space: of the character after it)."""
    letters: bytes
    """Letters only."""
    letters_at: IntArray
    """Position in `text` of each byte of `letters`."""

    def reading(self, position: int) -> int:
        """The reading that holds a position of `text`."""
        return int(np.searchsorted(self.bounds, position, side="right")) - 1


def build_views(texts: Sequence[str]) -> Views:
    """Build the views of ASCII texts; vectorised over the batch, linear in its length."""
    lengths = np.fromiter((len(text) + 1 for text in texts), dtype=np.int64, count=len(texts))
    bounds = np.zeros(len(texts) + 1, dtype=np.int32)
    np.cumsum(lengths, out=bounds[1:])
    joined = _CLOSING.join(texts) + _CLOSING if texts else ""
    if len(texts) != joined.count(_CLOSING):
        joined = _CLOSING.join(text.replace(_CLOSING, "\r") for text in texts) + _CLOSING
    codes = np.frombuffer(joined.encode("ascii"), dtype=np.uint8)
    classes = _CLASSES[codes]
    small = _LOWER[codes]
    letter = (classes == _SMALL) | (classes == _CAPITAL)
    close = classes == _CLOSE
    letters_at = np.flatnonzero(letter | close).astype(np.int32)
    spaced, spaced_at = _spaced(small, classes, close)
    return Views(joined, joined.lower(), bounds, spaced, spaced_at, small[letters_at].tobytes(), letters_at)


def _spaced(small: NDArray[np.uint8], classes: NDArray[np.uint8], close: NDArray[np.bool_]) -> tuple[bytes, IntArray]:
    kept = np.flatnonzero(classes != _OTHER).astype(np.int32)
    opens = (_word_starts(classes) | close)[kept]
    target = np.arange(len(kept), dtype=np.int32) + np.cumsum(opens, dtype=np.int32)
    size = int(target[-1]) + 1 if len(target) else 0
    spaced = np.full(size, ord(" "), dtype=np.uint8)
    spaced[target] = small[kept]
    spaced_at = np.empty(size, dtype=np.int32)
    spaced_at[target] = kept
    spaced_at[target[opens] - 1] = kept[opens]
    return spaced.tobytes(), spaced_at


def _word_starts(classes: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Where a word of the spaced view starts."""
    before = np.zeros_like(classes)
    before[1:] = classes[:-1]
    after = np.zeros_like(classes)
    after[:-1] = classes[1:]
    letter = (classes == _SMALL) | (classes == _CAPITAL)
    letter_before = (before == _SMALL) | (before == _CAPITAL)
    start: NDArray[np.bool_] = (letter & ~letter_before) | ((classes == _DIGIT) & (before != _DIGIT))
    start |= (classes == _CAPITAL) & (before == _SMALL)
    start |= (classes == _CAPITAL) & (before == _CAPITAL) & (after == _SMALL)
    return start


def spaced_form(text: str) -> str:
    """An ASCII name as it stands in the spaced view, without the outer spaces; empty without letters and digits."""
    return " ".join(_WORDS.findall(text)).lower()
