"""`auditor doctor`: what is installed, how old the indexes are, and what a scan would check."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.table import Table
from rich.text import Text

from auditor.cli.console import stdout
from auditor.cli.inputs.paths import index_option
from auditor.errors import AuditorError
from auditor.report.text import age, days_since, plural, signature, visible
from auditor.support.extras import EXTRAS, available, missing_message
from auditor.version import __version__

if TYPE_CHECKING:
    from auditor.index.opening.store import Index

PACKAGES = ("pillow", "opencv-python-headless", "faiss-cpu", "numpy", "pyarrow", "rapidfuzz", "rich")
Row = tuple[str, str, str]
"""What, its state, style of the state."""


@click.command()
@index_option
def doctor(index_paths: tuple[Path, ...]) -> int:
    """Say what is installed, which optional parts are missing, how old the indexes are, what a scan would check.

    Looks at the indexes named, else at those of the configuration file, else at the shipped list of names.
    Exit code 2 if an index or the configuration cannot be used.
    """
    rows: list[Row] = [*_versions(), *_extras()]
    found, failed = _settings(index_paths, datetime.now(UTC).date())
    rows += found
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for what, state, style in rows:
        table.add_row(Text(what), Text(visible(state), style=style))
    stdout().print(table)
    return 2 if failed else 0


def _versions() -> Iterator[Row]:
    yield "auditor", __version__, ""
    yield "Python", f"{platform.python_version()} on {platform.system()} {platform.machine()}", ""
    for package in PACKAGES:
        try:
            yield package, importlib.metadata.version(package), ""
        except importlib.metadata.PackageNotFoundError:
            yield package, "not installed as a package of that name", "yellow"


def _extras() -> Iterator[Row]:
    for package, (extra, purpose) in EXTRAS.items():
        if available(package):
            yield f"[{extra}]", f"{purpose}: installed", "green"
        else:
            yield f"[{extra}]", missing_message(package), "yellow"


def _settings(index_paths: tuple[Path, ...], today: date) -> tuple[list[Row], bool]:
    """Rows of the configuration, the indexes and the checks, and whether anything cannot be used."""
    from auditor.cli.inputs.config import Config, find_config, load_config

    rows: list[Row] = []
    failed = False
    path = find_config(Path.cwd())
    config = Config()
    if path is not None:
        try:
            config = load_config(path)
            rows.append(("Configuration", str(path), "green"))
        except AuditorError as error:
            rows.append(("Configuration", str(error), "red"))
            failed = True
    else:
        rows.append(("Configuration", "none: defaults hold", ""))
    opened: list[Index] = []
    for place in index_paths or config.index or _shipped():
        row, index = _index(place, today)
        rows.append(row)
        opened += [index] if index is not None else []
        failed = failed or row[2] == "red"
    rows += _checks(opened)
    return rows, failed


def _shipped() -> tuple[Path, ...]:
    from auditor.index.opening.shipped import public_statements

    try:
        return (public_statements(),)
    except AuditorError:
        return ()


def _index(path: Path, today: date) -> tuple[Row, Index | None]:
    """The row of one index, and the index where it can be used."""
    from auditor.index.opening.store import open_index

    try:
        index = open_index(path)
    except AuditorError as error:
        return ("Index", str(error), "red"), None
    info = index.info
    late = info.expires is not None and (days_since(info.expires, today) or 0) > 0
    facts = [
        f"{info.name} version {info.version}",
        plural(info.artists, "artist"),
        plural(info.works, "work"),
        age(info, today),
        signature(info),
    ]
    return ("Index", f"{', '.join(facts)} ({path})", "yellow" if late else "green"), index


def _checks(opened: Sequence[Index]) -> Iterator[Row]:
    """What a scan with these indexes would check, as its report would say it."""
    from auditor.checks import table
    from auditor.index.opening.holdings import holdings

    held = holdings(opened)
    yield "A scan checks", ", ".join(table.ran(table.every(), held)) or "nothing", "green"
    for skip in table.not_run(table.every(), held):
        yield "Not checked", f"{skip.check}: {skip.reason}", "yellow"
