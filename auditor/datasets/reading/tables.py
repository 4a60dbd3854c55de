"""Rows of `.jsonl`, `.csv`, `.tsv`, `.json`, `.parquet` and `.arrow` tables, streamed, with each one's line or row."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TextIO

from auditor.datasets.reading import configfile
from auditor.errors import DatasetError
from auditor.model import Text
from auditor.support import reading

LINE_LIMIT = 16 * 1024 * 1024
"""Characters of one line."""
FIELD_LIMIT = 4 * 1024 * 1024
"""Characters of one CSV cell."""
BEYOND = "beyond the header"
"""Column of the cells for which the header has no name."""
_WORD = re.compile(r"\s*[a-z0-9]*\s*")
"""A column's name as programs write it."""
BATCH = 16
BUFFER = 1024 * 1024

Row = tuple[int, Mapping[str, object]]
"""1-based line (JSONL, CSV) or row (JSON, Parquet), and the cells by column."""


def rows(path: str, columns: list[str] | None = None) -> Iterator[Row]:
    """Yield the rows of a table in order; `columns` limits what is read of a Parquet file.

    Raises:
        DatasetError: missing or malformed; the message gives the line, and the column where one is known.
    """
    try:
        with reading.open_file(path) as raw:
            yield from of_stream(raw, path, columns)
    except OSError as error:
        raise DatasetError(f"{path}: {error.strerror or error}. Check the file.") from error


def of_stream(raw: IO[bytes], label: str, columns: list[str] | None = None) -> Iterator[Row]:
    """The same for an open file; `label` gives the format and stands in messages.

    Raises:
        DatasetError: malformed.
    """
    suffix = Path(label).suffix.lower()
    if suffix in {".parquet", ".arrow"}:
        yield from _columnar(raw, label, suffix, columns)
    elif suffix in {".jsonl", ".ndjson"}:
        with _text(raw, "utf-8", "\n") as lines:
            yield from _jsonl(lines, label)
    elif suffix in {".csv", ".tsv"}:
        with _text(raw, "utf-8-sig", "") as lines:
            yield from _csv(lines, label, "\t" if suffix == ".tsv" else ",")
    else:
        yield from _json(configfile.parse(raw.read(configfile.LIMIT), label))


@contextmanager
def _text(raw: IO[bytes], encoding: str, newline: str) -> Iterator[TextIO]:
    """The stream as text. It stays its owner's: a wrapper that is dropped would close it with a warning."""
    wrapper = io.TextIOWrapper(raw, encoding, "surrogateescape", newline)
    try:
        yield wrapper
    finally:
        wrapper.detach()


def _jsonl(lines: TextIO, label: str) -> Iterator[Row]:
    number = 0
    while line := lines.readline(LINE_LIMIT + 1):
        number += 1
        if len(line) > LINE_LIMIT:
            raise DatasetError(f"{label}, line {number}: longer than {LINE_LIMIT:,} characters. Split the file.")
        if number == 1:
            line = line.removeprefix("\ufeff")
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            column = getattr(error, "colno", 1)
            what = getattr(error, "msg", "nested too deeply")
            raise DatasetError(f"{label}, line {number}, column {column}: {what}. Correct the line.") from error
        if not isinstance(value, dict):
            raise DatasetError(f"{label}, line {number}, column 1: not a JSON object. Correct the line.")
        yield number, value


def _csv(lines: TextIO, label: str, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(FIELD_LIMIT)
    reader = csv.DictReader(lines, delimiter=delimiter, restkey=BEYOND)
    start = 1
    try:
        start = 2 if reader.fieldnames else 1
        for row in reader:
            yield start, {key: value for key, value in row.items() if isinstance(key, str)}
            start = reader.line_num + 1
    except csv.Error as error:
        raise DatasetError(f"{label}, line {start}: {error}. Correct the file.") from error


def header_texts(path: str, relative: str) -> Iterator[Text]:
    """The cells of a CSV or TSV file's first row, which may be no header. Of other files, and damaged ones, none."""
    suffix = Path(path).suffix.lower()
    if suffix not in {".csv", ".tsv"}:
        return
    try:
        with reading.open_file(path) as raw, _text(raw, "utf-8-sig", "") as lines:
            csv.field_size_limit(FIELD_LIMIT)
            head = next(csv.reader(lines, delimiter="\t" if suffix == ".tsv" else ","), [])
    except (OSError, csv.Error):
        return
    for number, cell in enumerate(head, 1):
        if not _WORD.fullmatch(cell):
            yield Text(cell, f"{relative}:header[{number}]", 1, "caption")


def _json(value: object) -> Iterator[Row]:
    if isinstance(value, list):
        for number, row in enumerate(value, 1):
            yield number, configfile.mapping(row)
    elif isinstance(value, dict):
        yield 1, value


def _columnar(raw: IO[bytes], label: str, suffix: str, columns: list[str] | None) -> Iterator[Row]:
    import pyarrow as arrow

    try:
        number = 0
        for batch in _parquet(raw, columns) if suffix == ".parquet" else _arrow(raw):
            for row in batch.to_pylist():
                number += 1
                yield number, row
    except (arrow.ArrowException, OSError, ValueError) as error:
        raise DatasetError(f"{label}: not a readable {suffix[1:]} file ({error}). Check the file.") from error


def _parquet(raw: IO[bytes], columns: list[str] | None):  # type: ignore[no-untyped-def]
    import pyarrow.parquet as parquet

    with parquet.ParquetFile(raw, buffer_size=BUFFER) as table:
        wanted = None if columns is None else [name for name in columns if name in table.schema_arrow.names]
        yield from table.iter_batches(batch_size=BATCH, columns=wanted)


def _arrow(raw: IO[bytes]):  # type: ignore[no-untyped-def]
    import pyarrow as arrow

    if raw.read(6) == b"ARROW1":
        raw.seek(0)
        with arrow.ipc.open_file(raw) as table:
            for index in range(table.num_record_batches):
                yield table.get_batch(index)
        return
    raw.seek(0)
    with arrow.ipc.open_stream(raw) as table:
        yield from table
