"""The one bounded reader: every file that a stranger may have made is opened here.

A file is opened without waiting and looked at before a byte of it is read, so that a named pipe, a socket, a device, a
folder, a loop of links or a file that is too large is the same error everywhere, and at once.
"""

from __future__ import annotations

import errno
import io
import os
import stat
from pathlib import Path

AnyPath = str | os.PathLike[str]

_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NONBLOCK", 0)  # a named pipe would wait for a writer, for ever
    | getattr(os, "O_NOCTTY", 0)  # a terminal must not become this process's own
    | getattr(os, "O_CLOEXEC", 0)
)
_BLOCK = 8 << 20
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


class NotAFile(OSError):
    """Something that is no regular file stands at the path; `strerror` says what."""


class AFolder(NotAFile, IsADirectoryError):
    """A folder stands at the path."""


class TooLarge(OSError):
    """The file holds more bytes than are read; `strerror` says how many."""


def open_file(path: AnyPath, most: int | None = None) -> io.BufferedReader:
    """Open a regular file for reading bytes. Links are followed. `most` = bytes that it may have.

    Raises:
        NotAFile: it is a folder, pipe, socket or device.
        TooLarge: it has more than `most` bytes.
        OSError: it is missing, not permitted, a loop of links, or its name cannot be one.
    """
    descriptor = descriptor_of(path, most)
    try:
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def descriptor_of(path: AnyPath, most: int | None = None) -> int:
    """As `open_file`, for callers that read by offsets; the caller closes it."""
    try:
        descriptor = os.open(path, _FLAGS)
    except ValueError as error:  # a NUL in the name
        raise OSError(errno.EINVAL, "its name cannot be that of a file", os.fspath(path)) from error
    except OSError as error:
        if error.errno in {errno.ENXIO, errno.EOPNOTSUPP, errno.ENODEV}:  # a socket, or a device that is not there
            raise NotAFile(error.errno, _what(path), os.fspath(path)) from error
        if error.errno in {errno.EACCES, errno.EPERM} and Path(path).is_dir():  # how Windows refuses folders
            raise AFolder(errno.EISDIR, "it is a folder, not a file", os.fspath(path)) from error
        raise
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            kind, code = (AFolder, errno.EISDIR) if stat.S_ISDIR(status.st_mode) else (NotAFile, errno.EINVAL)
            raise kind(code, _named(status.st_mode), os.fspath(path))
        if most is not None and status.st_size > most:
            raise too_large(path, status.st_size, most)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def read_bytes(path: AnyPath, most: int) -> bytes:
    """The whole content of a file of at most `most` bytes.

    Raises:
        OSError: as `open_file`.
    """
    descriptor = descriptor_of(path, most)
    try:
        # One byte more than allowed is asked for: a file that grows while it is read must not pass the limit.
        data = take(descriptor, min(most, os.fstat(descriptor).st_size) + 1)
        if len(data) > os.fstat(descriptor).st_size <= most:
            data += take(descriptor, most + 1 - len(data))
    finally:
        os.close(descriptor)
    if len(data) > most:
        raise too_large(path, len(data), most)
    return data


def read_start(path: AnyPath, most: int) -> bytes:
    """The first `most` bytes of a file of any size, all of it where it is shorter.

    Raises:
        OSError: as `open_file`.
    """
    return read_slice(path, 0, most)


def read_slice(path: AnyPath, offset: int, size: int) -> bytes:
    """`size` bytes of a file from `offset` on, fewer where it ends before.

    Raises:
        OSError: as `open_file`.
    """
    descriptor = descriptor_of(path)
    try:
        if offset:
            os.lseek(descriptor, offset, os.SEEK_SET)
        return take(descriptor, size)
    finally:
        os.close(descriptor)


def read_text(path: AnyPath, most: int) -> str:
    """The whole content of a UTF-8 file of at most `most` bytes, line ends as `\\n`.

    Raises:
        OSError: as `open_file`.
        UnicodeDecodeError: it is not UTF-8.
    """
    return read_bytes(path, most).decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")


def require_file(path: AnyPath) -> None:
    """Raise what `open_file` raises, before a library opens the path by itself."""
    os.close(descriptor_of(path))


def take(descriptor: int, count: int) -> bytes:
    """Read until `count` bytes are there or the file ends."""
    parts: list[bytes] = []
    while count > 0:
        part = os.read(descriptor, min(count, _BLOCK))
        if not part:
            break
        parts.append(part)
        count -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def too_large(path: AnyPath, size: int, most: int) -> TooLarge:
    """The error for a file of `size` bytes where `most` are read."""
    return TooLarge(errno.EFBIG, f"it has {size:,} bytes, and at most {most:,} are read", os.fspath(path))


def _what(path: AnyPath) -> str:
    try:
        return _named(os.stat(path).st_mode)  # noqa: PTH116 - paths of any shape
    except OSError:
        return "it is no regular file"


def _named(mode: int) -> str:
    return next((f"it is {name}, not a file" for fits, name in _KINDS if fits(mode)), "it is no regular file")
