"""Pictures that could take long or match too much: what comes of them, and in what time."""

from __future__ import annotations

import time
from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from auditor.checks.copies.regions.matches import examine_regions
from benchmarks import document
from benchmarks.copies.material import prepare
from benchmarks.copies.ours import Hashed

Row = tuple[str, float, int, int]


def measure(hashed: Hashed) -> list[Row]:
    """(what, seconds, works graded high, other matches)."""
    rows = []
    for name, pixels in _pictures():
        start = time.process_time()
        matches = examine_regions(pixels, hashed.regions)
        seconds = time.process_time() - start
        high = sum(match.grade == "high" for match in matches)
        rows.append((name, seconds, high, len(matches) - high))
        print(f"extreme: {name}: {seconds:.2f} s, {high} high, {len(matches) - high} other", flush=True)
    return rows


def text(rows: list[Row]) -> str:
    """As a table."""
    table = document.table(
        ("picture", "seconds", "graded high", "other matches"),
        [(name, f"{seconds:.2f}", str(high), str(other)) for name, seconds, high, other in rows],
    )
    return f"**Odd pictures**, the region check alone, one core (asked: under 2 s).\n\n{table}"


def _pictures() -> Iterator[tuple[str, NDArray[np.uint8]]]:
    random = np.random.default_rng(3)
    works = prepare().works
    chosen = [np.asarray(Image.open(works[row]).convert("RGB")) for row in range(100, 100 + 20 * 20, 20)]
    yield "pure noise, 1,500 × 1,500", random.integers(0, 256, (1500, 1500, 3)).astype(np.uint8)
    tile = np.asarray(cv2.GaussianBlur(random.integers(0, 256, (64, 64, 3)).astype(np.uint8), (0, 0), 2), np.uint8)
    yield "one tile repeated 30 × 30 times", np.tile(tile, (30, 30, 1))
    yield "a work as a 64-pixel thumbnail", np.asarray(Image.fromarray(chosen[0]).resize((64, 48)))
    banner = np.concatenate([cv2.resize(one, (600, 300)) for one in chosen], axis=1)
    yield "a 12,000 × 300 banner of twenty works", np.asarray(banner, np.uint8)
    rows = [np.concatenate([cv2.resize(one, (480, 360)) for one in chosen[i : i + 5]], axis=1) for i in range(0, 20, 5)]
    yield "twenty works in one sheet", np.asarray(np.concatenate(rows), np.uint8)
    yield "one grey", np.full((800, 800, 3), 90, np.uint8)
