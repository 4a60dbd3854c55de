"""Where the index that comes with the project lies."""

from __future__ import annotations

from pathlib import Path

from auditor.errors import IndexMissing

NAME = "public-statements"


def public_statements() -> Path:
    """The folder of the shipped list of people who objected in public: beside the package in a wheel, else in the
    checkout.

    Raises:
        IndexMissing: neither is there.
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "indexes" / NAME, package.parent / "indexes" / NAME):
        if (folder / "index.json").is_file():
            return folder
    raise IndexMissing(f"The shipped list '{NAME}' is not installed. Name an index with --index DIR.")
