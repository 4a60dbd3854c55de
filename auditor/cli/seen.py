"""The file in which verified versions of indexes are remembered, and the check of a scan's indexes against it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from auditor.cli.console import say
from auditor.errors import IndexProblem
from auditor.index.opening.lineage import check_seen, load_seen, remembered, save_seen
from auditor.index.opening.store import Index


def seen_file() -> Path | None:
    """Where verified versions are remembered; None where that place cannot be written."""
    import platformdirs

    folder = Path(platformdirs.user_state_dir("auditor", appauthor=False))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder / "seen-indexes.json" if os.access(folder, os.W_OK) else None


def refuse_older(indexes: Sequence[Index]) -> None:
    """Refuse an older version or a fork of what was verified under a pinned key before, and remember these versions,
    as `auditor index verify` does. A signature alone does not tell: yesterday's list is signed too.

    Raises:
        IndexUntrusted: an older version, or a fork.
        ConfigError: the file that remembers is damaged.
    """
    path = seen_file()
    if path is None:
        say("Versions of signed indexes cannot be remembered here, so an older one would not be noticed.")
        return
    before = after = load_seen(path)
    for index in indexes:
        place = os.path.realpath(index.path)
        check_seen(before, index.manifest, place, pinned=True)
        after = remembered(after, index.manifest, place, pinned=True)
    if after != before:
        try:
            save_seen(path, after)
        except IndexProblem as error:
            say(f"The versions of signed indexes were not remembered: {error}")
