"""Moving and comparing files so that a kill at any moment loses nothing."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from pathlib import Path

PART = ".auditor-part"
"""Suffix of a copy that is not yet whole."""


def digest_of(path: Path) -> str | None:
    """SHA-256 of a file's content, `link:TARGET` of a symbolic link, None where nothing is there."""
    if path.is_symlink():
        return f"link:{path.readlink()}"
    try:
        with path.open("rb") as stream:
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
    shutil.copy2(source, part, follow_symlinks=False)
    if not part.is_symlink():
        descriptor = os.open(part, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    part.replace(target)


def remove_empty(folder: Path) -> None:
    """Remove a folder and the folders below it as far as they hold no file."""
    for place, _, _ in os.walk(folder, topdown=False):
        try:
            Path(place).rmdir()
        except OSError:
            continue
