"""A matcher that remembers short texts: samples of one folder share texts, and texts searched together cost a tenth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from auditor.names.interface import NameMatch, NameMatcher

LONGEST = 2_000
"""Characters of a text that is worth remembering."""
MOST = 4_096
"""Texts that are remembered; beyond that all are forgotten."""


class RememberingMatcher:
    """Implements `interface.NameMatcher` by another matcher."""

    def __init__(self, matcher: NameMatcher) -> None:
        self._matcher = matcher
        self._known: dict[tuple[str, str], tuple[NameMatch, ...]] = {}

    def find(self, text: str, kind: str = "caption") -> tuple[NameMatch, ...]:
        """See `interface.NameMatcher.find`."""
        return self.find_many([text], kind)[0]

    def find_many(self, texts: Sequence[str], kind: str = "caption") -> list[tuple[NameMatch, ...]]:
        """See `interface.NameMatcher.find_many`."""
        known = [self._known.get((kind, text)) for text in texts]
        if None not in known:
            return [found for found in known if found is not None]
        found = self._matcher.find_many(texts, kind)
        self._keep(texts, kind, found)
        return found

    def look_ahead(self, texts: Iterable[tuple[str, str]]) -> None:
        """Search (kind, text) pairs that will be asked for; of each kind together. Long ones are left for then."""
        by_kind: dict[str, dict[str, None]] = {}
        for kind, text in texts:
            if len(text) <= LONGEST and (kind, text) not in self._known:
                by_kind.setdefault(kind, {})[text] = None
        for kind, new in by_kind.items():
            self._keep(list(new), kind, self._matcher.find_many(list(new), kind))

    def _keep(self, texts: Sequence[str], kind: str, found: Sequence[tuple[NameMatch, ...]]) -> None:
        if len(self._known) + len(texts) > MOST:
            self._known.clear()
        for text, matches in zip(texts, found, strict=True):
            if len(text) <= LONGEST and len(self._known) < MOST:
                self._known[kind, text] = matches
