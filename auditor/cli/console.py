"""Where the command line prints: the report to stdout, everything else to stderr.

Names, titles and paths come from strangers. `say`, `tell`, `tell_json` and `say_usage` are the only ways in which a
command prints a sentence: each makes control characters, terminal escapes and reordering marks visible, and each
writes exactly one line a call, so that no name can forge a second one. (Rich tables escape cell by cell.)"""

from __future__ import annotations

import io
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from auditor.report.text import visible

if TYPE_CHECKING:
    from rich.console import Console

HEARTBEAT_SECONDS = 30.0

Advance = Callable[[int, int | None], None]
"""Called with (done, total or None)."""


def stdout() -> Console:
    """The console of the report. Rich honours NO_COLOR, FORCE_COLOR, TTY_COMPATIBLE and COLUMNS."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=False)


def stderr() -> Console:
    """The console of everything that is not the report."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def say(text: str) -> None:
    """One line to stderr, without markup, everything hidden in it made visible."""
    stderr().print(visible(text), markup=False, soft_wrap=True)


def tell(text: str) -> None:
    """One line of a result to stdout, as plain text, everything hidden in it made visible."""
    click.echo(visible(text))


def tell_json(value: Any) -> None:
    """A result as JSON in ASCII to stdout: every other character is escaped, so that nothing hidden gets through."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=True))


def say_error(text: str) -> None:
    """One line to stderr about what went wrong. It needs no console, so that it also works when that is broken."""
    click.echo(visible(text), err=True)


def say_usage(error: click.ClickException) -> None:
    """Click's own words about a wrong call, on stderr, line by line."""
    shown = io.StringIO()
    error.show(shown)
    for line in shown.getvalue().splitlines():
        say_error(line)


@contextmanager
def progress(title: str) -> Iterator[Advance]:
    """Show progress on stderr: a bar on a terminal, else a line every 30 seconds."""
    console = stderr()
    if not console.is_terminal:
        yield _heartbeat(title)
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

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
