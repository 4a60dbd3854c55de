"""What is derived from indexes and kept in files: their names, and whether there is anything to derive.

Apart from the modules that make and read them, because the process that hands the work out needs to know no more.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from auditor.index.format.schema import REGIONS
from auditor.index.opening.names import listed_names
from auditor.index.opening.store import Index
from auditor.support import reading

NAMES_WORTH_KEEPING = 2_000
"""Names from which compiling takes longer than reading what was kept."""
REGION_LAYOUT = "region-search/1"
REGION_NOTE = "note.json"
MAX_NOTE = 1 << 20


def region_folder_name(digest: str, exact: bool = False) -> str:
    """Name of the folder with the search among the region hashes of a file with this digest."""
    return f"regions-{digest}{'-exact' if exact else ''}"


def may_lack_names(indexes: Sequence[Index], today: date | None) -> bool:
    """Whether there are so many names that their matcher is kept in a file, which may have to be made."""
    return len(listed_names(indexes, today)) >= NAMES_WORTH_KEEPING


def lacks_regions(indexes: Sequence[Index], *folders: Path | None) -> bool:
    """Whether the region search of any index lies in none of the folders."""
    return any(
        index.has_regions
        and not any(
            _is_whole(folder / region_folder_name(index.manifest.files[REGIONS].sha256))
            for folder in folders
            if folder is not None
        )
        for index in indexes
    )


def _is_whole(folder: Path) -> bool:
    """Whether every file of a region search has the length that was noted when it was made."""
    try:
        note = json.loads(reading.read_text(folder / REGION_NOTE, MAX_NOTE))
        return note["layout"] == REGION_LAYOUT and all(
            (folder / name).stat().st_size == size for name, size in note["bytes"].items()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False
