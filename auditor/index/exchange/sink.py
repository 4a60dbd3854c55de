"""Where readers put what they find: works go to Arrow tables in batches, so memory grows with hashes, not with text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import pyarrow as pa

from auditor.errors import IndexProblem
from auditor.imaging.regions.features import RegionFeatures
from auditor.index.format.identity import artist_id
from auditor.index.format.schema import Feedback, WorkRecord, works_schema
from auditor.index.format.tables import works_from, works_table
from auditor.index.making.content import Content, Segment
from auditor.index.making.versions import NO_LABEL, Label
from auditor.index.search.region_columns import features_table
from auditor.model import Artist

BATCH = 4_096


class ListError(IndexProblem):
    """A list cannot be read; the message says where and why."""


@dataclass(frozen=True, slots=True)
class ListSource:
    """What a list that has versions says of them."""

    version: int
    previous_version: int | None
    previous_sha256: str | None
    """SHA-256, in hex, of the file that held the version before."""


class Sink:
    """Collects a list. `source` is how messages name the file."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.label: Label = NO_LABEL
        self.list_source: ListSource | None = None
        self.dropped: Counter[str] = Counter()
        """What the list says and an index has no place for."""
        self._artists: dict[str, Artist] = {}
        self._lines: dict[tuple[str, str], int] = {}
        self._order: list[tuple[str, str]] = []
        self._pending: list[tuple[WorkRecord, RegionFeatures | None]] = []
        self._tables: list[tuple[pa.Table, pa.Table | None]] = []
        self._stones: dict[tuple[str, str], tuple[str, str | None, str | None]] = {}
        self._feedback: list[Feedback] = []

    def fail(self, line: int, why: str) -> ListError:
        """The error for a line, to be raised."""
        return ListError(
            f"{self.source}, line {line:,}: {why} Nothing was written; correct the list and import it again."
        )

    def drop(self, what: str, count: int = 1) -> None:
        """Count something an index has no place for; `what` reads on from a number, as in `3 md5 hashes`."""
        if count:
            self.dropped[what] += count

    def artist(self, artist: Artist, line: int) -> None:
        """Take an artist.

        Raises:
            ListError: the id is there already.
        """
        if artist.id in self._artists:
            raise self.fail(line, f"the artist {artist.id!r} is listed already.")
        self._artists[artist.id] = artist

    def named_artist(self, name: str, **more: object) -> str:
        """The id of the artist of this display name, listed on first use."""
        identity = artist_id(name)
        if identity not in self._artists:
            self._artists[identity] = Artist(identity, (name,), **more)  # type: ignore[arg-type]
        return identity

    def known_artist(self, identity: str) -> Artist | None:
        """An artist taken earlier."""
        return self._artists.get(identity)

    def change_artist(self, artist: Artist) -> None:
        """Replace an artist taken earlier."""
        self._artists[artist.id] = artist

    def work(self, work: WorkRecord, line: int, regions: RegionFeatures | None = None) -> None:
        """Take a work.

        Raises:
            ListError: its artist is not listed, or the work is listed already.
        """
        key = (work.artist_id, work.work_id)
        if work.artist_id not in self._artists:
            raise self.fail(
                line, f"the work {work.work_id!r} belongs to an artist that is not listed: {work.artist_id!r}."
            )
        if key in self._lines:
            raise self.fail(line, f"the work {work.work_id!r} is listed already in line {self._lines[key]:,}.")
        self._lines[key] = line
        self._pending.append((work, regions))
        if len(self._pending) >= BATCH:
            self._flush()

    def has_work(self, artist: str, work: str) -> int | None:
        """The line that lists a work."""
        return self._lines.get((artist, work))

    def tombstone(self, artist: str, work: str, status: str, date: str | None, note: str | None, line: int) -> None:
        """Withdraw a work taken earlier.

        Raises:
            ListError: no line before lists the work.
        """
        if (artist, work) not in self._lines:
            raise self.fail(line, f"a tombstone for the work {work!r} of {artist!r}, which no line before lists.")
        self._stones[artist, work] = (status, date, note)

    def feedback(self, opinion: Feedback) -> None:
        """Take an opinion."""
        self._feedback.append(opinion)

    def content(self) -> Content:
        """Everything taken, as the content of an index."""
        self._flush()
        tables = [self._buried(table) for table, _ in self._tables]
        works = pa.concat_tables([works_schema().empty_table(), *tables])
        has_regions = any(regions is not None for _, regions in self._tables)
        segment = Segment(works, self._region_tables if has_regions else None)
        return Content(tuple(self._artists.values()), (segment,), tuple(dict.fromkeys(self._feedback)))

    def _flush(self) -> None:
        if not self._pending:
            return
        works = works_table(work for work, _ in self._pending)
        regions = None
        if any(features is not None for _, features in self._pending):
            regions = features_table(
                [work.work_id for work, _ in self._pending], [features for _, features in self._pending]
            )
        self._tables.append((works, regions))
        self._pending.clear()

    def _region_tables(self) -> Iterator[pa.Table]:
        for works, regions in self._tables:
            yield regions if regions is not None else _none(works["work_id"].to_pylist())

    def _buried(self, table: pa.Table) -> pa.Table:
        """Tombstones can follow their works by any number of lines, so they are applied at the end."""
        if not self._stones:
            return table
        return works_table(self._with_stones(works_from(table)))

    def _with_stones(self, works: Iterable[WorkRecord]) -> Iterator[WorkRecord]:
        for work in works:
            stone = self._stones.get((work.artist_id, work.work_id))
            if stone is None:
                yield work
            else:
                blank = WorkRecord(work.work_id, work.artist_id)
                yield replace(blank, status=stone[0], status_date=stone[1], status_note=stone[2])


def _none(work_ids: list[str]) -> pa.Table:
    return features_table(work_ids, [None] * len(work_ids))
