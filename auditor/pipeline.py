"""From samples to outcomes: opened indexes on one side, the cache and an engine on the other."""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import Generic, TypeVar

import cv2

from auditor import folders
from auditor.audit import AuditOptions, audit_sample, examine_picture
from auditor.cache import Notice, ResultCache
from auditor.checks.interface import Context
from auditor.datasets.payload import read
from auditor.engines.processes import ProcessesEngine
from auditor.engines.serial import SerialEngine
from auditor.errors import PictureError
from auditor.extras import EXTRAS, available
from auditor.index.matchers import open_matcher
from auditor.index.names import listed_artists
from auditor.index.region_columns import prepare, region_sources
from auditor.index.region_search import open_region_searcher
from auditor.index.search import open_searcher
from auditor.index.store import Index, open_index
from auditor.memory import OUT_OF_MEMORY, Memory
from auditor.model import PictureResult, Sample, SampleOutcome, Skip
from auditor.scratch import scratch_folder
from auditor.version import __version__, code_digest

FEW = 64
"""Fewer pictures than this are given to one worker process: starting more would take longer than it saves."""
MAX_FILE_BYTES = 1 << 30
ENGINE_PACKAGES = frozenset({"ray", "pyspark"})
"""Optional packages that decide where the work runs, and nothing of what it finds."""

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Job:
    """Everything a worker needs to know to open its auditor; plain values, so that it can be sent to it."""

    index_paths: tuple[str, ...]
    index_digests: tuple[str, ...]
    options: AuditOptions
    today: date
    last_ended: date | None = field(kw_only=True)
    """What of `today` results depend on: see `index.days.last_ended`."""
    cache_folder: str | None = None
    """Where results are kept between scans; None = nowhere."""
    derived_folder: str | None = None
    """Where structures derived from an index are kept, for all workers to map; None = in each one's memory."""
    prepared_folder: str | None = None
    """Where such structures may lie already."""

    @property
    def key(self) -> str:
        """Names everything but the picture that a result depends on."""
        extras = sorted(name for name in EXTRAS if name not in ENGINE_PACKAGES and available(name))
        # A set has another order in every process.
        options = (self.options.thresholds, sorted(self.options.checks), self.options.policies)
        return repr((__version__, self.index_digests, options, self.last_ended, code_digest(), extras))


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
        matcher = open_matcher(self._indexes, today, self._derived)
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
            regions = open_region_searcher(sources, self._derived, prepared=self._prepared)
        return replace(self.names_context, copies=searcher, regions=regions)

    def build_shared(self) -> None:
        """Build what several workers map from the folder for derived structures, once."""
        _ = self.names_context
        if self._derived is not None and {"copies", "regions"} <= self.job.options.checks:
            for index in self._indexes:
                prepare(index, self._derived, self._prepared)

    @property
    def _derived(self) -> Path | None:
        return None if self.job.derived_folder is None else Path(self.job.derived_folder)

    @property
    def _prepared(self) -> Path | None:
        return None if self.job.prepared_folder is None else Path(self.job.prepared_folder)

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
        try:
            result = examine_picture(sample, data, self.context, options)
        except (MemoryError, cv2.error) as error:
            if not _lacks_memory(error):
                raise
            problem = Skip(sample.path, OUT_OF_MEMORY, "examining it takes more memory than there is for one picture")
            return audit_sample(sample, None, problem, self.names_context, options)
        return audit_sample(sample, result, None, self.names_context, options)

    def from_result(self, sample: Sample, result: PictureResult) -> SampleOutcome:
        """Audit a sample whose picture was examined before."""
        return audit_sample(sample, result, None, self.names_context, self.job.options)


def _lacks_memory(error: MemoryError | cv2.error) -> bool:
    return isinstance(error, MemoryError) or error.code == cv2.Error.StsNoMem


def open_auditor(job: Job) -> LocalAuditor:
    """What a worker process opens: everything at once, so that what the indexes need is known before the first
    picture."""
    auditor = LocalAuditor(job)
    _ = auditor.context
    return auditor


def outcomes(
    samples: Iterable[Sample], job: Job, jobs: int, engine: str = "auto", notice: Notice = lambda _: None
) -> Iterator[SampleOutcome]:
    """Yield one outcome per sample, in any order. `engine` is auto, serial or processes.

    `notice` is told what the person who runs the scan should know and the report does not say: trouble with the
    cache, and how many pictures were taken from it.

    Raises:
        CheckCrashed, Incomplete: see the engines.
    """
    if job.derived_folder is None and job.cache_folder is not None and _can_hold(job.cache_folder):
        job = replace(job, derived_folder=str(folders.derived(Path(job.cache_folder))))
    with contextlib.ExitStack() as stack:
        if job.derived_folder is None:
            # The workers share one memory-mapped structure, so it needs a file even where nothing is to be kept.
            job = replace(job, derived_folder=str(stack.enter_context(scratch_folder())))
        local = LocalAuditor(job)
        cache = None
        if job.cache_folder is not None:
            cache = ResultCache(Path(job.cache_folder), job.key, job.today.toordinal(), notice)
        memory = stack.enter_context(contextlib.closing(Memory(cache, local.from_result)))
        for outcome in _outcomes(memory.look_up(samples), local, jobs, engine):
            memory.keep(outcome)
            yield outcome
        if memory.recalled:
            every = memory.recalled + memory.examined
            notice(
                f"{memory.recalled:,} of {every:,} pictures were examined by earlier scans (cache {job.cache_folder})."
            )


def _outcomes(
    samples: Iterator[Sample | SampleOutcome], local: LocalAuditor, jobs: int, name: str
) -> Iterator[SampleOutcome]:
    first: list[Sample] = []
    for item in samples:
        if isinstance(item, SampleOutcome):
            yield item
            continue
        first.append(item)
        if len(first) == FEW:
            break
    few = len(first) < FEW
    opened = few and all(sample.payload is None for sample in first)
    if name == "serial" or (name == "auto" and opened):  # texts only: there is no picture to be careful of
        yield from SerialEngine().run(itertools.chain(first, samples), lambda: local)
        return
    workers = 1 if few and name == "auto" else jobs
    if workers > 1:
        local.build_shared()
    engine = ProcessesEngine()
    yield from engine.run(itertools.chain(first, samples), partial(open_auditor, local.job), workers)


def _can_hold(folder: str) -> bool:
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


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
