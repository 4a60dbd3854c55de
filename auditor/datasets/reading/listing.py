"""Folders as they are on disk, read once, without a system call per file.

Names keep surrogate escapes, relative paths use `/`. Links are followed only where the caller says that the
trainer does; loops end, because a folder is never entered from inside itself and no folder is entered more
than `MAX_VISITS` times.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from auditor.datasets.reading.kinds import PICTURES, VIDEOS, split
from auditor.datasets.reading.paths import exists, is_folder
from auditor.errors import DatasetError

MAX_VISITS = 8
"""How often one real folder may be entered through different links."""

SIDE_SUFFIXES = frozenset(
    (".txt", ".caption", ".cap", ".captions", ".tags", ".prompt", ".json", ".yaml", ".yml", ".xmp", ".c2pa")
)
"""Files with a picture's stem and one of these suffixes (any case) belong to that picture."""


@dataclass(frozen=True, slots=True)
class Folder:
    """One directory. All tuples are sorted by name."""

    path: str
    """Path that can be opened."""
    relative: str
    """Relative to the dataset, empty for the dataset itself."""
    files: tuple[str, ...] = ()
    """Regular files and links to regular files."""
    folders: tuple[str, ...] = ()
    """Directories and links to directories."""
    links: frozenset[str] = frozenset()
    """Which of the names above are symbolic links."""
    odd: tuple[tuple[str, str], ...] = ()
    """(name, what it is): broken links, sockets, pipes, devices."""
    problem: str | None = None
    """Why the directory could not be read."""
    names: frozenset[str] = field(default=frozenset(), repr=False, compare=False)
    """The names in `files`, for look-ups."""
    sides: dict[str, list[str]] = field(default_factory=dict, repr=False, compare=False)
    """Stem -> names of side files, in the order of `files`."""
    picture_stems: frozenset[str] = field(default=frozenset(), repr=False, compare=False)
    """Stems of the pictures and videos."""

    def at(self, name: str) -> str:
        """Path of a member that can be opened."""
        return f"{self.path}{os.sep}{name}" if not self.path.endswith(os.sep) else self.path + name

    def held(self, name: str) -> str | None:
        """The name, if a file has it."""
        return name if name in self.names else None

    def inside(self, name: str) -> str:
        """Path of a member relative to the dataset."""
        return f"{self.relative}/{name}" if self.relative else name


def basename(path: str) -> str:
    """Last part of a path with `/` or the system's separator."""
    return path.replace(os.sep, "/").rstrip("/").rpartition("/")[2]


def relative_to(path: str, root: str) -> str:
    """`path` relative to the folder `root` with `/`; climbs with `..` where it lies outside."""
    return os.path.relpath(path, root).replace(os.sep, "/")


def read(path: str, relative: str = "") -> Folder:
    """List one directory. An unreadable one comes back with `problem` set and nothing in it."""
    files: list[str] = []
    folders: list[str] = []
    links: list[str] = []
    odd: list[tuple[str, str]] = []
    sides: dict[str, list[str]] = {}
    stems: list[str] = []
    try:
        with os.scandir(path) as entries:
            for entry in entries:
                _place(entry, files, folders, links, odd)
    except OSError as error:
        return Folder(path, relative, problem=error.strerror or "cannot be read")
    except ValueError:
        return Folder(path, relative, problem="no file system can hold its name")
    files.sort()
    for name in files:
        stem, suffix = split(name)
        suffix = suffix.lower()
        if suffix in SIDE_SUFFIXES:
            sides.setdefault(stem, []).append(name)
        elif suffix in PICTURES or suffix in VIDEOS:
            stems.append(stem)
    return Folder(
        path,
        relative,
        tuple(files),
        tuple(sorted(folders)),
        frozenset(links),
        tuple(sorted(odd)),
        None,
        frozenset(files),
        sides,
        frozenset(stems),
    )


def _place(
    entry: os.DirEntry[str], files: list[str], folders: list[str], links: list[str], odd: list[tuple[str, str]]
) -> None:
    """Sort one directory entry into its list."""
    linked = entry.is_symlink()
    try:
        if entry.is_dir():
            folders.append(entry.name)
        elif entry.is_file():
            files.append(entry.name)
        else:
            odd.append((entry.name, "broken link" if linked else "not a regular file"))
            return
    except OSError:
        odd.append((entry.name, "link that cannot be followed"))
        return
    if linked:
        links.append(entry.name)


def root(path: str) -> Folder:
    """List the dataset's own directory.

    Raises:
        DatasetError: it is missing, not a directory, or cannot be read.
    """
    place = Path(path)
    if not exists(place):
        raise DatasetError(f"{path}: there is no such folder. Check the path.")
    if not is_folder(place):
        raise DatasetError(f"{path}: this layout reads a folder, and that is a file.")
    folder = read(path)
    if folder.problem is not None:
        raise DatasetError(f"{path}: {folder.problem}. Give the reading user access to the folder.")
    return folder


def walk(
    start: Folder,
    *,
    follow: bool = False,
    enter: Callable[[str, str], bool] = lambda parent, name: True,
    once: bool = False,
) -> Iterator[Folder]:
    """Yield a folder and those below it, parents before children, in order of their names.

    `follow` enters links to directories; `enter(parent's relative path, name)` can keep a directory out;
    `once` enters every real directory a single time, as trainers do that remember real paths.
    """
    visits: Counter[tuple[int, int]] = Counter()
    limit = 1 if once else MAX_VISITS
    stack: list[tuple[Folder | tuple[str, str], frozenset[tuple[int, int]]]] = [(start, frozenset())]
    while stack:
        place, above = stack.pop()
        path = place.path if isinstance(place, Folder) else place[0]
        chain = above
        if follow:
            identity = _identity(path)
            if identity in above or visits[identity] >= limit:
                continue
            visits[identity] += 1
            chain = above | {identity}
        folder = place if isinstance(place, Folder) else read(*place)
        yield folder
        stack.extend(
            ((folder.at(name), folder.inside(name)), chain)
            for name in reversed(folder.folders)
            if (follow or name not in folder.links) and enter(folder.relative, name)
        )


def _identity(path: str) -> tuple[int, int]:
    try:
        status = Path(path).stat()
    except OSError:
        return (-1, hash(path))
    return (status.st_dev, status.st_ino)


def leads_outside(path: str, root_path: str) -> bool:
    """Say whether a path, all links followed, lies outside the folder."""
    real = os.path.realpath(path)
    home = os.path.realpath(root_path)
    return real != home and not real.startswith(home.rstrip(os.sep) + os.sep)


def reach(path: str, root: str) -> str:
    """Relative path of a folder of the dataset, empty for the dataset itself."""
    relative = relative_to(path, root)
    return "" if relative == "." else relative


def outside_of(path: str, folder: str) -> bool:
    """Whether a path as it is written, links not followed, lies outside a folder."""
    relative = reach(path, folder)
    return relative == ".." or relative.startswith("../")
