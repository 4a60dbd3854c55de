"""A scan on an engine that maps batches: the driver plans, workers list and audit, a ledger compares the two."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from auditor.batches import audit_batch, planned, units
from auditor.datasets.detect import ChosenLayout
from auditor.engines.batches import BatchEngine, Ledger
from auditor.model import SampleOutcome
from auditor.pipeline import Job, LocalAuditor
from auditor.scratch import scratch_folder

ENGINES = ("ray", "spark")


def open_engine(name: str) -> BatchEngine:
    """Make the engine of that name.

    Raises:
        MissingExtra: its package is not installed. There is no fallback.
    """
    if name == "ray":
        from auditor.engines.ray import RayEngine

        return RayEngine()
    from auditor.engines.spark import SparkEngine

    return SparkEngine()


def distributed_outcomes(
    chosen: Sequence[ChosenLayout],
    leads: Sequence[str | None],
    job: Job,
    engine: BatchEngine,
    jobs: int,
    ledger: Ledger,
) -> Iterator[SampleOutcome]:
    """Yield one outcome per sample, in any order; `ledger.listed` is then how many samples the workers listed.

    Results are not kept between scans.

    Raises:
        CheckCrashed, Incomplete: see `Ledger` and the engines.
    """
    absolute = tuple(str(Path(path).absolute()) for path in job.index_paths)
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(scratch_folder())
        job = replace(job, index_paths=absolute, cache_folder=None, derived_folder=str(folder))
        _ = LocalAuditor(job).context.regions  # builds what workers on this machine will map, once
        results = engine.run(ledger.sent(units(planned(chosen, leads), job)), audit_batch, jobs)
        for batch in results:
            yield from ledger.accept(batch)
        ledger.finish()
