"""Binary codes within a Hamming radius: FAISS, and beside it the reference that compares one by one.

A flat FAISS index compares every code and misses none. On one core it takes about 14 ms for 16 queries of 256 bits
against a million codes; multi-index hashing is no faster at the radii used here (31 to 50 of 256 bits), so there is
no second structure.
"""

from __future__ import annotations

import faiss
import numpy as np
from numpy.typing import NDArray

Pairs = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
"""(query row, code row, distance), sorted in that order of importance: query, distance, code row."""


class CodeSet:
    """A set of equally long codes that can be searched by radius."""

    def __init__(self, codes: NDArray[np.uint8]) -> None:
        """`codes` has shape (n, bytes)."""
        # A handful of queries is searched faster than threads are woken; several processes' threads would wait for
        # each other's cores.
        faiss.omp_set_num_threads(1)
        self._width = codes.shape[1]
        self._index = faiss.IndexBinaryFlat(self._width * 8)
        if len(codes):
            self._index.add(np.ascontiguousarray(codes))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def within(self, queries: NDArray[np.uint8], radius: int) -> Pairs:
        """All pairs of a query (n, bytes) and a code at most `radius` bits apart."""
        if not len(self) or not len(queries) or radius < 0:
            return _empty()
        # FAISS returns distances strictly below its radius.
        limits, distances, rows = self._index.range_search(np.ascontiguousarray(queries), radius + 1)
        if not len(rows):  # the rule, and the quicker for being told
            return _empty()
        query = np.repeat(np.arange(len(queries), dtype=np.int64), np.diff(limits.astype(np.int64)))
        return _sorted(query, rows.astype(np.int64), distances.astype(np.int64))


def within_reference(codes: NDArray[np.uint8], queries: NDArray[np.uint8], radius: int) -> Pairs:
    """What `CodeSet.within` must return, by comparing every pair."""
    if not len(codes) or not len(queries):
        return _empty()
    distance = np.bitwise_count(queries[:, None, :] ^ codes[None, :, :]).sum(axis=2, dtype=np.int64)
    query, row = np.nonzero(distance <= radius)
    return _sorted(query, row, distance[query, row])


def _sorted(query: NDArray[np.int64], row: NDArray[np.int64], distance: NDArray[np.int64]) -> Pairs:
    order = np.lexsort((row, distance, query))
    return query[order], row[order], distance[order]


def _empty() -> Pairs:
    nothing = np.zeros(0, np.int64)
    return nothing, nothing, nothing
