"""`auditor index list`: the works of an index, one a line."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import click
from rich.table import Table
from rich.text import Text

from auditor.cli.console import stdout, tell, tell_json
from auditor.cli.index.common import plural
from auditor.report.text import visible

ROWS_PER_TABLE = 1_000
"""Works a table, so that memory stays flat."""


@click.command(name="list")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--artist", metavar="NAME", help="Only the works of this artist: id, name or alias.")
@click.option("--status", metavar="STATUS", help="Only works of this status, for instance active or withdrawn.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(folder: Path, artist: str | None, status: str | None, as_json: bool) -> None:
    """List the works of the index in DIR: id, artist, title and status. Artists without works are listed too.

    What it shows can be given to `auditor index withdraw`.

    \b
    auditor index list my-index
    auditor index list my-index --artist "Ash Varga" --status active --json
    """
    rows = _rows(folder, artist, status)
    if as_json:
        tell_json(list(rows))
        return
    console = stdout()
    total = 0
    while chunk := list(islice(rows, ROWS_PER_TABLE)):
        table = Table(box=None, pad_edge=False)
        table.add_column("work", no_wrap=True)
        table.add_column("artist", overflow="fold", ratio=2)
        table.add_column("title", overflow="fold", ratio=3)
        table.add_column("status", no_wrap=True)
        for row in chunk:
            total += row["work"] is not None
            cells = (row["work"] or "–", row["artist"], row["title"] or "", row["status"])
            table.add_row(*(Text(visible(cell)) for cell in cells))
        console.print(table)
    tell(f"{plural(total, 'work')}.")


def _rows(folder: Path, artist: str | None, status: str | None) -> Iterator[dict[str, Any]]:
    """Works in stored order, then artists who have none."""
    from auditor.index.making.content import content_of
    from auditor.index.making.editing import find_artist
    from auditor.index.opening.store import open_index

    index = open_index(folder)
    wanted = find_artist(content_of(index), artist).id if artist is not None else None
    people = {person.id: person for person in index.artists if wanted in (None, person.id)}
    without = dict(people)
    for work in index.works():
        person = people.get(work.artist_id)
        if person is None and wanted is not None:
            continue
        without.pop(work.artist_id, None)
        # the works of an artist who withdrew are not matched either
        state = work.status if person is None or work.status != "active" else person.status
        if status in (None, state):
            name = person.names[0] if person is not None else work.artist_id
            yield _row(work.work_id, work.artist_id, name, work.title, state)
    for person in without.values():
        if status in (None, person.status):
            yield _row(None, person.id, person.names[0], None, person.status)


def _row(work: str | None, artist_id: str, name: str, title: str | None, status: str) -> dict[str, Any]:
    return {"work": work, "artistId": artist_id, "artist": name, "title": title, "status": status}
