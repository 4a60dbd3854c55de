"""Hugging Face data sets of Parquet files with embedded pictures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from auditor.datasets import shards
from auditor.datasets.gathering import carried
from auditor.datasets.gathering.carried import Seen
from auditor.datasets.interface import LayoutOptions
from auditor.datasets.layouts.huggingface.splits import IGNORED, splits
from auditor.datasets.reading import configfile, kinds, listing
from auditor.datasets.reading.carriers import carrier
from auditor.datasets.reading.listing import Folder, walk
from auditor.datasets.reading.paths import exists, is_file
from auditor.datasets.reading.shard import Shard
from auditor.errors import DatasetError
from auditor.model import Role, Sample, Text

TABLES = (".parquet", ".arrow")
"""`.arrow` files are what `save_to_disk` and the package's own cache write."""


class HfParquet:
    """Parquet files."""

    name = "hf-parquet"
    options = ("image_column", "caption_column", "split")

    def recognise(self, path: str, folder: Folder) -> tuple[int, str]:
        """Parquet files, and no pictures beside them."""
        if is_file(path):
            return (85, "the file is a Parquet table") if path.lower().endswith(TABLES) else (0, "not a Parquet table")
        found, pictures = 0, 0
        for place in walk(folder, enter=lambda _, name: not name.startswith(".")):
            found += sum(name.lower().endswith(TABLES) and name.lower() != "metadata.parquet" for name in place.files)
            pictures += sum(map(kinds.is_picture, place.files))
            if pictures:
                break
        if not found:
            return 0, "there are no Parquet or Arrow files"
        if pictures:
            return 30, "there are Parquet files beside pictures"
        return 80, f"the folder holds {found:,} Parquet files and no pictures"

    def samples(self, path: str, options: LayoutOptions) -> Iterator[Sample]:
        """Yield the rows of every file, split by split, then what is carried.

        Raises:
            DatasetError: there is no such file or folder.
        """
        yield from shards.flatten(self.plan(path, options))

    def plan(self, path: str, options: LayoutOptions) -> Iterator[Sample | Shard]:
        """Yield every file as a shard, and what is carried as samples.

        Raises:
            DatasetError: there is no such file or folder.
        """
        image, caption = options.text("image_column"), options.text("caption_column")
        if is_file(path):
            yield Shard("table", path, Path(path).name, configfile.home(path), image=image, caption=caption)
            return
        if not exists(path):
            raise DatasetError(f"{path}: there is no such file or folder. Check the path.")
        start = listing.root(path)
        seen = Seen()
        files = [
            (folder, name)
            for folder in walk(start, enter=lambda _, name: not name.startswith((".", "__")))
            for name in folder.files
            if not name.startswith(".") and name not in IGNORED
        ]
        wanted = options.text("split") or "train"
        for split, test in splits([folder.inside(name) for folder, name in files]):
            role: Role = "train" if split == wanted else "val" if split in {"validation", "test"} else "other"
            reason = None if split == wanted else f"in the split '{split}'"
            for folder, name in files:
                relative = folder.inside(name)
                if name.lower().endswith(TABLES) and relative not in seen.files and test(relative):
                    seen.files.add(relative)
                    yield carrier(relative, (Text(name, "file name", None, "file-name"),))
                    where = folder.at(name)
                    yield Shard("table", where, relative, folder.path, (), image, caption, role, reason)
        yield from carried.rest(start, path, seen, _why)


def _why(folder: Folder, name: str) -> tuple[Role, str]:
    return "other", "beside the Parquet files, not in one"
