"""Several datasets as one: the paths of each are led by the folder it was named by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from auditor.model import PLACES_WITHOUT_FILE, Sample


def seen_from(base: str | None, sample: Sample) -> Sample:
    """The sample with every path led by `base`, so that samples of several datasets can stand side by side.

    None leaves the sample as it is: it belongs to the only dataset.
    """
    if base is None:
        return sample
    folder = Path(base)
    return moved(sample, lambda path: (folder / path).as_posix())


def moved(sample: Sample, under: Callable[[str], str]) -> Sample:
    """The sample with every path as `under` gives it."""

    def place(source: str) -> str:
        return source if source in PLACES_WITHOUT_FILE else under(source)

    return replace(
        sample,
        path=under(sample.path),
        captions=tuple(replace(caption, source=place(caption.source)) for caption in sample.captions),
        texts=tuple(
            replace(text, source=place(text.source), owner=under(text.owner) if text.owner is not None else None)
            for text in sample.texts
        ),
        side_files=tuple(map(under, sample.side_files)),
    )
