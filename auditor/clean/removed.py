"""Tells whether a word in a listing means a file that is set aside. Pure."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterable
from dataclasses import dataclass, field

MAX_WORD = 4096


@dataclass(frozen=True, slots=True)
class Removed:
    """The files that go, and enough of those that stay to tell them apart."""

    root: str
    """The dataset's folder, absolute, `/` as separator."""
    paths: frozenset[str]
    """Relative to the dataset."""
    kept: frozenset[str] = frozenset()
    stems: frozenset[str] = frozenset()
    """Paths without suffix that no kept file shares: old listings name files so."""
    by_name: dict[str, tuple[str, ...]] = field(default_factory=dict)
    kept_by_name: dict[str, tuple[str, ...]] = field(default_factory=dict)
    signs: tuple[bytes, ...] = ()
    """File names and stems as they can stand in a listing's bytes."""

    def means(self, word: str, folder: str) -> bool:
        """Whether a word of a listing in `folder` (relative to the dataset, empty for its top) means such a file.

        A word is read from the listing's folder, from the dataset's, as an absolute path, and, where none of
        these is there, as the end of a path (listings of another folder), if only files that go end so.
        """
        given = _normal(word)
        if given is None:
            return False
        if given.startswith("/"):
            return given.removeprefix(self.root + "/") in self.paths
        for path in _readings(given, folder):
            if path in self.paths:
                return True
            if path in self.kept:
                return False
        end = "/" + given
        name = posixpath.basename(given)
        if not any(path.endswith(end) for path in self.by_name.get(name, ())):
            return False
        return not any(path.endswith(end) for path in self.kept_by_name.get(name, ()))

    def means_key(self, key: str, folder: str) -> bool:
        """The same for the key of an object, which may also be a path without its suffix."""
        if self.means(key, folder):
            return True
        given = _normal(key)
        if given is None:
            return False
        if given.startswith("/"):
            return given.removeprefix(self.root + "/") in self.stems
        return any(path in self.stems for path in _readings(given, folder))

    def mentions(self, data: bytes) -> bool:
        """A quick look: whether the name of any of the files stands in the bytes."""
        return any(sign in data for sign in self.signs)


def _normal(word: str) -> str | None:
    if not word or len(word) > MAX_WORD or "\n" in word:
        return None
    return posixpath.normpath(word.replace("\\", "/"))


def _readings(given: str, folder: str) -> tuple[str, str]:
    return posixpath.normpath(posixpath.join(folder, given)), given


def removed(root: str, paths: Iterable[str], kept: Iterable[str]) -> Removed:
    """Index the files that go, by path, by name and by stem."""
    gone, stay = frozenset(paths), frozenset(kept)
    stay_stems = {posixpath.splitext(path)[0] for path in stay}
    stems = frozenset(stem for path in gone if (stem := posixpath.splitext(path)[0]) not in stay_stems)
    by_name = _by_name(gone)
    kept_by_name = _by_name(path for path in stay if posixpath.basename(path) in by_name)
    signs = tuple(sorted({sign for path in (*gone, *stems) for sign in _signs(posixpath.basename(path))}))
    return Removed(root, gone, stay, stems, by_name, kept_by_name, signs)


def _signs(name: str) -> set[bytes]:
    escaped = json.dumps(name)[1:-1].encode("ascii")
    return {name.encode("utf-8", "surrogateescape"), escaped, escaped.lower()}


def _by_name(paths: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for path in paths:
        found.setdefault(posixpath.basename(path), []).append(path)
    return {name: tuple(sorted(rows)) for name, rows in found.items()}
