"""Takes rows and entries out of JSONL, CSV and JSON listings; every other byte of JSONL and CSV stays. Pure."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from auditor.clean.removed import Removed

FIELD_LIMIT = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Pruned:
    """A listing without its dropped rows."""

    data: bytes
    dropped: int


def prune_jsonl(data: bytes, rows: Collection[int], gone: Removed, folder: str) -> Pruned:
    """Drop the given 1-based lines, and every line whose object names a removed file."""
    kept: list[bytes] = []
    dropped = 0
    for number, line in enumerate(data.splitlines(keepends=True) if b"\r" not in data else _lines(data), start=1):
        if number in rows or (gone.mentions(line) and _names_removed(_parsed(line), gone, folder)):
            dropped += 1
        else:
            kept.append(line)
    return Pruned(b"".join(kept), dropped)


def _lines(data: bytes) -> Iterator[bytes]:
    """Lines by `\\n` alone, as readers of JSON Lines count them."""
    start = 0
    while start < len(data):
        end = data.find(b"\n", start)
        end = len(data) if end < 0 else end + 1
        yield data[start:end]
        start = end


def _parsed(line: bytes) -> Any:
    try:
        return json.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):
        return None


def _names_removed(value: Any, gone: Removed, folder: str) -> bool:
    if isinstance(value, str):
        return gone.means(value, folder)
    if isinstance(value, dict):
        return any(_names_removed(part, gone, folder) for part in value.values())
    if isinstance(value, list):
        return any(_names_removed(part, gone, folder) for part in value)
    return False


def prune_csv(data: bytes, rows: Collection[int], gone: Removed, folder: str, delimiter: str = ",") -> Pruned:
    """Drop the records that begin on the given 1-based lines, and those with a cell that names a removed file.

    The first record is the header and stays.
    """
    text = data.decode("utf-8", "surrogateescape")
    taken: list[str] = []

    def lines() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            taken.append(line)
            yield line

    csv.field_size_limit(FIELD_LIMIT)
    reader = csv.reader(lines(), delimiter=delimiter)
    kept: list[str] = []
    dropped = 0
    start = 1
    for record in reader:
        raw = "".join(taken)
        taken.clear()
        header = start == 1
        if not header and (start in rows or any(gone.means(cell, folder) for cell in record)):
            dropped += 1
        else:
            kept.append(raw)
        start = reader.line_num + 1
    kept.extend(taken)
    return Pruned("".join(kept).encode("utf-8", "surrogateescape"), dropped)


def prune_json(data: bytes, gone: Removed, folder: str) -> Pruned:
    """Drop the entries of lists and of tables (objects of objects) that name a removed file, and such keys.

    The indentation is kept as far as it can be seen; key order is kept.
    """
    try:
        value = json.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):
        return Pruned(data, 0)
    pruned, dropped = _prune(value, gone, folder)
    if not dropped:
        return Pruned(data, 0)
    found = re.match(rb"\s*[\[{]\r?\n([ \t]+)", data)
    indent = found.group(1).decode() if found else None
    text = json.dumps(pruned, indent=indent, ensure_ascii=data.isascii())
    end = "\n" if data.endswith(b"\n") else ""
    return Pruned((text + end).encode("utf-8", "surrogatepass"), dropped)


def _prune(value: Any, gone: Removed, folder: str) -> tuple[Any, int]:
    if isinstance(value, list):
        return _prune_list(value, gone, folder)
    if isinstance(value, dict):
        return _prune_object(value, gone, folder)
    return value, 0


def _prune_list(value: list[Any], gone: Removed, folder: str) -> tuple[list[Any], int]:
    kept: list[Any] = []
    dropped = 0
    for item in value:
        if _is_entry(item, gone, folder):
            dropped += 1
            continue
        part, count = _prune(item, gone, folder)
        kept.append(part)
        dropped += count
    return kept, dropped


def _prune_object(value: dict[str, Any], gone: Removed, folder: str) -> tuple[dict[str, Any], int]:
    table = len(value) > 0 and all(isinstance(part, dict) for part in value.values())
    kept: dict[str, Any] = {}
    dropped = 0
    for key, item in value.items():
        if gone.means_key(key, folder) or (table and _is_entry(item, gone, folder)):
            dropped += 1
            continue
        part, count = _prune(item, gone, folder)
        kept[key] = part
        dropped += count
    return kept, dropped


def _is_entry(item: Any, gone: Removed, folder: str) -> bool:
    """Whether an item stands for one removed file: its path, or an object with the path as one of its values."""
    if isinstance(item, str):
        return gone.means(item, folder)
    return isinstance(item, dict) and any(isinstance(part, str) and gone.means(part, folder) for part in item.values())
