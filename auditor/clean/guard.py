"""What a manifest may name, whoever wrote it: files of the dataset, set aside in a folder of the user's own."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from auditor.clean.manifest import FILE, CleanUp
from auditor.errors import DatasetError

SHELVES = ("files", "originals", "rewritten")


def require_own(folder: Path) -> None:
    """Check that what holds the set-aside files is real folders, and this user's own.

    Raises:
        DatasetError: it is not; nothing should be moved then.
    """
    for place in (folder, folder / FILE, *(folder / name for name in SHELVES)):
        try:
            status = place.stat() if place == folder else place.lstat()
        except FileNotFoundError:
            continue
        wanted = stat.S_ISREG if place.name == FILE else stat.S_ISDIR
        if not wanted(status.st_mode):
            what = "a link" if stat.S_ISLNK(status.st_mode) else "not what a clean-up makes"
            raise DatasetError(f"{place}: it is {what}, so nothing was moved. Was {folder} made by `auditor clean`?")
        if hasattr(os, "geteuid") and status.st_uid != os.geteuid():
            raise DatasetError(
                f"{place}: it belongs to another user, so nothing was moved. Undo as the user who made the clean-up, "
                "or move the files back by hand."
            )


def require_inside(manifest: CleanUp, folder: Path) -> None:
    """Check that every path of the manifest stays inside the dataset, and inside `folder` where it is set aside.

    Raises:
        DatasetError: one leaves it, by a link in its way.
    """
    dataset = Path(manifest.dataset)
    if not dataset.is_dir():
        raise DatasetError(f"{dataset}: there is no such folder. Name where the dataset lies now with --dataset DIR.")
    moved = [row.path for row in manifest.moved]
    rewritten = [row.path for row in manifest.rewritten]
    files = frozenset((*moved, *rewritten))
    for path in (*files, *(path for path, _ in manifest.folders)):
        require_no_link(dataset, path)
        if any(str(parent) in files for parent in Path(path).parents):
            raise DatasetError(f"{path}: it lies below a file of the same clean-up, so nothing was moved.")
    for shelf, paths in (("files", moved), ("originals", rewritten), ("rewritten", rewritten)):
        for path in paths:
            require_no_link(folder / shelf, path)


def require_no_link(root: Path, path: str) -> None:
    """Check that no folder between `root` and a path below it is a link.

    Raises:
        DatasetError: one is.
    """
    for parent in Path(path).parents:
        if (root / parent).is_symlink() and str(parent) != ".":
            raise DatasetError(
                f"{root / path}: a link at {root / parent} leads elsewhere, so nothing was moved. Put the folder in "
                "its place, or move the file by hand."
            )
