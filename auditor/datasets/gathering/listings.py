"""Pictures that some listing in a folder names, whoever reads it: what is named and not there was not seen."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from auditor.datasets.reading import kinds
from auditor.datasets.reading.archives import tarfiles, zipfiles
from auditor.datasets.reading.carriers import carrier
from auditor.datasets.reading.listing import Folder
from auditor.datasets.reading.paths import is_file
from auditor.model import Note, Sample, Text

KEYS = frozenset(
    "file_name file_names filename filenames file filepath file_path image images image_file image_name image_path "
    "img img_path path picture".split()
)
"""Columns and keys that hold the path of a picture."""
LIST_KEYS = frozenset({"aspect_ratio_bucket_indices"})
"""Keys below which every text is a path."""
MAX_VALUES = 1_000_000
"""Values of one row or document that are looked at."""
LONGEST_PATH = 1024


def missing(folder: Folder, source: str, value: object) -> Iterator[Sample]:
    """A counted skip for every picture that a row or document names and that is not there.

    A path may be meant from the folder of the listing or from one above it, up to the data set's; a Windows path is
    tried with `/`, and a name alone may be that of a member of an archive beside the listing.
    """
    above = folder.relative.count("/") + 1 if folder.relative else 0
    bases = (Path(folder.path), *list(Path(folder.path).parents)[:above])
    for given in dict.fromkeys(named(value)):
        plain = given.replace("\\", "/")
        if any(is_file(str(base / name)) for base in bases for name in dict.fromkeys((given, plain))):
            continue
        if plain.rpartition("/")[2] not in _members(folder.path, tuple(filter(_is_archive, folder.files))):
            yield _absent(source, given)


def named(value: object) -> Iterator[str]:
    """The paths of pictures that a value names: under a key for paths, or as keys of captions."""
    pending: list[tuple[bool, object]] = [(False, value)]
    left = MAX_VALUES
    while pending and left > 0:
        left -= 1
        is_path, item = pending.pop()
        if isinstance(item, str):
            if is_path and _is_picture(item):
                yield item
        elif isinstance(item, list):
            pending.extend((is_path, child) for child in item)
        elif isinstance(item, dict):
            yield from (key for key in item if isinstance(key, str) and _is_picture(key))
            pending.extend((is_path or _is_path_key(key), child) for key, child in item.items())


def _absent(source: str, given: str) -> Sample:
    message = f"{source} names {given}, which is not there."
    texts = (Text(given, source, None, "file-name", False),)
    found = carrier(given.replace("\\", "/"), texts, (Note("dataset.missing-file", message),))
    return replace(found, skip="missing", reason=message)


@functools.lru_cache(maxsize=4)
def _members(folder: str, archives: tuple[str, ...]) -> frozenset[str]:
    """Names of the members of the archives in a folder, without their folders: a listing may be of these."""
    found: set[str] = set()
    for name in archives:
        opener = zipfiles.entries if name.lower().endswith(".zip") else tarfiles.entries
        with contextlib.suppress(*zipfiles.UNREADABLE, tarfiles.BrokenArchive):
            found.update(member.basename for member in opener(str(Path(folder) / name), name))
    return frozenset(found)


def _is_archive(name: str) -> bool:
    return kinds.by_name(name) == "archive"


def _is_path_key(key: object) -> bool:
    if not isinstance(key, str):
        return False
    name = key.lower().rstrip("0123456789").rstrip("_")
    return name in KEYS or name in LIST_KEYS or name.endswith(("_file_name", "_file_names"))


def _is_picture(text: str) -> bool:
    return len(text) <= LONGEST_PATH and kinds.is_picture(text) and "://" not in text and "\n" not in text
