"""Samples that hold texts and no picture."""

from __future__ import annotations

from auditor.model import Note, Sample, Text


def carrier(path: str, texts: tuple[Text, ...], notes: tuple[Note, ...] = (), *, trained: bool = False) -> Sample:
    """A sample that holds texts only; it is not counted as seen."""
    return Sample(path=path, payload=None, texts=texts, notes=notes, kind="carrier", trained=trained, role="other")


def noted(path: str, rule: str, message: str) -> Sample:
    """A carrier of one note."""
    return carrier(path, (), (Note(rule, message),))


def damaged(path: str, message: str) -> Sample:
    """A carrier that says of a listing that it could not be read to its end: what it lists was not seen."""
    return carrier(path, (), (Note("dataset.trainer-stops", message, "unreadable-table"),))
