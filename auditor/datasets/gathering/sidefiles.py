"""Files of a dataset that are no pictures: texts come out as carriers, archives and tables as what they hold."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from auditor.datasets.gathering import listings
from auditor.datasets.reading import captions as caption_files
from auditor.datasets.reading import configfile, parquetfiles, tables
from auditor.datasets.reading.archives import tarfiles, zipfiles
from auditor.datasets.reading.carriers import carrier
from auditor.datasets.reading.jsontext import strings, strings_of
from auditor.datasets.reading.kinds import Kind, split
from auditor.datasets.reading.listing import Folder
from auditor.datasets.reading.pictures import Told
from auditor.errors import DatasetError
from auditor.model import Note, Sample, Text
from auditor.support import reading

SIZES = ".aitk_size.json"
"""What ai-toolkit notes of every file it ever saw: it lists nothing."""
LISTING_CACHES = {
    "metadata_cache.json": "With cache_info kohya takes the pictures and captions from this file, not from the folder.",
    SIZES: "ai-toolkit keeps sizes by file path here.",
}
BUCKET_CACHE = "SimpleTuner takes its list of pictures from this file, not from the folder, while it is there."
ROWS_PER_CARRIER = 500


def samples(folder: Folder, name: str, kind: Kind, told: Told) -> Iterator[Sample]:
    """What one file that is no picture and belongs to none gives; `told` is laid on pictures found inside it."""
    path = folder.inside(name)
    if kind == "archive":
        opener = zipfiles.members if name.lower().endswith(".zip") or _is_zip(folder.at(name)) else tarfiles.members
        yield named(path, name)
        yield from opener(folder.at(name), path, lambda _: told)
    elif kind == "parquet":
        yield named(path, name)
        yield from parquetfiles.samples(folder.at(name), path, folder.path, parquetfiles.Columns(), told)
    elif kind == "table":
        yield named(path, name)
        yield from _table(folder, name, path)
    elif kind == "container":
        yield unread(path, name)
    elif kind in {"text", "config"}:
        yield _text(folder, name, kind)
        if name.lower().endswith(".json") and name != SIZES:
            yield from _listed(folder, name, path)
    else:
        yield named(path, name)


def named(path: str, name: str) -> Sample:
    """A carrier of nothing but a file's name."""
    return carrier(path, (Text(name, "file name", None, "file-name", False),))


def unread(path: str, name: str) -> Sample:
    """A file that can hold pictures and texts and is not opened here: seen, and skipped."""
    reason = f"'{split(name)[1] or name}' files are not opened, so what it holds was not compared"
    text = Text(name, "file name", None, "file-name", False)
    return Sample(
        path=path,
        payload=None,
        texts=(text,),
        role="other",
        trained=False,
        reason=reason,
        skip="unread-container",
    )


def _is_zip(path: str) -> bool:
    try:
        return reading.read_start(path, 4) == b"PK\x03\x04"
    except OSError:
        return False


def _text(folder: Folder, name: str, kind: Kind) -> Sample:
    path = folder.inside(name)
    texts = [Text(name, "file name", None, "file-name", False)]
    side = caption_files.read(folder.at(name))
    notes = list(caption_files.notes(side, path, "The trainer", stops=None))
    if kind == "config" and path.lower().endswith(".json"):
        found = strings_of(side.readable.encode("utf-8", "surrogatepass"))
        texts.extend(Text(value, f"{path}:{key}", None, "config", False) for key, value in found)
    else:
        texts.extend(caption_files.texts(side, path, trained=False, kind="config" if kind == "config" else "caption"))
    remark = LISTING_CACHES.get(name) or (BUCKET_CACHE if name.startswith("aspect_ratio_bucket_") else None)
    if remark is not None:
        notes.append(Note("dataset.cache-outranks-files", f"{path}: {remark}"))
    return carrier(path, tuple(texts), tuple(notes))


def _listed(folder: Folder, name: str, path: str) -> Iterator[Sample]:
    """The pictures that a JSON document names and that are not there."""
    with contextlib.suppress(DatasetError):
        yield from listings.missing(folder, path, configfile.load(folder.at(name)))


def _table(folder: Folder, name: str, relative: str) -> Iterator[Sample]:
    """Rows of a table that the layout does not read, some hundred to a carrier."""
    path = folder.at(name)
    texts: list[Text] = list(tables.header_texts(path, relative))
    try:
        for number, row in tables.rows(path):
            yield from listings.missing(folder, relative, row)
            texts.extend(Text(value, f"{relative}:{key}", number, "caption", False) for key, value in strings(row))
            if len(texts) >= ROWS_PER_CARRIER:
                yield carrier(relative, tuple(texts))
                texts.clear()
    except DatasetError as error:
        yield carrier(
            relative, tuple(texts), (Note("integrity.caption-unreadable", f"{relative}: {error}", "unreadable-table"),)
        )
        texts.clear()
    if texts:
        yield carrier(relative, tuple(texts))
