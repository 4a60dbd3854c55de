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
_NUMBER_MASK = (1 << _NUMBER_BITS) - 1
_CACHED_AT_MOST = 200_000
_FILTER_BITS = 24
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_ONE_EDIT = 5
"""Letters up to which two words may differ by one edit."""
_SHORT = 4
"""Letters up to which one edit is all that is looked for."""

Near = tuple[tuple[int, int], ...]
"""(number of the known word, edits), fewest edits first."""


def limit_for(length: int) -> int:
    """Edits that may lie between two words of which the longer has this many letters."""
    return 1 if length <= _ONE_EDIT else 2 if length <= 8 else 3


class NearWords:
    """The index. `words` are small ASCII letters, sorted, without repeats."""

    def __init__(self, words: Sequence[str], forms: NDArray[np.uint64] | None = None) -> None:
        if len(words) >= 1 << _NUMBER_BITS:
            raise ValueError("too many different words")
        self.words = words
        self.numbers = {word: number for number, word in enumerate(words)}
        self.forms = index_words(words) if forms is None else forms
        self._filter = _filter_of(self.forms)
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
        for word in words:
            self._cache[word] = ()
        rows, columns = np.nonzero(self._filter[_place(keys, len(self._filter))])
        asked = keys[rows, columns]
        first = np.searchsorted(self.forms, asked << np.uint64(_NUMBER_BITS))
        there = np.flatnonzero(self._keys_at(first) == asked)
        found: dict[str, set[int]] = {}
        for row, at, key in zip(rows[there].tolist(), first[there].tolist(), asked[there].tolist(), strict=True):
            numbers = found.setdefault(words[row], set())
            while at < len(self.forms) and (form := int(self.forms[at])) >> _NUMBER_BITS == key:
                numbers.add(form & _NUMBER_MASK)
                at += 1
        for word, numbers in found.items():
            self._cache[word] = self._measured(word, numbers)

    def _keys_at(self, places: NDArray[np.intp]) -> NDArray[np.uint64]:
        """The packed prefixes of the forms at some places; zeros without any form."""
        if not len(self.forms):
            return np.full(places.shape, ~np.uint64(0))
        return self.forms[np.minimum(places, len(self.forms) - 1)] >> np.uint64(_NUMBER_BITS)

    def _measured(self, word: str, numbers: Iterable[int]) -> Near:
        """Those of some known words that are near enough."""
        near = []
        length = len(word)
        for number in numbers:
            other = self.words[number]
            limit = limit_for(max(length, len(other)))
            if abs(length - len(other)) <= limit:
                edits = OSA.distance(word, other, score_cutoff=limit)
                if edits <= limit:
                    near.append((edits, number))
        near.sort()
        return tuple((number, edits) for edits, number in near)


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


def _filter_of(forms: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """A table that holds True at the place of every packed prefix: most words asked for end here."""
    size = 1 << max(10, min(_FILTER_BITS, len(forms).bit_length() + 2))
    table = np.zeros(size, dtype=np.bool_)
    table[_place(forms >> np.uint64(_NUMBER_BITS), size)] = True
    return table


def _place(keys: NDArray[np.uint64], size: int) -> NDArray[np.uint64]:
    """A place in a table of `size` (a power of two) for each key: multiplicative hashing (Knuth, TAOCP 3, 6.4)."""
    return (keys * _GOLDEN) >> np.uint64(64 - (size.bit_length() - 1))


def _kept() -> NDArray[np.intp]:
    """Shape (29, 7): which letters stay after 0, 1 and 2 deletions; `PREFIX` stands for the empty place at the end."""
    pairs = [(a, b) for a in range(PREFIX) for b in range(a + 1, PREFIX)]
    rows: list[tuple[int, ...]] = [(), *((a,) for a in range(PREFIX)), *pairs]
    kept = [[at for at in range(PREFIX) if at not in row] + [PREFIX] * len(row) for row in rows]
    return np.array(kept, dtype=np.intp)


_KEPT = _kept()
_SHIFTS = np.array([5 * (PREFIX - 1 - at) for at in range(PREFIX)], dtype=np.uint64)
_SINGLE = np.array([1 + a for a in range(PREFIX) for _ in range(a + 1, PREFIX)], dtype=np.intp)
"""For every double deletion, the column of its first single one."""


def _deletions(letters: NDArray[np.uint64], lengths: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Shape (n, 29): packed prefixes after 0, 1 and 2 deletions; short words repeat their single deletions."""
    padded = np.concatenate([letters, np.zeros((len(letters), 1), dtype=np.uint64)], axis=1)
    keys = np.zeros((len(letters), len(_KEPT)), dtype=np.uint64)
    for column in range(PREFIX):
        keys |= padded[:, _KEPT[:, column]] << _SHIFTS[column]
    rows = np.flatnonzero(lengths <= _SHORT)
    if len(rows):
        keys[rows[:, None], np.arange(1 + PREFIX, len(_KEPT))] = keys[rows][:, _SINGLE]
    return keys
