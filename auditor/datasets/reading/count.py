"""How many pictures there will be, where that can be told without listing them: for progress, never for a report."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence

from auditor.datasets.reading import kinds

SECONDS = 1.0
"""A folder that takes longer to look through gets no total."""
_COUNTED = frozenset({"picture", "text", "config", "other", None})
"""Kinds of files of which the number of pictures is known: one or none."""


def pictures_below(paths: Sequence[str], seconds: float = SECONDS) -> int | None:
    """Pictures in plain folders; None where archives, tables, models or links make it unknown, or time runs out."""
    until = time.monotonic() + seconds
    found = 0
    for path in paths:
        if not os.path.isdir(path):  # noqa: PTH112 - as the listing takes them
            return None
        for place, folders, names in os.walk(path):
            if time.monotonic() > until or any(os.path.islink(os.path.join(place, name)) for name in folders):  # noqa: PTH114, PTH118
                return None
            told = [kinds.by_name(name) for name in names]
            if any(kind not in _COUNTED for kind in told):
                return None
            found += told.count("picture")
    return found
