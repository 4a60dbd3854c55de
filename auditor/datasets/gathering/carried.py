"""What lies in a dataset's folder and is not trained on: nothing is left out of the audit without a word."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from auditor.datasets.gathering import caches, sidefiles
from auditor.datasets.reading import captions as caption_files
from auditor.datasets.reading import kinds
from auditor.datasets.reading.carriers import carrier
from auditor.datasets.reading.kinds import split
from auditor.datasets.reading.listing import Folder, basename, leads_outside, walk
from auditor.datasets.reading.pictures import Told, picture
from auditor.model import FilePayload, Note, Role, Sample, Text

INSIDE = Told(role="other", reason="inside a file that the trainer does not open")
Why = Callable[[Folder, str], tuple[Role, str]]
"""(folder, file name) -> role and the reason why the trainer leaves the picture out."""


@dataclass(slots=True)
class Seen:
    """What a layout already gave: paths relative to the dataset. The one mutable thing of an enumeration."""

    files: set[str] = field(default_factory=set)
    """Pictures, and caption files used for a picture of another stem."""
    folders: set[str] = field(default_factory=set)
    """Folders whose name was given as a text."""

    def add(self, sample: Sample) -> Sample:
        """Remember a sample and hand it on."""
        self.files.add(sample.path)
        return sample


def rest(start: Folder, root: str, seen: Seen, why: Why) -> Iterator[Sample]:
    """Yield everything under `start` that is not in `seen`: pictures as not trained, texts as carriers.

    Links to directories are not followed here; they are noted. Dot-files and dot-directories are included.
    """
    for folder in walk(start):
        yield from of_folder(folder, root, seen, why)


def of_folder(folder: Folder, root: str, seen: Seen, why: Why) -> Iterator[Sample]:
    """The same for one folder."""
    yield from about_folder(folder, root, seen)
    latents: list[str] = []
    for name in folder.files:
        path = folder.inside(name)
        if path in seen.files:
            continue
        seen.files.add(path)
        kind = kinds.of_file(name, folder.at(name))
        if kind == "picture":
            role, reason = why(folder, name)
            yield picture(folder, name, root, Told(role=role, reason=reason))
        elif kind == "video":
            yield video(folder, name)
        elif kind == "latents":
            latents.append(name)
        elif kind == "model":
            yield from caches.model_or_cache(folder, name, latents)
        elif not belongs_to_picture(folder, name):
            yield from sidefiles.samples(folder, name, kind, INSIDE)
    yield from caches.samples(folder, latents)


def about_folder(folder: Folder, root: str, seen: Seen, *, trained: bool = False) -> Iterator[Sample]:
    """The folder's name as a text, once, with what is odd in it."""
    if folder.relative in seen.folders:
        return
    seen.folders.add(folder.relative)
    where = folder.relative or "."
    notes = list(_link_notes(folder, root))
    if folder.problem is not None:
        yield Sample(path=where, payload=None, trained=False, reason=folder.problem, role="other", skip="unreadable")
    text = Text(basename(folder.path), "folder name", None, "folder-name", trained)
    yield Sample(path=where, payload=None, texts=(text,), kind="carrier", trained=trained, notes=tuple(notes))
    for name, what in folder.odd:
        yield from _odd(folder, name, what)


def _link_notes(folder: Folder, root: str) -> Iterator[Note]:
    for name in folder.folders:
        if name in folder.links and leads_outside(folder.at(name), root):
            yield Note(
                "integrity.outside-dataset",
                f"{folder.inside(name)} is a link to a folder outside the dataset. Trainers that follow links train "
                "on what it holds.",
            )


def _odd(folder: Folder, name: str, what: str) -> Iterator[Sample]:
    path = folder.inside(name)
    if kinds.is_picture(name):
        yield Sample(
            path=path,
            payload=FilePayload(folder.at(name)),
            texts=(Text(name, "file name", None, "file-name", False),),
            role="other",
            trained=False,
            reason=what,
            skip="unreadable",
            notes=(Note("dataset.missing-file", f"{path}: {what}."),),
        )
    else:
        name_text = Text(name, "file name", None, "file-name", False)
        yield carrier(path, (name_text,), (Note("dataset.missing-file", f"{path}: {what}.", "unreadable"),))


def video(folder: Folder, name: str, reason: str | None = "not a still picture") -> Sample:
    """Videos and sound are seen and counted, but frames are not audited."""
    texts = [Text(name, "file name", None, "file-name", False)]
    for side in folder.sides.get(split(name)[0], ()):
        content = caption_files.read(folder.at(side))
        texts.extend(caption_files.texts(content, folder.inside(side), trained=False))
    return Sample(
        path=folder.inside(name),
        payload=FilePayload(folder.at(name)),
        texts=tuple(texts),
        role="other",
        trained=reason is None,
        reason=reason,
        skip="video",
    )


def belongs_to_picture(folder: Folder, name: str) -> bool:
    """Whether a side file was given with its picture (or video) of the same stem or whole name."""
    stem = split(name)[0]
    if name not in folder.sides.get(stem, ()):
        return False
    if stem in folder.names and kinds.is_picture(stem):
        return True
    return stem in folder.picture_stems
