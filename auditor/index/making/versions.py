"""Writing a version of an index: data files, then the manifest that names them and the version before it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pyarrow.compute as pc

from auditor.errors import UsageError
from auditor.imaging.hash_kind import bound
from auditor.index.disk.atomic_folder import replacing, write_manifest, write_table
from auditor.index.format import hash_kinds
from auditor.index.format.manifest import (
    MAX_HISTORY,
    NO_PUBLISHER,
    Ancestor,
    FileEntry,
    Manifest,
    Publisher,
    Source,
)
from auditor.index.format.schema import ARTISTS, FEEDBACK, MANIFEST, REGIONS, SIGNATURE, WORKS, as_stored
from auditor.index.format.tables import artists_table, feedback_table
from auditor.index.making.content import Content, content_of
from auditor.index.opening.store import Index, open_index
from auditor.index.opening.trust import OLD_SIGNATURE
from auditor.support import reading, writing
from auditor.thresholds import DEFAULT
from auditor.version import __version__

MOST_SIGNATURE_BYTES = 1 << 20
"""A signature that is kept is no longer than this."""


@dataclass(frozen=True, slots=True)
class Label:
    """What a list says of itself. None keeps what an earlier version said."""

    name: str | None = None
    publisher: Publisher = NO_PUBLISHER
    expires: str | None = None
    id: str | None = None
    """For a list that must get the same id on every machine; random where None."""
    version: int = 1
    """Lowest version to give; a version that follows another is always higher than it."""
    source: Source | None = None
    """The list that this version is imported from."""


NO_LABEL = Label()


@dataclass(frozen=True, slots=True)
class Written:
    """The version that now stands, and whether it is the one that stood before."""

    manifest: Manifest
    unchanged: bool
    unsigned: bool = False
    """True where the version before was signed and this one is not yet."""


def update(
    folder: Path, change: Callable[[Content, Index], Content], *, today: date, label: Label = NO_LABEL
) -> Written:
    """Read the index in `folder`, change it, and put the new version in its place.

    Raises:
        IndexProblem: missing, damaged, being written by another process, or the disk is full.
    """
    open_index(folder, check_signature=False)  # before anything is locked or made, so that a wrong path leaves no trace
    with replacing(folder) as new:
        old = open_index(folder, check_signature=False)
        return write_version(new, change(content_of(old), old), today=today, label=label, old=old)


def create(folder: Path, content: Content, *, today: date, label: Label = NO_LABEL) -> Written:
    """Write a list of its own; an index that stands in `folder` gets it as its next version."""
    with replacing(folder) as new:
        old = open_index(folder, check_signature=False) if (folder / MANIFEST).exists() else None
        return write_version(new, content, today=today, label=label, old=old, default_name=folder.name)


def write_version(
    new: Path, content: Content, *, today: date, label: Label, old: Index | None, default_name: str = "index"
) -> Written:
    """Write all files of a version into an empty folder.

    Where it would say the same as the old version, the folder is left empty and the old version stands.

    Raises:
        UsageError: there is nothing to list.
    """
    if not content.artists:
        raise UsageError("There is no artist to list, so no index was written.")
    files: dict[str, FileEntry] = {ARTISTS: write_table(new, ARTISTS, [artists_table(content.artists)])}
    works = content.works
    stored = as_stored(works)
    files[WORKS] = write_table(new, WORKS, [stored], stored.schema)
    if content.has_regions:
        files[REGIONS] = write_table(new, REGIONS, content.region_tables())
    if content.feedback:
        files[FEEDBACK] = write_table(new, FEEDBACK, [feedback_table(content.feedback)])
    label = replace(label, name=label.name or (old.name if old else default_name))
    manifest = _manifest(content, files, today, label, old.manifest if old else None)
    if old is not None and _says_the_same(manifest, old.manifest):
        for path in new.iterdir():
            path.unlink()
        return Written(old.manifest, True)
    write_manifest(new, manifest)
    return Written(manifest, False, _keep_signature(old, new))


def _keep_signature(old: Index | None, new: Path) -> bool:
    """Put the signature of the version before beside the new one, where it is signed: it is of no use to a reader, but
    its owner sees by whom the list was signed, and that it has to be signed again."""
    if old is None:
        return False
    try:
        signature = reading.read_bytes(old.path / SIGNATURE, MOST_SIGNATURE_BYTES)
    except FileNotFoundError:
        return False
    writing.write_whole(new / OLD_SIGNATURE, signature)
    return True


def _manifest(
    content: Content, files: dict[str, FileEntry], today: date, label: Label, old: Manifest | None
) -> Manifest:
    history: tuple[Ancestor, ...] = ()
    if old is not None:
        history = (*old.history, Ancestor(old.version, old.digest))[-MAX_HISTORY:]
    said = label.publisher
    before = old.publisher if old else NO_PUBLISHER
    publisher = Publisher(
        name=said.name or before.name,
        uri=said.uri or before.uri,
        contact=said.contact or before.contact,
        appeals=said.appeals or before.appeals,
    )
    return Manifest(
        id=old.id if old else label.id or secrets.token_hex(16),
        name=label.name or "index",
        version=max(old.version + 1, label.version) if old else label.version,
        issued=today.isoformat(),
        expires=label.expires or (old.expires if old else None),
        publisher=publisher,
        history=history,
        files=MappingProxyType(files),
        counts=MappingProxyType(_counts(content)),
        hashes=MappingProxyType(_hashes(content)),
        source=label.source,
        written_by=f"auditor {__version__}",
    )


def _counts(content: Content) -> dict[str, int]:
    works = content.works
    active = pc.equal(works["status"], "active")
    artists = sum(artist.status == "active" for artist in content.artists)
    listed = pc.sum(active).as_py() or 0
    return {
        "artists": artists,
        "works": int(listed),
        "names": sum(len(a.names) + len(a.aliases) for a in content.artists if a.status == "active"),
        "tombstones": works.num_rows - int(listed) + len(content.artists) - artists,
        "feedback": len(content.feedback),
    }


def _hashes(content: Content) -> dict[str, MappingProxyType[str, Any]]:
    """Which algorithms made the stored values, and bounds a reader may start from. Only those that are there."""
    works = content.works
    found: dict[str, MappingProxyType[str, Any]] = {
        kind.algorithm: MappingProxyType(
            {"bits": kind.bits, **{name: bound(DEFAULT, field) for name, field in kind.advice}}
        )
        for kind in hash_kinds.kinds()
        if works[kind.name].null_count < works.num_rows
    }
    if content.has_regions:
        found["regions@1"] = MappingProxyType({"bits": 128})
    return found


def _says_the_same(new: Manifest, old: Manifest) -> bool:
    return (
        dict(new.files) == dict(old.files)
        and new.name == old.name
        and new.publisher == old.publisher
        and new.expires == old.expires
        and new.source == old.source
        and {k: dict(v) for k, v in new.hashes.items()} == {k: dict(v) for k, v in old.hashes.items()}
    )
