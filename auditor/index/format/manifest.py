"""index.json: what an index is, and the digest that names it.

The file is canonical: its bytes are exactly what `to_bytes` writes for the values it holds, so that any change of
any byte is seen. `digest` inside the file, and everywhere an index is named by digest, is the SHA-256 of those
bytes with the `digest` member left out.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from auditor.errors import IndexCorrupt, IndexVersionUnknown
from auditor.index.format.schema import ARTISTS, DATA_FILES, FORMAT, MANIFEST, WORKS

MAX_BYTES = 8_000_000
MAX_HISTORY = 2_000
"""Earlier versions a manifest remembers; older ones are dropped from the front."""
_HEX = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class FileEntry:
    """Size and SHA-256 (hex) of a data file."""

    bytes: int
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who answers for the list."""

    name: str | None = None
    uri: str | None = None
    contact: str | None = None
    appeals: str | None = None


NO_PUBLISHER = Publisher()


@dataclass(frozen=True, slots=True)
class Ancestor:
    """An earlier version of an index."""

    version: int
    digest: str


@dataclass(frozen=True, slots=True)
class Source:
    """The list that this version was imported from."""

    format: str
    version: int
    sha256: str
    """Of the list's file."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The values of index.json."""

    id: str
    """Names the list across its versions; random, never reused."""
    name: str
    version: int
    issued: str
    files: Mapping[str, FileEntry]
    counts: Mapping[str, int]
    publisher: Publisher = NO_PUBLISHER
    expires: str | None = None
    history: tuple[Ancestor, ...] = ()
    """Earlier versions, oldest first; the last is the one this version was made from."""
    hashes: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: MappingProxyType({}))
    """Algorithm@version -> bits and advisory bounds."""
    source: Source | None = None
    written_by: str = ""

    @property
    def previous(self) -> Ancestor | None:
        """The version this one was made from."""
        return self.history[-1] if self.history else None

    @property
    def digest(self) -> str:
        """SHA-256 in hex that names exactly this version of this index."""
        return hashlib.sha256(_canonical(_document(self))).hexdigest()


def to_bytes(manifest: Manifest) -> bytes:
    """The canonical text of index.json."""
    document = _document(manifest)
    document["digest"] = manifest.digest
    return _canonical(document)


def from_bytes(raw: bytes, where: str) -> Manifest:
    """Read index.json.

    Raises:
        IndexVersionUnknown: written by a newer version of the format.
        IndexCorrupt: not canonical, not complete, or its digest does not hold.
    """
    try:
        document = json.loads(raw)
        if not isinstance(document, dict):
            raise TypeError("it does not hold an object")
        _require_format(document, where)
        manifest = _manifest(document)
        same = to_bytes(manifest) == raw
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise IndexCorrupt(_damaged(where, f"{type(error).__name__}: {error}")) from error
    if not same:
        raise IndexCorrupt(_damaged(where, "its content does not match the digest it carries"))
    return manifest


def _damaged(where: str, why: str) -> str:
    return (
        f"{where}: {MANIFEST} is damaged ({why}). Fetch the index again from its publisher, or rebuild it with "
        "'auditor index build'."
    )


def _require_format(document: Mapping[str, Any], where: str) -> None:
    found = document.get("format")
    if found == FORMAT:
        return
    if isinstance(found, str) and re.fullmatch(r"auditor-index/[0-9]{1,6}", found):
        raise IndexVersionUnknown(
            f"{where}: {MANIFEST} says the format is {found!r}, and this version reads {FORMAT!r}. "
            "Upgrade with: pip install --upgrade provenance-auditor"
        )
    raise ValueError(f"format is {found!r}, expected {FORMAT!r}")


def _canonical(document: Mapping[str, Any]) -> bytes:
    return (json.dumps(document, indent=1, sort_keys=True, ensure_ascii=True) + "\n").encode()


def _document(manifest: Manifest) -> dict[str, Any]:
    publisher = manifest.publisher
    previous = manifest.previous
    return {
        "format": FORMAT,
        "id": manifest.id,
        "name": manifest.name,
        "version": manifest.version,
        "issued": manifest.issued,
        "expires": manifest.expires,
        "publisher": {
            "name": publisher.name,
            "uri": publisher.uri,
            "contact": publisher.contact,
            "appeals": publisher.appeals,
        },
        "previous": {"version": previous.version, "digest": previous.digest} if previous else None,
        "history": [[item.version, item.digest] for item in manifest.history],
        "hashes": {name: dict(spec) for name, spec in manifest.hashes.items()},
        "counts": dict(manifest.counts),
        "files": {
            name: {"bytes": entry.bytes, "sha256": entry.sha256, "rows": entry.rows}
            for name, entry in manifest.files.items()
        },
        "source": _source(manifest.source),
        "writtenBy": manifest.written_by,
    }


def _source(source: Source | None) -> dict[str, Any] | None:
    return {"format": source.format, "version": source.version, "sha256": source.sha256} if source else None


def _manifest(document: Mapping[str, Any]) -> Manifest:
    files = {name: FileEntry(**entry) for name, entry in document["files"].items()}
    for name, entry in files.items():
        if name not in DATA_FILES:
            raise ValueError(f"it lists {name!r}, which is no file of an index")
        if not (isinstance(entry.bytes, int) and isinstance(entry.rows, int) and _HEX.fullmatch(entry.sha256)):
            raise ValueError(f"the entry of {name} is malformed")
    if ARTISTS not in files or WORKS not in files:
        raise ValueError(f"it does not list {ARTISTS} and {WORKS}")
    manifest = Manifest(
        id=_text(document["id"]),
        name=_text(document["name"]),
        version=_number(document["version"]),
        issued=_text(document["issued"]),
        files=MappingProxyType(files),
        counts=MappingProxyType({_text(k): _number(v) for k, v in document["counts"].items()}),
        publisher=Publisher(**document["publisher"]),
        expires=None if document["expires"] is None else _text(document["expires"]),
        history=tuple(Ancestor(_number(version), _hex(digest)) for version, digest in document["history"]),
        hashes=MappingProxyType({_text(k): MappingProxyType(dict(v)) for k, v in document["hashes"].items()}),
        source=None if document["source"] is None else Source(**document["source"]),
        written_by=_text(document["writtenBy"]),
    )
    versions = [*(item.version for item in manifest.history), manifest.version]
    if any(later <= earlier for earlier, later in itertools.pairwise(versions)):
        raise ValueError("its versions do not rise")
    return manifest


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    return value


def _hex(value: object) -> str:
    if not isinstance(value, str) or not _HEX.fullmatch(value):
        raise TypeError(f"{value!r} is not a SHA-256 in hex")
    return value


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError(f"{value!r} is not a count")
    return value
