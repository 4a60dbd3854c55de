"""Reading text from strangers: bounded lines with numbers, hashes of the right length, names without tricks."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from auditor.index.exchange.sink import Sink

MAX_LINE = 1_000_000
"""Longest line in bytes. A longer one is an error, and the rest of it is never read."""
MAX_ROW_LINES = 100
"""Lines that one CSV row may span."""
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_DRIVE = re.compile(r"[A-Za-z]:")


def text_lines(stream: BinaryIO, sink: Sink) -> Iterator[tuple[int, str]]:
    """(line number from 1, text without its line end) of every line; a byte order mark is left out.

    Raises:
        ListError: a line is too long or no UTF-8.
    """
    number = 0
    while raw := stream.readline(MAX_LINE + 2):
        number += 1
        if len(raw) > MAX_LINE and not (len(raw) <= MAX_LINE + 2 and raw.endswith(b"\n")):
            raise sink.fail(number, f"it is longer than {MAX_LINE:,} bytes.")
        if number == 1:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise sink.fail(number, f"byte {error.start + 1} is no UTF-8.") from error
        yield number, text.removesuffix("\n").removesuffix("\r")


def csv_rows(stream: BinaryIO, sink: Sink) -> Iterator[tuple[int, list[str]]]:
    """(number of the row's first line, cells) of every row that is not empty.

    Raises:
        ListError: a line is too long or no UTF-8, or a quoted cell does not end within `MAX_ROW_LINES` lines.
    """
    numbered = text_lines(stream, sink)
    last = 0

    def lines() -> Iterator[str]:
        nonlocal last
        for number, text in numbered:
            last = number
            if number - first > MAX_ROW_LINES:
                raise sink.fail(first, f"a quoted cell does not end within {MAX_ROW_LINES} lines.")
            yield text + "\n"

    first = 1
    reader = csv.reader(lines(), strict=True)
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise sink.fail(max(first, 1), f"it is no CSV: {error}.") from error
        if row is None:
            return
        if any(row):
            yield first, [unguarded(cell) for cell in row]
        first = last + 1


def csv_text(rows: list[list[str]]) -> str:
    """Rows as CSV text with `\\n` line ends; cells that a spreadsheet would run as formulas are guarded."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([guarded(cell) for cell in row] for row in rows)
    return out.getvalue()


def guarded(cell: str) -> str:
    """A cell that begins like a formula, with an apostrophe before it, as spreadsheets show text."""
    return "'" + cell if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """The inverse of `guarded`: a formula in a stranger's list stays the plain text it is."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def hex_bytes(text: str, size: int, what: str, line: int, sink: Sink) -> bytes:
    """A hash in hex.

    Raises:
        ListError: not hex, or of another length.
    """
    try:
        # fromhex alone would also take blanks between digits.
        raw = bytes.fromhex(text) if text.isalnum() and text.isascii() else None
    except ValueError:
        raw = None
    if raw is None:
        raise sink.fail(line, f"{text[:80]!r} is no {what} in hex.")
    if len(raw) != size:
        raise sink.fail(line, f"a {what} has {size * 2} hex digits, and this has {len(text)}.")
    return raw


def has_tricks(name: str) -> bool:
    """Whether a file name is absolute, climbs out of its folder, or holds control characters."""
    parts = re.split(r"[/\\]", name)
    return (
        not name
        or name.startswith(("/", "\\", "~"))
        or _DRIVE.match(name) is not None
        or ".." in parts
        or any(ord(c) < 32 or ord(c) == 127 for c in name)
    )


def plain_name(name: str, line: int, sink: Sink) -> str:
    """A file name that is used as a title. It is never opened; tricks are refused all the same.

    Raises:
        ListError: see `has_tricks`.
    """
    if has_tricks(name):
        raise sink.fail(line, f"the file name {name[:80]!r} is absolute, climbs with '..' or holds control characters.")
    return name
