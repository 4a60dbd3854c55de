"""Whether something lies at a path that a stranger's file names.

A name that no file system can hold (too long, with a NUL), and one in a folder that may not be entered, is not there:
`pathlib` raises on some of these, on some versions of Python.
"""

from __future__ import annotations

import os
import re
from pathlib import Path


def is_file(path: str | os.PathLike[str]) -> bool:
    """Whether a regular file, or a link to one, lies there. Never raises."""
    return os.path.isfile(path)  # noqa: PTH113 - see above


def is_folder(path: str | os.PathLike[str]) -> bool:
    """Whether a folder, or a link to one, lies there. Never raises."""
    return os.path.isdir(path)  # noqa: PTH112 - see above


def exists(path: str | os.PathLike[str]) -> bool:
    """Whether anything lies there, broken links apart. Never raises."""
    return os.path.exists(path)  # noqa: PTH110 - see above


_DRIVE = re.compile(r"[A-Za-z]:[\\/]")


def is_windows(path: str) -> bool:
    """Whether the path is written as Windows writes it: with a drive, or with backslashes."""
    return _DRIVE.match(path) is not None or "\\" in path


def expanded(path: str) -> Path:
    """The path with `~` replaced by the home folder; as it stands where that is nobody's."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)
