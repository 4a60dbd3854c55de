"""Folders that last as long as what is done with them, and that a killed process leaves to the next one to remove."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

_IN_USE = "auditor-scratch-"
_IN_THE_MAKING = "auditor-making-"
_MARK = ".held"
"""The file in a scratch folder that is locked while the folder is in use; the lock ends with the process."""
ABANDONED_SECONDS = 3600.0
"""A folder that was not even marked after so long never will be."""


@contextmanager
def scratch_folder(parent: Path | None = None) -> Iterator[Path]:
    """A new folder in `parent` (the system's folder for temporary files), removed at the end.

    What processes that were killed left in `parent` is removed first.

    Raises:
        OSError: it cannot be made.
    """
    root = parent if parent is not None else Path(tempfile.gettempdir())
    remove_abandoned(root)
    # The mark must be held before the folder has the name by which others look for abandoned ones.
    making = Path(tempfile.mkdtemp(prefix=_IN_USE if sys.platform == "win32" else _IN_THE_MAKING, dir=root))
    folder = root / making.name.replace(_IN_THE_MAKING, _IN_USE, 1)
    try:
        with (making / _MARK).open("wb") as mark:
            _lock(mark)
            if making != folder:  # Windows renames no folder of which a file is open
                making.rename(folder)
            yield folder
    finally:
        for place in (making, folder):
            shutil.rmtree(place, ignore_errors=True)


def remove_abandoned(root: Path) -> None:
    """Remove this user's scratch folders in `root` whose processes are gone. What cannot be removed stays."""
    with suppress(OSError), os.scandir(root) as entries:
        for entry in entries:
            if entry.name.startswith((_IN_USE, _IN_THE_MAKING)) and _is_ours(entry) and not _is_held(Path(entry.path)):
                shutil.rmtree(entry.path, ignore_errors=True)


def _is_ours(entry: os.DirEntry[str]) -> bool:
    try:
        owner = entry.stat(follow_symlinks=False).st_uid
        return entry.is_dir(follow_symlinks=False) and (sys.platform == "win32" or owner == os.getuid())
    except OSError:
        return False


def _is_held(folder: Path) -> bool:
    try:
        if folder.name.startswith(_IN_THE_MAKING):
            return time.time() - folder.stat().st_mtime < ABANDONED_SECONDS
        with (folder / _MARK).open("rb") as mark:
            _lock(mark)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def _lock(mark: BinaryIO) -> None:
    """Take the lock of an opened file until it is closed.

    Raises:
        OSError: another process holds it.
    """
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(mark.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
