"""Spark: `mapInArrow` over units of work, on this machine or on the cluster that the active session belongs to."""

from __future__ import annotations

import importlib
import itertools
import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pyarrow as pa

from auditor.engines.wire import AuditBatch
from auditor.errors import Incomplete
from auditor.support.environment import SAFE_PATH, environment
from auditor.support.extras import require
from auditor.support.reaper import end_with_driver, reaped

FIRST_UNITS = 2
MOST_UNITS = 16
"""A wave is so many units for each core: its results are in the driver's memory at once."""
WAVE_SECONDS = 60.0
"""Waves grow while they take less than this. What a wave gives is there when all of it is done, so a scan that is
interrupted loses a wave; but at the end of each wave some cores wait for others."""
ATTEMPTS = 4
UNITS_DDL = "unit long, job string, work string"
RESULTS_DDL = "unit long, outcome string, listed long, files string, failure string"
LOCAL = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "1",
    "spark.python.worker.reuse": "true",
    "spark.log.level": "OFF",
}
"""Nothing listens on a network, and a worker process keeps its opened indexes from task to task."""


class SparkEngine:
    """Maps over Spark tasks. A task whose worker is lost is tried again by Spark, at most 4 times in all.

    Raises:
        MissingExtra: pyspark is not installed.
    """

    def __init__(self) -> None:
        require("pyspark")
        self._sql: Any = importlib.import_module("pyspark.sql")
        self._errors: Any = importlib.import_module("pyspark.errors")

    def run(self, units: Iterable[pa.RecordBatch], audit: AuditBatch, jobs: int) -> Iterator[pa.RecordBatch]:
        """Yield the results of every unit.

        Raises:
            Incomplete: Spark could not start, or gave up on a task.
        """
        with self._session(jobs) as session:
            slots = session.sparkContext.defaultParallelism
            rest, size = iter(units), FIRST_UNITS
            while wave := list(itertools.islice(rest, size * slots)):
                started = time.monotonic()
                try:
                    yield from self._wave(session, wave, audit)
                except Exception as error:
                    if not self._is_sparks(error):
                        raise
                    raise Incomplete(
                        f"Spark lost a part of the work, so no report is given: {_one_line(error)} Run the scan "
                        "again; with --engine processes a file that crashes the reader is counted as skipped instead."
                    ) from error
                size = next_size(size, time.monotonic() - started)

    def _wave(self, session: Any, wave: list[pa.RecordBatch], audit: AuditBatch) -> list[pa.RecordBatch]:
        rows = [tuple(batch.to_pylist()[0].values()) for batch in wave]
        # A unit is a partition of its own, so that it is a task of its own.
        data = session.createDataFrame(session.sparkContext.parallelize(rows, len(rows)), UNITS_DDL)
        batches: list[pa.RecordBatch] = data.mapInArrow(partial(_map, audit), RESULTS_DDL).toArrow().to_batches()
        return batches

    def _is_sparks(self, error: Exception) -> bool:
        return isinstance(error, self._errors.PySparkException) or type(error).__module__.startswith("py4j")

    @contextmanager
    def _session(self, jobs: int) -> Iterator[Any]:
        """The active session, or a local one of our own."""
        active = self._sql.SparkSession.getActiveSession()
        if active is not None:
            yield active
            return
        own = {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1", "OMP_NUM_THREADS": "1", **SAFE_PATH}
        # Where Python looks here, but for the working directory, which may be a stranger's folder.
        own["PYTHONPATH"] = os.pathsep.join(part for part in sys.path if os.path.isabs(part))  # noqa: PTH117
        with environment({**own, **reaped()}):
            builder = self._sql.SparkSession.builder.master(f"local[{jobs},{ATTEMPTS}]").appName("auditor")
            for key, value in LOCAL.items():
                builder = builder.config(key, value)
            try:
                session = builder.getOrCreate()
            except Exception as error:
                raise Incomplete(
                    f"Spark could not start: {_one_line(error)} It needs Java 17 or newer (JAVA_HOME)."
                ) from error
            try:
                yield session
            finally:
                session.stop()


def next_size(size: int, seconds: float) -> int:
    """Units for each core in the next wave, after one of `size` took so long."""
    if seconds < WAVE_SECONDS / 2:
        return min(MOST_UNITS, size * 2)
    return size if seconds < WAVE_SECONDS * 2 else max(1, size // 2)


def _map(audit: AuditBatch, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    end_with_driver()
    for batch in batches:
        yield audit(batch)


def _one_line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {lines[0] if lines else ''}"[:500]
