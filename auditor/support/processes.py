"""Processes that this one starts: what they import, and that none outlives it."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable

from auditor.support.environment import PACKAGE_FOLDER, SAFE_PATH

MOST_ON_WINDOWS = 61
"""More processes cannot be waited for at once there."""
LOOK_SECONDS = 0.5
_PR_SET_PDEATHSIG = 1
_SYNCHRONIZE = 0x00100000
_INFINITE = 0xFFFFFFFF
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OPENCV_FOR_THREADS_NUM": "1"}
"""There is a worker a core already: threads of FAISS, NumPy and OpenCV beside it made a scan three times as slow."""


def available_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1  # pragma: no cover - systems without affinity


def worker_count(asked: int) -> int:
    """How many workers to start where so many were asked for; 0 = one for each core."""
    count = asked or available_cores()
    return min(count, MOST_ON_WINDOWS) if sys.platform == "win32" else count


def child_environment() -> dict[str, str]:
    """The variables of a child that imports this very package, and nothing from the working directory."""
    users = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    # An empty or relative part means the working directory, which may be a stranger's folder.
    path = [str(PACKAGE_FOLDER), *(part for part in users if os.path.isabs(part))]  # noqa: PTH117 - a string
    return {**os.environ, **SAFE_PATH, "PYTHONPATH": os.pathsep.join(path)}


def end_with_parent(parent: int, *, by_thread: bool) -> None:
    """End this process when the process `parent`, which started it, is gone, however that ended.

    On Linux the kernel does it, also where a library never returns to Python. It does so when the *thread* that
    started this process ends, so `by_thread` says that this thread lasts as long as the parent wants this process. A
    thread that watches does it on every other system.
    """
    if by_thread and sys.platform == "linux":
        import ctypes

        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if not _is_parent(parent):  # it was gone before this process asked
        os._exit(1)
    _watch(lambda: _wait_for(parent))


def _watch(wait: Callable[[], None]) -> None:
    def body() -> None:
        wait()
        os._exit(1)

    threading.Thread(target=body, name="ends with its parent", daemon=True).start()


def _is_parent(parent: int) -> bool:
    return sys.platform == "win32" or os.getppid() == parent


def _wait_for(parent: int) -> None:
    if sys.platform == "win32":  # pragma: no cover
        import ctypes

        kernel = ctypes.windll.kernel32
        handle = kernel.OpenProcess(_SYNCHRONIZE, False, parent)
        if handle:
            kernel.WaitForSingleObject(handle, _INFINITE)
            kernel.CloseHandle(handle)
        return
    while _is_parent(parent):
        time.sleep(LOOK_SECONDS)


_watched: set[tuple[int, int]] = set()


def end_with(other: int) -> None:
    """End this process when another one of this machine, which need not be its parent, is gone. Asked for again, it
    does nothing."""
    if (os.getpid(), other) in _watched:  # a forked process has no threads, and watches anew
        return
    _watched.add((os.getpid(), other))
    begun = _begun(other)
    if sys.platform == "win32":  # pragma: no cover
        _watch(lambda: _wait_for(other))
        return

    def wait() -> None:
        while _is_alive(other) and _begun(other) == begun:
            time.sleep(LOOK_SECONDS)

    _watch(wait)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return _begun(process) != "Z"


def _begun(process: int) -> str:
    """When a process began, in the kernel's words; `Z` where it is dead, empty where the system does not say."""
    try:
        with open(f"/proc/{process}/stat", encoding="ascii", errors="replace") as file:  # noqa: PTH123
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return ""
    return "Z" if fields[0] in {"Z", "X"} else fields[19]
