"""Rows of regions.parquet: from features, to the arrays of the region search, and with rows emptied."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from auditor.imaging.regions.features import RegionFeatures
from auditor.index.format.schema import REGIONS, REGIONS_SCHEMA
from auditor.index.opening.store import Index, corrupt
from auditor.index.search import region_store
from auditor.index.search.columns import Searcher
from auditor.index.search.region_store import RegionRows, RegionSource

_LISTS = ("hashes", "x", "y", "scale", "angle")
_DTYPES = {"x": np.uint16, "y": np.uint16, "scale": np.uint8, "angle": np.uint8}


def features_table(work_ids: Sequence[str], features: Sequence[RegionFeatures | None]) -> pa.Table:
    """Region rows of some works; a work without features gets empty lists."""
    there = [item for item in features if item is not None]
    counts = [0 if item is None else len(item) for item in features]
    offsets = pa.array(np.concatenate([[0], np.cumsum(counts)]).astype(np.int32))
    codes = np.concatenate([item.codes for item in there]) if there else np.zeros((0, 16), np.uint8)
    raw = pa.py_buffer(np.ascontiguousarray(codes).tobytes())
    values: dict[str, pa.Array] = {
        "hashes": pa.FixedSizeBinaryArray.from_buffers(pa.binary(16), len(codes), [None, raw])
    }
    for name, dtype in _DTYPES.items():
        parts = [getattr(item, name) for item in there]
        values[name] = pa.array(np.concatenate(parts) if parts else np.zeros(0, dtype))
    lists = [pa.ListArray.from_arrays(offsets, values[name], type=REGIONS_SCHEMA.field(name).type) for name in _LISTS]
    return pa.Table.from_arrays([pa.array(work_ids, pa.string()), *lists], schema=REGIONS_SCHEMA)


def features_of(table: pa.Table) -> Iterator[RegionFeatures]:
    """The features of each row. Their width and height are not stored with them, and are 1 here."""
    rows = region_rows(table, np.ones((table.num_rows, 2), np.int64))
    ends = np.cumsum(rows.counts)
    for start, end in zip(ends - rows.counts, ends, strict=True):
        part = slice(int(start), int(end))
        yield RegionFeatures(rows.codes[part], rows.x[part], rows.y[part], rows.scale[part], rows.angle[part], 1, 1)


def empty_table(work_ids: Sequence[str]) -> pa.Table:
    """Region rows of works without region hashes."""
    return features_table(work_ids, [None] * len(work_ids))


def with_empty_rows(table: pa.Table, empty: NDArray[np.bool_]) -> pa.Table:
    """The same rows, with the features of some of them dropped."""
    if not empty.any():
        return table
    kept = table.filter(pa.array(~empty))
    dropped = empty_table(table["work_id"].filter(pa.array(empty)).to_pylist())
    order = np.empty(len(empty), np.int64)
    order[~empty] = np.arange(len(kept))
    order[empty] = len(kept) + np.arange(len(dropped))
    return pa.concat_tables([kept, dropped]).take(pa.array(order))


def region_sources(searcher: Searcher) -> tuple[RegionSource, ...]:
    """What the region search needs of each opened index that holds region hashes, in the searcher's rows."""
    sources = []
    for position, index in enumerate(searcher.indexes):
        if not index.has_regions:
            continue
        wanted = searcher.searched(position)
        rows = np.where(wanted, np.arange(len(wanted)) + searcher.offset(position), -1)
        sources.append(RegionSource(index.manifest.files["regions.parquet"].sha256, rows, _batches(index)))
    return tuple(sources)


def prepare(index: Index, folder: Path, prepared: Path | None = None) -> None:
    """Build what the region search maps in `folder`, so that no scan has to; nothing where there are no regions, or
    where it lies in `prepared`.

    Raises:
        OSError: it cannot be written.
    """
    if index.has_regions:
        digest = index.manifest.files["regions.parquet"].sha256
        region_store.table(RegionSource(digest, np.zeros(0, np.int64), _batches(index)), folder, prepared=prepared)


def _batches(index: Index) -> Callable[[], Iterable[RegionRows]]:
    def read() -> Iterator[RegionRows]:
        sizes = index.table("works.parquet", ["width", "height"])
        width = pc.fill_null(sizes["width"], 1).to_numpy().astype(np.int64)
        height = pc.fill_null(sizes["height"], 1).to_numpy().astype(np.int64)
        last = 0
        for first, table in index.region_tables():
            last = first + table.num_rows
            if last > len(width) or not _is_whole(table):
                break
            yield region_rows(table, np.stack([width[first:last], height[first:last]], axis=1))
        else:
            if last == len(width):
                return
        raise corrupt(index.path, REGIONS, "its rows do not fit those of works.parquet, or its lists each other")

    return read


def _is_whole(table: pa.Table) -> bool:
    """Whether every feature of every row has its hash, position, scale and angle."""
    table = table.combine_chunks()
    counts = [pc.fill_null(pc.list_value_length(table[name]), 0) for name in _LISTS]
    return all(counts[0].equals(other) for other in counts[1:]) and all(
        pc.list_flatten(table[name]).null_count == 0 for name in _LISTS
    )


def region_rows(table: pa.Table, sizes: NDArray[np.int64]) -> RegionRows:
    """Stored rows as flat arrays. `sizes` is (m, 2): width and height of each work."""
    table = table.combine_chunks()
    flat = {name: pc.list_flatten(table[name]).combine_chunks() for name in _LISTS}
    hashes = flat["hashes"]
    raw = np.frombuffer(hashes.buffers()[1], np.uint8) if len(hashes) else np.zeros(0, np.uint8)
    start = hashes.offset * 16
    return RegionRows(
        counts=pc.fill_null(pc.list_value_length(table["hashes"]), 0).to_numpy().astype(np.int64),
        sizes=sizes,
        codes=raw[start : start + len(hashes) * 16].reshape(-1, 16),
        x=flat["x"].to_numpy(),
        y=flat["y"].to_numpy(),
        scale=flat["scale"].to_numpy(),
        angle=flat["angle"].to_numpy(),
    )
