"""From samples to outcomes: opened indexes on one side, the cache and an engine on the other.

What decodes and compares pictures is imported in the processes that audit. That takes as long as a hundred pictures,
and the process that hands the work out can do without.
"""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from auditor.engines import table as engines
from auditor.engines.interface import Engine
from auditor.engines.serial import SerialEngine
from auditor.index.opening.store import open_index
from auditor.index.search.derived import lacks_regions, may_lack_names
from auditor.model import Sample
from auditor.outcome import SampleOutcome
from auditor.run.job import Job
from auditor.run.memory.pictures import Memory
from auditor.run.memory.store import Notice, ResultCache
from auditor.support import folders
from auditor.support.scratch import scratch_folder

if TYPE_CHECKING:
    from auditor.run.worker_auditor import LocalAuditor

FEW = 64
"""Fewer pictures than this are given to one worker process: starting more would take longer than it saves."""

SHORT = 100_000
"""Characters of a sample's texts that are searched in about a second, whatever they are."""

Item = TypeVar("Item")


def local_auditor(job: Job) -> LocalAuditor:
    """An auditor in this process. It opens what it needs when it needs it."""
    from auditor.run.worker_auditor import LocalAuditor

    return LocalAuditor(job)


def open_auditor(job: Job) -> LocalAuditor:
    """What a worker process opens: everything at once, so that what the indexes need is known before the first
    picture."""
    auditor = local_auditor(job)
    _ = auditor.context
    return auditor


def build_shared(job: Job) -> None:
    """Make the files that several workers map, where they are not there yet."""
    derived, prepared = (None if path is None else Path(path) for path in (job.derived_folder, job.prepared_folder))
    indexes = tuple(open_index(path, check_files=False, check_signature=False) for path in job.index_paths)
    regions = {"copies", "regions"} <= job.options.checks and lacks_regions(indexes, derived, prepared)
    if derived is not None and (regions or may_lack_names(indexes, job.today)):
        local_auditor(job).build_shared()


def outcomes(
    samples: Iterable[Sample], job: Job, jobs: int, engine: str = "auto", notice: Notice = lambda _: None
) -> Iterator[SampleOutcome]:
    """Yield one outcome per sample, in any order. `engine` is `auto`, or the name of an engine that
    is given samples.

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
        local = cache(partial(local_auditor, job))
        kept = None
        if job.cache_folder is not None:
            kept = ResultCache(Path(job.cache_folder), job.key, job.today.toordinal(), notice)
        memory = stack.enter_context(contextlib.closing(Memory(kept, local)))
        for outcome in _outcomes(memory.look_up(samples), job, local, jobs, engine):
            memory.keep(outcome)
            yield outcome
        if memory.recalled:
            every = memory.recalled + memory.examined
            notice(
                f"{memory.recalled:,} of {every:,} pictures were examined by earlier scans (cache {job.cache_folder})."
            )


def _outcomes(
    samples: Iterator[Sample | SampleOutcome], job: Job, local: Callable[[], LocalAuditor], jobs: int, name: str
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
    opened = few and all(sample.payload is None and _is_short(sample) for sample in first)
    if name == "serial" or (name == "auto" and opened):  # short texts only: there is nothing to be careful of
        yield from SerialEngine().run(itertools.chain(first, samples), local)
        return
    workers = 1 if few and name == "auto" else jobs
    if workers > 1:
        build_shared(job)
    engine: Engine = engines.open_engine("processes" if name == "auto" else name)
    yield from engine.run(itertools.chain(first, samples), partial(open_auditor, job), workers)


def _is_short(sample: Sample) -> bool:
    """Whether its texts are searched in no time; longer ones have a budget of time, as pictures have, in a worker."""
    return sum(len(text.value) for text in sample.texts) < SHORT


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
