"""Run a command and say how long it took and how much memory all of its processes held at once."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

INTERVAL = 0.1


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run cost."""

    seconds: float
    """By the wall clock, start of the process to its end."""
    peak_bytes: int
    """Largest sum, over the process and its descendants, of proportional set sizes (shared pages counted once)."""
    code: int
    output: str
    """Standard output and error."""


def run(command: Sequence[str], cwd: Path | None = None, environment: Mapping[str, str] | None = None) -> Measured:
    """Run to the end. A non-zero exit code is the caller's to judge."""
    start = time.perf_counter()
    process = subprocess.Popen(
        list(command),
        cwd=cwd,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    peaks = [0]
    done = threading.Event()

    def watch() -> None:
        while not done.wait(INTERVAL):
            peaks.append(sum(_proportional(number) for number in _family(process.pid)))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    output, _ = process.communicate()
    seconds = time.perf_counter() - start
    done.set()
    watcher.join()
    return Measured(seconds, max(peaks), process.returncode, output)


def _family(root: int) -> list[int]:
    """The process and all its descendants."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    family, waiting = [], [root]
    while waiting:
        number = waiting.pop()
        family.append(number)
        waiting.extend(children.get(number, []))
    return family


def _proportional(number: int) -> int:
    """Proportional set size in bytes; 0 for a process that has ended."""
    try:
        for line in (Path("/proc") / str(number) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0
