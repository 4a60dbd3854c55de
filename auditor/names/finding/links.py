"""Which words of a list belong to which names, as flat arrays that load without being rebuilt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from auditor.names.finding.near import Near
from auditor.names.reading.fold import IntArray

OWNERS_AT_MOST = 64
"""Names looked at for one pair of words."""
_CACHED_AT_MOST = 50_000


class Groups:
    """Numbers grouped by a key, as two flat arrays."""

    def __init__(self, keys: int, table: IntArray) -> None:
        order = np.argsort(table[:, 0], kind="stable")
        self._members = table[order, 1]
        self._first = np.searchsorted(table[order, 0], np.arange(keys + 1)).astype(np.int32)

    def of(self, key: int) -> list[int]:
        """The members of a key."""
        members: list[int] = self._members[self._first[key] : self._first[key + 1]].tolist()
        return members


class Links:
    """Which listed words stand beside which, in which names; both directions."""

    def __init__(self, keys: int, table: IntArray) -> None:
        self._left, self._right, self._surface = table[:, 0], table[:, 1], table[:, 2]
        both = np.concatenate([self._left, self._right])
        self._order = np.argsort(both, kind="stable").astype(np.int32)
        self._first = np.searchsorted(both[self._order], np.arange(keys + 1)).astype(np.int32)
        self._known: dict[int, dict[int, list[tuple[int, bool]]]] = {}

    def between(self, near: Near, choices: Mapping[int, int]) -> Iterator[tuple[int, int, int, bool]]:
        """(word of `near`, partner of `choices`, surface, whether the first stands before the second), all that are
        linked in a name. `choices` maps words to their edits."""
        known, asked = self._known, choices.keys()
        for word, _ in near:
            partners = known.get(word)
            if partners is None:
                partners = self._partners(word)
            common = partners.keys() & asked
            for partner in sorted(common) if len(common) > 1 else common:
                for surface, leads in partners[partner][:OWNERS_AT_MOST]:
                    yield word, partner, surface, leads

    def _partners(self, word: int) -> dict[int, list[tuple[int, bool]]]:
        known = self._known.get(word)
        if known is None:
            known = {}
            for row in self._order[self._first[word] : self._first[word + 1]].tolist():
                leads = row < len(self._left)
                number = row if leads else row - len(self._left)
                partner = int(self._right[number] if leads else self._left[number])
                known.setdefault(partner, []).append((int(self._surface[number]), leads))
            if len(self._known) > _CACHED_AT_MOST:
                self._known.clear()
            self._known[word] = known
        return known
