"""Rows by digest: sorted prefixes and a binary search, 12 bytes a row beside the digests themselves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


class DigestSet:
    """Finds the rows that carry a digest of 32 bytes."""

    def __init__(self, digests: NDArray[np.uint8], rows: NDArray[np.int64]) -> None:
        """`digests` has shape (n, 32); `rows` (n,) is what each belongs to."""
        prefixes = np.ascontiguousarray(digests[:, :8]).view(">u8").ravel().astype(np.uint64)
        order = np.argsort(prefixes, kind="stable")
        self._prefixes = prefixes[order]
        self._digests = digests[order]
        self._rows = rows[order]

    def __len__(self) -> int:
        return len(self._rows)

    def find(self, digest: bytes) -> tuple[int, ...]:
        """Rows with exactly this digest, in rising order. A digest of another length is found nowhere."""
        if len(digest) != 32 or not len(self._rows):
            return ()
        key = np.frombuffer(digest, ">u8", count=1).astype(np.uint64)[0]
        first = int(np.searchsorted(self._prefixes, key, side="left"))
        last = int(np.searchsorted(self._prefixes, key, side="right"))
        wanted = np.frombuffer(digest, np.uint8)
        same = (self._digests[first:last] == wanted).all(axis=1)
        return tuple(sorted({int(row) for row in self._rows[first:last][same]}))


def find_reference(digests: NDArray[np.uint8], rows: NDArray[np.int64], digest: bytes) -> tuple[int, ...]:
    """What `DigestSet.find` must return, by comparing every digest."""
    return tuple(sorted({int(row) for raw, row in zip(digests, rows, strict=True) if raw.tobytes() == digest}))
