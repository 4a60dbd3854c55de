"""What a harness is: a reader, the errors that its documentation names, and what must hold of what it gives."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from auditor.datasets.reading import payload
from auditor.errors import PictureError
from auditor.metadata.values import MetadataNote
from auditor.model import Sample
from tests.fuzz import guard

PAYLOAD_LIMIT = 1 << 20
PAYLOADS = 20
"""Samples of one input whose bytes are read too."""


@dataclass(frozen=True, slots=True)
class Harness:
    """One reader. Calling it with bytes returns, or raises what is a finding."""

    read: Callable[[bytes], None]
    errors: tuple[type[Exception], ...] = ()
    """What the reader's documentation says that it raises; anything else is a finding."""
    longest: int = 16_384
    """Bytes of the longest input that is made."""
    text: bool = False
    """Whether inputs are text, whose literals can be swapped for hostile ones."""
    prepare: Callable[[], object] | None = None
    """What takes long once, so that it is not taken for a hang."""

    def __call__(self, data: bytes) -> None:
        if self.prepare is not None:
            self.prepare()
        with guard.watched():
            try:
                self.read(data)
            except self.errors as error:
                assert str(error).strip(), f"{type(error).__name__} says nothing"


@functools.cache
def folder(name: str) -> Path:
    """An empty folder of the workspace."""
    path = guard.workspace() / name
    path.mkdir(parents=True)
    return path


def file(name: str, data: bytes) -> str:
    """The path of a workspace file that holds the bytes; `name` may lead through folders."""
    path = guard.workspace() / name
    if not path.parent.is_dir():
        path.parent.mkdir(parents=True)
    path.write_bytes(data)
    return str(path)


def text_of(data: bytes) -> str:
    """Any text, lone surrogates among them: bytes that are no UTF-8 become such."""
    return data.decode("utf-8", "surrogateescape")


def check_samples(samples: Iterable[Sample]) -> None:
    """Take every sample of a listing: its values are of the stated kinds, and its bytes are read or refused."""
    for number, sample in enumerate(samples):
        assert isinstance(sample.path, str) and sample.path
        assert isinstance(sample.repeats, int) and sample.repeats >= 0, sample.repeats
        assert sample.trained or sample.reason or sample.kind == "carrier", sample
        for text in sample.texts:
            assert isinstance(text.value, str) and isinstance(text.source, str) and isinstance(text.kind, str), text
        for caption in sample.captions:
            assert isinstance(caption.text, str) and isinstance(caption.source, str), caption
        for note in sample.notes:
            assert isinstance(note.message, str) and note.message, note
        for name, data in sample.sidecars:
            assert isinstance(name, str) and isinstance(data, bytes)
        if sample.payload is not None and number < PAYLOADS:
            try:
                payload.read(sample.payload, PAYLOAD_LIMIT)
            except PictureError as error:
                assert error.reason


def check_notes(notes: Iterable[MetadataNote]) -> None:
    """The metadata readers are written not to raise; the net below them must not have been needed."""
    for note in notes:
        assert not note.detail.endswith(" while reading"), f"{note.where}: {note.detail}"
