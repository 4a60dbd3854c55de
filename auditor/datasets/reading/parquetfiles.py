"""Parquet files with embedded pictures, as Hugging Face `datasets` and img2dataset write them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from auditor.datasets.reading import kinds, tables
from auditor.datasets.reading.carriers import carrier
from auditor.datasets.reading.jsontext import strings
from auditor.datasets.reading.listing import outside_of
from auditor.datasets.reading.paths import is_file
from auditor.datasets.reading.pictures import Told
from auditor.datasets.reading.shard import Shard
from auditor.errors import DatasetError
from auditor.model import BytesPayload, Caption, FilePayload, Note, Payload, Sample, Text

METADATA_COLUMNS = ("url", "exif")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns count; None lets the file say."""

    image: str | None = None
    caption: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One picture cell."""

    column: str
    data: bytes | None
    path: str | None


def read_shard(shard: Shard) -> Iterator[Sample]:
    """Yield the samples of a table with embedded pictures."""
    told = Told(role=shard.role, reason=shard.reason)
    return samples(shard.path, shard.relative, shard.base, Columns(shard.image, shard.caption), told)


def samples(path: str, relative: str, base: str, columns: Columns, told: Told) -> Iterator[Sample]:
    """Yield the pictures of every row; rows without one give their texts. `base` is where cell paths start."""
    declared = _declared(path)
    try:
        for number, row in tables.rows(path):
            cells = list(_cells(row, declared if columns.image is None else {columns.image}))
            words = _words(row, cells, number, relative, columns, told)
            if not cells:
                if words.texts:
                    yield carrier(relative, words.texts, trained=told.reason is None)
                continue
            sidecars = _metadata(row, f"{relative}!{number}.json")
            for cell in cells:
                yield replace(_sample(cell, number, relative, base, words, several=len(cells) > 1), sidecars=sidecars)
    except DatasetError as error:
        yield Sample(
            path=relative,
            payload=None,
            role="other",
            trained=False,
            reason="not a readable table",
            notes=(Note("integrity.caption-unreadable", str(error)),),
            skip="unreadable-table",
        )


def _declared(path: str) -> set[str] | None:
    """Picture columns by the schema's own words; None where it does not say."""
    import pyarrow as arrow
    import pyarrow.parquet as parquet

    try:
        metadata = parquet.read_schema(path).metadata or {}
        told = json.loads(metadata.get(b"huggingface", b"{}"))
        features = told["info"]["features"]
    except (arrow.ArrowException, OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    if not isinstance(features, dict):
        return None
    found = {name for name, feature in features.items() if "Image" in json.dumps(feature)}
    return found or None


def _cells(row: Mapping[str, object], declared: set[str] | None) -> Iterator[Cell]:
    for column, value in row.items():
        if declared is not None and column not in declared:
            continue
        for item in value if isinstance(value, list) else [value]:
            cell = _cell(column, item, declared is not None)
            if cell is not None:
                yield cell


def _cell(column: str, value: object, declared: bool) -> Cell | None:
    if isinstance(value, bytes):
        return Cell(column, value, None) if declared or kinds.by_content(value[:32]) == "picture" else None
    if isinstance(value, str):
        return Cell(column, None, value) if declared else None
    if isinstance(value, dict) and ("bytes" in value or (declared and "path" in value)):
        data, path = value.get("bytes"), value.get("path")
        if not isinstance(data, bytes) and not isinstance(path, str):
            return None
        return Cell(column, data if isinstance(data, bytes) else None, path if isinstance(path, str) else None)
    return None


def _words(
    row: Mapping[str, object], cells: list[Cell], number: int, relative: str, columns: Columns, told: Told
) -> Told:
    """Captions and texts of a row: every string outside the picture cells."""
    pictures = {cell.column for cell in cells}
    rest = {key: value for key, value in row.items() if key not in pictures}
    wanted = columns.caption or next((name for name in ("text", "caption", "txt", "prompt") if name in rest), None)
    captions: list[Caption] = []
    texts: list[Text] = []
    for key, value in strings(rest):
        column = key.partition(".")[0].partition("[")[0]
        used = (wanted is None or column == wanted) and value != column
        if value == column:
            continue
        texts.append(Text(value, f"{relative}:{key}", number, "caption", used and told.reason is None))
        if used:
            captions.append(Caption(value, f"{relative}:{key}", number))
    return replace(told, captions=tuple(captions), texts=tuple(texts))


def _metadata(row: Mapping[str, object], name: str) -> tuple[tuple[str, bytes], ...]:
    """What img2dataset writes into a side file stands in columns here: where the picture came from, and its EXIF."""
    told = {key: row[key] for key in METADATA_COLUMNS if isinstance(row.get(key), str)}
    return ((name, json.dumps(told).encode()),) if told else ()


def _sample(cell: Cell, number: int, relative: str, base: str, told: Told, *, several: bool) -> Sample:
    trained = told.reason is None
    payload, skip, notes = _payload(cell, relative, base)
    texts = told.texts
    if cell.path:
        texts = (Text(cell.path, f"{relative}:{cell.column}.path", number, "member-name", trained), *texts)
    return Sample(
        path=f"{relative}!{number}:{cell.column}" if several else f"{relative}!{number}",
        payload=payload,
        captions=told.captions,
        texts=texts,
        role=told.role,
        trained=trained,
        reason=told.reason,
        repeats=told.repeats,
        notes=(*told.notes, *notes),
        skip=skip,
    )


def _payload(cell: Cell, relative: str, base: str) -> tuple[Payload | None, str | None, tuple[Note, ...]]:
    """Where the bytes are; a cell without bytes names a file or a URL."""
    if cell.data is not None:
        return BytesPayload(cell.data), None, ()
    path = cell.path or ""
    if "://" in path:
        return None, "remote", ()
    where = str(Path(base) / path)
    if not is_file(where):
        note = Note("dataset.missing-file", f"{relative} names {path}, which is not there.")
        return None, "missing", (note,)
    if outside_of(where, base):
        note = Note("integrity.outside-dataset", f"{relative} names {path}, which lies outside the dataset's folder.")
        return FilePayload(where), None, (note,)
    return FilePayload(where), None, ()
