"""A scan on an engine that maps batches: the driver plans, workers list and audit, a ledger compares the two."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from auditor.datasets.layouts.detect import ChosenLayout
from auditor.engines.wire import BatchEngine, Ledger
from auditor.outcome import SampleOutcome
from auditor.run.job import Job
from auditor.run.memory.store import Notice, ResultCache
from auditor.run.memory.units import UnitMemory
from auditor.run.pipeline import build_shared
from auditor.run.units import audit_batch, planned, units
from auditor.support.scratch import scratch_folder


def distributed_outcomes(
    chosen: Sequence[ChosenLayout],
    leads: Sequence[str | None],
    job: Job,
    engine: BatchEngine,
    jobs: int,
    ledger: Ledger,
    notice: Notice = lambda _: None,
) -> Iterator[SampleOutcome]:
    """Yield one outcome per sample, in any order; `ledger.listed` is then how many samples the workers listed.

    Where the job names a cache folder, the outcomes of every unit are kept there as it comes back.

    Raises:
        CheckCrashed, Incomplete: see `Ledger` and the engines.
    """
    kept_in = job.cache_folder
    absolute = tuple(str(Path(path).absolute()) for path in job.index_paths)
    with contextlib.ExitStack() as stack:
        cache = None
        if kept_in is not None:
            cache = ResultCache(Path(kept_in), job.key, job.today.toordinal(), notice)
            stack.callback(cache.close)
        memory = UnitMemory(cache)
        ledger.closed = memory.keep
        folder = stack.enter_context(scratch_folder())
        job = replace(job, index_paths=absolute, cache_folder=None, derived_folder=str(folder))
        build_shared(job)  # for the workers on this machine
        sent = ledger.sent(memory.unknown(units(planned(chosen, leads), job)))
        new, known = _Samples(), _Samples()
        for batch in engine.run(sent, audit_batch, jobs):
            yield from new.counted(ledger.accept(batch))
            yield from known.counted(memory.ready())
        yield from known.counted(memory.ready())
        ledger.finish()
        ledger.listed += memory.recalled
        if known.number:
            every = known.number + new.number
            notice(f"{known.number:,} of {every:,} samples were examined by earlier scans (cache {kept_in}).")


class _Samples:
    """Counts what is no mere carrier of texts."""

    def __init__(self) -> None:
        self.number = 0

    def counted(self, outcomes: Iterable[SampleOutcome]) -> Iterator[SampleOutcome]:
        for outcome in outcomes:
            self.number += outcome.counted
            yield outcome
