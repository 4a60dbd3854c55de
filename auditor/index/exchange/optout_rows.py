"""The lines of an opt-out list as values of an index, and back. Names in camelCase."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np

from auditor.imaging.hash_kind import HashKind
from auditor.imaging.regions.features import RegionFeatures
from auditor.index.exchange.optout_values import Values
from auditor.index.exchange.sink import ListSource, Sink
from auditor.index.format import hash_kinds
from auditor.index.format.manifest import Manifest, Publisher
from auditor.index.format.schema import (
    ALIAS_KINDS,
    NO_PREFERENCE,
    OPINIONS,
    PREFERENCES,
    STATEMENT_KINDS,
    VERIFICATIONS,
    Feedback,
    Preferences,
    View,
    WorkRecord,
    further_columns,
    value_of,
    with_values,
)
from auditor.index.making.versions import Label
from auditor.model import Artist, Statement

MAX_SIDE = 2**32 - 1
_USES = {"generativeTraining": "generative_training", "training": "training", "inference": "inference"}
_REGION_DTYPES = {"hashes": "u1", "x": "<u2", "y": "<u2", "scale": "u1", "angle": "u1"}


def header_line(manifest: Manifest, form: str, previous: Mapping[str, str | int] | None) -> dict[str, Any]:
    """The first line of a list."""
    publisher = manifest.publisher
    said = {"name": publisher.name, "uri": publisher.uri, "contact": publisher.contact, "appeals": publisher.appeals}
    return {
        "type": "header",
        "format": form,
        "id": manifest.id,
        "name": manifest.name,
        "version": manifest.version,
        "previous": dict(previous) if previous else None,
        "issued": manifest.issued,
        "expires": manifest.expires,
        "publisher": {key: value for key, value in said.items() if value},
    }


def header_from(values: Values, sink: Sink) -> None:
    """Take what the list says of itself."""
    version = values.number("version", 2**31)
    if not version:
        raise values.fail("version", "is no whole number from 1")
    previous = values.object("previous")
    before: int | None = None
    digest: bytes | None = None
    if previous is not None:
        before, digest = previous.number("version", 2**31), previous.hex("sha256", 32)
        if before is None or digest is None or before >= version:
            raise values.fail("previous", "needs a `version` lower than the list's own, and a `sha256`")
    publisher = values.object("publisher") or Values({}, 1, sink)
    values.day("issued")
    sink.label = Label(
        name=values.text("name"),
        id=values.text("id", required=True),
        version=version,
        expires=values.day("expires"),
        publisher=Publisher(*(publisher.text(key) for key in ("name", "uri", "contact", "appeals"))),
    )
    sink.list_source = ListSource(version, before, digest.hex() if digest else None)


def artist_line(artist: Artist) -> dict[str, Any]:
    """One artist."""
    kinds = artist.alias_kinds or ("alias",) * len(artist.aliases)
    return {
        "type": "artist",
        "artistId": artist.id,
        "names": list(artist.names),
        "aliases": [{"value": value, "kind": kind} for value, kind in zip(artist.aliases, kinds, strict=True)],
        "ambiguous": list(artist.ambiguous),
        "statements": [
            {
                key: value
                for key, value in (("kind", s.kind), ("date", s.date), ("title", s.title), ("uri", s.uri))
                if value
            }
            for s in artist.statements
        ],
        "verification": None if artist.verification == "none" else artist.verification,
        "preference": artist.preference,
        "expires": artist.expires,
    }


def artist_from(values: Values) -> Artist:
    """One artist."""
    names = values.texts("names")
    if not names:
        raise values.fail("names", "is missing or empty")
    aliases = [
        (str(a.text("value", True)), a.choice("kind", ALIAS_KINDS) or "alias") for a in values.objects("aliases")
    ]
    statements = tuple(
        Statement(s.choice("kind", STATEMENT_KINDS) or "self", s.day("date"), s.text("title"), s.text("uri"))
        for s in values.objects("statements")
    )
    return Artist(
        id=str(values.text("artistId", required=True)),
        names=names,
        aliases=tuple(value for value, _ in aliases),
        alias_kinds=tuple(kind for _, kind in aliases),
        ambiguous=values.texts("ambiguous"),
        statements=statements,
        verification=values.choice("verification", VERIFICATIONS) or "none",
        preference=values.choice("preference", PREFERENCES) or "prohibited",
        expires=values.day("expires"),
    )


def work_line(work: WorkRecord, regions: RegionFeatures | None) -> dict[str, Any]:
    """One work."""
    return {
        "type": "work",
        "workId": work.work_id,
        "artistId": work.artist_id,
        "title": work.title,
        "uri": work.uri,
        "width": work.width,
        "height": work.height,
        **{_key(column): _said(work, column) for column in _hash_columns()},
        "preference": {key: value for key, use in _USES.items() if (value := getattr(work.preference, use))},
        "declared": work.declared,
        "expires": work.expires,
        "policy": work.policy,
        "regions": _packed(regions) if regions is not None and len(regions) else None,
    }


def work_from(values: Values) -> tuple[WorkRecord, RegionFeatures | None]:
    """One work with its region hashes."""
    said = values.object("preference")
    uses = {use: said.choice(key, PREFERENCES) for key, use in _USES.items()} if said else {}
    work = WorkRecord(
        work_id=str(values.text("workId", required=True)),
        artist_id=str(values.text("artistId", required=True)),
        title=values.text("title"),
        uri=values.text("uri"),
        width=values.number("width", MAX_SIDE),
        height=values.number("height", MAX_SIDE),
        pdq_quality=values.number("pdqQuality", 100),
        views=tuple(_view(view) for view in values.objects("views")),
        preference=Preferences(**uses) if uses else NO_PREFERENCE,
        declared=values.day("declared"),
        expires=values.day("expires"),
        policy=values.text("policy"),
    )
    work = with_values(work, {kind.name: _taken(values, kind) for kind in hash_kinds.kinds()})
    packed = values.object("regions")
    return work, _features(packed, work) if packed is not None else None


def feedback_line(opinion: Feedback) -> dict[str, Any]:
    """One opinion."""
    return {
        "type": "feedback",
        "kind": opinion.kind,
        "hash": opinion.hash.hex(),
        "opinion": opinion.opinion,
        "reason": opinion.reason,
        "by": opinion.by,
        "date": opinion.date,
    }


def feedback_from(values: Values) -> Feedback:
    """One opinion."""
    kind = values.choice("kind", tuple(kind.name for kind in hash_kinds.kinds()))
    if kind is None:
        raise values.fail("kind", "is missing")
    code = values.hex("hash", hash_kinds.named(kind).length)
    opinion = values.choice("opinion", OPINIONS)
    if code is None or opinion is None:
        raise values.fail("hash" if code is None else "opinion", "is missing")
    return Feedback(kind, code, opinion, values.text("reason"), values.text("by"), values.day("date"))


_HASH_COLUMNS = ("sha256", "pixel_sha256", "pdq", "pdq_quality", "phash", "views", "iscc")
"""In the order in which a line has them; further kinds of hashes follow."""


def _hash_columns() -> tuple[str, ...]:
    return (*_HASH_COLUMNS, *(field.name for field in further_columns()))


def _key(column: str) -> str:
    """`pixel_sha256` -> `pixelSha256`."""
    first, *rest = column.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _said(work: WorkRecord, column: str) -> Any:
    """The hashes of a column as JSON has them: in hex, or the text that the column holds."""
    value = value_of(work, column)
    if column == "views":
        return [
            {"name": v.name, "pdq": _hex(v.pdq), "pdqQuality": v.pdq_quality, "phash": _hex(v.phash)} for v in value
        ]
    if isinstance(value, tuple):
        return [_hex(item) for item in value]
    return _hex(value) if isinstance(value, bytes) else value


def _taken(values: Values, kind: HashKind) -> Any:
    if kind.several:
        return values.hexes(_key(kind.name), kind.length)
    return values.text(_key(kind.name)) if kind.text else values.hex(_key(kind.name), kind.length)


def _view(values: Values) -> View:
    pdq, phash, quality = values.hex("pdq", 32), values.hex("phash", 8), values.number("pdqQuality", 100)
    if pdq is None or phash is None or quality is None:
        raise values.fail("pdq", "a view has `name`, `pdq`, `pdqQuality` and `phash`")
    return View(str(values.text("name", required=True)), pdq, quality, phash)


def _packed(regions: RegionFeatures) -> dict[str, str]:
    columns = {"hashes": regions.codes, "x": regions.x, "y": regions.y, "scale": regions.scale, "angle": regions.angle}
    return {
        name: base64.b64encode(np.ascontiguousarray(column).astype(_REGION_DTYPES[name]).tobytes()).decode()
        for name, column in columns.items()
    }


def _features(values: Values, work: WorkRecord) -> RegionFeatures:
    columns = {}
    for name, dtype in _REGION_DTYPES.items():
        raw = values.packed(name)
        if len(raw) % (16 if name == "hashes" else np.dtype(dtype).itemsize):
            raise values.fail(name, "is not a whole number of values")
        columns[name] = np.frombuffer(raw, dtype)
    codes = columns["hashes"].reshape(-1, 16)
    if any(len(columns[name]) != len(codes) for name in ("x", "y", "scale", "angle")):
        raise values.fail("hashes", "and the positions are not equally many")
    return RegionFeatures(
        codes=codes,
        x=columns["x"].astype(np.uint16),
        y=columns["y"].astype(np.uint16),
        scale=columns["scale"],
        angle=columns["angle"],
        width=work.width or 1,
        height=work.height or 1,
    )


def _hex(value: bytes | None) -> str | None:
    return None if value is None else value.hex()
