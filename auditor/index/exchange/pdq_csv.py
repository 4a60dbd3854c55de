"""PDQ hashes as CSV: `hash,quality,id,artist,title`, with or without a header row.

Without a header the columns are taken in that order, as far as they are there. With one, `hash` must be there;
columns of other names are counted as not carried.
"""

from __future__ import annotations

from typing import BinaryIO, TextIO

from auditor.index.exchange.interface import Dropped, ReadOptions, WriteOptions
from auditor.index.exchange.lines import csv_rows, csv_text, hex_bytes
from auditor.index.exchange.listed import count_left, listed_works
from auditor.index.exchange.sink import Sink
from auditor.index.format.identity import work_id
from auditor.index.format.schema import WorkRecord
from auditor.index.opening.store import Index

COLUMNS = ("hash", "quality", "id", "artist", "title")


def read(stream: BinaryIO, sink: Sink, options: ReadOptions) -> None:
    """A work for each row; an artist for each name in the column `artist`."""
    columns: tuple[str, ...] = COLUMNS
    for line, cells in csv_rows(stream, sink):
        if line == 1 and "hash" in (names := tuple(cell.strip().casefold() for cell in cells)):
            columns = names
            continue
        if len(cells) > len(columns):
            raise sink.fail(line, f"it has {len(cells)} cells, and there are {len(columns)} columns.")
        row = dict(zip(columns, cells, strict=False))
        for name in row.keys() - set(COLUMNS):
            sink.drop(f"cells of the column {name[:40]!r}", bool(row[name]))
        code = hex_bytes(row.get("hash", "").strip(), 32, "PDQ hash", line, sink)
        artist = sink.named_artist(row.get("artist") or options.artist)
        identity = row.get("id") or work_id(code)
        quality = _quality(row.get("quality", ""), line, sink)
        work = WorkRecord(identity, artist, title=row.get("title") or None, pdq=code, pdq_quality=quality)
        sink.work(work, line)


def _quality(text: str, line: int, sink: Sink) -> int | None:
    if not text.strip():
        return None
    if not text.strip().isascii() or not text.strip().isdigit() or int(text[:9]) > 100:
        raise sink.fail(line, f"the quality {text[:40]!r} is no number from 0 to 100.")
    return int(text)


def write(index: Index, stream: TextIO, options: WriteOptions) -> Dropped:
    """One row for each work that has a PDQ hash."""
    dropped = Dropped()
    names = {artist.id: artist.names[0] for artist in index.artists}
    stream.write(csv_text([list(COLUMNS)]))
    for work in listed_works(index, dropped):
        if work.pdq is None:
            dropped.add("works without a PDQ hash")
            continue
        quality = "" if work.pdq_quality is None else str(work.pdq_quality)
        stream.write(csv_text([[work.pdq.hex(), quality, work.work_id, names[work.artist_id], work.title or ""]]))
    count_left(index, dropped, kept=frozenset({"pdq", "title"}), artists=True)
    dropped.add("aliases", sum(len(a.names) - 1 + len(a.aliases) for a in index.artists))
    dropped.add("statements", sum(len(a.statements) for a in index.artists))
    return dropped
