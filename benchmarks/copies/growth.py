"""Query time and size of the search at 1,000, 10,000 and 100,000 works, grown from real features.

A grown work is a real one with every code changed in about eight of 128 bits and its features' order kept, so that
codes cluster as real ones do. Queries are real unrelated photos.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from auditor.checks.copies.regions.candidates import NEGATIVE, PLAIN, ballot
from auditor.checks.copies.regions.looks import CLOSER, GLANCE
from auditor.imaging.regions.descriptors import LocalFeatures
from auditor.imaging.regions.features import Look, look
from auditor.index.search.region_search import RegionSearch, open_region_searcher
from auditor.index.search.region_store import RegionRows, RegionSource
from benchmarks import document
from benchmarks.copies.material import Material, folder

SIZES = (1_000, 10_000, 100_000)
QUERIES = 60
BATCH = 500


def measure(material: Material, sizes: tuple[int, ...] = SIZES) -> list[tuple[int, int, float, float]]:
    """(works, features, median ms of a glance's search, of a closer look's) for each size."""
    paths = [query.path for query in material.unrelated if query.kind == "photo"][:QUERIES]
    greys = [np.asarray(cv2.imread(str(path), cv2.IMREAD_GRAYSCALE), np.uint8) for path in paths]
    looks = [[_look(grey, how) for grey in greys] for how in (GLANCE, CLOSER)]
    rows = []
    for works in sizes:
        start = time.perf_counter()
        search = open_region_searcher([_grown(works)], folder() / "growth")
        built = time.perf_counter() - start
        first = _median(search, looks[0], closer=False)
        closer = _median(search, looks[1], closer=True)
        features = int(sum(len(part.table.codes) for part in search._parts))
        rows.append((works, features, first, closer))
        print(
            f"growth: {works} works, {features} features: opened in {built:.1f} s, {first:.1f} / {closer:.1f} ms",
            flush=True,
        )
    return rows


def text(rows: list[tuple[int, int, float, float]]) -> str:
    """As a table."""
    table = document.table(
        ("works", "features", "glance, ms", "closer look, ms"),
        [(f"{w:,}", f"{n:,}", f"{first:.1f}", f"{closer:.1f}") for w, n, first, closer in rows],
    )
    return (
        f"**Search time as the index grows**, one core, median of {QUERIES} photos, search and votes only.\n\n{table}"
    )


def _look(grey: np.ndarray, how: Look) -> LocalFeatures:
    scale = min(1.0, how.long_side / max(grey.shape))
    size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
    return look(np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8), how)


def _median(search: RegionSearch, looks: list[LocalFeatures], closer: bool) -> float:
    variants = PLAIN + NEGATIVE if closer else PLAIN
    ballot(looks[0], variants, search, thorough=closer)
    times = []
    for features in looks:
        start = time.process_time()
        ballot(features, variants, search, thorough=closer)
        times.append((time.process_time() - start) * 1000)
    return statistics.median(times)


def _grown(works: int) -> RegionSource:
    stored = sorted((folder() / "features").glob("*.npz"))
    return RegionSource(f"grown-{works}", np.arange(works), lambda: _batches(stored, works))


def _batches(stored: list[Path], works: int) -> Iterator[RegionRows]:
    held = [dict(np.load(path, allow_pickle=False)) for path in stored]
    random = np.random.default_rng(7)
    for start in range(0, works, BATCH):
        chosen = [held[number % len(held)] for number in range(start, min(start + BATCH, works))]
        codes = np.concatenate([one["codes"] for one in chosen])
        if start >= len(held):
            noise = random.integers(0, 256, (4, *codes.shape), dtype=np.uint8)
            codes = codes ^ (noise[0] & noise[1] & noise[2] & noise[3])
        yield RegionRows(
            counts=np.array([len(one["codes"]) for one in chosen]),
            sizes=np.array([one["size"] for one in chosen]),
            codes=codes,
            **{name: np.concatenate([one[name] for one in chosen]) for name in ("x", "y", "scale", "angle")},
        )
