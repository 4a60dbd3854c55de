"""Opening an index and reading what it holds."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from auditor.errors import IndexCorrupt, IndexMissing
from auditor.index.disk.atomic_folder import file_digest, resolve
from auditor.index.format.manifest import MAX_BYTES, Manifest, from_bytes
from auditor.index.format.schema import (
    ARTISTS,
    FEEDBACK,
    MANIFEST,
    REGIONS,
    WORKS,
    Feedback,
    WorkRecord,
    in_memory,
    is_schema_of,
)
from auditor.index.format.tables import artists_from, feedback_from, works_from
from auditor.index.opening.trust import TrustedKey
from auditor.index.opening.trust import check_signature as check_of
from auditor.model import Artist
from auditor.outcome import IndexInfo
from auditor.support import reading

HASHED_AT_OPENING = 256_000_000
"""A data file up to this many bytes is compared with its digest when the index is opened for scanning; larger region
files are compared by size, then page by page as they are read, and completely by `auditor index verify`."""


class Index:
    """One opened index. Nothing is read before it is asked for; data files are read through memory maps."""

    def __init__(self, path: Path, manifest: Manifest, signature: str | None = None) -> None:
        self.path = path
        """The folder that is read."""
        self.manifest = manifest
        self.signature = signature
        """None = unsigned; else `verified:KEYID` or `unverified`."""

    def __repr__(self) -> str:
        return f"Index({self.manifest.name!r}, version={self.manifest.version}, path={str(self.path)!r})"

    @property
    def name(self) -> str:
        """The list's own name."""
        return self.manifest.name

    @property
    def info(self) -> IndexInfo:
        """What a report says of this index."""
        manifest = self.manifest
        return IndexInfo(
            name=manifest.name,
            digest=manifest.digest,
            version=manifest.version,
            artists=manifest.counts.get("artists", 0),
            works=manifest.counts.get("works", 0),
            issued=manifest.issued,
            expires=manifest.expires,
            signature=self.signature,
        )

    @cached_property
    def artists(self) -> tuple[Artist, ...]:
        """Every artist, tombstones included.

        Raises:
            IndexCorrupt: the file cannot be read, or an artist has no id or name of text.
        """
        found = artists_from(self.table(ARTISTS))
        for artist in found:
            texts = (artist.id, *artist.names, *artist.aliases, *artist.ambiguous)
            if not artist.names or not all(isinstance(text, str) for text in texts):
                raise self._corrupt(ARTISTS, f"the artist {artist.id!r} has no name, or one that is no text")
        return found

    @cached_property
    def feedback(self) -> tuple[Feedback, ...]:
        """Opinions about single hashes."""
        return feedback_from(self.table(FEEDBACK)) if FEEDBACK in self.manifest.files else ()

    @property
    def has_regions(self) -> bool:
        """Whether region hashes are held."""
        return REGIONS in self.manifest.files

    def table(self, name: str, columns: list[str] | None = None) -> pa.Table:
        """A data file, or some of its columns, in memory.

        Raises:
            IndexCorrupt: the file cannot be read or has other columns than the format says.
        """
        try:
            with self._file(name) as file:
                table = file.read(columns=columns)
            table.validate(full=True)  # texts that are no UTF-8, which reading alone does not see
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise self._corrupt(name, str(error)) from error
        return in_memory(table, columns) if name == WORKS else table

    def works(self) -> Iterator[WorkRecord]:
        """Every work with its hashes, tombstones included, in stored order, a batch at a time."""
        try:
            with self._file(WORKS) as file:
                for batch in file.iter_batches(batch_size=16_384):
                    batch.validate(full=True)
                    yield from works_from(pa.Table.from_batches([batch]))
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise self._corrupt(WORKS, str(error)) from error

    def region_tables(self) -> Iterator[tuple[int, pa.Table]]:
        """(row of the first work, region rows), a row group at a time; row i belongs to row i of the works."""
        first = 0
        try:
            with self._file(REGIONS) as file:
                for group in range(file.num_row_groups):
                    table = file.read_row_group(group)
                    table.validate(full=True)
                    yield first, table
                    first += table.num_rows
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise self._corrupt(REGIONS, str(error)) from error

    def _file(self, name: str) -> pq.ParquetFile:
        reading.require_file(self.path / name)  # a mapped file is opened by its path
        file = pq.ParquetFile(self.path / name, memory_map=True, page_checksum_verification=True)
        if not is_schema_of(name, file.schema_arrow):
            file.close()
            raise self._corrupt(name, "its columns are not those of the format")
        if file.metadata.num_rows != self.manifest.files[name].rows:
            file.close()
            raise self._corrupt(name, "it has another number of rows than index.json says")
        return file

    def _corrupt(self, name: str, why: str) -> IndexCorrupt:
        return corrupt(self.path, name, why)


def corrupt(path: Path, name: str, why: str) -> IndexCorrupt:
    """The error for a damaged data file, with what to do."""
    return IndexCorrupt(
        f"{path}: {name} is damaged ({why}). Fetch the index again from its publisher, or rebuild it with "
        "'auditor index build'."
    )


def open_index(
    path: str | os.PathLike[str],
    *,
    check_files: bool = True,
    hash_limit: int | None = HASHED_AT_OPENING,
    trusted: Sequence[TrustedKey] = (),
    check_signature: bool = True,
) -> Index:
    """Open an index folder.

    With `check_files` every data file of at most `hash_limit` bytes is compared with its digest in index.json;
    without, only existence and size are compared, which suffices to describe an index. With `trusted` keys the
    index must carry a signature of one of them.

    Raises:
        IndexMissing: there is no index at that path.
        IndexVersionUnknown: it was written by a newer version of the format.
        IndexCorrupt: a file is damaged, truncated, missing or swapped.
        IndexUntrusted: the signature is not one of a trusted key, or for another version.
    """
    folder = resolve(Path(path))
    manifest = read_manifest(folder, str(path))
    for name, entry in manifest.files.items():
        check_file(folder, name, entry.bytes, entry.sha256 if check_files else None, hash_limit)
    return Index(folder, manifest, check_of(folder, manifest, trusted) if check_signature else None)


def read_manifest(folder: Path, shown: str) -> Manifest:
    """Read and check index.json alone. Raises as `open_index` does."""
    try:
        with reading.open_file(folder / MANIFEST) as stream:
            raw = stream.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise IndexMissing(
            f"{shown} holds no index ({MANIFEST} is missing). Make one with "
            "'auditor index build ARTISTS --out DIR', or give the folder of one with --index."
        ) from error
    except OSError as error:
        raise IndexMissing(
            f"{shown}: {MANIFEST} cannot be opened ({error.strerror}). Check the permissions of the folder."
        ) from error
    if len(raw) > MAX_BYTES:
        raise corrupt(folder, MANIFEST, f"it is larger than {MAX_BYTES} bytes")
    return from_bytes(raw, shown)


def check_file(folder: Path, name: str, size: int, sha256: str | None, limit: int | None = HASHED_AT_OPENING) -> None:
    """Compare a data file with what index.json says of it.

    Raises:
        IndexCorrupt: missing, of another size, or of another content.
    """
    path = folder / name
    try:
        found = path.stat().st_size
        if found != size:
            raise corrupt(folder, name, f"it has {found:,} bytes, index.json says {size:,}")
        if sha256 is not None and (limit is None or size <= limit) and file_digest(path) != sha256:
            raise corrupt(folder, name, "its SHA-256 is not the one in index.json: changed, swapped or damaged")
    except FileNotFoundError as error:
        raise corrupt(folder, name, "it is missing") from error
    except OSError as error:
        raise corrupt(folder, name, f"it cannot be read: {error.strerror}") from error


def as_matrix(column: pa.ChunkedArray, width: int) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """A column of fixed-size binary as (n, width) uint8 with zeros for null, and which rows are there."""
    rows: list[NDArray[np.uint8]] = []
    valid: list[NDArray[np.bool_]] = []
    for chunk in column.chunks:
        present = chunk.is_valid().to_numpy(zero_copy_only=False)
        filled = chunk if chunk.null_count == 0 else chunk.fill_null(bytes(width))
        raw = np.frombuffer(filled.buffers()[1], np.uint8) if len(filled) else np.zeros(0, np.uint8)
        start = filled.offset * width
        rows.append(raw[start : start + len(filled) * width].reshape(-1, width))
        valid.append(present)
    if not rows:
        return np.zeros((0, width), np.uint8), np.zeros(0, np.bool_)
    return np.concatenate(rows), np.concatenate(valid)
