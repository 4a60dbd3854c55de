"""A toy layout: a line `PICTURE|CAPTION` of `toy.list` is a sample."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from auditor.datasets.interface import LayoutOptions
from auditor.datasets.reading.listing import Folder
from auditor.model import Caption, FilePayload, Sample, Text

LIST = "toy.list"


class Toy:
    name = "toy"
    options = ("suffix",)

    def recognise(self, path: str, folder: Folder) -> tuple[int, str]:
        known = (Path(path) / LIST).is_file()
        return (95, f"it holds {LIST}") if known else (0, f"there is no {LIST}")

    def samples(self, path: str, options: LayoutOptions) -> Iterator[Sample]:
        suffix = options.text("suffix", "") or ""
        for line in (Path(path) / LIST).read_text().splitlines():
            name, _, caption = line.partition("|")
            text = caption + suffix
            yield Sample(
                name,
                FilePayload(str(Path(path) / name)),
                captions=(Caption(text, LIST),),
                texts=(Text(text, LIST),),
            )
