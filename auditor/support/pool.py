"""Worker processes on this machine, which a crash or a time-out of one item cannot take the whole work down with.

Workers are started as `python -m auditor.support.worker`, not forked (forking after FAISS or OpenCV have
started threads can dead-lock) and not through `multiprocessing` (which would import the caller's main module
again, and unpickle what workers say). What an item that costs a worker becomes is the trade's to say; the rest of its
batch goes to another worker. A worker ends with its parent.
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
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Generic, Protocol, TypeVar, cast

from auditor.errors import Incomplete
from auditor.support.frames import READY, Failure, pickled, read_answer, write_frame
from auditor.support.processes import ONE_THREAD, child_environment, worker_count
from auditor.support.worker import Order

AHEAD_BYTES = 0 if sys.platform == "win32" else 16_384
"""A batch of up to so many bytes is sent before the one ahead of it is answered: it has to fit into the pipe, or both
sides might wait for each other."""
QUEUED_RESULTS = 1024
POLL_SECONDS = 0.5
PAUSE_SECONDS = 5.0
STOP_SECONDS = 10.0
START_SECONDS = 120.0
"""A worker that is not ready by then is replaced: it opens indexes, which may lie on a slow disk."""
START_TRIES = 3
"""Starts of one worker, where it is killed before it is ready, or replaced."""
SECONDS_PER_ITEM = 60.0
MEMORY_LIMIT = 2 << 30
"""Bytes that a worker may allocate for one picture, beyond what it has when its work is open. The largest picture that
is decoded takes less: a file of 1 GiB and 120 million pixels at seven bytes each."""
BATCH = 16
BATCH_BYTES = 8 << 20
TIMED_OUT = "timed-out"
CRASHED = "crashed"

Item = TypeVar("Item")
Result = TypeVar("Result")


class Trade(Protocol[Item, Result]):
    """What the workers of a pool do, and what is made of it."""

    open_work: Callable[[], Callable[[Item], Result]]
    """Called once in every worker, so it must survive pickling."""
    encode: Callable[[Result], Any]
    """A result as JSON data; a function of a module, because workers import it."""
    decode: Callable[[Any], Result]
    """The way back. Raises ValueError, TypeError, KeyError or AttributeError for what no worker says."""
    name_of: Callable[[Item], str]
    """The name of an item; a function of a module."""
    advice: str
    """How to find out why a worker does not start."""

    def known(self, item: Item | Result) -> Result | None:
        """The result that stands among the items because it was known before; None for an item."""
        ...

    def size(self, item: Item) -> int:
        """Bytes that an item holds."""
        ...

    def answers(self, result: Result, item: Item) -> bool:
        """Whether a result is that of the item."""
        ...

    def done(self, result: Result) -> Result:
        """A result as it is passed on."""
        ...

    def lost(self, item: Item, reason: str, detail: str) -> Item | Result:
        """What to do in the place of an item that cost a worker (`timed-out` or `crashed`), or what it gives."""
        ...

    def failed(self, failure: Failure) -> BaseException:
        """What to raise where the work raised in a worker."""
        ...

    def open_here(self) -> None:
        """Open the work in this process, for the error that says why a worker could not."""
        ...


@dataclass(slots=True)
class _Todo(Generic[Item, Result]):
    """The items still to be handed out, shared by all worker threads."""

    trade: Trade[Item, Result]
    items: Iterator[Item | Result]
    results: queue.Queue[Result | _Raised | None]
    lock: threading.Lock = field(default_factory=threading.Lock)
    returned: list[Item] = field(default_factory=list)
    stopped: bool = False

    def batch(self) -> tuple[Item, ...]:
        """The next items, empty when there are none left. Known results among them are passed on."""
        with self.lock:
            if self.stopped:
                return ()
            taken: list[Item] = []
            size = 0
            while len(taken) < BATCH and size < BATCH_BYTES:
                item = self.returned.pop() if self.returned else next(self.items, None)
                if item is None or self.stopped:
                    break
                known = self.trade.known(item)
                if known is not None:
                    self.results.put(known)
                    continue
                taken.append(cast(Item, item))
                size += self.trade.size(cast(Item, item))
            return tuple(taken)

    def give_back(self, items: Iterable[Item]) -> None:
        """Queue items again that a lost worker did not get to."""
        with self.lock:
            self.returned.extend(items)

    def lose(self, item: Item, reason: str, detail: str) -> None:
        """Queue what is to be done instead of an item that cost a worker, or pass on what it gives."""
        with self.lock:
            instead = self.trade.lost(item, reason, detail)
            known = self.trade.known(instead)
            if known is None:
                self.returned.append(cast(Item, instead))
                return
        self.results.put(known)


@dataclass(frozen=True, slots=True)
class _Raised:
    """An error in a worker's thread, on its way to the caller."""

    error: BaseException


@dataclass(slots=True)
class _Worker:
    """One process and what its thread waits for."""

    process: subprocess.Popen[bytes]
    starting_since: float | None = None
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

    def look(self, now: float, seconds: float, paused: bool) -> None:
        """Kill the process if it takes too long."""
        if paused:
            self.starting_since = now if self.starting_since is not None else None
            self.busy_since = now if self.busy_since is not None else None
        starting, busy = self.starting_since, self.busy_since
        late = starting is not None and now - starting > START_SECONDS
        if not self.overran and (late or (busy is not None and now - busy > seconds)):
            self.overran = True
            self.process.kill()  # also a process that is stopped

    @property
    def inbound(self) -> BinaryIO:
        return cast(BinaryIO, self.process.stdin)

    @property
    def outbound(self) -> BinaryIO:
        return cast(BinaryIO, self.process.stdout)


class Pool(Generic[Item, Result]):
    """Maps over worker processes.

    `seconds` bounds the time of one item, `memory_limit` the bytes that a worker may allocate beyond those it has
    when its work is open (0 = no limit; it is the operating system that must know how).
    """

    def __init__(
        self, trade: Trade[Item, Result], seconds: float = SECONDS_PER_ITEM, memory_limit: int = MEMORY_LIMIT
    ) -> None:
        self.trade = trade
        self.seconds = seconds
        self.memory_limit = memory_limit

    def run(self, items: Iterable[Item | Result], workers: int) -> Iterator[Result]:
        """Yield one result per item, in the order of completion, in bounded memory.

        Raises:
            Incomplete: workers cannot be started.
            BaseException: what the trade makes of work that raised.
        """
        jobs = worker_count(workers)
        results: queue.Queue[Result | _Raised | None] = queue.Queue(QUEUED_RESULTS)
        todo = _Todo(self.trade, iter(items), results)
        slots: list[_Worker | None] = [None] * jobs
        threads = [
            threading.Thread(target=self._serve, args=(slot, slots, todo), daemon=True, name=f"worker {slot}")
            for slot in range(jobs)
        ]
        for thread in threads:
            thread.start()
        finished = 0
        looked = time.monotonic()
        try:
            while finished < jobs:
                now = time.monotonic()
                if now - looked > POLL_SECONDS:
                    # After a pause of this process itself nobody can say how long a worker took: it was stopped and
                    # continued, or its caller did not ask for more results.
                    for worker in slots:
                        if worker is not None:
                            worker.look(now, self.seconds, paused=now - looked > PAUSE_SECONDS)
                    looked = time.monotonic()
                try:
                    result = results.get(timeout=POLL_SECONDS)
                except queue.Empty:
                    continue
                if result is None:
                    finished += 1
                elif isinstance(result, _Raised):
                    raise result.error
                else:
                    yield result
        finally:
            todo.stopped = True
            for worker in slots:
                if worker is not None:
                    worker.process.kill()
            _join(threads, results)

    def _serve(self, slot: int, slots: list[_Worker | None], todo: _Todo[Item, Result]) -> None:
        """Thread body: keep one worker fed until the items end."""
        try:
            while batch := todo.batch():
                worker = slots[slot] or self._start(slot, slots, todo)
                if todo.stopped:  # the caller went away while the worker was starting
                    worker.process.kill()
                unanswered = self._feed(worker, batch, todo)
                if unanswered:
                    slots[slot] = None
                    code = worker.end(kill=False)
                    todo.lose(unanswered[0], *self._reason_of(worker, code))
                    todo.give_back(unanswered[1:])
        except BaseException as error:
            todo.results.put(_Raised(error))
        finally:
            if (last := slots[slot]) is not None:
                last.end(kill=False)
            todo.results.put(None)

    def _reason_of(self, worker: _Worker, code: int) -> tuple[str, str]:
        if worker.overran:
            return TIMED_OUT, f"took longer than {self.seconds:g} s"
        return CRASHED, f"the worker that read it ended with code {code}"

    def _start(self, slot: int, slots: list[_Worker | None], todo: _Todo[Item, Result]) -> _Worker:
        """Start a worker and wait until its work is open; again where it was ended before it was.

        Raises:
            Incomplete: it cannot be started.
            AuditorError: what opening the work raises.
        """
        trade = self.trade
        order = Order(os.getpid(), trade.open_work, trade.encode, trade.name_of, self.seconds, self.memory_limit)
        for _ in range(START_TRIES):
            worker = slots[slot] = _spawn()
            worker.starting_since = time.monotonic()
            if todo.stopped:
                worker.process.kill()
            try:
                write_frame(worker.inbound, pickled(order))
                said = read_answer(worker.outbound, trade.decode)
            except (EOFError, OSError):
                said = None
            worker.starting_since = None
            if said == READY and not worker.overran:
                return worker
            slots[slot] = None
            code = worker.end(kill=said is not None)
            if todo.stopped:  # Ctrl-C reaches workers too
                break
            if code >= 0 and not worker.overran:  # it ended by itself, so it would again
                trade.open_here()
                break
        raise Incomplete(f"A worker process could not start (exit code {code}), so no report is given. {trade.advice}")

    def _feed(self, worker: _Worker, batch: tuple[Item, ...], todo: _Todo[Item, Result]) -> list[Item]:
        """Send batch after batch, pass the results on, and return what is unanswered, in order: nothing at the end of
        the items, and else the item during which the worker was lost, and those after it.

        The next batch is sent when half of one is answered, so that the worker never waits for it.
        """
        unanswered: deque[Item] = deque()
        waiting = pickled(batch)
        try:
            while batch or unanswered:
                if batch and (not unanswered or len(waiting) <= AHEAD_BYTES):
                    worker.busy_since = worker.busy_since or time.monotonic()
                    unanswered.extend(batch)
                    batch = ()
                    with contextlib.suppress(OSError):  # a worker that is gone may have left answers to be read
                        write_frame(worker.inbound, waiting)
                answer = self._answer(worker)
                if isinstance(answer, Failure):
                    raise self.trade.failed(answer)
                if answer is None or isinstance(answer, str) or not self.trade.answers(answer, unanswered[0]):
                    break  # it is gone, or not itself any more
                unanswered.popleft()
                worker.busy_since = None  # while results are passed on and items are listed
                todo.results.put(self.trade.done(answer))
                if not batch and len(unanswered) <= BATCH // 2:
                    batch = todo.batch()
                    waiting = pickled(batch)
                worker.busy_since = time.monotonic() if unanswered else None
        finally:
            worker.busy_since = None
        return [*unanswered, *batch]

    def _answer(self, worker: _Worker) -> Result | Failure | str | None:
        try:
            return read_answer(worker.outbound, self.trade.decode)
        except (EOFError, OSError):
            return None


def _spawn() -> _Worker:
    """Started by the thread that serves the worker, which outlasts it: see `end_with_parent`."""
    process = subprocess.Popen(
        [sys.executable, "-m", "auditor.support.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**child_environment(), **ONE_THREAD},
    )
    return _Worker(process)


def _join(threads: list[threading.Thread], results: queue.Queue[Any]) -> None:
    """Wait for the worker threads; what they still put is dropped, because nobody reads on."""
    for thread in threads:
        while thread.is_alive():
            with contextlib.suppress(queue.Empty):
                results.get_nowait()
            thread.join(timeout=0.01)
