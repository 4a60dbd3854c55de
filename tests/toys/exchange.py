"""A toy exchange format: a line `TITLE;SHA-256 in hex` for each work."""

from __future__ import annotations

from typing import BinaryIO, TextIO

from auditor.index.exchange.interface import Dropped, ReadOptions, WriteOptions
from auditor.index.exchange.lines import hex_bytes, text_lines
from auditor.index.exchange.listed import count_left, listed_works
from auditor.index.exchange.sink import Sink
from auditor.index.format.identity import work_id
from auditor.index.format.schema import WorkRecord
from auditor.index.opening.store import Index


def read(stream: BinaryIO, sink: Sink, options: ReadOptions) -> None:
    artist = sink.named_artist(options.artist)
    for line, text in text_lines(stream, sink):
        title, _, digits = text.partition(";")
        digest = hex_bytes(digits, 32, "SHA-256", line, sink)
        sink.work(WorkRecord(work_id(digest), artist, title=title, sha256=(digest,)), line)


def write(index: Index, stream: TextIO, options: WriteOptions) -> Dropped:
    dropped = Dropped()
    for work in listed_works(index, dropped):
        for digest in work.sha256:
            stream.write(f"{work.title};{digest.hex()}\n")
    count_left(index, dropped, kept=frozenset({"sha256", "title"}))
    return dropped
