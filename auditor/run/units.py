"""`audit_batch`: units of work in, outcomes out. All that a batch engine has to map.

A batch says everything itself: which indexes, which thresholds, which shard. Any engine that maps a function over
Arrow record batches can run it; the indexes are opened once per process and job.
"""

from __future__ import annotations

import contextlib
import json
import os
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from auditor.datasets import shards
from auditor.datasets.layouts.detect import ChosenLayout
from auditor.datasets.reading.shard import Shard
from auditor.datasets.rebase import seen_from
from auditor.engines.gather import GROUP_BYTES, GROUP_SAMPLES, groups, held_bytes
from auditor.engines.interface import look_ahead
from auditor.engines.wire import Failure, Results, no_results, unit_batch
from auditor.model import Sample
from auditor.outcome import SampleOutcome
from auditor.run.job import Job
from auditor.run.memory.units import FilesRead
from auditor.run.pipeline import Counted, local_auditor
from auditor.support import folders
from auditor.support.plain import from_plain, to_plain

if TYPE_CHECKING:
    from auditor.run.worker_auditor import LocalAuditor

UNIT_SAMPLES = 64

_OPENED: dict[str, LocalAuditor] = {}
"""The auditor of the job that this process works on, by the job's text."""


@dataclass(frozen=True, slots=True)
class UnitContent:
    """A unit: a shard, or samples."""

    folder: str
    """Working directory that relative paths start from."""
    shard: Shard | None = None
    samples: tuple[Sample, ...] = ()
    lead: str | None = None
    """Folder to put before the paths of a shard's samples, where several datasets are audited as one."""


def audit_batch(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Audit every unit of a batch.

    Args:
        batch: schema `engines.batches.UNITS`.

    Returns:
        Schema `engines.batches.RESULTS`. A unit that cannot be done comes back as a failure; nothing is raised for it.
    """
    results = no_results()
    columns = (batch.column(name).to_pylist() for name in ("unit", "job", "work"))
    for unit, job, work in zip(*columns, strict=True):
        _audit_unit(unit, job, work, results)
    return results.batch()


def units(planned: Iterable[tuple[str | None, Sample | Shard]], job: Job) -> Iterator[pa.RecordBatch]:
    """Yield units, each as a batch of one row, from (lead, sample or shard) pairs. Leads are for shards only."""
    text = _job_text(job)
    folder = str(Path.cwd())
    for number, work in enumerate(_works(planned, folder)):
        yield unit_batch(number, text, json.dumps(to_plain(work), separators=(",", ":")))


def planned(chosen: Iterable[ChosenLayout], leads: Iterable[str | None]) -> Iterator[tuple[str | None, Sample | Shard]]:
    """The shards and samples of all datasets; samples have their lead already."""
    for item, lead in zip(chosen, leads, strict=True):
        for part in item.plan():
            yield lead, seen_from(lead, part) if isinstance(part, Sample) else part


def _works(planned: Iterable[tuple[str | None, Sample | Shard]], folder: str) -> Iterator[UnitContent]:
    waiting: list[Sample] = []
    size = 0
    for lead, part in planned:
        if isinstance(part, Shard):
            yield UnitContent(folder, part, lead=lead)
            continue
        waiting.append(part)
        size += held_bytes(part)
        if len(waiting) >= UNIT_SAMPLES or size >= GROUP_BYTES:
            yield UnitContent(folder, samples=tuple(waiting))
            waiting, size = [], 0
    if waiting:
        yield UnitContent(folder, samples=tuple(waiting))


def _audit_unit(unit: int, job: str, work_text: str, results: Results) -> None:
    at: str | None = None
    files = FilesRead()
    try:
        auditor = _opened(job)
        work = from_plain(UnitContent, json.loads(work_text))
        with _inside(work.folder):
            if work.shard is not None:
                files.look(work.shard.path)
            listed = Counted(_samples(work))
            for together in groups(listed, GROUP_SAMPLES):
                look_ahead(auditor, together)
                for sample in together:
                    at = sample.path
                    files.sample(sample)
                    outcome = auditor(sample)
                    files.outcome(outcome)
                    results.outcome(unit, _kept(outcome))
                    at = None
    except Exception as error:  # said to the driver, which ends the run with it: an engine would only try again
        results.fail(unit, Failure(f"{type(error).__name__}: {error}", traceback.format_exc(), at))
        return
    results.close(unit, listed.value, files.text())


def _samples(work: UnitContent) -> Iterator[Sample]:
    if work.shard is None:
        yield from work.samples
        return
    for sample in shards.samples(work.shard):
        yield seen_from(work.lead, sample)


def _kept(outcome: SampleOutcome) -> SampleOutcome:
    """Without what only a cache of single pictures needs."""
    return replace(outcome, picture=None)


def _job_text(job: Job) -> str:
    return json.dumps(to_plain(job), separators=(",", ":"))


def _opened(text: str) -> LocalAuditor:
    if text not in _OPENED:
        job = from_plain(Job, json.loads(text))
        if job.derived_folder is not None and not Path(job.derived_folder).is_dir():
            job = replace(job, derived_folder=_own_folder())  # another machine than the driver's
        _OPENED.clear()
        _OPENED[text] = local_auditor(job)
    return _OPENED[text]


def _own_folder() -> str | None:
    """A folder of this machine's user, where all workers of the machine map what is derived from an index."""
    folder = folders.made(folders.derived(folders.user_cache()))
    return None if folder is None else str(folder)


@contextlib.contextmanager
def _inside(folder: str) -> Iterator[None]:
    """Stand in a folder, so that paths mean what they mean to the driver."""
    if folder == os.getcwd():  # noqa: PTH109 - a text is compared with a text
        yield
        return
    with contextlib.chdir(folder):
        yield
