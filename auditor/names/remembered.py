"""A matcher that remembers short texts: samples of one folder share texts, and texts searched together cost a tenth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from auditor.names.interface import NameMatch, NameMatcher
from auditor.thresholds import NAMES

LONGEST = 2_000
"""Characters of a text that is worth remembering."""
MOST = 4_096
"""Texts that are remembered; beyond that all are forgotten."""
MOST_MATCHES = 16
"""Matches of a text that is worth remembering."""
AHEAD = 1_024
AHEAD_CHARACTERS = 100_000
"""Texts and their characters that are searched ahead at a time: what takes long is left for its own sample's time."""


class RememberingMatcher:
    """Implements `interface.NameMatcher` by another matcher."""

    def __init__(self, matcher: NameMatcher, floor: float = NAMES.review) -> None:
        self._matcher = matcher
        self._floor = floor
        self._known: dict[tuple[str, str], tuple[NameMatch, ...]] = {}

    def find(self, text: str, kind: str = "caption", floor: float = NAMES.review) -> tuple[NameMatch, ...]:
        """See `interface.NameMatcher.find`."""
        return self.find_many([text], kind, floor)[0]

    def find_many(
        self, texts: Sequence[str], kind: str = "caption", floor: float = NAMES.review
    ) -> list[tuple[NameMatch, ...]]:
        """See `interface.NameMatcher.find_many`."""
        if floor != self._floor:
            self._known.clear()
            self._floor = floor
        known = [self._known.get((kind, text)) for text in texts]
        unknown = [text for text, found in zip(texts, known, strict=True) if found is None]
        searched = iter(self._search(unknown, kind))
        return [next(searched) if found is None else found for found in known]

    def look_ahead(self, texts: Iterable[tuple[str, str]]) -> None:
        """Search (kind, text) pairs that will be asked for; of each kind together. Long ones are left for then, and so
        are all after the first `AHEAD`."""
        by_kind: dict[str, dict[str, None]] = {}
        count = size = 0
        for kind, text in texts:
            if len(text) > LONGEST or (kind, text) in self._known:
                continue
            count, size = count + 1, size + len(text)
            if count > AHEAD or size > AHEAD_CHARACTERS:
                break
            by_kind.setdefault(kind, {})[text] = None
        for kind, new in by_kind.items():
            self._search(list(new), kind)

    def _search(self, texts: Sequence[str], kind: str) -> list[tuple[NameMatch, ...]]:
        found = self._matcher.find_many(texts, kind, self._floor) if texts else []
        if len(self._known) + len(texts) > MOST:
            self._known.clear()
        for text, matches in zip(texts, found, strict=True):
            if len(text) <= LONGEST and len(matches) <= MOST_MATCHES and len(self._known) < MOST:
                self._known[kind, text] = matches
        return found
