"""`auditor doctor`: what is installed, how old the indexes are, and what a scan would check."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import click
from rich.table import Table
from rich.text import Text

from auditor.cli.console import stdout
from auditor.cli.inputs import index_option
from auditor.errors import AuditorError
from auditor.extras import EXTRAS, available, missing_message
from auditor.report.text import age, days_since, plural, signature, visible
from auditor.version import __version__

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
    from auditor.config import Config, find_config, load_config

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
    works = 0
    for place in index_paths or config.index or _shipped():
        row, count = _index(place, today)
        rows.append(row)
        works += count
        failed = failed or row[2] == "red"
    rows += _checks(works)
    return rows, failed


def _shipped() -> tuple[Path, ...]:
    from auditor.index.shipped import public_statements

    try:
        return (public_statements(),)
    except AuditorError:
        return ()


def _index(path: Path, today: date) -> tuple[Row, int]:
    """The row of one index, and how many works it lists."""
    from auditor.index.store import open_index

    try:
        info = open_index(path).info
    except AuditorError as error:
        return ("Index", str(error), "red"), 0
    late = info.expires is not None and (days_since(info.expires, today) or 0) > 0
    told = [
        f"{info.name} version {info.version}",
        plural(info.artists, "artist"),
        plural(info.works, "work"),
        age(info, today),
        signature(info),
    ]
    return ("Index", f"{', '.join(told)} ({path})", "yellow" if late else "green"), info.works


def _checks(works: int) -> Iterator[Row]:
    from auditor.checks.signals import skipped_checks
    from auditor.options import ALL_CHECKS

    compares = {"copies", "regions"} if works == 0 else set()
    yield "A scan checks", ", ".join(sorted(ALL_CHECKS - compares)), "green"
    for check in sorted(compares & ALL_CHECKS):
        yield "Not checked", f"{check}: no index holds picture hashes", "yellow"
    for skip in skipped_checks():
        yield "Not checked", f"{skip.check}: {skip.reason}", "yellow"
