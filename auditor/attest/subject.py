"""What a statement is about: every file of a dataset, as one digest.

The manifest has a line `sha256␠␠path` for each file, sorted by the bytes of the path (`LC_ALL=C`), as `sha256sum`
writes and checks it. Its SHA-256 is the digest that in-toto calls `dirHash` (the `h1` hash of Go's
`golang.org/x/mod/sumdb/dirhash`, in hex).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from auditor.errors import DatasetError
from auditor.support import reading

Advance = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Subject:
    """The files of a dataset with their digests."""

    files: tuple[tuple[str, str], ...]
    """(path relative to the dataset, SHA-256 in hex), sorted by the bytes of the path."""
    linked_folders: tuple[str, ...] = ()
    """Links to folders, which are not entered."""

    @property
    def manifest(self) -> bytes:
        """The lines of all files."""
        return b"".join(f"{digest}  ".encode() + os.fsencode(path) + b"\n" for path, digest in self.files)

    @property
    def digest(self) -> str:
        """SHA-256 of the manifest in hex: in-toto's `dirHash`."""
        return hashlib.sha256(self.manifest).hexdigest()


def read_subject(dataset: Path, excluded: Collection[str] = (), advance: Advance | None = None) -> Subject:
    """Hash every file below a folder (or one file), except the excluded paths.

    Links to files are hashed by what they lead to; links to folders are named and not entered.

    Raises:
        DatasetError: there is nothing at the path, a file cannot be read, or a name holds a newline or a backslash,
            which the manifest's lines cannot carry.
    """
    linked: list[str] = []
    paths = sorted((path for path in _walk(dataset, linked) if path not in excluded), key=os.fsencode)
    files = []
    for number, path in enumerate(paths, start=1):
        files.append((path, _digest(dataset / path if dataset.is_dir() else dataset)))
        if advance is not None:
            advance(number, len(paths))
    return Subject(tuple(files), tuple(sorted(linked)))


def _walk(dataset: Path, linked: list[str]) -> Iterator[str]:
    if dataset.is_file():
        yield _checked(dataset.name)
        return
    if not dataset.is_dir():
        raise DatasetError(f"{dataset}: there is no such file or folder. Check the path.")

    def fail(error: OSError) -> None:
        raise DatasetError(f"{error.filename}: {error.strerror}. Every folder must be readable to be attested.")

    for place, folders, names in os.walk(dataset, onerror=fail):
        base = Path(place).relative_to(dataset).as_posix()
        prefix = "" if base == "." else f"{base}/"
        linked.extend(prefix + name for name in folders if (Path(place) / name).is_symlink())
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
