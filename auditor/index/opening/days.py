"""What the day of a scan decides: which entries of the indexes have ended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import cast

from auditor.index.format.preferences import is_expired
from auditor.index.format.schema import WORKS
from auditor.index.opening.store import Index


def last_ended(indexes: Sequence[Index], today: date) -> date | None:
    """The latest last day, before `today`, of any artist, work or index; None where nothing has ended.

    Entries end and never begin again, so two days with the same answer find the same of the same pictures.

    Raises:
        IndexCorrupt: a data file cannot be read.
    """
    ended = [date.fromisoformat(cast(str, day)) for day in _last_days(indexes) if is_expired(day, today)]
    return max(ended, default=None)


def _last_days(indexes: Iterable[Index]) -> Iterator[str | None]:
    for index in indexes:
        yield index.manifest.expires
        yield from (artist.expires for artist in index.artists)
        days = index.table(WORKS, ["expires"])["expires"]
        if days.null_count < len(days):
            yield from days.unique().to_pylist()
