"""Batch functions that lose their worker. In a module of their own, because workers import them by name."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pyarrow as pa

from auditor.engines.wire import no_results
from auditor.outcome import SampleOutcome


def audit(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Each unit gives as many outcomes as its work says. Its job is a command: `ok`, `always`, or a marker file
    whose absence kills the worker, once."""
    results = no_results()
    for row in batch.to_pylist():
        unit, job, count = row["unit"], row["job"], int(row["work"])
        if unit == 3 and job != "ok":
            _die(job)
        for number in range(count):
            results.outcome(unit, SampleOutcome(f"{unit}/{number}"))
        results.close(unit, count)
    return results.batch()


def _die(job: str) -> None:
    if job != "always":
        try:
            Path(job).touch(exist_ok=False)
        except FileExistsError:
            return
    os.kill(os.getpid(), signal.SIGKILL)
