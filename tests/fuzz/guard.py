"""While a reader is at hostile bytes: nothing is run, sent, unpickled or written outside the workspace, and no folder
outside it is listed (a damaged configuration may name `/`, and walking a whole disk is no finding of a reader).

The interpreter's audit events see this from outside the readers. What C extensions do is not seen.
"""

from __future__ import annotations

import contextlib
import os
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FORBIDDEN = frozenset(
    {
        "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system", "pickle.find_class", "pty.spawn",
        "socket.bind", "socket.connect", "socket.getaddrinfo", "socket.sendto", "subprocess.Popen",
    }
)  # fmt: skip
CHANGES = frozenset({"os.chmod", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink", "os.truncate"})
LISTS = frozenset({"os.listdir", "os.scandir"})
_IMPORTS = tuple(
    os.path.realpath(path) + os.sep
    for path in {*map(sysconfig.get_path, ("stdlib", "platstdlib", "purelib", "platlib")), Path(__file__).parents[2]}
)
"""Where a package that is imported late is looked for."""
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Misbehaved(BaseException):
    """A reader did what none may do. No `except Exception` of a reader hides it."""


class _State:
    active = False
    installed = False
    folder = ""


def workspace() -> Path:
    """The one folder that readers may write to, made on first use."""
    if not _State.folder:
        _State.folder = os.path.realpath(tempfile.mkdtemp(prefix="auditor-fuzz-"))
    return Path(_State.folder)


def forget() -> None:
    """Make a workspace of one's own on the next use: a forked process shares none."""
    _State.folder = ""


@contextlib.contextmanager
def watched() -> Iterator[None]:
    """Watch what the block does."""
    if not _State.installed:
        sys.dont_write_bytecode = True
        sys.addaudithook(_seen)
        _State.installed = True
    workspace()
    before, _State.active = _State.active, True
    try:
        yield
    finally:
        _State.active = before


def _seen(event: str, args: tuple[Any, ...]) -> None:
    if not _State.active:
        return
    if event == "open":
        mode, flags = args[1], args[2]
        writes = flags & _WRITES if isinstance(flags, int) else bool(set(mode or "r") & set("wax+"))
        if writes and not _inside(args[0]):
            raise Misbehaved(f"opened {args[0]!r} for writing")
    elif event in FORBIDDEN or (event in CHANGES and not _inside(args[0])):
        raise Misbehaved(f"{event} {args!r}"[:300])
    elif event in LISTS and not _inside(args[0]) and not _imported(args[0]):
        raise PermissionError(13, "Permission denied", args[0])


def _inside(path: object) -> bool:
    if isinstance(path, int) or path is None:
        return True  # a descriptor that was opened, and judged, before
    text = os.fsdecode(path)  # type: ignore[arg-type]
    where = os.path.abspath(text)  # noqa: PTH100 - links are not followed
    return where == os.devnull or (where + os.sep).startswith(_State.folder + os.sep)


def _imported(path: object) -> bool:
    return (os.path.realpath(os.fsdecode(path)) + os.sep).startswith(_IMPORTS)  # type: ignore[arg-type]
