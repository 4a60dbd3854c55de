"""Where the command line prints: the report to stdout, everything else to stderr."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

HEARTBEAT_SECONDS = 30.0

Advance = Callable[[int, int | None], None]
"""Called with (done, total or None)."""


def stdout() -> Console:
    """The console of the report. Rich honours NO_COLOR, FORCE_COLOR, TTY_COMPATIBLE and COLUMNS."""
    return Console(highlight=False, soft_wrap=False)


def stderr() -> Console:
    """The console of everything that is not the report."""
    return Console(stderr=True, highlight=False)


def say(text: str) -> None:
    """One line to stderr, without markup."""
    stderr().print(text, markup=False, soft_wrap=True)


@contextmanager
def progress(title: str) -> Iterator[Advance]:
    """Show progress on stderr: a bar on a terminal, else a line every 30 seconds."""
    console = stderr()
    if not console.is_terminal:
        yield _heartbeat(title)
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(title, total=None)

        def advance(done: int, total: int | None) -> None:
            bar.update(task, completed=done, total=total)

        yield advance


def _heartbeat(title: str) -> Advance:
    last = time.monotonic()

    def advance(done: int, total: int | None) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= HEARTBEAT_SECONDS:
            last = now
            sys.stderr.write(f"{title}: {done}{f' of {total}' if total is not None else ''}\n")
            sys.stderr.flush()

    return advance
