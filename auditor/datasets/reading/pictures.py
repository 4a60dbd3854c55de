"""Builds the `Sample` of one picture file: what its layout says of it, and everything that lies beside it."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass

from auditor.datasets.reading import captions as caption_files
from auditor.datasets.reading.captions import SideText
from auditor.datasets.reading.jsontext import strings_of
from auditor.datasets.reading.kinds import split
from auditor.datasets.reading.listing import Folder, leads_outside
from auditor.model import Caption, FilePayload, Note, Role, Sample, Text
from auditor.support import reading

SIDECAR_LIMIT = 1024 * 1024
"""Bytes of a metadata side file (XMP, JSON) that are read."""


@dataclass(frozen=True, slots=True)
class Used:
    """A caption file in the picture's folder that the trainer reads for it."""

    name: str
    side: SideText
    lines: Container[int] | None = None
    """Which lines the trainer can use; None for all of them."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a layout says of a picture; everything else is found beside the file."""

    captions: tuple[Caption, ...] = ()
    used: tuple[Used, ...] = ()
    texts: tuple[Text, ...] = ()
    notes: tuple[Note, ...] = ()
    role: Role = "train"
    reason: str | None = None
    """Why the trainer would not train on it; None where it would."""
    repeats: int = 1
    skip: str | None = None


def picture(folder: Folder, name: str, root: str, told: Told) -> Sample:
    """Make the sample of the file `name` in `folder`; `root` is the dataset's folder."""
    trained = told.reason is None
    path = folder.inside(name)
    texts = [Text(name, "file name", None, "file-name", trained)]
    notes = list(told.notes)
    side_files: list[str] = []
    sidecars: list[tuple[str, bytes]] = []
    for used in told.used:
        source = folder.inside(used.name)
        side_files.append(source)
        texts.extend(caption_files.texts(used.side, source, trained=trained, trained_lines=used.lines))
    for side in beside(folder, name):
        if any(side == used.name for used in told.used):
            continue
        side_files.append(folder.inside(side))
        # A suffix in capitals is another file's to a trainer on Linux, and the caption's on Windows and macOS.
        elsewhere = trained and split(side)[1] != split(side)[1].lower()
        found, note, sidecar = _unused(folder, side, trained=elsewhere)
        texts.extend(found)
        notes.extend(note)
        sidecars.extend(sidecar)
    texts.extend(told.texts)
    if name in folder.links and leads_outside(folder.at(name), root):
        notes.append(outside(path, followed=trained))
    return Sample(
        path=path,
        payload=FilePayload(folder.at(name)),
        captions=told.captions,
        texts=tuple(texts),
        role=told.role,
        trained=trained,
        reason=told.reason,
        repeats=told.repeats,
        side_files=tuple(side_files),
        sidecars=tuple(sidecars),
        notes=tuple(notes),
        skip=told.skip,
    )


def beside(folder: Folder, name: str) -> Iterator[str]:
    """Names of the side files of a picture: its stem, or its whole name, with another suffix."""
    yield from folder.sides.get(split(name)[0], ())
    yield from folder.sides.get(name, ())


def outside(path: str, *, followed: bool) -> Note:
    """The note of a link that leads out of the dataset."""
    what = "the trainer follows it, so it was audited" if followed else "the trainer would not use it"
    return Note("integrity.outside-dataset", f"{path} is a link that leads out of the dataset's folder; {what}.")


def _unused(folder: Folder, side: str, *, trained: bool) -> tuple[list[Text], list[Note], list[tuple[str, bytes]]]:
    """Texts, notes and metadata of a side file that the trainer does not read."""
    source = folder.inside(side)
    suffix = split(side)[1].lower()
    if suffix in {".xmp", ".c2pa"}:
        data = bounded(folder.at(side))
        return [], cut_note(source, data), [(source, data)]
    if suffix == ".json":
        data = bounded(folder.at(side))
        found = [Text(value, f"{source}:{key}", None, "caption", trained) for key, value in strings_of(data)]
        return found, cut_note(source, data), [(source, data)]
    content = caption_files.read(folder.at(side))
    texts = list(caption_files.texts(content, source, trained=trained))
    return texts, list(caption_files.notes(content, source, "The trainer", stops=None)), []


def cut_note(source: str, data: bytes) -> list[Note]:
    """A note where a side file was longer than what is read of it."""
    if len(data) < SIDECAR_LIMIT:
        return []
    message = f"{source} holds {SIDECAR_LIMIT:,} bytes or more; what comes after was not searched."
    return [Note("integrity.caption-unreadable", message, caption_files.CUT)]


def bounded(path: str) -> bytes:
    """At most `SIDECAR_LIMIT` bytes of a file, nothing where it cannot be read."""
    try:
        return reading.read_start(path, SIDECAR_LIMIT)
    except OSError:
        return b""
