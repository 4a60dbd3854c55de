"""Atomic writing of an index folder: a new folder beside it, made durable, then put in its place.

A folder cannot be replaced in one step on every system, so it takes two renames: the old folder steps aside to
`.NAME.old`, the new one takes its name. Should the machine stop between the two, `resolve` finds the old version
where it stepped aside to, and the next writer puts it back (`recover`).
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from auditor.errors import IndexProblem, UsageError
from auditor.index.disk.locks import writing_lock
from auditor.index.format.manifest import FileEntry, Manifest, to_bytes
from auditor.index.format.schema import DATA_FILES, MANIFEST, SCHEMAS, SIGNATURE, dictionary_columns
from auditor.support import reading
from auditor.support import writing as atomic

OWN_FILES = (MANIFEST, SIGNATURE, *DATA_FILES)
ROW_GROUP = 65_536
REGION_ROW_GROUP = 512
"""Works a row group of regions.parquet, so that a reader touches about 5 MB to get at one work."""


def resolve(folder: Path) -> Path:
    """Where the current version of an index is: the folder, or where it stepped aside to before a crash."""
    if not (folder / MANIFEST).exists():
        aside = _aside(folder)
        if (aside / MANIFEST).exists():
            return aside
    return folder


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """Yield an empty folder to write the new version into; on a clean exit it becomes `folder`.

    If it is still empty then, the old version stands.
    Files in `folder` that are no part of an index (a README) are carried over. Whatever happens before the end
    leaves the old version as it was.

    Raises:
        UsageError: `folder` holds something else than an index.
        IndexProblem: another process writes it, the disk is full, or the place cannot be written.
    """
    folder = Path(os.path.realpath(folder))
    with writing_lock(folder):
        recover(folder)
        _require_replaceable(folder)
        new = folder.with_name(f".{folder.name}.new-{secrets.token_hex(4)}")
        try:
            new.mkdir()
            yield new
            if any(new.iterdir()):
                _make_durable(new)
                _swap(new, folder)
        except OSError as error:
            raise IndexProblem(
                f"{folder} could not be written ({error.strerror or error}). What was there before is untouched. "
                "Free some space or choose another place, then run this again."
            ) from error
        finally:
            shutil.rmtree(new, ignore_errors=True)


def write_table(folder: Path, name: str, tables: Iterable[pa.Table], schema: pa.Schema | None = None) -> FileEntry:
    """Write one data file from a stream of tables, and return its entry for the manifest.

    `schema` is given where the file has further columns.
    """
    path = folder / name
    rows = 0
    with pq.ParquetWriter(
        path,
        schema or SCHEMAS[name],
        compression="zstd",
        use_dictionary=dictionary_columns(name),
        write_statistics=False,
        write_page_checksum=True,
    ) as writer:
        for table in tables:
            writer.write_table(table, row_group_size=REGION_ROW_GROUP if "hashes" in table.schema.names else ROW_GROUP)
            rows += table.num_rows
    return FileEntry(bytes=path.stat().st_size, sha256=file_digest(path), rows=rows)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write index.json, which names every other file by digest."""
    atomic.write_whole(folder / MANIFEST, to_bytes(manifest))


def file_digest(path: Path) -> str:
    """SHA-256 of a file in hex, read in pieces."""
    with reading.open_file(path) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_file(path: Path, data: bytes) -> None:
    """Put one small file in place atomically and durably.

    Raises:
        IndexProblem: the disk is full or the place cannot be written; the old file is untouched.
    """
    try:
        atomic.write_whole(path, data)
    except OSError as error:
        raise IndexProblem(f"{path} could not be written ({error.strerror or error}). Nothing was changed.") from error


def recover(folder: Path) -> None:
    """Finish or undo what an interrupted writer left beside the folder. Only to be called while holding the lock."""
    for left in folder.parent.glob(f".{_escape(folder.name)}.new-*"):
        shutil.rmtree(left, ignore_errors=True)
    aside = _aside(folder)
    if not aside.exists():
        return
    if folder.exists():
        _carry_over(aside, folder)
        shutil.rmtree(aside, ignore_errors=True)
    else:
        aside.rename(folder)


def _require_replaceable(folder: Path) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise UsageError(f"{folder} is a file. Name a folder for the index.")
    if not (folder / MANIFEST).exists() and any(folder.iterdir()):
        raise UsageError(f"{folder} holds files but no index. Name an empty or a new folder, so that nothing is lost.")


def _swap(new: Path, folder: Path) -> None:
    aside = _aside(folder)
    if folder.exists():
        folder.rename(aside)
    try:
        new.rename(folder)
    except OSError:
        if aside.exists():
            aside.rename(folder)
        raise
    atomic.sync_folder(folder.parent)
    if aside.exists():
        _carry_over(aside, folder)
        shutil.rmtree(aside, ignore_errors=True)


def _carry_over(aside: Path, folder: Path) -> None:
    for item in aside.iterdir():
        if item.name not in OWN_FILES and not (folder / item.name).exists():
            item.rename(folder / item.name)


def _aside(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.old")


def _make_durable(folder: Path) -> None:
    for path in folder.iterdir():
        atomic.sync_file(path)
    atomic.sync_folder(folder)


def _escape(name: str) -> str:
    return "".join(f"[{c}]" if c in "*?[" else c for c in name)
