"""Makes an input that breaks something smaller, while it breaks the same thing at the same place."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable

Breaks = tuple[str, str] | None


def how_it_breaks(harness: Callable[[bytes], None], data: bytes) -> Breaks:
    """(error, place that raised it) of an input, None where it breaks nothing."""
    try:
        harness(data)
    except BaseException as error:
        places = [f for f in traceback.extract_tb(error.__traceback__) if "auditor" in f.filename]
        last = (places or traceback.extract_tb(error.__traceback__))[-1]
        return type(error).__name__, f"{last.filename}:{last.lineno}"
    return None


def minimised(harness: Callable[[bytes], None], data: bytes, seconds: float = 30.0) -> bytes:
    """A shorter input that breaks as `data` does: pieces are left out, halves first, single bytes last."""
    wanted = how_it_breaks(harness, data)
    until = time.monotonic() + seconds
    size = max(1, len(data) // 2)
    while size and wanted is not None:
        start, shorter = 0, False
        while start < len(data) and time.monotonic() < until:
            tried = data[:start] + data[start + size :]
            if how_it_breaks(harness, tried) == wanted:
                data, shorter = tried, True
            else:
                start += size
        if time.monotonic() >= until:
            break
        size = size if shorter and size == 1 else size // 2
    return data
