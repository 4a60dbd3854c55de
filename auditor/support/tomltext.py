"""TOML from files, within the standard library's parser's means."""

from __future__ import annotations

import re
import tomllib
from typing import Any

MAX_PARTS = 200
"""Parts of a dotted key. The parser's time grows with the square of their number."""
_PART = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+"""
_NUMBER_BITS = 10_000
"""Longer whole numbers are refused; Python itself writes down 4,300 digits at most, about 14,000 bits."""
_LONG_KEY = re.compile(rf"(?<![\w-])(?:{_PART}){{{MAX_PARTS}}}")


def loads(text: str) -> dict[str, Any]:
    """Parse a document.

    Raises:
        ValueError: it is no TOML (then a `tomllib.TOMLDecodeError`), or holds a key of more than `MAX_PARTS` parts or a
            number of thousands of digits.
        RecursionError: it is nested too deeply.
    """
    if _LONG_KEY.search(text):
        raise ValueError(f"a key has more than {MAX_PARTS} parts")
    document = tomllib.loads(text)
    writable(document)
    return document


def writable(value: object) -> object:
    """The value, if every number in it can be written down: hexadecimal ones are read at any length."""
    pending, visited = [value], set[int]()
    while pending:
        item = pending.pop()
        if isinstance(item, int) and item.bit_length() > _NUMBER_BITS:
            raise ValueError("a number has thousands of digits")
        if isinstance(item, (dict, list, tuple, set)) and id(item) not in visited:
            visited.add(id(item))
            pending.extend(item)
            if isinstance(item, dict):
                pending.extend(item.values())
    return value
