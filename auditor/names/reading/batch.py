"""Texts of one kind read together: their readings, and which text each is of."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from auditor.names.reading import tables
from auditor.names.reading.inflection import uninflected
from auditor.names.reading.syntax import Reading, readings
from auditor.names.reading.views import Views, build_views

BATCH_CHARACTERS = 200_000
"""Texts are searched together up to about this many characters."""


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Texts, their readings, and which text each reading is of."""

    texts: Sequence[str]
    readings: Sequence[Reading]
    owner: Sequence[int]
    views: Views

    def source_span(self, reading: int, start: int, end: int) -> tuple[int, int]:
        """Where `start:end` of the joined views stands in the text as it was given."""
        offset = int(self.views.bounds[reading])
        return self.readings[reading].folded.span(start - offset, end - offset)


def batches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Consecutive texts of about `BATCH_CHARACTERS` together."""
    start, size = 0, 0
    for number, text in enumerate(texts):
        size += len(text) + 1
        if size >= BATCH_CHARACTERS:
            yield texts[start : number + 1]
            start, size = number + 1, 0
    if start < len(texts):
        yield texts[start:]


def read(texts: Sequence[str], listed: Collection[str] = ()) -> Batch:
    """Read texts in every way a person or a trainer may; `listed` are the words whose case endings are taken off."""
    found: list[Reading] = []
    owner: list[int] = []
    look_alikes = tables.look_alikes()
    for number, text in enumerate(texts):
        for reading in readings(text, look_alikes):
            found.append(reading)
            owner.append(number)
            if listed and reading.kind in ("plain", "decoded"):
                bare = uninflected(text, reading.folded, listed)
                if bare is not None:
                    found.append(Reading(bare, "inflected"))
                    owner.append(number)
    return Batch(texts, found, owner, build_views([reading.folded.text for reading in found]))
