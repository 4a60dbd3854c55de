"""Rows of text files: lines of .txt, rows of .jsonl, .csv, .tsv and .parquet. Streaming, in bounded memory.

A row that cannot be read is a value with a reason, so that it can be counted; it never ends the file.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from auditor.errors import DatasetError, UsageError
from auditor.support import reading

LONGEST_LINE = 64 << 20
"""Bytes of one line; what is longer is searched in pieces of this size."""


@dataclass(frozen=True, slots=True)
class TextRow:
    """One text, or why a row gave none."""

    line: int
    """1-based line or row."""
    text: str
    problem: str | None = None
    """not-json | no-text | not-a-row; None where the row has a text."""


Reader = Callable[[BinaryIO, str], Iterator[TextRow]]


def read_rows(path: str, column: str) -> Iterator[TextRow]:
    """The rows of a file, by its suffix; anything unknown is read as lines.

    Raises:
        DatasetError: the file cannot be opened or is no table.
        UsageError: a table has no such column.
    """
    reader = READERS.get(Path(path).suffix.lower(), read_lines)
    try:
        with reading.open_file(path) as stream:
            yield from reader(stream, column)
    except OSError as error:
        raise DatasetError(f"{path} cannot be read ({error.strerror or error}). Check the path.") from error


def read_lines(stream: BinaryIO, column: str) -> Iterator[TextRow]:
    """Every line is a text. Bytes that are no UTF-8 stay as lone surrogates."""
    line = 0
    whole = True
    while raw := stream.readline(LONGEST_LINE):
        line += whole
        whole = raw.endswith(b"\n")
        text = raw.decode("utf-8", "surrogateescape").rstrip("\r\n")
        if text.strip():
            yield TextRow(line, text.removeprefix("\ufeff") if line == 1 else text)


def read_jsonl(stream: BinaryIO, column: str) -> Iterator[TextRow]:
    """JSON Lines: an object with the column, or a string by itself."""
    for row in read_lines(stream, column):
        try:
            value = json.loads(row.text)
        except (ValueError, RecursionError):
            yield TextRow(row.line, "", "not-json")
            continue
        text = value.get(column) if isinstance(value, dict) else value
        yield TextRow(row.line, text) if isinstance(text, str) else TextRow(row.line, "", "no-text")


def read_csv(stream: BinaryIO, column: str) -> Iterator[TextRow]:
    """Comma-separated values with a head; `line` counts rows, the head not included."""
    yield from _delimited(stream, column, ",")


def read_tsv(stream: BinaryIO, column: str) -> Iterator[TextRow]:
    """Tab-separated values with a head."""
    yield from _delimited(stream, column, "\t")


def _delimited(stream: BinaryIO, column: str, delimiter: str) -> Iterator[TextRow]:
    csv.field_size_limit(LONGEST_LINE)
    wrapped = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")
    rows = csv.reader((line.replace("\0", " ") for line in wrapped), delimiter=delimiter)
    try:
        head = next(rows, None)
        if head is None:
            return
        at = _column_number(head, column)
        for number, row in enumerate(rows, start=1):
            if at < len(row):
                yield TextRow(number, row[at])
            elif row:
                yield TextRow(number, "", "no-text")
    except csv.Error as error:
        raise DatasetError(f"The table is damaged at row {rows.line_num} ({error}). Repair it first.") from error
    finally:
        wrapped.detach()


def read_parquet(stream: BinaryIO, column: str) -> Iterator[TextRow]:
    """A Parquet file; only the column is read, a row group at a time."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(stream)
        _column_number(file.schema_arrow.names, column)
        number = 0
        for batch in file.iter_batches(batch_size=4096, columns=[column]):
            for text in batch.column(0).to_pylist():
                number += 1
                yield TextRow(number, text) if isinstance(text, str) else TextRow(number, "", "no-text")
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:  # PyArrow's, at damaged metadata and texts
        raise DatasetError(f"The file is no readable Parquet file ({error}). Write it again.") from error


def _column_number(names: list[str], column: str) -> int:
    if column not in names:
        shown = ", ".join(names[:12])
        raise UsageError(f"There is no column '{column}'. Name one of these with --column: {shown}.")
    return names.index(column)


READERS: dict[str, Reader] = {
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".csv": read_csv,
    ".tsv": read_tsv,
    ".parquet": read_parquet,
}
"""Suffix -> reader; a new format is one function and one row."""
