"""Environment variables that are read when other processes start, set for that time only."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

SAFE_PATH = {"PYTHONSAFEPATH": "1"}
"""Python then looks for no module in the working directory, which may be a training folder of strangers: a `numpy.py`
in it would be run by the first process that imports NumPy."""
PACKAGE_FOLDER = Path(__file__).resolve().parents[__name__.count(".")]
"""What this package is imported from, in every process: the folder that contains `auditor`, wherever this file lies."""


@contextmanager
def environment(values: Mapping[str, str]) -> Iterator[None]:
    """Set variables that the user has not set, and take them away again."""
    added = {name: value for name, value in values.items() if name not in os.environ}
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added:
            os.environ.pop(name, None)
