"""Worker processes on this machine, which a crash or a time-out of one file cannot take the scan down with.

Workers are started as `python -m auditor.engines.worker`, not forked (forking after FAISS or OpenCV have
started threads can dead-lock) and not through `multiprocessing` (which would import the caller's main module
again). A sample during which a worker dies or overruns its time becomes a counted skip, of which another worker still
audits the texts; the rest of its batch goes to another worker. A worker whose parent is gone ends by itself.
"""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import BinaryIO, cast

from auditor.engines.frames import READY, Answer, pickled, read_answer, write_frame
from auditor.engines.gather import HANDFUL, HANDFUL_BYTES, held_bytes
from auditor.engines.interface import CheckFailure, OpenAuditor
from auditor.environment import PACKAGE_FOLDER, SAFE_PATH
from auditor.errors import AuditorError, CheckCrashed, Incomplete
from auditor.model import Sample, SampleOutcome, Skip

AHEAD_BYTES = 0 if sys.platform == "win32" else 16_384
"""A batch of up to so many bytes is sent before the one ahead of it is answered: it has to fit into the pipe, or both
sides might wait for each other."""
QUEUED_OUTCOMES = 1024
POLL_SECONDS = 0.5
PAUSE_SECONDS = 5.0
STOP_SECONDS = 10.0
START_TRIES = 3
"""Starts of one worker, where the system kills it before it is ready."""
SECONDS_PER_SAMPLE = 60.0
MEMORY_LIMIT = 2 << 30
"""Bytes that a worker may allocate for one picture, beyond what it has when the indexes are open. The largest picture
that is decoded takes less: a file of 1 GiB (`local.MAX_FILE_BYTES`) and 120 million pixels at seven bytes each."""
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OPENCV_FOR_THREADS_NUM": "1"}
"""There is a worker a core already: threads of FAISS, NumPy and OpenCV beside it made a scan three times as slow."""


@dataclass(slots=True)
class _Work:
    """The samples still to be handed out, shared by all worker threads."""

    samples: Iterator[Sample | SampleOutcome]
    outcomes: queue.Queue[SampleOutcome | BaseException | None]
    lock: threading.Lock = field(default_factory=threading.Lock)
    returned: list[Sample] = field(default_factory=list)
    lost: dict[str, Skip] = field(default_factory=dict)
    """Samples whose picture cost a worker, by path, and why."""
    stopped: bool = False

    def batch(self) -> tuple[Sample, ...]:
        """The next samples, empty when there are none left. Outcomes among them are passed on."""
        with self.lock:
            if self.stopped:
                return ()
            taken: list[Sample] = []
            size = 0
            while len(taken) < HANDFUL and size < HANDFUL_BYTES:
                sample = self.returned.pop() if self.returned else next(self.samples, None)
                if sample is None or self.stopped:
                    break
                if isinstance(sample, SampleOutcome):
                    self.outcomes.put(sample)
                    continue
                taken.append(sample)
                size += held_bytes(sample)
            return tuple(taken)

    def give_back(self, samples: Iterable[Sample]) -> None:
        """Queue samples again that a lost worker did not get to."""
        with self.lock:
            self.returned.extend(samples)

    def lose(self, sample: Sample, skip: Skip) -> None:
        """Queue a sample again without the picture that cost a worker. If its texts do the same, it is given up."""
        with self.lock:
            again = sample.path not in self.lost
            skip = self.lost.setdefault(sample.path, skip)
            if again and sample.payload is not None:
                self.returned.append(replace(sample, payload=None))
                return
        counted = sample.kind != "carrier"
        self.outcomes.put(SampleOutcome(sample.path, skip=skip, counted=counted, trained=sample.trained))

    def done(self, outcome: SampleOutcome) -> None:
        """Pass an outcome on; that of a sample without its picture says why it is without."""
        skip = self.lost.get(outcome.sample) if self.lost else None
        self.outcomes.put(outcome if skip is None else replace(outcome, skip=skip))


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

    `seconds_per_sample` bounds the time of one sample, `memory_limit` the bytes that a worker may allocate beyond
    those it has when its auditor is open (0 = no limit; it is the operating system that must know how).
    """

    def __init__(self, seconds_per_sample: float = SECONDS_PER_SAMPLE, memory_limit: int = MEMORY_LIMIT) -> None:
        self.seconds_per_sample = seconds_per_sample
        self.memory_limit = memory_limit

    def run(
        self, samples: Iterable[Sample | SampleOutcome], open_auditor: OpenAuditor, jobs: int
    ) -> Iterator[SampleOutcome]:
        """Yield one outcome per sample, in the order of completion.

        Raises:
            Incomplete: workers cannot be started.
        """
        outcomes: queue.Queue[SampleOutcome | BaseException | None] = queue.Queue(QUEUED_OUTCOMES)
        work = _Work(iter(samples), outcomes)
        workers: list[_Worker | None] = [None] * jobs
        threads = [
            threading.Thread(target=self._serve, args=(slot, workers, work, open_auditor), daemon=True)
            for slot in range(jobs)
        ]
        for thread in threads:
            thread.start()
        finished = 0
        looked = time.monotonic()
        try:
            while finished < jobs:
                since = time.monotonic() - looked
                if since > POLL_SECONDS:
                    self._stop_overrunning(workers, paused=since > PAUSE_SECONDS)
                    looked = time.monotonic()
                try:
                    item = outcomes.get(timeout=POLL_SECONDS)
                except queue.Empty:
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

    def _stop_overrunning(self, workers: list[_Worker | None], paused: bool) -> None:
        """Kill the workers that take too long. After a pause of this process itself nobody can say how long that was:
        it was stopped and continued, or its caller did not ask for more outcomes."""
        now = time.monotonic()
        for worker in workers:
            if paused and worker is not None and worker.busy_since is not None:
                worker.busy_since = now
            elif worker is not None and (since := worker.busy_since) is not None and not worker.overran:
                worker.overran = now - since > self.seconds_per_sample
                if worker.overran:
                    worker.process.kill()

    def _serve(self, slot: int, workers: list[_Worker | None], work: _Work, open_auditor: OpenAuditor) -> None:
        """Thread body: keep one worker fed until the samples end."""
        try:
            while batch := work.batch():
                worker = workers[slot] or self._start(open_auditor, work)
                workers[slot] = worker
                if work.stopped:  # the caller went away while the worker was starting
                    worker.process.kill()
                unanswered = _feed(worker, batch, work)
                if unanswered:
                    workers[slot] = None
                    code = worker.end(kill=False)
                    work.lose(unanswered[0], self._why(unanswered[0], worker, code))
                    work.give_back(unanswered[1:])
        except BaseException as error:
            work.outcomes.put(error)
        finally:
            if (last := workers[slot]) is not None:
                last.end(kill=False)
            work.outcomes.put(None)

    def _why(self, sample: Sample, worker: _Worker, code: int) -> Skip:
        if worker.overran:
            return Skip(sample.path, "timed-out", f"took longer than {self.seconds_per_sample:g} s")
        return Skip(sample.path, "crashed", f"the worker that read it ended with code {code}")

    def _start(self, open_auditor: OpenAuditor, work: _Work) -> _Worker:
        """Start a worker and wait until its auditor is open; again where the system ended it before it was.

        Raises:
            Incomplete: it cannot be started.
            AuditorError: what opening the auditor raises.
        """
        for _ in range(START_TRIES):
            worker = self._spawn()
            try:
                write_frame(worker.inbound, pickled((open_auditor, self.memory_limit, self.seconds_per_sample)))
                said = read_answer(worker.outbound)
            except (EOFError, OSError):
                said = None
            if said == READY:
                return worker
            code = worker.end(kill=said is not None)
            if work.stopped:  # Ctrl-C reaches workers too
                break
            if code >= 0:  # it ended by itself, so it would again
                _open_here(open_auditor)
                break
        raise Incomplete(
            f"A worker process could not start (exit code {code}), so no report is given. Run again with --engine "
            "serial to see why."
        )

    def _spawn(self) -> _Worker:
        path = os.pathsep.join(filter(None, (str(PACKAGE_FOLDER), os.environ.get("PYTHONPATH"))))
        process = subprocess.Popen(
            [sys.executable, "-m", "auditor.engines.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **ONE_THREAD, **SAFE_PATH, "PYTHONPATH": path},
        )
        return _Worker(process)


def _open_here(open_auditor: OpenAuditor) -> None:
    """Do what the worker failed to do, for the error that says what is wrong with an index."""
    try:
        open_auditor()
    except AuditorError:
        raise
    except Exception as error:
        raise Incomplete(f"The checks could not be opened: {type(error).__name__}: {error}") from error


def _feed(worker: _Worker, batch: tuple[Sample, ...], work: _Work) -> list[Sample]:
    """Send batch after batch, pass the outcomes on, and return what is unanswered, in order: nothing at the end of the
    samples, and else the sample during which the worker was lost, and those after it.

    The next batch is sent when half of one is answered, so that the worker never waits for it.
    """
    unanswered: deque[Sample] = deque()
    waiting = pickled(batch)
    try:
        while batch or unanswered:
            if batch and (not unanswered or len(waiting) <= AHEAD_BYTES):
                worker.busy_since = worker.busy_since or time.monotonic()
                unanswered.extend(batch)
                batch = ()
                with contextlib.suppress(OSError):  # a worker that is gone may have left answers to be read
                    write_frame(worker.inbound, waiting)
            answer = _answer(worker)
            if isinstance(answer, CheckFailure):
                raise CheckCrashed(answer.sample, answer.error, answer.trace)
            if not isinstance(answer, SampleOutcome) or answer.sample != unanswered[0].path:
                break  # it is gone, or not itself any more
            unanswered.popleft()
            worker.busy_since = None  # while outcomes are passed on and samples are listed
            work.done(answer)
            if not batch and len(unanswered) <= HANDFUL // 2:
                batch = work.batch()
                waiting = pickled(batch)
            worker.busy_since = time.monotonic() if unanswered else None
    finally:
        worker.busy_since = None
    return [*unanswered, *batch]


def _answer(worker: _Worker) -> Answer | None:
    try:
        return read_answer(worker.outbound)
    except (EOFError, OSError):
        return None


def _join(threads: list[threading.Thread], outcomes: queue.Queue[SampleOutcome | BaseException | None]) -> None:
    """Wait for the worker threads; what they still put is dropped, because nobody reads on."""
    for thread in threads:
        while thread.is_alive():
            with contextlib.suppress(queue.Empty):
                outcomes.get_nowait()
            thread.join(timeout=0.01)
