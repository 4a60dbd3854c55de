"""Hashing pictures over all cores. A picture that takes a worker process down is found and skipped, not the build."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import cv2

from auditor.errors import Incomplete
from auditor.index.making.hashing import Hashed, HashJob, hash_picture
from auditor.index.making.wire import from_wire, to_wire
from auditor.support.frames import Failure
from auditor.support.pool import Pool
from auditor.support.processes import available_cores

__all__ = ["SERIAL_BELOW", "available_cores", "hash_all"]

SERIAL_BELOW = 24
"""Starting workers takes about as long as hashing this many pictures."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """A picture to hash, or what it gave, with its place among the pictures given."""

    place: int
    what: HashJob | Hashed


def hash_all(jobs: Sequence[HashJob], workers: int) -> Iterator[tuple[int, Hashed]]:
    """Hash every picture and yield what each gave with its place in `jobs`, in any order. `workers` 0 = one for each
    core.

    Raises:
        Incomplete: workers cannot be started, or there is a bug in what they do.
    """
    count = workers or available_cores()
    if count == 1 or len(jobs) < SERIAL_BELOW:
        for place, job in enumerate(jobs):
            yield place, hash_picture(job)
        return
    pool: Pool[_Placed, _Placed] = Pool(_Hashing())
    for done in pool.run((_Placed(place, job) for place, job in enumerate(jobs)), count):
        assert isinstance(done.what, Hashed)
        yield done.place, done.what


def open_work() -> Callable[[_Placed], _Placed]:
    """What a worker opens. One thread each: there is one worker a core already."""
    cv2.setNumThreads(1)
    return _hash


def _hash(placed: _Placed) -> _Placed:
    assert isinstance(placed.what, HashJob)
    return _Placed(placed.place, hash_picture(placed.what))


def encode(placed: _Placed) -> list[Any]:
    """A result as JSON data."""
    assert isinstance(placed.what, Hashed)
    return [placed.place, to_wire(placed.what)]


def decode(data: Any) -> _Placed:
    """The way back."""
    place, hashed = data
    return _Placed(int(place), from_wire(hashed))


def name_of(placed: _Placed) -> str:
    """The name of a picture."""
    return placed.what.key


class _Hashing:
    """Pictures in, hashes out: a `support.pool.Trade`."""

    def __init__(self) -> None:
        self.open_work: Callable[[], Callable[[_Placed], _Placed]] = open_work
        self.encode: Callable[[_Placed], Any] = encode
        self.decode: Callable[[Any], _Placed] = decode
        self.name_of: Callable[[_Placed], str] = name_of
        self.advice = "Run again with --jobs 1 to see why."

    def known(self, item: _Placed) -> _Placed | None:
        return item if isinstance(item.what, Hashed) else None

    def size(self, item: _Placed) -> int:
        return 0

    def answers(self, result: _Placed, item: _Placed) -> bool:
        return result.place == item.place and name_of(result) == name_of(item)

    def done(self, result: _Placed) -> _Placed:
        return result

    def lost(self, item: _Placed, reason: str, detail: str) -> _Placed:
        return _Placed(item.place, Hashed(name_of(item), reason, f"decoding it: {detail}"))

    def failed(self, failure: Failure) -> BaseException:
        return Incomplete(
            f"Hashing {failure.item!r} failed: {failure.error}. This is a bug: please report it with\n{failure.trace}"
        )

    def open_here(self) -> None:
        open_work()
