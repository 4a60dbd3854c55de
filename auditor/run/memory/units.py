"""What whole units of work gave, kept between scans for the engines that hand out whole units.

A worker notes which files it read for a unit and when they were last changed. A later scan takes the unit's outcomes
from the cache where its work is described by the same text and those files are as they were.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
import zlib
from collections import deque
from collections.abc import Iterator

import pyarrow as pa

from auditor.errors import Incomplete
from auditor.model import FilePayload, Sample, SlicePayload
from auditor.outcome import SampleOutcome
from auditor.run.memory.pictures import OUT_OF_MEMORY
from auditor.run.memory.store import FileState, ResultCache, state_of
from auditor.support.plain import from_plain

PASSING = frozenset({OUT_OF_MEMORY, "unreadable", "missing"})
"""Reasons of a skip that may be gone the next time though no file that was read has changed."""


class FilesRead:
    """The files that a unit was read from, noted before each is read."""

    def __init__(self) -> None:
        self._states: dict[str, FileState] = {}
        self._reliable = True

    def look(self, path: str) -> None:
        """Note a file; relative paths are those of this process."""
        name = os.path.abspath(path)  # noqa: PTH100 - as in `memory`
        if name in self._states:
            return
        state = state_of(name)
        if state is None or not state.is_settled(time.time_ns()):
            self._reliable = False
        else:
            self._states[name] = state

    def sample(self, sample: Sample) -> None:
        """Note the file of a sample that is about to be audited."""
        if isinstance(sample.payload, FilePayload | SlicePayload):
            self.look(sample.payload.path)

    def outcome(self, outcome: SampleOutcome) -> None:
        """Note that an outcome may be another the next time."""
        if outcome.skip is not None and outcome.skip.reason in PASSING:
            self._reliable = False

    def text(self) -> str | None:
        """What `unchanged` takes; None where the unit must not be kept."""
        if not self._reliable:
            return None
        return json.dumps([[name, self._states[name].text] for name in sorted(self._states)], separators=(",", ":"))


def unchanged(files: str) -> bool:
    """Whether all files are as they were."""
    return all((state := state_of(name)) is not None and state.text == text for name, text in json.loads(files))


class UnitMemory:
    """Looks units up in the cache on their way to an engine. Without a cache it knows nothing."""

    def __init__(self, cache: ResultCache | None) -> None:
        self._cache = cache
        self._names: dict[int, bytes] = {}
        self._aside: deque[bytes] = deque()
        self.recalled = 0
        """Outcomes that an earlier scan left, those of carriers of texts included."""

    def unknown(self, units: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Pass on the units that must be done, each a batch of one row; set the others aside."""
        for unit in units:
            name = hashlib.sha256(unit.column("work")[0].as_py().encode("utf-8", "surrogatepass")).digest()
            if self._recall(name) is not None:
                self._aside.append(name)
                continue
            if self._cache is not None:
                self._names[unit.column("unit")[0].as_py()] = name
            yield unit

    def ready(self) -> Iterator[SampleOutcome]:
        """The outcomes of the units set aside so far.

        Raises:
            Incomplete: the cache was damaged since they were set aside.
        """
        while self._aside:
            found = self._recall(self._aside.popleft())
            if found is None:
                raise Incomplete("The cache changed while it was read. Run the scan again; --no-cache does without it.")
            self.recalled += len(found)
            yield from found

    def keep(self, unit: int, outcomes: list[str], files: str | None) -> None:
        """Remember what a unit gave."""
        name = self._names.pop(unit, None)
        if self._cache is not None and name is not None and files is not None:
            self._cache.remember_unit(
                name, files, zlib.compress("\n".join(outcomes).encode("utf-8", "surrogatepass"), 1)
            )

    def _recall(self, name: bytes) -> list[SampleOutcome] | None:
        found = self._cache.unit(name) if self._cache is not None else None
        if found is None:
            return None
        try:
            if not unchanged(found[0]):
                return None
            lines = zlib.decompress(found[1]).decode("utf-8", "surrogatepass").split("\n")
            return [from_plain(SampleOutcome, json.loads(line)) for line in lines if line]
        except (zlib.error, ValueError, TypeError, KeyError, RecursionError):
            return None
