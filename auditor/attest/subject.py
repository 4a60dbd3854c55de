"""What a statement is about: every file of a dataset, as one digest.

The manifest has a line `sha256␠␠path` for each file, sorted by the bytes of the path (`LC_ALL=C`), as `sha256sum`
writes and checks it. Its SHA-256 is the digest that in-toto calls `dirHash` (the `h1` hash of Go's
`golang.org/x/mod/sumdb/dirhash`, in hex).
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from auditor.errors import DatasetError
from auditor.support import reading

Advance = Callable[[int, int | None], None]
MAX_VISITS = 8
"""How often one real folder may be reached through different links, as in a scan. More is refused."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The files of a dataset with their digests."""

    files: tuple[tuple[str, str], ...]
    """(path relative to the dataset, SHA-256 in hex), sorted by the bytes of the path."""
    linked_folders: tuple[str, ...] = ()
    """Links to folders. What lies behind them is trained on, so it is part of the files."""
    paths: tuple[str, ...] = ()
    """What the files lie below, relative to the dataset's folder, where several paths were audited as one; empty: they
    are all the files of the dataset."""

    @property
    def manifest(self) -> bytes:
        """The lines of all files."""
        return b"".join(f"{digest}  ".encode() + os.fsencode(path) + b"\n" for path, digest in self.files)

    @property
    def digest(self) -> str:
        """SHA-256 of the manifest in hex: in-toto's `dirHash`."""
        return hashlib.sha256(self.manifest).hexdigest()


def read_subject(
    dataset: Path, excluded: Collection[str] = (), advance: Advance | None = None, paths: Sequence[str] = ()
) -> Subject:
    """Hash every file below a folder (or one file), except the excluded paths.

    With `paths`, relative to the folder, only those files and what lies below those folders; a path at which there is
    nothing gives no file.

    Links are followed, to files and to folders, because a scan and a trainer follow them; a link to a folder that
    it lies in itself leads to nothing new and is only named.

    Raises:
        DatasetError: there is nothing at the path, a file cannot be read, a folder is reached through more than
            `MAX_VISITS` links, or a name holds a newline or a backslash, which the manifest's lines cannot carry.
    """
    linked: list[str] = []
    listed = _walk_each(dataset, paths, linked) if paths else _walk(dataset, linked)
    names = sorted({path for path in listed if path not in excluded}, key=os.fsencode)
    files = []
    for number, path in enumerate(names, start=1):
        files.append((path, _digest(dataset / path if dataset.is_dir() else dataset)))
        if advance is not None:
            advance(number, len(names))
    return Subject(tuple(files), tuple(sorted(set(linked))), tuple(paths))


def _walk_each(dataset: Path, paths: Sequence[str], linked: list[str]) -> Iterator[str]:
    """The files below each path, as seen from the dataset's folder."""
    if not dataset.is_dir():
        raise DatasetError(
            f"{dataset}: the statement is about several paths, and this is no folder that holds them. Name that folder."
        )
    for path in paths:
        place = dataset / path
        if place.is_file():
            yield _checked(path)
        elif place.is_dir():
            behind: list[str] = []
            lead = "" if path == "." else f"{path}/"
            yield from (lead + name for name in _walk(place, behind))
            linked.extend(lead + name for name in behind)


def _walk(dataset: Path, linked: list[str]) -> Iterator[str]:
    if dataset.is_file():
        yield _checked(dataset.name)
        return
    if not dataset.is_dir():
        raise DatasetError(f"{dataset}: there is no such file or folder. Check the path.")

    def fail(error: OSError) -> None:
        raise DatasetError(f"{error.filename}: {error.strerror}. Every folder must be readable to be attested.")

    above: dict[str, frozenset[tuple[int, int]]] = {str(dataset): frozenset()}
    visits: Counter[tuple[int, int]] = Counter()
    for place, folders, names in os.walk(dataset, onerror=fail, followlinks=True):
        status = Path(place).stat()
        identity = (status.st_dev, status.st_ino)
        chain = above.pop(place)
        if identity in chain:  # a link to a folder that holds it: its files stand in the list already
            folders.clear()
            continue
        visits[identity] += 1
        if visits[identity] > MAX_VISITS:
            raise DatasetError(f"{place}: reached through more than {MAX_VISITS} links. Remove links that repeat it.")
        base = Path(place).relative_to(dataset).as_posix()
        prefix = "" if base == "." else f"{base}/"
        for name in folders:
            below = os.path.join(place, name)  # noqa: PTH118 - as os.walk joins it
            above[below] = chain | {identity}
            if Path(below).is_symlink():
                linked.append(prefix + name)
        for name in names:
            yield _checked(prefix + name)


def _checked(path: str) -> str:
    if "\n" in path or "\\" in path:
        raise DatasetError(f"{path!r}: a name with a newline or backslash cannot be attested. Rename the file.")
    return path


def _digest(path: Path) -> str:
    try:
        with reading.open_file(path) as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise DatasetError(f"{path}: {error.strerror}. Every file must be readable to be attested.") from error


def first_difference(stated: Collection[tuple[str, str]], found: Subject) -> str | None:
    """The first difference in a sentence, by the order of the manifest; None where all is the same."""
    before, now = dict(stated), dict(found.files)
    for path in sorted(before.keys() | now.keys(), key=os.fsencode):
        if path not in now:
            return f"{path} is missing"
        if path not in before:
            return f"{path} was added"
        if before[path] != now[path]:
            return f"{path} was changed"
    return None
