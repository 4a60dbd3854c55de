"""`auditor names`: texts only."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditor.cli.console import Advance, progress
from auditor.cli.deliver import deliver
from auditor.cli.inputs.paths import fail_on_option, index_option, output_option, parse_outputs
from auditor.cli.inputs.settings import nearest_config, pick, read_waivers
from auditor.support import folders

if TYPE_CHECKING:
    from auditor.datasets.reading.textrows import TextRow
    from auditor.index.opening.store import Index
    from auditor.model import FailOn
    from auditor.outcome import Report

BATCH_ROWS = 2_000
STDIN = "standard input"


@click.command()
@click.argument("files", metavar="[FILE]…", nargs=-1, type=click.Path(path_type=Path))
@index_option
@output_option
@fail_on_option
@click.option(
    "--column", default="text", show_default=True, help="Column of .jsonl, .csv and .parquet that has the text."
)
@click.option("--waivers", type=click.Path(path_type=Path), metavar="FILE", help="Recorded decisions (JSON Lines).")
@click.option("--trust", metavar="KEY", multiple=True, help="Key, or its id, that must have signed.")
@click.pass_context
def names(context: click.Context, /, files: tuple[Path, ...], column: str, **_: Any) -> int:
    """Search texts for the names of listed artists.

    FILE is .txt (every line is a text), .jsonl, .csv, .tsv or .parquet (every row is one); without FILE, or
    with -, lines of standard input. Texts are read one by one, so files may be of any size.

    \b
    auditor names captions.txt --index indexes/demo
    auditor names metadata.jsonl --column caption -i demo -o json=names.json
    cat *.txt | auditor names -i demo

    Exit codes: 0 pass, 1 a finding violates --fail-on, 2 could not run, 3 nothing or not every row was
    searched, 130 interrupted.
    """
    from auditor.cli.inputs.indexes import open_for_scan
    from auditor.verdict.waivers import settle

    config = nearest_config(files)
    targets = parse_outputs(pick(context, "outputs", config.output))
    waivers_path = pick(context, "waivers", config.waivers)
    waivers = read_waivers(waivers_path)
    today = datetime.now(UTC).date()
    trust = pick(context, "trust", tuple(map(str, config.trust)))
    indexes = open_for_scan(pick(context, "index_paths", config.index), trust, config, today)
    with progress("Searching texts") as advance:
        report = search(
            files or (Path("-"),), column, indexes, pick(context, "fail_on", config.fail_on), today, advance
        )
    name = waivers_path.name if waivers_path is not None else "waivers.jsonl"
    return deliver(settle(report, waivers, config.overrides, today, name), targets)


def search(
    files: tuple[Path, ...], column: str, indexes: tuple[Index, ...], fail_on: FailOn, today: date, advance: Advance
) -> Report:
    """Search every row of the files and report. A row counts as one sample of the coverage.

    Raises:
        DatasetError: a file cannot be read.
        UsageError: a table has no such column.
    """
    from auditor.run.texts import TextAudit

    audit = TextAudit(indexes, today, folders.made(folders.user_cache()))
    for file in files:
        shown = STDIN if str(file) == "-" else file.as_posix()
        rows = _rows(file, column)
        while batch := list(itertools.islice(rows, BATCH_ROWS)):
            audit.add(shown, batch)
            advance(audit.seen, None)
    return audit.report(", ".join(STDIN if str(file) == "-" else file.as_posix() for file in files), fail_on)


def _rows(file: Path, column: str) -> Iterator[TextRow]:
    from auditor.datasets.reading.textrows import read_lines, read_rows

    if str(file) == "-":
        return read_lines(sys.stdin.buffer, column)
    return read_rows(str(file), column)
