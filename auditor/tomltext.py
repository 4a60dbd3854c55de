"""TOML from files, within the standard library's parser's means."""

from __future__ import annotations

import re
import tomllib
from typing import Any

MAX_PARTS = 200
"""Parts of a dotted key. The parser's time grows with the square of their number."""
_PART = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+"""
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
    return tomllib.loads(text)
