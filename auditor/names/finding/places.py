"""Which places of a text are taken by a match already, asked in constant time however many there are."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.names.interface import NameMatch

_BLOCK = 64


class Places:
    """Accepted matches by blocks of the text."""

    def __init__(self, matches: Iterable[NameMatch] = ()) -> None:
        self._blocks: dict[int, list[NameMatch]] = {}
        for match in matches:
            self.take(match)

    def take(self, match: NameMatch) -> None:
        """Remember an accepted match."""
        for block in range(match.start // _BLOCK, (match.end - 1) // _BLOCK + 1):
            self._blocks.setdefault(block, []).append(match)

    def taken(self, start: int, end: int, artist_id: str | None) -> bool:
        """Say whether an accepted match rules out one at this place.

        A longer match rules out those inside it; one artist has at most one match at a place; several artists may
        share a name and so a place. None stands for any artist: a spelling that is not the listed one means one person.
        """
        return any(
            _rules_out(match, start, end, artist_id)
            for block in range(start // _BLOCK, (end - 1) // _BLOCK + 1)
            for match in self._blocks.get(block, ())
        )


def _rules_out(match: NameMatch, start: int, end: int, artist_id: str | None) -> bool:
    if match.start == start and match.end == end:
        return artist_id is None or match.artist_id == artist_id
    if match.start <= start and end <= match.end:
        return True
    return artist_id in (None, match.artist_id) and match.start < end and start < match.end
