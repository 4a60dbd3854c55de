"""Hashing pictures over all cores. A picture that takes a worker process down is found and skipped, not the build."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice

from auditor.environment import SAFE_PATH, environment
from auditor.index.hashing import Hashed, Job, hash_picture, hash_pictures, prepare_worker

CHUNK = 8
"""Pictures a worker gets at a time."""
AHEAD = 3
"""Chunks in flight for each worker, so that memory does not grow with the number of pictures."""
SERIAL_BELOW = 24
"""Starting workers takes about as long as hashing this many pictures."""

Batch = tuple[tuple[Job, ...], "Future[tuple[Hashed, ...]]"]


def available_cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1  # pragma: no cover - systems without affinity


def hash_all(jobs: list[Job], workers: int) -> Iterator[Hashed]:
    """Hash every picture and yield the results in the order given. `workers` 0 = one for each core."""
    count = workers or available_cores()
    if count == 1 or len(jobs) < SERIAL_BELOW:
        for job in jobs:
            yield hash_picture(job)
        return
    rest = deque(jobs)
    while rest:
        try:
            for hashed in _in_pool(rest, count):
                rest.popleft()
                yield hashed
        except BrokenProcessPool:
            # One of the pictures in flight did it. Those next in line are taken one at a time until it is found.
            yield from _one_by_one(rest, CHUNK * AHEAD * count)


def _in_pool(jobs: Iterable[Job], count: int) -> Iterator[Hashed]:
    with _pool(count) as pool:
        todo = iter(tuple(jobs))
        flying: deque[Batch] = deque()
        while True:
            while len(flying) < AHEAD * count and (chunk := tuple(islice(todo, CHUNK))):
                flying.append((chunk, pool.submit(hash_pictures, chunk)))
            if not flying:
                return
            yield from flying.popleft()[1].result()


def _one_by_one(rest: deque[Job], most: int) -> Iterator[Hashed]:
    while rest and most > 0:
        with _pool(1) as pool:
            while rest and most > 0:
                job = rest.popleft()
                most -= 1
                try:
                    yield pool.submit(hash_pictures, (job,)).result()[0]
                except BrokenProcessPool:
                    yield Hashed(job.key, "crashed", "decoding it ends the process that does it")
                    break


@contextmanager
def _pool(count: int) -> Iterator[ProcessPoolExecutor]:
    with environment(SAFE_PATH):
        pool = ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn"), initializer=prepare_worker)
        try:
            yield pool
        finally:
            # Also on Ctrl-C: what has not begun is dropped, what has begun ends within a chunk.
            pool.shutdown(wait=True, cancel_futures=True)
