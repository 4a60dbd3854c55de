"""Search over the region hashes of several indexes at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from auditor.checks.interface import FeatureHits
from auditor.imaging.regions.features import unpack_positions
from auditor.index.search import region_store, region_tree
from auditor.index.search.region_store import RegionSource, RegionTable
from auditor.index.search.region_tree import Probe


@dataclass(frozen=True, slots=True)
class _Part:
    table: RegionTable
    works: NDArray[np.int64]
    """Row in the whole body of works for each work of the table, -1 for one that must not match."""


class RegionSearch:
    """Implements `checks.interface.RegionSearcher`. Safe to share between forked processes: nothing is written."""

    def __init__(self, parts: Sequence[_Part], quick: Probe, thorough: Probe) -> None:
        self._parts = tuple(parts)
        self._probes = {False: quick, True: thorough}
        self._homes = {
            int(work): (number, row)
            for number, part in enumerate(self._parts)
            for row, work in enumerate(part.works.tolist())
            if work >= 0
        }

    def nearest(self, codes: NDArray[np.uint8], k: int, bits: int, thorough: bool = True) -> FeatureHits:
        """For each code (n, 16) the k nearest features of every index, those within `bits` bits."""
        found = [self._nearest(part, codes, k, bits, self._probes[thorough]) for part in self._parts]
        if not found:
            return FeatureHits.none()
        return FeatureHits(
            query=np.concatenate([hits.query for hits in found]),
            work=np.concatenate([hits.work for hits in found]),
            bits=np.concatenate([hits.bits for hits in found]),
            place=np.concatenate([hits.place for hits in found]),
        )

    def features(self, work: int) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        """All features of a work: codes (m, 16) and positions (m, 4). Empty for a work without regions."""
        home = self._homes.get(work)
        if home is None:
            return np.zeros((0, 16), np.uint8), np.zeros((0, 4), np.float32)
        table = self._parts[home[0]].table
        rows = slice(int(table.offsets[home[1]]), int(table.offsets[home[1] + 1]))
        return np.asarray(table.codes[rows]), _positions(table, rows)

    def size(self, work: int) -> tuple[int, int]:
        """Width and height of a work, for its proportion; (1, 1) for a work without regions."""
        home = self._homes.get(work)
        if home is None:
            return 1, 1
        width, height = self._parts[home[0]].table.sizes[home[1]].tolist()
        return int(width), int(height)

    def _nearest(self, part: _Part, codes: NDArray[np.uint8], k: int, bits: int, how: Probe) -> FeatureHits:
        region_tree.probe(part.table.tree, how)
        distances, rows = region_tree.search(part.table.tree, codes, k)
        query, column = np.nonzero((rows >= 0) & (distances <= bits))
        features = rows[query, column]
        owners = np.searchsorted(part.table.offsets, features, side="right") - 1
        works = part.works[owners]
        kept = works >= 0
        query, features = query[kept], features[kept]
        return FeatureHits(
            query=query,
            work=works[kept],
            bits=distances[query, column[kept]].astype(np.int32),
            place=_positions(part.table, features),
        )


def open_region_searcher(
    sources: Sequence[RegionSource], cache: Path | None, *, exact: bool = False, prepared: Path | None = None
) -> RegionSearch:
    """Open the region search over these indexes, building and caching what is not there yet.

    Args:
        sources: one per index, see `region_store.RegionSource`.
        cache: folder for derived files, or None to keep them in memory.
        exact: compare with every feature (the brute-force reference).
        prepared: folder in which derived files may lie already; nothing is written there but when they were last used.
    """
    parts = [_Part(region_store.table(source, cache, exact, prepared), np.asarray(source.works)) for source in sources]
    return RegionSearch(parts, region_tree.QUICK, region_tree.THOROUGH)


def _positions(table: RegionTable, rows: slice | NDArray[np.int64]) -> NDArray[np.float32]:
    places = np.asarray(table.places[rows])
    return unpack_positions(places["x"], places["y"], places["scale"], places["angle"])
