"""The words of a batch of readings, and the language around each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from auditor.names.reading import tables
from auditor.names.reading.fold import IntArray
from auditor.names.reading.views import Views

_LETTER_OR_SPACE = bytes(code if 97 <= code <= 122 else 32 for code in range(256))
_AROUND = 12
"""Words of a block; the language is guessed from three, because a text may mix languages."""
_ENOUGH = 6
"""Words among which a single function word says which language it is."""


@dataclass(frozen=True, slots=True, eq=False)
class TextWords:
    """The words of a batch: runs of letters in small letters."""

    words: Sequence[str]
    at: IntArray
    """Where each starts in `Views.text`."""
    reading: IntArray
    """Which reading each belongs to."""
    firsts: Sequence[int]
    """Number of each reading's first word, and one past the last word of all."""
    _languages: dict[tuple[int, int], str] = field(default_factory=dict)

    def number_at(self, position: int) -> int:
        """The word that holds a position of `Views.text`, or the next one."""
        return max(0, int(np.searchsorted(self.at, position, side="right")) - 1)

    def language(self, number: int) -> str:
        """Code of the language that the words around a word are in; empty where they do not say.

        The words are those of the block of a dozen that holds the word, and of the blocks beside it.
        """
        if not self.words:
            return ""
        reading, block = int(self.reading[number]), number // _AROUND
        known = self._languages.get((reading, block))
        if known is None:
            first = max(self.firsts[reading], (block - 1) * _AROUND)
            last = min(self.firsts[reading + 1], (block + 2) * _AROUND)
            known = self._languages[reading, block] = guess_language(self.words[first:last])
        return known


def guess_language(words: Sequence[str]) -> str:
    """The language most of whose function words stand among `words`; empty where they do not say."""
    known = tables.function_words()
    said = [known[word] for word in words if word in known]
    if not said:
        return ""
    votes = Counter(said).most_common(2)
    if (votes[0][1] == 1 and len(words) < _ENOUGH) or (len(votes) > 1 and votes[0][1] == votes[1][1]):
        return ""
    return votes[0][0]


def text_words(views: Views) -> TextWords:
    """Split a batch into words."""
    raw = views.lower.encode("ascii").translate(_LETTER_OR_SPACE)
    codes = np.frombuffer(raw, dtype=np.uint8) != 32
    before = np.zeros_like(codes)
    before[1:] = codes[:-1]
    at = np.flatnonzero(codes & ~before).astype(np.int32)
    reading = (np.searchsorted(views.bounds, at, side="right") - 1).astype(np.int32)
    firsts = np.searchsorted(reading, np.arange(len(views.bounds), dtype=np.int32)).tolist()
    return TextWords(raw.decode("ascii").split(), at, reading, firsts)
