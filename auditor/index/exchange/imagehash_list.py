"""Lists of imagehash values: a hash in hex a line, or CSV with a hash and a file column.

The text is what `str(imagehash.phash(picture))` gives: 16 hex digits, first bit first. Which hash it is cannot be
seen from the text, so the user says it; an index holds pHash only, and others are counted as not carried.
"""

from __future__ import annotations

from typing import BinaryIO, TextIO

from auditor.errors import UsageError
from auditor.imaging.imagehash_form import code_of_text, imagehash_text
from auditor.index.exchange.interface import Dropped, ReadOptions, WriteOptions
from auditor.index.exchange.lines import csv_rows, csv_text, has_tricks, hex_bytes, plain_name
from auditor.index.exchange.listed import count_left, listed_works
from auditor.index.exchange.sink import Sink
from auditor.index.format.hash_kinds import PHASH
from auditor.index.format.identity import work_id
from auditor.index.format.schema import WorkRecord
from auditor.index.opening.store import Index

KINDS = ("phash", "dhash", "ahash", "whash")
_HASH_NAMES = {"hash", "phash", "dhash", "ahash", "whash", "imagehash"}
_FILE_NAMES = {"file", "filename", "file_name", "path", "image", "name"}


def read(stream: BinaryIO, sink: Sink, options: ReadOptions) -> None:
    """A work for each pHash. Equal hashes without a file count once."""
    if options.hash not in KINDS:
        raise UsageError(f"--hash {options.hash}: choose one of {', '.join(KINDS)}.")
    artist = sink.named_artist(options.artist)
    hash_at, file_at = 0, 1
    for line, cells in csv_rows(stream, sink):
        names = [cell.strip().casefold() for cell in cells]
        if line == 1 and _HASH_NAMES & set(names):
            hash_at = next(i for i, name in enumerate(names) if name in _HASH_NAMES)
            file_at = next((i for i, name in enumerate(names) if name in _FILE_NAMES), -1)
            continue
        if len(cells) > 2 and line == 1:
            raise sink.fail(line, "a row is a hash and a file; more columns need a header row that names them.")
        if hash_at >= len(cells):
            raise sink.fail(line, "it has no hash.")
        text = cells[hash_at].strip()
        hex_bytes(text, PHASH.length, "64-bit hash", line, sink)  # `imagehash` reads much that is none
        code = code_of_text(text)
        if options.hash != "phash":
            sink.drop(f"{options.hash} values")
            continue
        file = cells[file_at] if 0 <= file_at < len(cells) and cells[file_at] else None
        title = plain_name(file, line, sink) if file else None
        identity = work_id(code + (title or "").encode("utf-8")) if title else work_id(code)
        if sink.has_work(artist, identity):
            sink.drop("repeated hashes")
            continue
        sink.work(WorkRecord(identity, artist, title=title, phash=code), line)


def write(index: Index, stream: TextIO, options: WriteOptions) -> Dropped:
    """CSV with a header: the pHash and the title of each work."""
    dropped = Dropped()
    stream.write(csv_text([["phash", "file"]]))
    for work in listed_works(index, dropped):
        if work.phash is None:
            dropped.add("works without a pHash")
            continue
        title = work.title or ""
        if title and has_tricks(title):
            dropped.add("titles that look like paths out of the folder")
            title = ""
        stream.write(csv_text([[imagehash_text(work.phash), title]]))
    count_left(index, dropped, kept=frozenset({"phash", "title"}))
    return dropped
