"""Samples in groups, of which some work is done together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from auditor.model import BytesPayload, Sample
from auditor.outcome import SampleOutcome

GROUP_SAMPLES = 16
"""Samples that are audited one after the other, and of which the texts are searched together."""
GROUP_BYTES = 8 << 20

Item = TypeVar("Item", bound=Sample | SampleOutcome)


def groups(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Yield lists of at most `size` items, fewer where they hold `GROUP_BYTES` of pictures."""
    taken: list[Item] = []
    held = 0
    for item in items:
        taken.append(item)
        held += held_bytes(item)
        if len(taken) >= size or held >= GROUP_BYTES:
            yield taken
            taken, held = [], 0
    if taken:
        yield taken


def held_bytes(item: Sample | SampleOutcome) -> int:
    """Bytes of a picture that an item holds itself."""
    return len(item.payload.data) if isinstance(item, Sample) and isinstance(item.payload, BytesPayload) else 0
