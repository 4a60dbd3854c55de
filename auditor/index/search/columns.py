"""All opened indexes as one body of works: the searcher that the copies check uses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from auditor.checks.interface import ListedWork, WorkHit
from auditor.imaging.hash_kind import HashKind
from auditor.index.format import hash_kinds
from auditor.index.format.hash_kinds import PIXEL_SHA256, SHA256
from auditor.index.format.preferences import artist_today, constraint, for_training, holds, is_expired
from auditor.index.format.schema import Preferences
from auditor.index.opening.names import labels
from auditor.index.opening.store import Index
from auditor.index.search.digests import DigestSet
from auditor.index.search.hamming import CodeSet
from auditor.index.search.searchable import Codes, IndexColumns, join_codes, load_columns
from auditor.model import Work
from auditor.thresholds import DEFAULT


class Searcher:
    """Implements `auditor.checks.interface.CopySearcher` over several indexes.

    Row `offset(i) + r` is row `r` of the works of index `i`, so rows are stable for given indexes in a given order.
    """

    def __init__(self, indexes: Sequence[Index], columns: Sequence[IndexColumns], today: date | None) -> None:
        self.indexes = tuple(indexes)
        self._labels = labels(indexes)
        self._today = today
        self._columns = tuple(columns)
        self._starts = np.cumsum([0, *(len(item) for item in columns)])
        self._files = self._digests(SHA256)
        self._pixels = self._digests(PIXEL_SHA256)
        self._sizes = _joined([item.pixel_sizes for item in columns])
        self._unhashed_sizes = _joined([item.unhashed_sizes for item in columns])
        views = {kind: _Views(join_codes(columns, kind, self._starts)) for kind in hash_kinds.compared()}
        self._views = {kind.name: codes for kind, codes in views.items()}
        self.kinds = tuple(kind for kind, codes in views.items() if len(codes))
        """The kinds of hashes that any searched work has, in the order of trust."""

    def __len__(self) -> int:
        return int(self._starts[-1])

    def offset(self, index: int) -> int:
        """Row of the first work of the index with this position."""
        return int(self._starts[index])

    def searched(self, index: int) -> NDArray[np.bool_]:
        """Which works of the index with this position may be returned: active, and not allowed."""
        return self._columns[index].active

    def by_file_sha256(self, digest: bytes) -> tuple[WorkHit, ...]:
        """Works with this SHA-256 of the file."""
        return tuple(WorkHit(row, 0) for row in self._files.find(digest))

    def by_pixel_sha256(self, digest: bytes) -> tuple[WorkHit, ...]:
        """Works with this SHA-256 of the normalised pixels."""
        return tuple(WorkHit(row, 0) for row in self._pixels.find(digest))

    def has_size(self, width: int, height: int) -> bool:
        """Whether any work with a pixel digest has this size in pixels, or a size that is not known."""
        return _holds(self._sizes, size_key(width, height))

    def only_by_pixels(self, width: int, height: int) -> bool:
        """Whether `has_size` holds for a work that lacks a hash that is made of every view (PDQ, pHash)."""
        return _holds(self._unhashed_sizes, size_key(width, height))

    def by_hash(self, kind: str, codes: NDArray[np.uint8], radius: int) -> tuple[WorkHit, ...]:
        """Works whose hash of this kind is within `radius` bits of any of the codes (n, length): the nearest view of
        each.

        Raises:
            KeyError: there is no such kind of hash, or it is a digest.
        """
        return self._views[kind].within(codes, radius)

    def listed(self, work: int) -> ListedWork:
        """Who and what a row is, with the remarks that a finding must carry.

        Raises:
            IndexError: there is no such row.
        """
        if not 0 <= work < len(self):
            raise IndexError(f"row {work} of {len(self)}")
        place = int(np.searchsorted(self._starts, work, side="right")) - 1
        columns = self._columns[place]
        row = columns.describe(work - int(self._starts[place]))
        artist = artist_today(columns.artists[row["artist_id"]], self._today)
        said = Preferences(**row["preference"]) if row["preference"] else Preferences()
        own = said.generative_training or said.training
        preference, ended = holds(for_training(said, artist.preference), row["expires"], self._today)
        remarks = (*constraint(preference, row["policy"]), *ended)
        if own is None:
            remarks = tuple(dict.fromkeys((*remarks, *artist.remarks)))
        index_expires = self.indexes[place].manifest.expires
        if is_expired(index_expires, self._today):
            remarks = (*remarks, f"The index '{self._labels[place]}' expired on {index_expires}: fetch a newer one.")
        found = Work(
            id=row["work_id"],
            artist_id=row["artist_id"],
            title=row["title"],
            uri=row["uri"],
            width=row["width"] or 0,
            height=row["height"] or 0,
            preference=preference,
            status=row["status"],
            expires=row["expires"],
            policy=row["policy"],
        )
        return ListedWork(found, artist, self._labels[place], remarks)

    def _digests(self, kind: HashKind) -> DigestSet:
        joined = join_codes(self._columns, kind, self._starts)
        return DigestSet(joined.codes, joined.rows)


class _Views:
    """Codes of all views of all works, with the way back from a code to its work and view."""

    def __init__(self, codes: Codes) -> None:
        self._codes = CodeSet(codes.codes)
        self._rows = codes.rows
        self._names = codes.names
        self._view = codes.views

    def __len__(self) -> int:
        return len(self._codes)

    def within(self, queries: NDArray[np.uint8], radius: int) -> tuple[WorkHit, ...]:
        query, code, distance = self._codes.within(queries, radius)
        hits: dict[tuple[int, int], WorkHit] = {}
        for q, c, d in zip(query.tolist(), code.tolist(), distance.tolist(), strict=True):
            row = int(self._rows[c])
            if (q, row) not in hits:  # pairs come nearest first
                hits[q, row] = WorkHit(row, d, q, self._names[self._view[c]])
        return tuple(sorted(hits.values(), key=lambda hit: (hit.query, hit.distance, hit.work)))


def _joined(sizes: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    return np.unique(np.concatenate(sizes)) if sizes else np.zeros(0, np.int64)


def _holds(sizes: NDArray[np.int64], key: int) -> bool:
    """Whether a size is among sorted ones; a work of unknown size (0) may have any."""
    if len(sizes) and sizes[0] == 0:
        return True
    place = int(np.searchsorted(sizes, key))
    return place < len(sizes) and int(sizes[place]) == key


def size_key(width: int, height: int) -> int:
    """Width and height as one sortable number."""
    return width << 32 | height


def open_searcher(
    indexes: Sequence[Index], today: date | None = None, minimum_quality: int = DEFAULT.pdq_quality
) -> Searcher:
    """Read the hashes of all indexes and make them searchable.

    Works whose PDQ quality is known and below `minimum_quality` are too plain to be told apart by perceptual
    hash: they are found by digest only. `today` decides what has expired; without it nothing has.

    Raises:
        IndexCorrupt: a data file cannot be read.
    """
    return Searcher(indexes, [load_columns(index, today, minimum_quality) for index in indexes], today)
