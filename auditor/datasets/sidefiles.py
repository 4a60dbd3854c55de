"""Files of a dataset that are no pictures: their texts come out as carriers, and caches with a note."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.datasets import captions as caption_files
from auditor.datasets.jsontext import strings_of
from auditor.datasets.kinds import Kind
from auditor.datasets.listing import Folder
from auditor.model import Note, Sample, Text

CONFIG_LIMIT = 16 * 1024 * 1024
"""Bytes of a carried configuration or listing that are searched."""


def carrier(path: str, texts: tuple[Text, ...], notes: tuple[Note, ...] = (), *, trained: bool = False) -> Sample:
    """A sample that holds texts only."""
    return Sample(path=path, payload=None, texts=texts, notes=notes, kind="carrier", trained=trained, role="other")


def samples(folder: Folder, name: str, kind: Kind) -> Iterator[Sample]:
    """What one file that is no picture and belongs to none gives."""
    path = folder.inside(name)
    texts = [Text(name, "file name", None, "file-name", False)]
    notes: list[Note] = []
    if kind in {"text", "config", "table"}:
        side = caption_files.read(folder.at(name))
        texts.extend(_texts(side, path, kind))
        notes.extend(caption_files.notes(side, path, "The trainer", stops=None))
    yield carrier(path, tuple(texts), tuple(notes))


def _texts(side: caption_files.SideText, path: str, kind: Kind) -> Iterator[Text]:
    if kind == "config" and path.endswith(".json"):
        for key, value in strings_of(side.readable.encode("utf-8", "surrogatepass")):
            yield Text(value, f"{path}:{key}", None, "config", False)
    else:
        yield from caption_files.texts(side, path, trained=False, kind="config" if kind == "config" else "caption")
