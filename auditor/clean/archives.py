"""Writes archives and Parquet files again without some members or rows."""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from auditor.clean.removed import Removed
from auditor.support import reading

_BLOCK = 1024 * 1024


def without_members(source: Path, target: Path, names: Collection[str]) -> int:
    """Write the archive again without the members; in a tar, members that share a webdataset key go together.

    Returns how many members were left out.
    """
    if source.name.lower().endswith(".zip"):
        return _zip(source, target, frozenset(names))
    keys = frozenset(_key(name) for name in names)
    if source.name.lower().endswith(".tar"):
        return _plain_tar(source, target, keys)
    return _packed_tar(source, target, keys)


def _key(name: str) -> str:
    """The path up to the first dot of its last part, as webdataset groups members."""
    folder, slash, base = name.rpartition("/")
    return f"{folder}{slash}{base.partition('.')[0]}"


def _plain_tar(source: Path, target: Path, keys: frozenset[str]) -> int:
    """Copy the kept members' bytes, headers included, as they are."""
    dropped = 0
    with reading.open_file(source) as raw, target.open("wb") as out, tarfile.open(fileobj=raw, mode="r:") as archive:
        start = 0
        for info in archive:
            end = archive.offset
            if info.isreg() and _key(info.name) in keys:
                dropped += 1
            else:
                _copy(raw, out, start, end)
            start = end
        raw.seek(0, 2)
        _copy(raw, out, start, raw.tell())
    return dropped


def _copy(raw: Any, out: Any, start: int, end: int) -> None:
    place = raw.tell()
    raw.seek(start)
    left = end - start
    while left > 0 and (part := raw.read(min(left, _BLOCK))):
        out.write(part)
        left -= len(part)
    raw.seek(place)


def _packed_tar(source: Path, target: Path, keys: frozenset[str]) -> int:
    dropped = 0
    with (
        reading.open_file(source) as raw,
        tarfile.open(fileobj=raw, mode="r|*") as archive,
        tarfile.open(target, "w:gz") as out,
    ):
        for info in archive:
            if info.isreg() and _key(info.name) in keys:
                dropped += 1
                continue
            out.addfile(info, archive.extractfile(info) if info.isreg() else None)
    return dropped


def _zip(source: Path, target: Path, names: frozenset[str]) -> int:
    dropped = 0
    with (
        reading.open_file(source) as raw,
        zipfile.ZipFile(raw) as archive,
        zipfile.ZipFile(target, "w") as out,
    ):
        for info in archive.infolist():
            if info.filename in names:
                dropped += 1
                continue
            with archive.open(info) as body, out.open(info, "w") as copy:
                while part := body.read(_BLOCK):
                    copy.write(part)
        out.comment = archive.comment
    return dropped


def without_rows(
    source: Path, target: Path, rows: Collection[int], gone: Removed, folder: str, keys: Collection[str] = ()
) -> int:
    """Write a Parquet file again without the 1-based rows, and without rows with a cell that names a removed file.

    `keys` are values of the column `key`, by which img2dataset's tables name the samples of their shard. Schema and
    metadata stay. Returns how many rows were left out.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    dropped = 0
    number = 0
    means: Callable[[object], bool] = lambda cell: _cell_means(cell, gone, folder)  # noqa: E731
    with (
        reading.open_file(source) as raw,
        pq.ParquetFile(raw) as table,
        pq.ParquetWriter(target, table.schema_arrow) as writer,
    ):
        for group in range(table.num_row_groups):
            batch = table.read_row_group(group)
            texts = [column for column in batch.columns if not pa.types.is_binary(column.type)]
            named = batch.column("key").to_pylist() if keys and "key" in batch.column_names else []
            keep = []
            for place in range(batch.num_rows):
                number += 1
                listed = bool(named) and named[place] in keys
                keep.append(
                    not listed and number not in rows and not any(means(column[place].as_py()) for column in texts)
                )
            dropped += keep.count(False)
            writer.write_table(batch.filter(pa.array(keep)))
    return dropped


def _cell_means(cell: object, gone: Removed, folder: str) -> bool:
    if isinstance(cell, str):
        return gone.means(cell, folder)
    if isinstance(cell, dict):
        return any(_cell_means(part, gone, folder) for part in cell.values())
    if isinstance(cell, list):
        return any(_cell_means(part, gone, folder) for part in cell)
    return False
