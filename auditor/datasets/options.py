"""Checks the `-L key=value` words against what a layout knows, and finds the folders that they name."""

from __future__ import annotations

import difflib
from pathlib import Path

from auditor.datasets.interface import Layout, LayoutOptions
from auditor.datasets.reading.paths import exists, expanded, is_windows
from auditor.errors import UsageError


def check(layout: Layout, options: LayoutOptions) -> None:
    """Refuse keys that the layout does not know.

    Raises:
        UsageError: an unknown key; the message suggests the nearest known one.
    """
    for key in options.values:
        if key not in layout.options:
            raise UsageError(f"-L {key}: the layout '{layout.name}' has no such option.{_suggest(key, layout.options)}")


def _suggest(key: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.6)
    if near:
        return f" Did you mean '{near[0]}'?"
    if not known:
        return " It takes none."
    return " It takes: " + ", ".join(known) + "."


def place(value: str, base: str) -> str:
    """A path that an option or configuration gives: as it stands if absolute, else below `base`, else as a
    path from the working directory, whichever is there; `base` where neither is."""
    if is_windows(value) and not exists(Path(base) / value):
        return _from_windows(value, base)
    given = expanded(value)
    if given.is_absolute():
        return str(given)
    below = Path(base) / given
    if exists(below) or not exists(given):
        return str(below)
    return str(given.absolute())


def _from_windows(value: str, base: str) -> str:
    """A Windows path: as it stands on Windows; else the longest end of it that lies beside the configuration; else as
    it is written, so that what is missing is named as what it is."""
    if exists(value):
        return value
    parts = [part for part in value.replace("\\", "/").split("/") if part not in {"", "."} and not part.endswith(":")]
    for start in range(len(parts)):
        below = Path(base, *parts[start:])
        if exists(below):
            return str(below)
    return value


def number(options: LayoutOptions, key: str, default: int) -> int:
    """A whole number.

    Raises:
        UsageError: the value is no whole number.
    """
    value = options.text(key)
    if value is None:
        return default
    try:
        return int(value)
    except ValueError:
        raise UsageError(f"-L {key}={value}: say a whole number.") from None
