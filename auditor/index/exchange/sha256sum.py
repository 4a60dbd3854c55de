"""The lists that `sha256sum` writes and checks: `HEX  NAME`, `HEX *NAME`, and the BSD form `SHA256 (NAME) = HEX`.

A leading backslash says that `\\n`, `\\r` and `\\\\` in the name stand for line ends and a backslash (GNU coreutils).
"""

from __future__ import annotations

import re
from typing import BinaryIO, TextIO

from auditor.index.exchange.interface import Dropped, ReadOptions, WriteOptions
from auditor.index.exchange.lines import has_tricks, hex_bytes, plain_name, text_lines
from auditor.index.exchange.listed import count_left, listed_works
from auditor.index.exchange.sink import Sink
from auditor.index.format.identity import work_id
from auditor.index.format.schema import WorkRecord
from auditor.index.opening.store import Index

_GNU = re.compile(r"(\\?)([0-9A-Za-z]+)(?: [ *](.*))?", re.DOTALL)
_BSD = re.compile(r"(\\?)SHA256 \((.*)\) = ([0-9A-Za-z]+)", re.DOTALL)
_ESCAPES = {"\\n": "\n", "\\r": "\r", "\\\\": "\\"}


def read(stream: BinaryIO, sink: Sink, options: ReadOptions) -> None:
    """A work for each digest, with the file's name as title. Equal digests count once."""
    artist = sink.named_artist(options.artist)
    for line, text in text_lines(stream, sink):
        if not text.strip():
            continue
        if bsd := _BSD.fullmatch(text):
            escaped, name, digits = bsd[1], bsd[2], bsd[3]
        elif gnu := _GNU.fullmatch(text):
            escaped, name, digits = gnu[1], gnu[3] or "", gnu[2]
        else:
            raise sink.fail(line, "a line is a SHA-256 in hex, two blanks and a file name.")
        digest = hex_bytes(digits, 32, "SHA-256", line, sink)
        if escaped:
            name = re.sub(r"\\[nr\\]", lambda match: _ESCAPES[match[0]], name)
        title = plain_name(name, line, sink) if name and name != "-" else None
        if sink.has_work(artist, work_id(digest)):
            sink.drop("repeated digests")
            continue
        sink.work(WorkRecord(work_id(digest), artist, title=title, sha256=(digest,)), line)


def write(index: Index, stream: TextIO, options: WriteOptions) -> Dropped:
    """One line for each file digest, named by the work's title, or its id where it has none."""
    dropped = Dropped()
    for work in listed_works(index, dropped):
        name = work.title or work.work_id
        if has_tricks(name):
            dropped.add("titles that look like paths out of the folder")
            name = work.work_id
        mark = ""
        if "\\" in name:
            mark, name = "\\", name.replace("\\", "\\\\")
        for digest in work.sha256:
            stream.write(f"{mark}{digest.hex()}  {name}\n")
        if not work.sha256:
            dropped.add("works without a file digest")
    count_left(index, dropped, kept=frozenset({"sha256", "title"}))
    return dropped
