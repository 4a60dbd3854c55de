"""One writer at a time for an index folder, on one machine."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from auditor.errors import IndexProblem

if sys.platform == "win32":  # pragma: no cover
    import msvcrt

    def _try_lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _try_lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def writing_lock(folder: Path) -> Iterator[None]:
    """Hold the right to write `folder`. The operating system frees it when the process ends, however it ends.

    The lock is a file beside the folder, `.NAME.lock`, that is removed on release.

    Raises:
        IndexProblem: another process is writing this index, or the place cannot be written.
    """
    path = folder.with_name(f".{folder.name}.lock")
    descriptor = _acquire(path, folder)
    try:
        yield
    finally:
        # Removed while still held: whoever waits on the removed file notices that the name is gone and tries anew.
        with suppress(OSError):
            path.unlink()
        os.close(descriptor)


def _acquire(path: Path, folder: Path) -> int:
    while True:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
        except OSError as error:
            raise IndexProblem(
                f"{folder} cannot be written ({error.strerror}). Choose another place with --out, or change the "
                "permissions of the folder that holds it."
            ) from error
        try:
            _try_lock(descriptor)
        except OSError as error:
            os.close(descriptor)
            if error.errno in {errno.EACCES, errno.EAGAIN, errno.EDEADLK}:
                raise IndexProblem(
                    f"{folder} is being written by another process. Wait until it has ended, then run this again."
                ) from error
            raise
        if _is_current(path, descriptor):
            return descriptor
        os.close(descriptor)


def _is_current(path: Path, descriptor: int) -> bool:
    """False when the file was removed by its last owner between our open and our lock."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except OSError:
        return False
