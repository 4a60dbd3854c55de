"""Moving and comparing files so that a kill at any moment loses nothing."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from pathlib import Path

from auditor.support import reading

PART = ".auditor-part"
"""Suffix of a copy that is not yet whole."""


def digest_of(path: Path) -> str | None:
    """SHA-256 of a file's content, `link:TARGET` of a symbolic link, None where nothing is there."""
    if path.is_symlink():
        return f"link:{path.readlink()}"
    try:
        with reading.open_file(path) as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        return None


def exists(path: Path) -> bool:
    """Whether something is there, a dangling link included."""
    return path.is_symlink() or path.exists()


def transfer(source: Path, target: Path) -> None:
    """Move a file or link, across file systems too; at every moment one whole copy is there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        source.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        duplicate(source, target)
        source.unlink()


def duplicate(source: Path, target: Path) -> None:
    """Copy a file or link with its times; the target appears whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + PART)
    part.unlink(missing_ok=True)
    if source.is_symlink():
        part.symlink_to(source.readlink())
    else:
        with reading.open_file(source) as body, part.open("xb") as copy:
            shutil.copyfileobj(body, copy, 1 << 20)
            copy.flush()
            os.fsync(copy.fileno())
        shutil.copystat(source, part)
    part.replace(target)


def remove_empty(folder: Path) -> None:
    """Remove a folder and the folders below it as far as they hold no file."""
    for place, _, _ in os.walk(folder, topdown=False):
        try:
            Path(place).rmdir()
        except OSError:
            continue
