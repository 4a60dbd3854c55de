"""optout-list/0.1: an index as JSON lines that a person can read, one object a line.

    {"type": "header", "format": "optout-list/0.1", "id": …, "name": …, "version": 3, "previous": {"version", "sha256"}}
    {"type": "artist", "artistId": …, "names": […], …}
    {"type": "work", "workId": …, "artistId": …, "sha256": […], "pdq": …, "phash": …, …}
    {"type": "tombstone", "workId": …, "artistId": …, "status": "withdrawn", …}
    {"type": "feedback", "kind": "pdq", "hash": …, "opinion": "collides", …}

Hashes are hex; region hashes are base64 of the stored columns. A tombstone names a work or an artist that a line
before it lists. `previous.sha256` is the SHA-256 of the file that held the version before, so that lists chain.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, BinaryIO, TextIO

from auditor.index.exchange.interface import Dropped, ReadOptions, WriteOptions
from auditor.index.exchange.jsontext import json_line
from auditor.index.exchange.lines import text_lines
from auditor.index.exchange.optout_rows import (
    artist_from,
    artist_line,
    feedback_from,
    feedback_line,
    header_from,
    header_line,
    work_from,
    work_line,
)
from auditor.index.exchange.optout_values import Values
from auditor.index.exchange.sink import Sink
from auditor.index.format.schema import STATUSES
from auditor.index.opening.store import Index
from auditor.index.search.region_columns import features_of

FORMAT = "optout-list/0.1"


def read(stream: BinaryIO, sink: Sink, options: ReadOptions) -> None:
    """Every line in turn; the first is the header."""
    first = True
    for line, text in text_lines(stream, sink):
        if not text.strip():
            continue
        values = Values(json_line(text, line, sink), line, sink)
        kind = values.text("type", required=True)
        if first != (kind == "header"):
            raise sink.fail(line, "the first line, and only that, is the header.")
        if first and values.text("format") != FORMAT:
            raise sink.fail(line, f"the format is {values.text('format')!r}, and this version reads {FORMAT!r}.")
        first = False
        _take(str(kind), values, line, sink)
        values.count_rest()
    if first:
        raise sink.fail(1, "the list is empty; its first line is a header.")


def _take(kind: str, values: Values, line: int, sink: Sink) -> None:
    if kind == "header":
        header_from(values, sink)
    elif kind == "artist":
        sink.artist(artist_from(values), line)
    elif kind == "work":
        work, regions = work_from(values)
        sink.work(work, line, regions)
    elif kind == "tombstone":
        _tombstone(values, line, sink)
    elif kind == "feedback":
        sink.feedback(feedback_from(values))
    else:
        raise sink.fail(line, f"the type {kind[:40]!r} is none of header, artist, work, tombstone, feedback.")


def _tombstone(values: Values, line: int, sink: Sink) -> None:
    artist_id = str(values.text("artistId", required=True))
    status = str(values.choice("status", STATUSES[1:]) or "withdrawn")
    on, note = values.day("date"), values.text("note")
    work_id = values.text("workId")
    if work_id is not None:
        sink.tombstone(artist_id, work_id, status, on, note, line)
        return
    artist = sink.known_artist(artist_id)
    if artist is None:
        raise sink.fail(line, f"a tombstone for the artist {artist_id!r}, whom no line before lists.")
    sink.change_artist(replace(artist, status=status, status_date=on, status_note=note))


def write(index: Index, stream: TextIO, options: WriteOptions) -> Dropped:
    """Everything an index holds, tombstones included."""
    dropped = Dropped()
    _line(stream, header_line(index.manifest, FORMAT, options.previous))
    for artist in index.artists:
        _line(stream, artist_line(artist))
        if artist.status != "active":
            stone = {"artistId": artist.id, "status": artist.status}
            _line(stream, _stone(stone, artist.status_date, artist.status_note))
    with_regions = index.has_regions and options.regions
    regions = (item for _, table in index.region_tables() for item in features_of(table)) if with_regions else None
    for work in index.works():
        features = next(regions) if regions is not None else None
        _line(stream, work_line(work, features))
        if work.status != "active":
            stone = {"workId": work.work_id, "artistId": work.artist_id, "status": work.status}
            _line(stream, _stone(stone, work.status_date, work.status_note))
    for opinion in index.feedback:
        _line(stream, feedback_line(opinion))
    if index.has_regions and not options.regions:
        dropped.add("works' region hashes", index.manifest.files["works.parquet"].rows)
    return dropped


def _stone(stone: dict[str, Any], on: str | None, note: str | None) -> dict[str, Any]:
    return {"type": "tombstone", **stone, "date": on, "note": note}


def _line(stream: TextIO, value: dict[str, Any]) -> None:
    said = {key: item for key, item in value.items() if item is not None and item != [] and item != {}}
    stream.write(json.dumps(said, ensure_ascii=False, separators=(", ", ": ")) + "\n")
