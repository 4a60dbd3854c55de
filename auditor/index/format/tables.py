"""Rows of the Parquet files as values, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import pyarrow as pa

from auditor.index.format.schema import (
    ARTISTS_SCHEMA,
    FEEDBACK_SCHEMA,
    NO_PREFERENCE,
    Feedback,
    Preferences,
    View,
    WorkRecord,
    further_columns,
    works_schema,
)
from auditor.model import Artist, Statement

BATCH = 16_384
"""Rows that are held as Python values at a time."""


def artists_table(artists: Iterable[Artist]) -> pa.Table:
    """Artists as a table, in the order given."""
    return pa.Table.from_pylist([_artist_row(artist) for artist in artists], schema=ARTISTS_SCHEMA)


def artists_from(table: pa.Table) -> tuple[Artist, ...]:
    """Every artist of a table, tombstones included."""
    return tuple(_artist(row) for row in table.to_pylist())


def works_table(works: Iterable[WorkRecord]) -> pa.Table:
    """Works as one table, in the order given."""
    return pa.Table.from_pylist([_work_row(work) for work in works], schema=works_schema())


def works_tables(works: Iterable[WorkRecord], size: int = BATCH) -> Iterator[pa.Table]:
    """Works as tables of at most `size` rows, so that memory stays bounded."""
    rest = iter(works)
    while batch := list(islice(rest, size)):
        yield works_table(batch)


def works_from(table: pa.Table, size: int = BATCH) -> Iterator[WorkRecord]:
    """Every work of a table, tombstones included, a batch at a time."""
    for batch in table.to_batches(max_chunksize=size):
        for row in batch.to_pylist():
            yield _work(row)


def feedback_table(opinions: Iterable[Feedback]) -> pa.Table:
    """Opinions as a table."""
    rows = [
        {"kind": o.kind, "hash": o.hash, "opinion": o.opinion, "reason": o.reason, "by": o.by, "date": o.date}
        for o in opinions
    ]
    return pa.Table.from_pylist(rows, schema=FEEDBACK_SCHEMA)


def feedback_from(table: pa.Table) -> tuple[Feedback, ...]:
    """Every opinion of a table."""
    return tuple(Feedback(**row) for row in table.to_pylist())


def _artist_row(artist: Artist) -> dict[str, Any]:
    kinds = artist.alias_kinds or ("alias",) * len(artist.aliases)
    return {
        "artist_id": artist.id,
        "names": list(artist.names),
        "aliases": [{"value": value, "kind": kind} for value, kind in zip(artist.aliases, kinds, strict=True)],
        "ambiguous": list(artist.ambiguous),
        "statements": [{"kind": s.kind, "date": s.date, "title": s.title, "uri": s.uri} for s in artist.statements],
        "verification": artist.verification,
        "preference": artist.preference,
        "expires": artist.expires,
        "status": artist.status,
        "status_date": artist.status_date,
        "status_note": artist.status_note,
    }


def _artist(row: dict[str, Any]) -> Artist:
    aliases = row["aliases"] or []
    return Artist(
        id=row["artist_id"],
        names=tuple(row["names"]),
        aliases=tuple(alias["value"] for alias in aliases),
        alias_kinds=tuple(alias["kind"] or "alias" for alias in aliases),
        ambiguous=tuple(row["ambiguous"] or ()),
        statements=tuple(Statement(**statement) for statement in row["statements"] or ()),
        verification=row["verification"] or "none",
        preference=row["preference"] or "prohibited",
        expires=row["expires"],
        status=row["status"],
        status_date=row["status_date"],
        status_note=row["status_note"],
    )


_PLAIN = (
    "work_id", "artist_id", "title", "uri", "width", "height", "pixel_sha256", "pdq", "pdq_quality", "phash",
    "iscc", "declared", "expires", "policy", "status", "status_date", "status_note",
)  # fmt: skip
"""Columns whose value is the attribute of the same name."""


def _work_row(work: WorkRecord) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(work, name) for name in _PLAIN}
    row |= work.further
    row["sha256"] = list(work.sha256)
    row["views"] = [{"name": v.name, "pdq": v.pdq, "pdq_quality": v.pdq_quality, "phash": v.phash} for v in work.views]
    said = work.preference
    row["preference"] = (
        {
            "generative_training": said.generative_training,
            "training": said.training,
            "inference": said.inference,
        }
        if said != NO_PREFERENCE
        else None
    )
    return row


def _work(row: dict[str, Any]) -> WorkRecord:
    known = ((field.name, row.get(field.name)) for field in further_columns())
    return WorkRecord(
        **{name: row[name] for name in _PLAIN},
        sha256=tuple(row["sha256"] or ()),
        further=tuple((name, value) for name, value in known if value is not None),
        views=tuple(View(**view) for view in row["views"] or ()),
        preference=Preferences(**row["preference"]) if row["preference"] else NO_PREFERENCE,
    )
