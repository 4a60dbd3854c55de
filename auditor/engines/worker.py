"""The worker process: `python -m auditor.engines.worker`, started by `processes.py` only.

Reads an OpenAuditor, then batches of samples, from standard input; writes one outcome per sample to what was
standard output. File descriptor 1 is pointed at standard error first, so that nothing a library prints can
get between the frames.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import traceback
from importlib.abc import MetaPathFinder

from auditor.engines.frames import READY, read_frame, write_answer
from auditor.engines.interface import Auditor, CheckFailure, look_ahead
from auditor.model import Sample, SampleOutcome

CPU_FACTOR = 3.0
"""CPU seconds a worker may use for each second of the clock that its parent gives a sample: it has some threads."""


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


def _audit(auditor: Auditor, sample: Sample) -> SampleOutcome | CheckFailure:
    try:
        return auditor(sample)
    except Exception as error:  # a bug in a check: the parent ends the scan with it, and never drops the sample
        return CheckFailure(sample.path, f"{type(error).__name__}: {error}", traceback.format_exc())


def main() -> int:
    """Serve until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group: the parent decides
    inbound = sys.stdin.buffer
    outbound = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.meta_path.insert(0, _WithoutPandas())
    open_auditor, memory_limit, seconds = read_frame(inbound)  # type: ignore[misc]
    try:
        auditor: Auditor = open_auditor()  # type: ignore[has-type]
    except Exception:  # the parent opens it too, and says what is wrong
        return 1
    gc.freeze()  # what is open now stays: no collection need look at it
    limit_memory(memory_limit)  # type: ignore[has-type]
    try:
        write_answer(outbound, READY)
        while True:
            batch = read_frame(inbound)
            assert isinstance(batch, tuple)
            _end_after(CPU_FACTOR * seconds)  # type: ignore[has-type]
            look_ahead(auditor, batch)
            for sample in batch:
                _end_after(CPU_FACTOR * seconds)  # type: ignore[has-type]
                outcome = _audit(auditor, sample)
                _end_after(0)
                write_answer(outbound, outcome)
    except (EOFError, BrokenPipeError):  # the parent is done, or gone
        os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
