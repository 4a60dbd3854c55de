"""What the Parquet files of an index hold, column by column.

Digests and hashes are fixed-size binary: SHA-256 32 bytes, PDQ 32 bytes (bit 0 of the hash is the top bit of
byte 0), pHash 8 bytes, region codes 16 bytes. (The list of file digests is of variable binary, 32 bytes each: pandas
does not read lists of fixed-size binary.) Text is UTF-8. Dates are ISO 8601 text (`2026-01-31`). A column
that a source could not fill is null; nothing is guessed.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

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
HASH_KINDS = ("sha256", "pixel_sha256", "pdq", "phash", "iscc")

PREFERENCE_TYPE = pa.struct([(use, pa.string()) for use in USES])
STATEMENT_TYPE = pa.struct([("kind", pa.string()), ("date", pa.string()), ("title", pa.string()), ("uri", pa.string())])
ALIAS_TYPE = pa.struct([("value", pa.string()), ("kind", pa.string())])
VIEW_TYPE = pa.struct(
    [("name", pa.string()), ("pdq", pa.binary(32)), ("pdq_quality", pa.uint8()), ("phash", pa.binary(8))]
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
        pa.field("sha256", pa.list_(pa.binary())),
        pa.field("pixel_sha256", pa.binary(32)),
        pa.field("pdq", pa.binary(32)),
        pa.field("pdq_quality", pa.uint8()),
        pa.field("phash", pa.binary(8)),
        pa.field("views", pa.list_(VIEW_TYPE)),
        pa.field("iscc", pa.string()),
        pa.field("preference", PREFERENCE_TYPE),
        pa.field("declared", pa.string()),
        pa.field("expires", pa.string()),
        pa.field("policy", pa.string()),
        pa.field("status", pa.string(), nullable=False),
        pa.field("status_date", pa.string()),
        pa.field("status_note", pa.string()),
    ]
)
"""`pdq`, `pdq_quality` and `phash` describe the whole picture; `views` holds further views of it (trimmed ...)."""

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
    preference: Preferences = NO_PREFERENCE
    declared: str | None = None
    expires: str | None = None
    policy: str | None = None
    status: str = "active"
    status_date: str | None = None
    status_note: str | None = None


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
