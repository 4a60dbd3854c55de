"""The worker process: `python -m auditor.support.worker`, started by `pool.py` only.

Reads a function and its limits, then batches of items, from standard input; writes one result per item to what was
standard output. File descriptor 1 is pointed at standard error first, so that nothing a library prints can
get between the frames.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.abc import MetaPathFinder
from typing import Any

from auditor.support.frames import READY, Failure, read_frame, write_answer
from auditor.support.processes import end_with_parent

CPU_FACTOR = 3.0
"""CPU seconds a worker may use for each second of the clock that its parent gives an item: it has some threads."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a worker is told first."""

    parent: int
    """Process id."""
    open_work: Callable[[], Callable[[Any], Any]]
    """Gives the function to be called for every item; it may also have a method `prepare`, which takes the items that
    come next."""
    encode: Callable[[Any], Any]
    """A result as JSON data."""
    name_of: Callable[[Any], str]
    """The name of an item, for messages."""
    seconds: float
    """Of the clock, for one item."""
    memory_limit: int
    """Bytes beyond what is held when the work is open; 0 = no limit."""


def limit_memory(limit: int) -> None:
    """Let this process allocate `limit` bytes more than it has now (0 = without a limit), where the system can.

    Files that are mapped for reading, such as an index, do not count.
    """
    if not limit or sys.platform == "win32":
        return
    import resource

    limit += data_bytes()
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    if most == resource.RLIM_INFINITY or limit < most:
        resource.setrlimit(resource.RLIMIT_DATA, (limit, most))


def data_bytes() -> int:
    """What RLIMIT_DATA counts of this process: private memory that can be written. 0 where the system does not say."""
    try:
        with open("/proc/self/status", encoding="ascii", errors="replace") as status:  # noqa: PTH123
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmData:"))
    except (OSError, StopIteration, ValueError):
        return 0


def _end_after(seconds: float) -> None:
    """End this process by a signal when it has used so much CPU time (0 = never), where the system can.

    The parent ends a worker that overruns. If the parent is gone, the worker must end by itself, also where a library
    never returns to Python. CPU time, because a scan may be stopped and continued (Ctrl-Z).
    """
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_PROF, seconds)


class _WithoutPandas(MetaPathFinder):
    """Hides pandas: Arrow imports it where it is installed, to see whether a list is one of its series, and that takes
    a third of a worker's start."""

    def find_spec(self, fullname: str, path: object, target: object = None) -> None:
        """Say that there is no pandas, and of all else nothing."""
        if fullname == "pandas":
            raise ModuleNotFoundError("No module named 'pandas'", name=fullname)


def _prepare(work: object, items: tuple[Any, ...]) -> None:
    """Let the work look ahead. What goes wrong then goes wrong again, and is said, when its item comes."""
    prepare = getattr(work, "prepare", None)
    if callable(prepare):
        with contextlib.suppress(Exception):
            prepare(items)


def _answer(work: Callable[[Any], Any], item: Any, order: Order) -> tuple[str, Any]:
    try:
        return "result", order.encode(work(item))
    except Exception as error:  # a bug: the parent ends with it, and never drops the item
        failure = Failure(order.name_of(item), f"{type(error).__name__}: {error}", traceback.format_exc())
        return "failure", asdict(failure)


def main() -> int:
    """Serve until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group: the parent decides
    inbound = sys.stdin.buffer
    outbound = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.meta_path.insert(0, _WithoutPandas())
    order = read_frame(inbound)
    assert isinstance(order, Order)
    end_with_parent(order.parent, by_thread=True)
    try:
        work = order.open_work()
    except Exception:  # the parent opens it too, and says what is wrong
        return 1
    gc.freeze()  # what is open now stays: no collection need look at it
    limit_memory(order.memory_limit)
    allowed = CPU_FACTOR * order.seconds
    try:
        write_answer(outbound, READY, None)
        while True:
            batch = read_frame(inbound)
            assert isinstance(batch, tuple)
            _end_after(allowed)
            _prepare(work, batch)
            for item in batch:
                _end_after(allowed)
                kind, value = _answer(work, item, order)
                _end_after(0)
                write_answer(outbound, kind, value)
    except (EOFError, BrokenPipeError):  # the parent is done, or gone
        os._exit(0)


if __name__ == "__main__":
    # Run as a module this file is `__main__`, while what is unpickled is of the module that others import.
    from auditor.support.worker import main as imported_main

    sys.exit(imported_main())
