"""The local file exchange of python-threatexchange: a line `pdq <64 hex>` for each hash.

Source: threatexchange/exchanges/impl/file_api.py of that project: type name, blank, signal; later lines replace
earlier equal ones. Only PDQ is a hash of pictures that an index has; other types are counted as not carried.
"""

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
    """Every PDQ hash becomes a work of one artist. Equal hashes count once."""
    artist = sink.named_artist(options.artist)
    for line, text in text_lines(stream, sink):
        kind, _, signal = text.strip().partition(" ")
        if not kind:
            continue
        if not signal.strip():
            raise sink.fail(line, "a line is a type, a blank and a signal, as in 'pdq 0f…'.")
        if kind != "pdq":
            sink.drop(f"signals of type {kind[:40]!r}")
            continue
        code = hex_bytes(signal.strip(), 32, "PDQ hash", line, sink)
        if sink.has_work(artist, work_id(code)):
            sink.drop("repeated hashes")
            continue
        sink.work(WorkRecord(work_id(code), artist, pdq=code), line)


def write(index: Index, stream: TextIO, options: WriteOptions) -> Dropped:
    """One line for each PDQ hash, those of further views included."""
    dropped = Dropped()
    seen: set[bytes] = set()
    for work in listed_works(index, dropped):
        codes = [code for code in (work.pdq, *(view.pdq for view in work.views)) if code]
        for code in codes:
            if code in seen:
                dropped.add("repeated hashes")
                continue
            seen.add(code)
            stream.write(f"pdq {code.hex()}\n")
        if not codes:
            dropped.add("works without a PDQ hash")
    count_left(index, dropped, kept=frozenset({"pdq", "views"}))
    return dropped
