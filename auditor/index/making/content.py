"""What a version of an index holds, before it is written: artists, and works in segments.

A segment is a table of works with, where known, the region rows in the same order. Tables stay in Arrow, so that
a million works can be filtered and joined without a Python value for each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from auditor.index.format.schema import REGIONS, WORKS, Feedback, works_schema
from auditor.index.opening.store import Index
from auditor.index.search.region_columns import empty_table, with_empty_rows
from auditor.model import Artist

SLICE = 4_096
_KEPT_IN_TOMBSTONE = ("work_id", "artist_id", "status", "status_date", "status_note")


@dataclass(frozen=True, slots=True)
class Segment:
    """Some works. `regions`, called, yields region rows aligned with `works`; None where there are none."""

    works: pa.Table
    regions: Callable[[], Iterable[pa.Table]] | None = None

    def __len__(self) -> int:
        return int(self.works.num_rows)


@dataclass(frozen=True, slots=True)
class Content:
    """Everything of a version but its manifest."""

    artists: tuple[Artist, ...]
    segments: tuple[Segment, ...]
    feedback: tuple[Feedback, ...] = ()

    @property
    def works(self) -> pa.Table:
        """All works as one table."""
        return pa.concat_tables([works_schema().empty_table(), *(segment.works for segment in self.segments)])

    @property
    def has_regions(self) -> bool:
        """Whether any segment brings region hashes."""
        return any(segment.regions is not None for segment in self.segments)

    def region_tables(self) -> Iterator[pa.Table]:
        """Region rows of all segments; empty rows where a segment has none."""
        for segment in self.segments:
            if segment.regions is None:
                for start in range(0, len(segment), SLICE):
                    yield empty_table(segment.works["work_id"].slice(start, SLICE).to_pylist())
            else:
                yield from segment.regions()


def content_of(index: Index) -> Content:
    """What an opened index holds."""

    def regions() -> Iterator[pa.Table]:
        return (table for _, table in index.region_tables())

    segment = Segment(index.table(WORKS), regions if REGIONS in index.manifest.files else None)
    return Content(index.artists, (segment,), index.feedback)


def keys(works: pa.Table) -> pa.ChunkedArray:
    """`ARTIST_ID/WORK_ID` of each work: unique within an index."""
    return pc.binary_join_element_wise(works["artist_id"], works["work_id"], "/")


def kept(segment: Segment, keep: NDArray[np.bool_]) -> Segment:
    """The segment without some of its works."""
    if keep.all():
        return segment
    source = segment.regions

    def regions() -> Iterator[pa.Table]:
        assert source is not None
        first = 0
        for table in source():
            part = keep[first : first + table.num_rows]
            first += table.num_rows
            if part.any():
                yield table.filter(pa.array(part))

    return Segment(segment.works.filter(pa.array(keep)), regions if source is not None else None)


def entombed(segment: Segment, gone: NDArray[np.bool_], status: str, on: str, note: str | None) -> Segment:
    """The segment with some works turned into tombstones: they keep their ids, and lose hashes and titles."""
    if not gone.any():
        return segment
    mask = pa.array(gone)
    said = {"status": status, "status_date": on, "status_note": note}
    columns = []
    for field in works_schema():
        old = segment.works[field.name].combine_chunks()
        if field.name in said:
            columns.append(pc.if_else(mask, pa.scalar(said[field.name], field.type), old))
        elif field.name in _KEPT_IN_TOMBSTONE:
            columns.append(old)
        else:
            columns.append(pc.if_else(mask, pa.scalar(None, field.type), old))
    works = pa.Table.from_arrays(columns, schema=works_schema())
    source = segment.regions

    def regions() -> Iterator[pa.Table]:
        assert source is not None
        first = 0
        for table in source():
            yield with_empty_rows(table, gone[first : first + table.num_rows])
            first += table.num_rows

    return replace(segment, works=works, regions=regions if source is not None else None)


def is_active(works: pa.Table) -> NDArray[np.bool_]:
    """Which works are no tombstones."""
    result: NDArray[np.bool_] = pc.equal(works["status"], "active").to_numpy().astype(np.bool_)
    return result


def among(values: pa.ChunkedArray, wanted: pa.ChunkedArray | pa.Array) -> NDArray[np.bool_]:
    """Which values are in a set."""
    options = wanted.combine_chunks() if isinstance(wanted, pa.ChunkedArray) else wanted
    result: NDArray[np.bool_] = pc.is_in(values, options).to_numpy().astype(np.bool_)
    return result
