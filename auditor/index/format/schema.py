"""What the Parquet files of an index hold, column by column.

Digests and hashes are fixed-size binary: SHA-256 32 bytes, PDQ 32 bytes (bit 0 of the hash is the top bit of
byte 0), pHash 8 bytes, region codes 16 bytes. (The list of file digests is of variable binary, 32 bytes each: pandas
does not read lists of fixed-size binary.) Text is UTF-8. Dates are ISO 8601 text (`2026-01-31`). A column
that a source could not fill is null; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from auditor.imaging.hash_kind import HashKind
from auditor.index.format import hash_kinds
from auditor.index.format.hash_kinds import ISCC, KINDS, PDQ, PHASH, PIXEL_SHA256, SHA256

FORMAT = "auditor-index/1"
MANIFEST = "index.json"
SIGNATURE = "index.sig"
ARTISTS = "artists.parquet"
WORKS = "works.parquet"
REGIONS = "regions.parquet"
FEEDBACK = "feedback.parquet"
DATA_FILES = (ARTISTS, WORKS, REGIONS, FEEDBACK)
"""Every data file an index may have. The first two are always there."""

PREFERENCES = ("prohibited", "constrained", "allowed")
USES = ("generative_training", "training", "inference")
STATUSES = ("active", "withdrawn", "wrong-claim", "false-match", "superseded", "duplicate")
"""Only `active` entries are searched; the others are tombstones."""
STATEMENT_KINDS = ("self", "agent", "public-record")
VERIFICATIONS = ("none", "domain", "platform", "credential")
ALIAS_KINDS = ("handle", "native", "tag", "alias")
OPINIONS = ("collides", "confirmed")
HASH_KINDS = tuple(kind.name for kind in KINDS)

PREFERENCE_TYPE = pa.struct([(use, pa.string()) for use in USES])
STATEMENT_TYPE = pa.struct([("kind", pa.string()), ("date", pa.string()), ("title", pa.string()), ("uri", pa.string())])
ALIAS_TYPE = pa.struct([("value", pa.string()), ("kind", pa.string())])


def hash_type(kind: HashKind) -> pa.DataType:
    """The type of a column that holds this kind of hash."""
    if kind.text:
        return pa.string()
    return pa.list_(pa.binary()) if kind.several else pa.binary(kind.length)


VIEW_TYPE = pa.struct(
    [("name", pa.string()), ("pdq", hash_type(PDQ)), ("pdq_quality", pa.uint8()), ("phash", hash_type(PHASH))]
)

ARTISTS_SCHEMA = pa.schema(
    [
        pa.field("artist_id", pa.string(), nullable=False),
        pa.field("names", pa.list_(pa.string()), nullable=False),
        pa.field("aliases", pa.list_(ALIAS_TYPE)),
        pa.field("ambiguous", pa.list_(pa.string())),
        pa.field("statements", pa.list_(STATEMENT_TYPE)),
        pa.field("verification", pa.string()),
        pa.field("preference", pa.string()),
        pa.field("expires", pa.string()),
        pa.field("status", pa.string(), nullable=False),
        pa.field("status_date", pa.string()),
        pa.field("status_note", pa.string()),
    ]
)

WORKS_SCHEMA = pa.schema(
    [
        pa.field("work_id", pa.string(), nullable=False),
        pa.field("artist_id", pa.string(), nullable=False),
        pa.field("title", pa.string()),
        pa.field("uri", pa.string()),
        pa.field("width", pa.uint32()),
        pa.field("height", pa.uint32()),
        pa.field("sha256", hash_type(SHA256)),
        pa.field("pixel_sha256", hash_type(PIXEL_SHA256)),
        pa.field("pdq", hash_type(PDQ)),
        pa.field("pdq_quality", pa.uint8()),
        pa.field("phash", hash_type(PHASH)),
        pa.field("views", pa.list_(VIEW_TYPE)),
        pa.field("iscc", hash_type(ISCC)),
        pa.field("preference", PREFERENCE_TYPE),
        pa.field("declared", pa.string()),
        pa.field("expires", pa.string()),
        pa.field("policy", pa.string()),
        pa.field("status", pa.string(), nullable=False),
        pa.field("status_date", pa.string()),
        pa.field("status_note", pa.string()),
    ]
)
"""The columns that every works.parquet has. `pdq`, `pdq_quality` and `phash` describe the whole picture; `views` holds
further views of it (trimmed ...)."""


def further_columns() -> tuple[pa.Field, ...]:
    """Columns that stand behind the others in those files in which any work has a value: the kinds of hashes that came
    after the first version of the format. A further column of another sort is one more field here."""
    return tuple(pa.field(kind.name, hash_type(kind)) for kind in hash_kinds.kinds() if kind.name not in _ALWAYS)


def works_schema() -> pa.Schema:
    """The columns of works in memory: those of every file, and all further ones, null where nobody has a value."""
    return pa.schema([*WORKS_SCHEMA, *further_columns()])


def in_memory(works: pa.Table, columns: Iterable[str] | None = None) -> pa.Table:
    """A table of works as read, with further columns that the file has not as nulls; all, or those asked for."""
    wanted = [field for field in further_columns() if columns is None or field.name in columns]
    for field in wanted:
        if field.name not in works.schema.names:
            works = works.append_column(field, pa.nulls(works.num_rows, field.type))
    return works.select([field.name for field in works_schema() if field.name in works.schema.names])


def as_stored(works: pa.Table) -> pa.Table:
    """A table of works as it is written: without further columns in which nobody has a value."""
    empty = [field.name for field in further_columns() if works[field.name].null_count == works.num_rows]
    return works.drop_columns(empty) if empty else works


def is_schema_of(name: str, found: pa.Schema) -> bool:
    """Whether a data file has the columns of the format."""
    if name != WORKS:
        return bool(found.equals(SCHEMAS[name]))
    there = [field for field in further_columns() if field.name in found.names]
    return bool(found.equals(pa.schema([*WORKS_SCHEMA, *there])))


_ALWAYS = frozenset(WORKS_SCHEMA.names)

REGIONS_SCHEMA = pa.schema(
    [
        pa.field("work_id", pa.string(), nullable=False),
        pa.field("hashes", pa.list_(pa.binary(16))),
        pa.field("x", pa.list_(pa.uint16())),
        pa.field("y", pa.list_(pa.uint16())),
        pa.field("scale", pa.list_(pa.uint8())),
        pa.field("angle", pa.list_(pa.uint8())),
    ]
)
"""One row for each row of works.parquet, in the same order; lists are empty where a work has no region hashes."""

FEEDBACK_SCHEMA = pa.schema(
    [
        pa.field("kind", pa.string(), nullable=False),
        pa.field("hash", pa.binary(), nullable=False),
        pa.field("opinion", pa.string(), nullable=False),
        pa.field("reason", pa.string()),
        pa.field("by", pa.string()),
        pa.field("date", pa.string()),
    ]
)

SCHEMAS: dict[str, pa.Schema] = {
    ARTISTS: ARTISTS_SCHEMA,
    WORKS: WORKS_SCHEMA,
    REGIONS: REGIONS_SCHEMA,
    FEEDBACK: FEEDBACK_SCHEMA,
}

_DICTIONARY_COLUMNS = {
    ARTISTS: ["verification", "preference", "status"],
    WORKS: ["artist_id", "status", "declared", "expires", "policy", "preference.generative_training"],
    REGIONS: False,
    FEEDBACK: ["kind", "opinion", "by", "date"],
}


@dataclass(frozen=True, slots=True)
class View:
    """Perceptual hashes of one further view of a work."""

    name: str
    pdq: bytes
    pdq_quality: int
    phash: bytes


@dataclass(frozen=True, slots=True)
class Preferences:
    """What may be done with a work, by use; None where nothing was said of that use."""

    generative_training: str | None = None
    training: str | None = None
    inference: str | None = None


NO_PREFERENCE = Preferences()


@dataclass(frozen=True, slots=True)
class WorkRecord:
    """One row of works.parquet."""

    work_id: str
    artist_id: str
    title: str | None = None
    uri: str | None = None
    width: int | None = None
    height: int | None = None
    sha256: tuple[bytes, ...] = ()
    pixel_sha256: bytes | None = None
    pdq: bytes | None = None
    pdq_quality: int | None = None
    phash: bytes | None = None
    views: tuple[View, ...] = ()
    iscc: str | None = None
    further: tuple[tuple[str, bytes | str], ...] = ()
    """(column, value) of `further_columns`, those that have a value, in their order."""
    preference: Preferences = NO_PREFERENCE
    declared: str | None = None
    expires: str | None = None
    policy: str | None = None
    status: str = "active"
    status_date: str | None = None
    status_note: str | None = None


def value_of(work: WorkRecord, column: str) -> Any:
    """What a work has in a column, further ones included; None where it has nothing."""
    return getattr(work, column) if column in _ALWAYS else dict(work.further).get(column)


def with_values(work: WorkRecord, values: Mapping[str, Any]) -> WorkRecord:
    """The work with other values in these columns."""
    known = {**dict(work.further), **values}
    further = tuple((field.name, known[field.name]) for field in further_columns() if known.get(field.name) is not None)
    return replace(work, **{column: value for column, value in values.items() if column in _ALWAYS}, further=further)


@dataclass(frozen=True, slots=True)
class Feedback:
    """One opinion about one hash: a hash that `collides` is left out of every search."""

    kind: str
    hash: bytes
    opinion: str
    reason: str | None = None
    by: str | None = None
    date: str | None = None


def dictionary_columns(name: str) -> list[str] | bool:
    """The columns of a data file whose values repeat and are worth a dictionary."""
    columns = _DICTIONARY_COLUMNS[name]
    return columns if isinstance(columns, list) else False
