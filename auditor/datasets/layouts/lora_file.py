"""Finished LoRA files as a data set of their own: one file, or a folder of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from auditor.datasets.gathering import carried
from auditor.datasets.gathering.carried import Seen
from auditor.datasets.interface import LayoutOptions
from auditor.datasets.reading import kinds, listing, lora_header
from auditor.datasets.reading.listing import Folder, walk
from auditor.datasets.reading.paths import exists, is_file
from auditor.errors import DatasetError
from auditor.model import Role, Sample

SUFFIX = ".safetensors"


class LoraFile:
    """Headers of `.safetensors` files."""

    name = "lora-file"
    options = ()

    def recognise(self, path: str, folder: Folder) -> tuple[int, str]:
        """A `.safetensors` file, or a folder with some and without pictures that are not their previews."""
        if is_file(path):
            return (100, "the file is a model") if path.lower().endswith(SUFFIX) else (0, "not a model file")
        models = [name for name in folder.files if name.lower().endswith(SUFFIX)]
        if not models:
            return 0, "there are no model files"
        pictures = sum(map(kinds.is_picture, folder.files))
        if pictures > len(models):
            return 20, "there are model files, and more pictures than models"
        return 80, f"the folder holds {len(models):,} model files"

    def samples(self, path: str, options: LayoutOptions) -> Iterator[Sample]:
        """Yield the models, then what is carried beside them.

        Raises:
            DatasetError: there is no such file or folder.
        """
        place = Path(path)
        if is_file(place):
            yield from lora_header.samples(path, place.name)
            return
        if not exists(place):
            raise DatasetError(f"{path}: there is no such file or folder. Check the path.")
        start = listing.root(path)
        seen = Seen()
        for folder in walk(start):
            for name in folder.files:
                if name.lower().endswith(SUFFIX):
                    seen.files.add(folder.inside(name))
                    yield from lora_header.samples(folder.at(name), folder.inside(name))
        yield from carried.rest(start, path, seen, _why)


def _why(folder: Folder, name: str) -> tuple[Role, str]:
    return "other", "carried beside the models"
