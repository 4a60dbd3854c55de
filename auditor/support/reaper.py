"""Ends what a process leaves behind: `python -m auditor.support.reaper PARENT MARK`, started by `reaped` only.

Ray and Spark start processes that start others, in sessions of their own. All of them inherit a variable whose name
only this run has. When the process that set it is gone, however it ended, whatever still has the variable gets a moment
to end by itself and is then killed.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

from auditor.support.processes import child_environment, end_with

LOOK_SECONDS = 0.2
GRACE_SECONDS = 1.5
"""For ends in good order: Spark removes its temporary folders."""
KILL_SECONDS = 10.0
DRIVER = "AUDITOR_DRIVER"
_running: list[tuple[int, str, subprocess.Popen[bytes]]] = []
"""Of this process: its id (a forked child has its own), the mark, and the reaper."""


def reaped() -> dict[str, str]:
    """The variables for processes that must not outlive this one. Starts the reaper where there is none yet."""
    if sys.platform == "win32":  # pragma: no cover - variables of other processes cannot be read there
        return {DRIVER: str(os.getpid())}
    if not _running or _running[-1][0] != os.getpid():
        mark = f"AUDITOR_RUN_{secrets.token_hex(8)}"
        process = subprocess.Popen(  # noqa: S603 - this very interpreter and module
            [sys.executable, "-m", "auditor.support.reaper", str(os.getpid()), mark],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            env=child_environment(),
            start_new_session=True,  # so that what ends a terminal's processes does not end it before them
        )
        _running.append((os.getpid(), mark, process))
    return {_running[-1][1]: "1", DRIVER: str(os.getpid())}


def end_with_driver() -> None:
    """In a worker of Ray or Spark on the driver's own machine: end when the driver is gone. Costs nothing elsewhere."""
    driver = os.environ.get(DRIVER, "")
    if driver.isdigit():
        end_with(int(driver))


def marked(mark: str) -> list[int]:
    """Ids of this user's processes that have a variable of this name."""
    if not Path("/proc/self/environ").exists():
        return _marked_by_ps(mark)
    found = []
    for entry in os.scandir("/proc"):
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            with contextlib.suppress(OSError):  # gone, or another user's
                if mark.encode() + b"=" in Path(entry.path, "environ").read_bytes():
                    found.append(int(entry.name))
    return found


def _marked_by_ps(mark: str) -> list[int]:  # pragma: no cover - systems without /proc
    words = ["/bin/ps", "-axEww", "-o", "pid=,command="]
    listed = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603
    lines = (line.split(maxsplit=1) for line in listed.stdout.splitlines() if f"{mark}=" in line)
    return [int(number) for number, *_ in lines if int(number) != os.getpid()]


def main(parent: int, mark: str) -> int:
    """Wait for the parent's end, then for that of its processes, and end them."""
    for told in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(told, signal.SIG_IGN)
    while os.getppid() == parent:
        ready, _, _ = select.select([sys.stdin], [], [], LOOK_SECONDS)
        if ready and not os.read(sys.stdin.fileno(), 1):
            break
    until = time.monotonic() + GRACE_SECONDS
    while marked(mark) and time.monotonic() < until:
        time.sleep(LOOK_SECONDS)
    until = time.monotonic() + KILL_SECONDS
    while (left := marked(mark)) and time.monotonic() < until:
        for number in left:
            with contextlib.suppress(OSError):
                os.kill(number, signal.SIGKILL)
        time.sleep(LOOK_SECONDS)
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2]))
