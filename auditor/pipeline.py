"""From samples to outcomes: opened indexes on one side, the cache and an engine on the other."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
import tempfile
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import Generic, TypeVar

from auditor.audit import AuditOptions, audit_sample, dependence, examine_picture
from auditor.cache import ResultCache
from auditor.checks.interface import Context
from auditor.datasets.payload import read
from auditor.engines.interface import Engine, OpenAuditor
from auditor.engines.processes import ProcessesEngine
from auditor.engines.serial import SerialEngine
from auditor.errors import PictureError
from auditor.extras import EXTRAS, available
from auditor.index.matchers import open_matcher
from auditor.index.names import listed_artists
from auditor.index.region_columns import region_sources
from auditor.index.region_search import open_region_searcher
from auditor.index.search import open_searcher
from auditor.index.store import Index, open_index
from auditor.model import BytesPayload, FilePayload, Payload, PictureResult, Sample, SampleOutcome, Skip
from auditor.version import __version__

SERIAL_BELOW = 64
"""Starting worker processes costs about as much as auditing this many pictures."""
MAX_FILE_BYTES = 1 << 30

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Job:
    """Everything a worker needs to know to open its auditor; plain values, so that it can be sent to it."""

    index_paths: tuple[str, ...]
    index_digests: tuple[str, ...]
    options: AuditOptions
    today: date
    cache_folder: str | None = None
    """Where results are kept between scans; None = nowhere."""
    derived_folder: str | None = None
    """Where structures derived from an index are kept, for all workers to map; None = in each one's memory."""

    @property
    def key(self) -> str:
        """Names everything but the picture that a result depends on."""
        extras = sorted(name for name in EXTRAS if available(name))
        # A set has another order in every process.
        options = (self.options.thresholds, sorted(self.options.checks), self.options.policies)
        return repr((__version__, self.index_digests, options, self.today.isoformat(), extras))


class LocalAuditor:
    """Audits samples in this process. What a job does not need is never opened."""

    def __init__(self, job: Job) -> None:
        self.job = job

    @cached_property
    def _indexes(self) -> tuple[Index, ...]:
        return tuple(open_index(path, check_files=False) for path in self.job.index_paths)

    @cached_property
    def names_context(self) -> Context:
        """A context for the checks that read texts only."""
        today = self.job.today
        derived = self.job.derived_folder
        matcher = open_matcher(self._indexes, today, Path(derived) if derived is not None else None)
        return Context(copies=None, names=matcher, artists=listed_artists(self._indexes, today))

    @cached_property
    def context(self) -> Context:
        """The context for all checks."""
        options = self.job.options
        if "copies" not in options.checks:
            return self.names_context
        searcher = open_searcher(self._indexes, self.job.today, options.thresholds.pdq_quality)
        regions = None
        if "regions" in options.checks and (sources := region_sources(searcher)):
            derived = self.job.derived_folder
            regions = open_region_searcher(sources, Path(derived) if derived is not None else None)
        return replace(self.names_context, copies=searcher, regions=regions)

    def __call__(self, sample: Sample) -> SampleOutcome:
        """Read and audit one sample."""
        options = self.job.options
        if sample.payload is None or sample.skip is not None:
            return audit_sample(sample, None, None, self.names_context, options)
        try:
            data = read(sample.payload, MAX_FILE_BYTES)
        except PictureError as error:
            problem = Skip(sample.path, error.reason, error.detail)
            return audit_sample(sample, None, problem, self.names_context, options)
        result = examine_picture(sample, data, self.context, options)
        return audit_sample(sample, result, None, self.names_context, options)

    def from_result(self, sample: Sample, result: PictureResult) -> SampleOutcome:
        """Audit a sample whose picture was examined before."""
        return audit_sample(sample, result, None, self.names_context, self.job.options)


def outcomes(samples: Iterable[Sample], job: Job, jobs: int, engine: str = "auto") -> Iterator[SampleOutcome]:
    """Yield one outcome per sample, in any order. `engine` is auto, serial or processes.

    Raises:
        CheckCrashed, Incomplete: see the engines.
    """
    if job.derived_folder is None and job.cache_folder is not None:
        job = replace(job, derived_folder=str(Path(job.cache_folder) / "derived"))
    with contextlib.ExitStack() as stack:
        if job.derived_folder is None:
            # The workers share one memory-mapped structure, so it needs a file even where nothing is to be kept.
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="auditor-", ignore_cleanup_errors=True))
            job = replace(job, derived_folder=folder)
        yield from _outcomes(samples, job, jobs, engine)


def _outcomes(samples: Iterable[Sample], job: Job, jobs: int, name: str) -> Iterator[SampleOutcome]:
    local = LocalAuditor(job)
    cache = None
    if job.cache_folder is not None:
        cache = ResultCache(Path(job.cache_folder), job.key, job.today.toordinal())
    with contextlib.closing(_Memory(cache, local)) as memory:
        listed = iter(samples)
        first: list[Sample] = []
        for sample in listed:
            known = memory.recall(sample)
            if known is not None:
                yield known
                continue
            first.append(sample)
            if len(first) == SERIAL_BELOW:
                break
        engine: Engine = SerialEngine()
        opener: OpenAuditor = lambda: local  # noqa: E731
        if name == "processes" or (name == "auto" and jobs > 1 and len(first) == SERIAL_BELOW):
            engine, opener = ProcessesEngine(), partial(LocalAuditor, job)
            _ = local.context.regions  # builds what the workers will map, once
        for outcome in engine.run(itertools.chain(first, memory.unknown(listed)), opener, jobs):
            memory.keep(outcome)
            yield outcome
            yield from memory.ready()
        yield from memory.ready()


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was true of a sample's bytes just before they were read."""

    extra: str
    name: str = ""
    size: int = 0
    mtime_ns: int = 0
    looked_ns: int = 0


class _Memory:
    """What the cache knows, between the listing of samples and the engine. Without a cache it knows nothing."""

    def __init__(self, cache: ResultCache | None, local: LocalAuditor) -> None:
        self._cache = cache
        self._local = local
        self._ready: deque[SampleOutcome] = deque()
        self._seen: dict[str, _Seen] = {}

    def unknown(self, samples: Iterable[Sample]) -> Iterator[Sample]:
        """Pass on the samples that must be examined; set the outcomes of the others aside."""
        for sample in samples:
            outcome = self.recall(sample)
            if outcome is None:
                yield sample
            else:
                self._ready.append(outcome)

    def ready(self) -> Iterator[SampleOutcome]:
        """The outcomes set aside so far."""
        while self._ready:
            yield self._ready.popleft()

    def recall(self, sample: Sample) -> SampleOutcome | None:
        """The outcome of a sample whose bytes were examined before, or None."""
        payload = sample.payload
        if self._cache is None or payload is None or sample.skip is not None:
            return None
        seen = _look(payload, dependence(sample))
        if seen is None:
            return None
        if isinstance(payload, BytesPayload):
            content: str | None = hashlib.sha256(payload.data).hexdigest()
        else:
            content = self._cache.content_of(seen.name, seen.size, seen.mtime_ns)
        result = self._cache.result(content, seen.extra) if content is not None else None
        if result is None:
            self._seen[sample.path] = seen
            return None
        return self._local.from_result(sample, result)

    def keep(self, outcome: SampleOutcome) -> None:
        """Remember what an examined sample gave."""
        seen = self._seen.pop(outcome.sample, None)
        if self._cache is None or outcome.picture is None or seen is None:
            return
        if seen.name:
            content = outcome.picture.content_sha256
            self._cache.remember_file(seen.name, seen.size, seen.mtime_ns, content, seen.looked_ns)
        self._cache.remember_result(outcome.picture, seen.extra)

    def close(self) -> None:
        """Close the cache."""
        if self._cache is not None:
            self._cache.close()


def _look(payload: Payload, extra: str) -> _Seen | None:
    if isinstance(payload, BytesPayload):
        return _Seen(extra)
    try:
        status = os.stat(payload.path)  # noqa: PTH116 - a path object for each of a million files costs
    except OSError:
        return None
    part = "" if isinstance(payload, FilePayload) else f"\0{payload.offset}+{payload.size}"
    name = os.path.abspath(payload.path) + part  # noqa: PTH100
    return _Seen(extra, name, status.st_size, status.st_mtime_ns, time.time_ns())


class Counted(Generic[Item]):
    """An iterator that counts, so that what came back can be compared with what was listed."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._items = iter(items)
        self.value = 0

    def __iter__(self) -> Iterator[Item]:
        return self

    def __next__(self) -> Item:
        item = next(self._items)
        self.value += 1
        return item


def available_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
