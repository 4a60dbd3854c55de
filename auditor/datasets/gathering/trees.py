"""The part that most trainers share: walk, take what the trainer takes, then give what is carried beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from auditor.datasets.gathering import carried
from auditor.datasets.gathering.carried import Seen
from auditor.datasets.reading import listing
from auditor.datasets.reading.carriers import carrier
from auditor.datasets.reading.listing import Folder
from auditor.datasets.reading.paths import is_folder, is_windows
from auditor.datasets.reading.pictures import Told, picture
from auditor.model import Note, Sample

Take = Callable[[Folder, str], Told | None]
"""(folder, file name) -> what the trainer makes of the file, None where it does not take it."""


def take(folders: Iterator[Folder] | list[Folder], root: str, seen: Seen, told_of: Take) -> Iterator[Sample]:
    """Yield the pictures that a trainer takes from folders."""
    for folder in folders:
        taken = False
        for name in folder.files:
            told = told_of(folder, name)
            if told is not None:
                taken = True
                yield seen.add(picture(folder, name, root, told))
        if taken:
            yield from carried.about_folder(folder, root, seen, trained=True)


def named_folder(path: str, root: str) -> Folder:
    """A folder that a configuration names, with its place relative to the dataset. Missing: `problem` is set."""
    return replace(listing.read(path), relative=listing.reach(path, root))


def missing(path: str, key: str, source: str, trainer: str) -> Sample:
    """The carrier that says of a folder or file named in a configuration that it is not there."""
    shown = f"{path} (a path of a Windows machine)" if is_windows(path) else path
    message = f"{source}: {key} names {shown}, which is not there. {trainer}"
    note = Note("dataset.missing-file", message)
    return replace(carrier(source, (), (note,)), skip="missing", reason=message)


def is_missing(path: str) -> bool:
    """Whether there is no folder at the path."""
    return not is_folder(path)
