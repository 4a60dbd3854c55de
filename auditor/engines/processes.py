"""Worker processes on this machine, which a crash or a time-out of one file cannot take the scan down with.

Workers are started as `python -m auditor.engines.worker`, not forked (forking after FAISS or OpenCV have
started threads can dead-lock) and not through `multiprocessing` (which would import the caller's main module
again). A sample during which a worker dies or overruns its time becomes a counted skip; the rest of its batch
goes to another worker.
"""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

from auditor.engines.frames import read_frame, write_frame
from auditor.engines.interface import CheckFailure, OpenAuditor
from auditor.errors import CheckCrashed, Incomplete
from auditor.model import BytesPayload, Sample, SampleOutcome, Skip

BATCH_SAMPLES = 16
BATCH_BYTES = 8 << 20
QUEUED_OUTCOMES = 1024
POLL_SECONDS = 0.5
STOP_SECONDS = 10.0
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OPENCV_FOR_THREADS_NUM": "1"}
"""There is a worker a core already: threads of FAISS, NumPy and OpenCV beside it made a scan three times as slow."""


@dataclass(slots=True)
class _Work:
    """The samples still to be handed out, shared by all worker threads."""

    samples: Iterator[Sample]
    lock: threading.Lock = field(default_factory=threading.Lock)
    returned: list[Sample] = field(default_factory=list)
    stopped: bool = False

    def batch(self) -> tuple[Sample, ...]:
        """The next samples, empty when there are none left."""
        with self.lock:
            if self.stopped:
                return ()
            taken: list[Sample] = []
            size = 0
            while len(taken) < BATCH_SAMPLES and size < BATCH_BYTES:
                sample = self.returned.pop() if self.returned else next(self.samples, None)
                if sample is None:
                    break
                taken.append(sample)
                size += len(sample.payload.data) if isinstance(sample.payload, BytesPayload) else 0
            return tuple(taken)

    def give_back(self, samples: Iterable[Sample]) -> None:
        """Queue samples again that a lost worker did not get to."""
        with self.lock:
            self.returned.extend(samples)


@dataclass(slots=True)
class _Worker:
    """One process and the thread that talks to it."""

    process: subprocess.Popen[bytes]
    busy_since: float | None = None
    overran: bool = False

    def end(self, kill: bool) -> int:
        """Close the pipes, kill where asked, and return the exit code."""
        if kill:
            self.process.kill()
        for stream in (self.inbound, self.outbound):
            with contextlib.suppress(OSError):  # unsent bytes for a process that is gone
                stream.close()
        try:
            return self.process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()

    @property
    def inbound(self) -> BinaryIO:
        return cast(BinaryIO, self.process.stdin)

    @property
    def outbound(self) -> BinaryIO:
        return cast(BinaryIO, self.process.stdout)


class ProcessesEngine:
    """Maps over worker processes.

    `seconds_per_sample` bounds the time of one sample, `memory_limit` the private bytes of one worker.
    """

    def __init__(self, seconds_per_sample: float = 60.0, memory_limit: int = 0) -> None:
        self.seconds_per_sample = seconds_per_sample
        self.memory_limit = memory_limit

    def run(self, samples: Iterable[Sample], open_auditor: OpenAuditor, jobs: int) -> Iterator[SampleOutcome]:
        """Yield one outcome per sample, in the order of completion.

        Raises:
            Incomplete: workers cannot be started.
        """
        work = _Work(iter(samples))
        outcomes: queue.Queue[SampleOutcome | BaseException | None] = queue.Queue(QUEUED_OUTCOMES)
        workers: list[_Worker | None] = [None] * jobs
        threads = [
            threading.Thread(target=self._serve, args=(slot, workers, work, outcomes, open_auditor), daemon=True)
            for slot in range(jobs)
        ]
        for thread in threads:
            thread.start()
        finished = 0
        try:
            while finished < jobs:
                try:
                    item = outcomes.get(timeout=POLL_SECONDS)
                except queue.Empty:
                    self._stop_overrunning(workers)
                    continue
                if item is None:
                    finished += 1
                elif isinstance(item, BaseException):
                    raise item
                else:
                    yield item
        finally:
            work.stopped = True
            for worker in workers:
                if worker is not None:
                    worker.process.kill()
            _join(threads, outcomes)

    def _stop_overrunning(self, workers: list[_Worker | None]) -> None:
        now = time.monotonic()
        for worker in workers:
            if worker is not None and worker.busy_since is not None:
                worker.overran = now - worker.busy_since > self.seconds_per_sample
                if worker.overran:
                    worker.process.kill()

    def _serve(
        self,
        slot: int,
        workers: list[_Worker | None],
        work: _Work,
        outcomes: queue.Queue[SampleOutcome | BaseException | None],
        open_auditor: OpenAuditor,
    ) -> None:
        """Thread body: keep one worker fed until the samples end."""
        try:
            while batch := work.batch():
                worker = workers[slot] or self._start(open_auditor)
                workers[slot] = worker
                if work.stopped:  # the caller went away while the worker was starting
                    worker.process.kill()
                done, outcome = self._feed(worker, batch, outcomes)
                if outcome is not None:
                    outcomes.put(outcome)
                    work.give_back(batch[done + 1 :])
                    worker.end(kill=True)
                    workers[slot] = None
        except BaseException as error:
            outcomes.put(error)
        finally:
            if (last := workers[slot]) is not None:
                last.end(kill=False)
            outcomes.put(None)

    def _feed(
        self,
        worker: _Worker,
        batch: tuple[Sample, ...],
        outcomes: queue.Queue[SampleOutcome | BaseException | None],
    ) -> tuple[int, SampleOutcome | None]:
        """Send a batch and pass its outcomes on: (samples done, the outcome of the one that lost the worker)."""
        done = 0
        try:
            worker.busy_since = time.monotonic()
            write_frame(worker.inbound, batch)
            while done < len(batch):
                outcome = read_frame(worker.outbound)
                if isinstance(outcome, CheckFailure):
                    raise CheckCrashed(outcome.sample, outcome.error, outcome.trace)
                worker.busy_since = time.monotonic()
                outcomes.put(cast(SampleOutcome, outcome))
                done += 1
            worker.busy_since = None
        except (EOFError, OSError):
            worker.busy_since = None
            return done, self._lost(batch[done], worker)
        return done, None

    def _lost(self, sample: Sample, worker: _Worker) -> SampleOutcome:
        if worker.overran:
            reason, detail = "timed-out", f"took longer than {self.seconds_per_sample:g} s"
        else:
            reason, detail = "crashed", f"the worker that read it ended with code {worker.process.wait()}"
        counted = sample.kind != "carrier"
        return SampleOutcome(sample.path, skip=Skip(sample.path, reason, detail), counted=counted)

    def _start(self, open_auditor: OpenAuditor) -> _Worker:
        root = str(Path(__file__).resolve().parents[2])
        path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
        process = subprocess.Popen(
            [sys.executable, "-m", "auditor.engines.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **ONE_THREAD, "PYTHONPATH": path},
        )
        worker = _Worker(process)
        try:
            write_frame(worker.inbound, (open_auditor, self.memory_limit))
            ready = read_frame(worker.outbound)
        except (EOFError, OSError) as error:
            code = worker.end(kill=False)
            raise Incomplete(
                f"A worker process could not start (exit code {code}). Run again with --jobs 1 to see why."
            ) from error
        assert ready == "ready"
        return worker


def _join(threads: list[threading.Thread], outcomes: queue.Queue[SampleOutcome | BaseException | None]) -> None:
    """Wait for the worker threads; what they still put is dropped, because nobody reads on."""
    for thread in threads:
        while thread.is_alive():
            with contextlib.suppress(queue.Empty):
                outcomes.get_nowait()
            thread.join(timeout=0.01)
