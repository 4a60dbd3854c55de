"""Golden files: what a report looked like when somebody last read it with care."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "golden_files"


def same_as_golden(name: str, text: str) -> None:
    """Compare with the golden file; UPDATE_GOLDEN=1 writes it instead, to be read before it is committed."""
    path = FOLDER / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode())
    assert path.is_file(), f"{name} is missing: run the test with UPDATE_GOLDEN=1 and read what it writes"
    assert text.encode() == path.read_bytes()
