"""Every string of a nested value, with the key that leads to it: what a configuration or JSON side file says."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator

from auditor.datasets.reading.captions import decode, lines
from auditor.model import Text

MAX_STRINGS = 200_000
"""Strings of one value that are searched one by one."""
MAX_KEY = 200
"""Characters of a dotted key that are kept."""


def strings(value: object, *, every_key: bool = False) -> Iterator[tuple[str, str]]:
    """Yield (dotted key, string) of every string in nested dicts and lists, and every dict key that is no word
    (with `every_key` every key).

    Shared and cyclic parts (YAML aliases) are visited once, so the time is linear in what was parsed. Keys
    count as strings too: trainers write tags and file names as keys.
    """
    pending: list[tuple[str, object]] = [("", value)]
    visited: set[int] = set()
    count = 0
    while pending and count < MAX_STRINGS:
        key, item = pending.pop()
        if isinstance(item, str):
            if item.strip():
                count += 1
                yield key, item
        elif isinstance(item, (dict, list, tuple)):
            if id(item) in visited:
                continue
            visited.add(id(item))
            children: list[tuple[str, object]] = []
            for name, child in item.items() if isinstance(item, dict) else enumerate(item):
                place = f"{key}[{name}]" if isinstance(name, int) else f"{key}.{name}" if key else str(name)
                children.append((place[:MAX_KEY], child))
                if isinstance(name, str) and (every_key or _tells(name)):
                    children.append((place[:MAX_KEY], name))
            pending.extend(reversed(children))


def _tells(name: str) -> bool:
    """Whether a key can be more than an option's name: tags and paths hold a space, a dot, a capital, an accent."""
    return not (name.isascii() and name.replace("_", "").isalnum() and name == name.lower()) or "_" in name


def strings_of(data: bytes) -> list[tuple[str, str]]:
    """The strings of JSON bytes; of bytes that are no JSON, the lines."""
    try:
        return list(strings(json.loads(data.removeprefix(codecs.BOM_UTF8))))
    except (ValueError, RecursionError):
        return [(str(number), line) for number, line in lines(decode(data).readable)]


def texts(value: object, source: str, *, trained: bool = False, kind: str = "config") -> Iterator[Text]:
    """Every string of a value as a text whose source is `source:key`."""
    for key, item in strings(value):
        yield Text(item, f"{source}:{key}" if key else source, None, kind, trained)
