"""The one atomic writer: a file is the old one or the new one, whole, whenever its writer ends.

The new content is written beside the target, made durable and put in its place in one step. A link is followed to the
file it leads to. What is no regular file (`/dev/null`, a named pipe) is written into and never replaced.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from auditor.support.reading import AnyPath

ABANDONED_SECONDS = 3600.0
"""An unfinished file of this age belongs to a process that was killed."""
_UNFINISHED = ".auditor-new-"
_NAME = re.compile(re.escape(_UNFINISHED) + "[0-9a-f]{16}")
_SPECIAL = ("/dev/fd/", "/dev/stdout", "/dev/stderr", "/proc/")
"""Names of what is open already: it is written on, even where it is a regular file."""
_FLAGS = os.O_WRONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def write_whole(path: AnyPath, content: bytes | str, *, mode: int = 0o666, durable: bool = True) -> None:
    """Write a file in one step. Text is written as UTF-8. See `replacing_file`.

    Raises:
        OSError: it cannot be written; the old file is untouched.
    """
    data = content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content
    with replacing_file(path, mode=mode, durable=durable) as stream:
        stream.write(data)


@contextmanager
def replacing_file(path: AnyPath, *, mode: int = 0o666, durable: bool = True) -> Iterator[BinaryIO]:
    """A stream for the new content of a file, which takes the file's place when the block ends without an error.

    `mode` is that of a new file, less the umask; one that is there keeps its own. With `durable` it survives a loss
    of power from then on.

    Raises:
        OSError: it cannot be written; the old file is untouched.
    """
    target, status = _target(Path(path))
    if status is not None and _is_stream(target, status):
        with _into(target) as stream:
            yield stream
        return
    remove_unfinished(target.parent)
    temporary = target.parent / f"{_UNFINISHED}{secrets.token_hex(8)}"
    try:
        descriptor = os.open(temporary, _FLAGS | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
            stream.flush()
            if status is not None:
                with suppress(OSError):  # a file system without permissions
                    temporary.chmod(stat.S_IMODE(status.st_mode))
            if durable:
                os.fsync(stream.fileno())
        temporary.replace(target)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    if durable:
        sync_folder(target.parent)


def create_new(path: AnyPath, content: bytes, *, mode: int) -> None:
    """Write a file that is not there yet, and durably; one that is there is never touched.

    Raises:
        FileExistsError: something is there.
        OSError: it cannot be written.
    """
    descriptor = os.open(path, _FLAGS | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
    except BaseException:
        with suppress(OSError):
            Path(path).unlink()
        raise


def is_unfinished(name: str) -> bool:
    """Whether a name is that of a file that a writer was killed over."""
    return _NAME.fullmatch(name) is not None


def remove_unfinished(folder: Path) -> None:
    """Remove what writers that were killed left in a folder. What cannot be removed stays."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if _NAME.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                with suppress(OSError):
                    if time.time() - entry.stat(follow_symlinks=False).st_mtime > ABANDONED_SECONDS:
                        os.unlink(entry.path)  # noqa: PTH108 - as it was listed


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, where the system can."""
    # Windows cannot open folders; there the file system orders renames itself.
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def sync_file(path: Path) -> None:
    """Make the content of a file durable.

    Raises:
        OSError: it cannot be opened for writing.
    """
    descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _target(path: Path) -> tuple[Path, os.stat_result | None]:
    """The file that a path leads to, and what is there."""
    try:
        status = path.stat()
    except FileNotFoundError:
        status = None
    except ValueError as error:  # a NUL in the name
        raise OSError(errno.EINVAL, "its name cannot be that of a file", str(path)) from error
    if status is not None and stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, "it is a folder", str(path))
    if status is not None and (not stat.S_ISREG(status.st_mode) or _is_special(path)):
        return path, status  # not resolved: `/dev/stdout` leads to a name that nothing has
    return Path(os.path.realpath(path)) if path.is_symlink() else path.absolute(), status


def _is_special(path: Path) -> bool:
    return str(path.absolute()).startswith(_SPECIAL) and os.name == "posix"


def _is_stream(path: Path, status: os.stat_result) -> bool:
    return not stat.S_ISREG(status.st_mode) or _is_special(path)


@contextmanager
def _into(path: Path) -> Iterator[BinaryIO]:
    """Write into what is there. A pipe that nobody reads from is an error, not a wait."""
    try:
        descriptor = os.open(path, _FLAGS | os.O_APPEND | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0))
    except OSError as error:
        if error.errno == errno.ENXIO:
            raise OSError(errno.ENXIO, "nobody reads from it", str(path)) from error
        raise
    os.set_blocking(descriptor, True)
    with os.fdopen(descriptor, "wb") as stream:
        yield stream
