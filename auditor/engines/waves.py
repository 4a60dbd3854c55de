"""Endless work in finite portions."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TypeVar

Item = TypeVar("Item")


def waves(items: Iterator[Item], size: int) -> Iterator[list[Item]]:
    """Yield the items in lists of at most `size`."""
    while wave := list(itertools.islice(items, size)):
        yield wave
