"""How an index behaves with a million works: `python -m benchmarks.index_scale [WORKS]`.

Hashes are random, so nothing can be compressed and no query has a near neighbour but the planted ones: the worst case
for size, and the usual one for time. Each step runs in a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from auditor.index.format.schema import WORKS_SCHEMA
from auditor.index.making.content import Content, Segment, content_of
from auditor.index.making.merging import merge
from auditor.index.making.versions import create
from auditor.index.opening.store import open_index
from auditor.index.search.columns import open_searcher
from auditor.model import Artist

WORKS = 1_000_000
ARTISTS = 10_000
TODAY = date(2026, 1, 1)
QUERIES = 50
TARGETS = {
    "info, s": 2.0,
    "open for scanning, s": 10.0,
    "whole-tier query, ms": 20.0,
    "peak memory while scanning, MB": 1000.0,
    "merge of two halves, s": 60.0,
    "bytes a work": 200.0,
}


def table(first: int, count: int) -> pa.Table:
    """Works with random hashes and plausible titles."""
    rng = np.random.default_rng(first)

    def codes(width: int) -> pa.Array:
        raw = pa.py_buffer(rng.integers(0, 256, count * width, dtype=np.uint8).tobytes())
        return pa.FixedSizeBinaryArray.from_buffers(pa.binary(width), count, [None, raw])

    numbers = range(first, first + count)
    columns: dict[str, pa.Array] = {
        "work_id": pa.array([rng.bytes(12).hex() for _ in numbers]),
        "artist_id": pa.array([f"artist-{number % ARTISTS}" for number in numbers]),
        "title": pa.array([f"IMG_{number}.png" for number in numbers]),
        "width": pa.array(rng.integers(500, 4000, count), pa.uint32()),
        "height": pa.array(rng.integers(500, 4000, count), pa.uint32()),
        "sha256": pa.ListArray.from_arrays(pa.array(np.arange(count + 1, dtype=np.int32)), codes(32)),
        "pixel_sha256": codes(32),
        "pdq": codes(32),
        "pdq_quality": pa.array(np.full(count, 100), pa.uint8()),
        "phash": codes(8),
        "status": pa.array(["active"] * count),
    }
    arrays = [
        columns[field.name].cast(field.type) if field.name in columns else pa.nulls(count, field.type)
        for field in WORKS_SCHEMA
    ]
    return pa.Table.from_arrays(arrays, schema=WORKS_SCHEMA)


def content(first: int, count: int) -> Content:
    """Artists and works, the works in tables of 100,000."""
    artists = tuple(Artist(f"artist-{number}", (f"Artist {number}",)) for number in range(ARTISTS))
    starts = range(first, first + count, 100_000)
    return Content(artists, tuple(Segment(table(s, min(100_000, first + count - s))) for s in starts))


def step_make(folder: Path, count: int) -> dict[str, float]:
    """The whole, and its two halves."""
    create(folder / "all", content(0, count), today=TODAY)
    create(folder / "half-a", content(0, count // 2), today=TODAY)
    create(folder / "half-b", content(count, count // 2), today=TODAY)
    size = sum(path.stat().st_size for path in (folder / "all").iterdir())
    return {"bytes a work": size / count}


def step_info(folder: Path, count: int) -> dict[str, float]:
    """As a user runs it, start of the interpreter included."""
    code = "from auditor.cli.main import main; main()"
    call = [sys.executable, "-c", code, "index", "info", str(folder / "all"), "--json"]
    times = []
    for _ in range(3):
        start = time.perf_counter()
        done = subprocess.run(call, check=True, capture_output=True)
        times.append(time.perf_counter() - start)
        assert json.loads(done.stdout)["works"] == count
    return {"info, s": statistics.median(times)}


def step_scan(folder: Path, count: int) -> dict[str, float]:
    """Open, then look pictures up as a scan does: two digests, 16 PDQ and 16 pHash codes (two views, 8 turns)."""
    start = time.perf_counter()
    searcher = open_searcher([open_index(folder / "all")], TODAY)
    opened = time.perf_counter() - start
    rng = np.random.default_rng(1)
    times = []
    for _ in range(QUERIES):
        pdq = rng.integers(0, 256, (16, 32), dtype=np.uint8)
        phash = rng.integers(0, 256, (16, 8), dtype=np.uint8)
        digest = rng.bytes(32)
        start = time.perf_counter()
        searcher.by_file_sha256(digest)
        searcher.by_pixel_sha256(digest)
        searcher.by_hash("pdq", pdq, 50)
        searcher.by_hash("phash", phash, 6)
        times.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "open for scanning, s": opened,
        "whole-tier query, ms": statistics.median(times) * 1000,
        "peak memory while scanning, MB": peak,
    }


def step_merge(folder: Path, count: int) -> dict[str, float]:
    """Two halves of half a million works each."""
    start = time.perf_counter()
    joined = merge([content_of(open_index(folder / name)) for name in ("half-a", "half-b")])
    create(folder / "joined", joined.content, today=TODAY)
    return {"merge of two halves, s": time.perf_counter() - start}


def step_merge_same(folder: Path, count: int) -> dict[str, float]:
    """The whole with one of its halves: every work of the half is in both."""
    start = time.perf_counter()
    joined = merge([content_of(open_index(folder / name)) for name in ("half-a", "all")])
    create(folder / "same", joined.content, today=TODAY)
    return {"merge of the whole with its half, s": time.perf_counter() - start}


STEPS: dict[str, Callable[[Path, int], dict[str, float]]] = {
    "make": step_make,
    "info": step_info,
    "scan": step_scan,
    "merge": step_merge,
    "merge_same": step_merge_same,
}


def main(count: int = WORKS) -> int:
    """Run every step and print a line for each figure; 1 where a target is missed."""
    missed = 0
    with tempfile.TemporaryDirectory() as folder:
        for name in STEPS:
            call = [sys.executable, "-m", "benchmarks.index_scale", "--step", name, folder, str(count)]
            done = subprocess.run(call, check=True, capture_output=True, text=True)
            for what, value in json.loads(done.stdout).items():
                target = TARGETS.get(what)
                verdict = "" if target is None else f"  target {target:g}  {'ok' if value <= target else 'MISSED'}"
                missed += target is not None and value > target
                print(f"{what:40} {value:10.2f}{verdict}", flush=True)
    return int(missed > 0)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--step"]:
        print(json.dumps(STEPS[sys.argv[2]](Path(sys.argv[3]), int(sys.argv[4]))))
    else:
        sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else WORKS))
