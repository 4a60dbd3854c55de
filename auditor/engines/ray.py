"""Ray Data: `map_batches` over units of work, on this machine or on the cluster that RAY_ADDRESS names."""

from __future__ import annotations

import importlib
import logging
import os
import warnings
from collections.abc import Iterable, Iterator
from contextlib import chdir, contextmanager, suppress
from typing import Any

import pyarrow as pa

from auditor.engines.waves import waves
from auditor.engines.wire import AuditBatch
from auditor.errors import Incomplete
from auditor.support.environment import PACKAGE_FOLDER, SAFE_PATH, environment
from auditor.support.extras import require
from auditor.support.reaper import end_with_driver, reaped

WAVE_UNITS = 4096
"""Units that are handed to Ray at once; their results stream back, so this bounds the driver's list only."""
RETRIES = 3
"""How often a task whose worker is lost is run again."""
OBJECT_STORE_BYTES = 256 << 20
QUIET = {
    **SAFE_PATH,
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_DISABLE_IMPORT_WARNING": "1",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
}
"""Nothing is sent anywhere, and nothing is printed between the lines of a report."""

LOOPBACK = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
"""For a Ray of our own: its servers listen on the loopback address only. Ray reads it when it is imported."""


class RayEngine:
    """Maps over Ray tasks. Ray runs a task again whose worker process is lost; one lost 4 times ends the run.

    Raises:
        MissingExtra: Ray is not installed.
    """

    def __init__(self) -> None:
        with environment(_variables()):
            self._ray: Any = require("ray")

    def run(self, units: Iterable[pa.RecordBatch], audit: AuditBatch, jobs: int) -> Iterator[pa.RecordBatch]:
        """Yield the results of every unit.

        Raises:
            Incomplete: Ray could not start, or gave up on a task.
        """
        ray = self._ray
        with _started(ray, jobs):
            for wave in waves(iter(units), WAVE_UNITS):
                yield from _results(ray, _mapped(ray.data, wave, audit))


def _mapped(data: Any, wave: list[pa.RecordBatch], audit: AuditBatch) -> Any:
    # A unit is a block of its own, so that it is a task of its own.
    blocks = data.from_arrow([pa.Table.from_batches([batch]) for batch in wave])
    with warnings.catch_warnings():
        # `max_retries` has no named parameter, and goes with Ray 2.64 (see the bound in pyproject.toml). Without it
        # Ray tries without end, so a picture that kills its reader would keep the run from ever ending.
        warnings.filterwarnings("ignore", message=".*ray_remote_args.*", category=DeprecationWarning)
        return blocks.map_batches(
            _Mapper(audit),
            batch_format="pyarrow",
            batch_size=None,
            num_cpus=1,
            udf_modifying_row_count=True,
            max_retries=RETRIES,
        )


def _variables() -> dict[str, str]:
    return QUIET if "RAY_ADDRESS" in os.environ else {**QUIET, **LOOPBACK}


class _Mapper:
    """Calls the function for the batches of a table; Ray hands tables around, not batches."""

    def __init__(self, audit: AuditBatch) -> None:
        self._audit = audit
        self.__name__ = "audit_batch"

    def __call__(self, table: pa.Table) -> pa.Table:
        end_with_driver()
        return pa.Table.from_batches([self._audit(batch) for batch in table.to_batches()])


def _results(ray: Any, mapped: Any) -> Iterator[pa.RecordBatch]:
    try:
        for table in mapped.iter_batches(batch_format="pyarrow", batch_size=None, prefetch_batches=1):
            yield from table.to_batches()
    except ray.exceptions.RayError as error:
        raise Incomplete(
            f"Ray lost a part of the work, so no report is given: {_one_line(error)} Run the scan again; with "
            "--engine processes a file that crashes the reader is counted as skipped instead."
        ) from error


def _one_line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {lines[-1] if lines else ''}"[:500]


@contextmanager
def _started(ray: Any, jobs: int) -> Iterator[None]:
    """A running Ray: the one this process is connected to already, a named cluster, or a local one of our own."""
    if ray.is_initialized():
        yield
        return
    where: dict[str, Any] = {
        "num_cpus": jobs,
        "include_dashboard": False,
        "_node_ip_address": "127.0.0.1",
        "object_store_memory": OBJECT_STORE_BYTES,
    }
    if "RAY_ADDRESS" in os.environ:
        where = {}
    own = {} if "RAY_ADDRESS" in os.environ else reaped()
    with environment({**_variables(), **own}):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # Ray's own notices of what it will change one day
                # Ray lets workers import from the working directory, which may be a folder of strangers.
                with chdir(PACKAGE_FOLDER):
                    ray.init(log_to_driver=False, logging_level=logging.ERROR, **where)
        except (OSError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
            raise Incomplete(f"Ray could not start: {_one_line(error)}") from error
        try:
            _quiet(importlib.import_module("ray.data"))
            yield
        finally:
            with suppress(Exception):  # a cluster that is gone already
                ray.shutdown()


def _quiet(data: Any) -> None:
    """Neither progress bars nor a log of every operator."""
    context = data.DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    logging.getLogger("ray.data").setLevel(logging.ERROR)
