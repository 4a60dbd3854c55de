"""Where the list of names that comes with the tool is: inside an installed package, or in a checkout beside it."""

from __future__ import annotations

from pathlib import Path

from auditor.errors import IndexMissing
from auditor.index.format.schema import MANIFEST
from auditor.support.environment import PACKAGE_FOLDER

NAME = "public-statements"


def public_statements() -> Path:
    """The folder of the shipped list of people who publicly objected (names only).

    Raises:
        IndexMissing: the installation lacks it.
    """
    for folder in (PACKAGE_FOLDER / "auditor" / "indexes" / NAME, PACKAGE_FOLDER / "indexes" / NAME):
        if (folder / MANIFEST).exists():
            return folder
    raise IndexMissing(
        f"The list '{NAME}' that belongs to this tool is missing. Install provenance-auditor again, or name an index "
        "with --index."
    )
