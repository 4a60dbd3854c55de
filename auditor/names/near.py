"""Words near a word: an index over deletions of letters (SymSpell), packed into sorted integers.

W. Garbe, "1000x faster spelling correction" (2012): two words within d edits share a form after at most d deletions
in each. Only the first seven letters are indexed, at five bits a letter, so that a form and the number of its word
fit into 64 bits; what the prefix lets through is measured exactly (optimal string alignment, `rapidfuzz`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

PREFIX = 7
_NUMBER_BITS = 28
_CACHED_AT_MOST = 200_000
_SHORT = 4
"""Letters up to which one edit is all that is looked for."""

Near = tuple[tuple[int, int], ...]
"""(number of the known word, edits), fewest edits first."""


def limit_for(length: int) -> int:
    """Edits that may lie between two words of which the longer has this many letters."""
    return 1 if length <= _SHORT else 2 if length <= 8 else 3


class NearWords:
    """The index. `words` are small ASCII letters, sorted, without repeats."""

    def __init__(self, words: Sequence[str], forms: NDArray[np.uint64] | None = None) -> None:
        if len(words) >= 1 << _NUMBER_BITS:
            raise ValueError("too many different words")
        self.words = words
        self.numbers = {word: number for number, word in enumerate(words)}
        self.forms = index_words(words) if forms is None else forms
        self._cache: dict[str, Near] = {}

    def near(self, word: str) -> Near:
        """Known words within `limit_for` edits, itself included."""
        known = self._cache.get(word)
        if known is None:
            self.prepare((word,))
            known = self._cache[word]
        return known

    def forget(self) -> None:
        """Drop what was looked up, for measurements."""
        self._cache.clear()

    def prepare(self, words: Iterable[str]) -> None:
        """Look many words up at once, so that `near` answers from memory."""
        missing = [word for word in words if word not in self._cache]
        if not missing:
            return
        if len(self._cache) + len(missing) > _CACHED_AT_MOST:
            self._cache.clear()
        for start in range(0, len(missing), 4096):
            self._look_up(missing[start : start + 4096])

    def _look_up(self, words: Sequence[str]) -> None:
        keys = _deletions(_prefixes(words), np.fromiter(map(len, words), dtype=np.int64, count=len(words)))
        first = np.searchsorted(self.forms, keys << np.uint64(_NUMBER_BITS))
        last = np.searchsorted(self.forms, (keys + np.uint64(1)) << np.uint64(_NUMBER_BITS))
        filled: list[bool] = np.any(last > first, axis=1).tolist()
        mask = np.uint64((1 << _NUMBER_BITS) - 1)
        for row, word in enumerate(words):
            found: list[tuple[int, int]] = []
            if filled[row]:
                ranges = [self.forms[a:b] for a, b in zip(first[row], last[row], strict=True) if b > a]
                for number in np.unique(np.concatenate(ranges) & mask).tolist():
                    other = self.words[number]
                    limit = limit_for(max(len(word), len(other)))
                    edits = OSA.distance(word, other, score_cutoff=limit)
                    if edits <= limit:
                        found.append((number, edits))
            self._cache[word] = tuple(sorted(found, key=lambda pair: (pair[1], pair[0])))


def index_words(words: Sequence[str]) -> NDArray[np.uint64]:
    """The sorted forms of sorted words: packed deletions of the prefix, then the word's number."""
    if not words:
        return np.zeros(0, dtype=np.uint64)
    parts: list[NDArray[np.uint64]] = []
    for start in range(0, len(words), 65536):
        chunk = words[start : start + 65536]
        keys = _deletions(_prefixes(chunk), np.fromiter(map(len, chunk), dtype=np.int64, count=len(chunk)))
        numbers = np.arange(start, start + len(chunk), dtype=np.uint64)[:, None]
        parts.append(((keys << np.uint64(_NUMBER_BITS)) | numbers).ravel())
    forms = np.concatenate(parts)
    forms.sort()
    return forms[np.concatenate(([True], forms[1:] != forms[:-1]))]


def _prefixes(words: Sequence[str]) -> NDArray[np.uint64]:
    """Shape (n, 7): letters as 1 to 26, 0 behind the end."""
    joined = "".join(word[:PREFIX].ljust(PREFIX, "\x60") for word in words).encode("ascii", "replace")
    letters = np.frombuffer(joined, dtype=np.uint8).reshape(-1, PREFIX)
    return (letters & 31).astype(np.uint64)


def _deletions(letters: NDArray[np.uint64], lengths: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Shape (n, 29): packed prefixes after 0, 1 and 2 deletions; short words repeat their single deletions."""
    pairs = [(a, b) for a in range(PREFIX) for b in range(a + 1, PREFIX)]
    keys = np.empty((len(letters), 1 + PREFIX + len(pairs)), dtype=np.uint64)
    keys[:, 0] = _pack(letters)
    for column in range(PREFIX):
        keys[:, 1 + column] = _pack(np.delete(letters, column, axis=1))
    short = lengths <= _SHORT
    for number, (a, b) in enumerate(pairs):
        packed = _pack(np.delete(letters, (a, b), axis=1))
        keys[:, 1 + PREFIX + number] = np.where(short, keys[:, 1 + a], packed)
    return keys


def _pack(letters: NDArray[np.uint64]) -> NDArray[np.uint64]:
    packed = np.zeros(len(letters), dtype=np.uint64)
    for column in range(letters.shape[1]):
        packed = (packed << np.uint64(5)) | letters[:, column]
    missing = PREFIX - letters.shape[1]
    return packed << np.uint64(5 * missing)
