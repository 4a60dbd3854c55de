"""Options that several verbs share, and what they turn into."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from auditor.errors import ReportError, UsageError
from auditor.report.interface import Output, parse_output
from auditor.support import writing

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

FAIL_ON = ("none", "medium", "high")


def index_option(function: Decorated) -> Decorated:
    """`--index DIR`, repeatable."""
    return click.option(
        "--index",
        "-i",
        "index_paths",
        metavar="DIR",
        multiple=True,
        type=click.Path(path_type=Path),
        help="Index folder to compare with; give it once per index.",
    )(function)


def layout_options(function: Decorated) -> Decorated:
    """`--layout NAME` and `-L key=value`."""
    function = click.option(
        "-L",
        "layout_values",
        metavar="KEY=VALUE",
        multiple=True,
        help="An option of the layout by the trainer's own name, for instance caption_extension=.txt.",
    )(function)
    return click.option(
        "--layout",
        default="auto",
        show_default=True,
        metavar="NAME",
        help="How the trainer reads the folder: auto, union (whatever any trainer could see), flat, kohya, …",
    )(function)


def output_option(function: Decorated) -> Decorated:
    """`-o FORMAT[=FILE]`, repeatable."""
    return click.option(
        "--output",
        "-o",
        "outputs",
        metavar="FMT[=FILE]",
        multiple=True,
        help="Report format, to FILE or to standard output; repeatable. Default: terminal.",
    )(function)


def fail_on_option(function: Decorated) -> Decorated:
    """`--fail-on SEVERITY`."""
    return click.option(
        "--fail-on",
        type=click.Choice(FAIL_ON),
        default="high",
        show_default=True,
        help="Lowest severity that gives exit code 1. Everything is reported all the same.",
    )(function)


def parse_pairs(values: Sequence[str]) -> dict[str, str]:
    """`("a=1", "b=2")` -> `{"a": "1", "b": "2"}`.

    Raises:
        UsageError: a value has no equals sign, or a key is given twice.
    """
    pairs: dict[str, str] = {}
    for value in values:
        key, separator, text = value.partition("=")
        if not separator or not key:
            raise UsageError(f"-L {value}: write it as KEY=VALUE, for instance -L caption_extension=.txt.")
        if key in pairs:
            raise UsageError(f"-L {key} is given twice; give it once.")
        pairs[key] = text
    return pairs


def parse_outputs(values: Sequence[str]) -> tuple[Output, ...]:
    """Read every `-o`; none at all means the terminal report on standard output.

    Raises:
        UsageError: a format is unknown, two reports go to standard output, or two to one file.
    """
    outputs = tuple(parse_output(value) for value in values) or (Output("terminal", None),)
    targets = [output.path for output in outputs]
    for target in targets:
        if targets.count(target) > 1:
            where = "standard output" if target is None else target
            raise UsageError(f"Two reports would go to {where}: give all but one a file with -o FORMAT=FILE.")
    for output in outputs:
        if output.path is not None and not Path(output.path).absolute().parent.is_dir():
            raise UsageError(f"-o {output.format}={output.path}: the folder does not exist. Make it first.")
    return outputs


def write_file(path: str | Path, content: str | bytes) -> None:
    """Write a file in one step: `support.writing` with the error of a report.

    Raises:
        ReportError: it cannot be written.
    """
    try:
        writing.write_whole(path, content)
    except OSError as error:
        raise ReportError(f"{path} cannot be written ({error.strerror}). Name another file.") from error
