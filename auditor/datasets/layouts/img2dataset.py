"""img2dataset's three forms: tar shards, folders of files, and Parquet files with the pictures inside."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.datasets import shards
from auditor.datasets.gathering import carried
from auditor.datasets.gathering.carried import Seen
from auditor.datasets.interface import LayoutOptions
from auditor.datasets.layouts import webdataset
from auditor.datasets.reading import captions as caption_files
from auditor.datasets.reading import kinds, listing, tables
from auditor.datasets.reading.carriers import carrier
from auditor.datasets.reading.jsontext import strings, strings_of
from auditor.datasets.reading.kinds import split
from auditor.datasets.reading.listing import Folder, walk
from auditor.datasets.reading.pictures import Told, Used, bounded, picture
from auditor.datasets.reading.shard import Shard
from auditor.errors import DatasetError
from auditor.model import Caption, Note, Role, Sample, Text

STATISTICS = "_stats.json"


class Img2Dataset:
    """What img2dataset wrote."""

    name = "img2dataset"
    options = ()

    def recognise(self, path: str, folder: Folder) -> tuple[int, str]:
        """The statistics file that img2dataset writes for every shard."""
        found = next((name for name in folder.files if name.endswith(STATISTICS)), None)
        return (93, f"img2dataset left '{found}'") if found else (0, "there is no '*_stats.json'")

    def samples(self, path: str, options: LayoutOptions) -> Iterator[Sample]:
        """Yield the pictures of every shard, then what is carried.

        Raises:
            DatasetError: there is no such folder.
        """
        yield from shards.flatten(self.plan(path, options))

    def plan(self, path: str, options: LayoutOptions) -> Iterator[Sample | Shard]:
        """Yield every tar and table as a shard, pictures in folders as samples.

        Raises:
            DatasetError: there is no such folder.
        """
        start = listing.root(path)
        seen = Seen()
        for folder in walk(start):
            if folder is not start:
                for name in folder.files:
                    if kinds.is_picture(name) and not name.startswith("."):
                        yield seen.add(picture(folder, name, path, _told(folder, name)))
                continue
            for name in folder.files:
                relative = folder.inside(name)
                if name.lower().endswith(".tar"):
                    seen.files.add(relative)
                    yield Shard("tar", folder.at(name), relative, text_fields=webdataset.TEXT_FIELDS)
                elif name.lower().endswith(".parquet"):
                    seen.files.add(relative)
                    yield _table(folder, name)
        yield from carried.rest(start, path, seen, _why)


def _told(folder: Folder, name: str) -> Told:
    """The caption stands in `.txt`; where there is none, in the JSON beside it."""
    stem = split(name)[0]
    side_name, json_name = folder.held(f"{stem}.txt"), folder.held(f"{stem}.json")
    if side_name is not None:
        side = caption_files.read(folder.at(side_name))
        source = folder.inside(side_name)
        notes = tuple(caption_files.notes(side, source, "A trainer", stops=None))
        return Told((Caption(side.text, source, 1),), (Used(side_name, side),), notes=notes)
    if json_name is not None:
        source = folder.inside(json_name)
        found = [value for key, value in strings_of(bounded(folder.at(json_name))) if key == "caption"]
        texts = tuple(Text(value, f"{source}:caption") for value in found)
        return Told(tuple(Caption(value, f"{source}:caption") for value in found), (), texts)
    return Told()


def _table(folder: Folder, name: str) -> Shard:
    """A table holds the pictures, or it lists every row beside a shard: then the rows that failed are carried."""
    stem = split(name)[0]
    beside = f"{stem}.tar" in folder.names or stem in folder.folders
    return Shard("rows" if beside else "table", folder.at(name), folder.inside(name), base=folder.path)


def read_rows(shard: Shard) -> Iterator[Sample]:
    """Yield the texts of the rows that failed, as carriers."""
    path, relative = shard.path, shard.relative
    name = relative.rpartition("/")[2]
    texts = [Text(name, "file name", None, "file-name", False)]
    notes: tuple[Note, ...] = ()
    try:
        for number, row in tables.rows(path):
            if row.get("status") != "success":
                texts.extend(Text(value, f"{relative}:{key}", number, "caption", False) for key, value in strings(row))
            if len(texts) >= 500:
                yield carrier(relative, tuple(texts))
                texts.clear()
    except DatasetError as error:
        notes = (Note("integrity.caption-unreadable", str(error), "unreadable-table"),)
    yield carrier(relative, tuple(texts), notes)


def _why(folder: Folder, name: str) -> tuple[Role, str]:
    return "other", "not in a shard"
