"""Names as CSV for hand editing: `artist,alias,statement,declared,source,status`, and optionally `cue`.

Each row adds an alias, a statement (title, day, address) or both to the artist it names. `cue` is `required` where
the alias, or the artist's name in a row without alias, counts only with words such as "art by".
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import zip_longest
from typing import BinaryIO, TextIO

from auditor.index.exchange.interface import Dropped, ReadOptions, WriteOptions
from auditor.index.exchange.lines import csv_rows, csv_text
from auditor.index.exchange.sink import Sink
from auditor.index.format.identity import artist_id
from auditor.index.format.schema import STATUSES
from auditor.index.making.artist_toml import guess_kind
from auditor.index.opening.store import Index
from auditor.model import Artist, Statement

COLUMNS = ("artist", "alias", "statement", "declared", "source", "status")
CUE = "cue"
MAX_NAME = 300


def read(stream: BinaryIO, sink: Sink, options: ReadOptions) -> None:
    """An artist for each name; rows of one artist may stand anywhere."""
    columns: tuple[str, ...] = (*COLUMNS, CUE)
    for line, cells in csv_rows(stream, sink):
        names = tuple(cell.strip().casefold() for cell in cells)
        if line == 1 and "artist" in names:
            columns = names
            continue
        if len(cells) > len(columns):
            raise sink.fail(line, f"it has {len(cells)} cells, and there are {len(columns)} columns.")
        row = {name: cell.strip() for name, cell in zip(columns, cells, strict=False)}
        for name in row.keys() - {*COLUMNS, CUE}:
            sink.drop(f"cells of the column {name[:40]!r}", bool(row[name]))
        _take(row, line, sink)


def _take(row: dict[str, str], line: int, sink: Sink) -> None:
    name, alias = row.get("artist", ""), row.get("alias", "")
    if not name:
        raise sink.fail(line, "it names no artist.")
    if max(len(name), len(alias)) > MAX_NAME:
        raise sink.fail(line, f"a name has more than {MAX_NAME} characters.")
    status = row.get("status") or "active"
    if status not in STATUSES:
        raise sink.fail(line, f"the status {status[:40]!r} is none of {', '.join(STATUSES)}.")
    cue = row.get(CUE, "")
    if cue not in {"", "required"}:
        raise sink.fail(line, f"the cue {cue[:40]!r} is neither empty nor 'required'.")
    identity = artist_id(name)
    if sink.known_artist(identity) is None:
        sink.named_artist(name, status=status)
    artist = sink.known_artist(identity)
    assert artist is not None
    if artist.status != status and row.get("status"):
        raise sink.fail(line, f"{name!r} is {artist.status!r} in an earlier row and {status!r} here.")
    sink.change_artist(_with(artist, alias, _statement(row, line, sink), alias or name if cue else None, sink))


def _with(artist: Artist, alias: str, statement: Statement | None, ambiguous: str | None, sink: Sink) -> Artist:
    if alias and (alias in artist.aliases or alias in artist.names):
        sink.drop("repeated aliases")
    elif alias:
        artist = replace(artist, aliases=(*artist.aliases, alias), alias_kinds=(*artist.alias_kinds, guess_kind(alias)))
    if statement is not None and statement not in artist.statements:
        artist = replace(artist, statements=(*artist.statements, statement))
    if ambiguous is not None and ambiguous not in artist.ambiguous:
        artist = replace(artist, ambiguous=(*artist.ambiguous, ambiguous))
    return artist


def _statement(row: dict[str, str], line: int, sink: Sink) -> Statement | None:
    title, day, source = row.get("statement", ""), row.get("declared", ""), row.get("source", "")
    if not (title or day or source):
        return None
    if day and not _is_day(day):
        raise sink.fail(line, f"the day {day[:40]!r} is no year, month or day such as 2026-01-31.")
    return Statement("public-record", day or None, title or None, source or None)


def _is_day(text: str) -> bool:
    """A year, a month or a day (ISO 8601)."""
    padded = {4: f"{text}-01-01", 7: f"{text}-01"}.get(len(text), text)
    try:
        date.fromisoformat(padded)
    except ValueError:
        return False
    return len(padded) == 10


def write(index: Index, stream: TextIO, options: WriteOptions) -> Dropped:
    """Rows for each artist, tombstones included: one for each alias or statement, whichever are more."""
    dropped = Dropped()
    with_cue = any(artist.ambiguous for artist in index.artists)
    stream.write(csv_text([[*COLUMNS, *([CUE] if with_cue else [])]]))
    for artist in index.artists:
        stream.write(csv_text(_rows(artist, with_cue, dropped)))
    dropped.add("works with their hashes", index.manifest.counts.get("works", 0))
    dropped.add("opinions", len(index.feedback))
    return dropped


def _rows(artist: Artist, with_cue: bool, dropped: Dropped) -> list[list[str]]:
    name, *others = artist.names
    aliases = (*others, *artist.aliases)
    kinds = (*("alias" for _ in others), *artist.alias_kinds)
    dropped.add("further names, written as aliases", len(others))
    dropped.add("kinds of aliases", sum(guess_kind(a) != k for a, k in zip(aliases, kinds, strict=False)))
    dropped.add("kinds of statements", sum(s.kind != "public-record" for s in artist.statements))
    dropped.add("verifications", artist.verification != "none")
    dropped.add("preferences other than prohibited", artist.preference != "prohibited")
    dropped.add("last days", artist.expires is not None)
    dropped.add("days and notes of tombstones", bool(artist.status_date or artist.status_note))
    rows = []
    listed = [None, *aliases] if name in artist.ambiguous and aliases else list(aliases)
    for alias, said in zip_longest(listed or [None], artist.statements):
        surface = alias or name
        cue = ["required" if surface in artist.ambiguous else ""] if with_cue else []
        statement = [said.title or "", said.date or "", said.uri or ""] if said else ["", "", ""]
        rows.append([name, alias or "", *statement, artist.status, *cue])
    dropped.add("surfaces that need a cue and are no name", len(set(artist.ambiguous) - {name, *aliases}))
    return rows
