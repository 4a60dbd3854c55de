"""The version chain: is this a successor of what was seen before, an older version, or a fork?

Every index.json carries the digests of the versions before it. A small file of the reader's remembers the last
version that was verified, by place and, for indexes verified under a pinned key, by the list's id.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from auditor.errors import ConfigError, IndexUntrusted
from auditor.index.disk.atomic_folder import write_file
from auditor.index.format.manifest import Ancestor, Manifest
from auditor.support import reading

FORMAT = "auditor-seen/1"
MAX_BYTES = 16_000_000


@dataclass(frozen=True, slots=True)
class Sighting:
    """A version that was verified earlier."""

    id: str
    version: int
    digest: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What was verified earlier."""

    places: Mapping[str, Sighting] = field(default_factory=lambda: MappingProxyType({}))
    """By folder."""
    lists: Mapping[str, Sighting] = field(default_factory=lambda: MappingProxyType({}))
    """By id, for lists verified under a pinned key."""


def check_successor(manifest: Manifest, earlier: Ancestor, where: str) -> None:
    """Require that `manifest` is `earlier` or was made from it.

    Raises:
        IndexUntrusted: an older version (rollback), or another line of versions (fork).
    """
    if manifest.version < earlier.version:
        raise IndexUntrusted(
            f"{where} is version {manifest.version} of '{manifest.name}', and version {earlier.version} was verified "
            "here before: an older list may lack recent opt-outs. Fetch the newest version from the publisher; if you "
            "mean to go back, run 'auditor index verify' with --allow-older."
        )
    known = {**{item.version: item.digest for item in manifest.history}, manifest.version: manifest.digest}
    # Histories are cut at the front after very many versions; then the oldest that is still known must be newer.
    if earlier.version not in known and manifest.history and earlier.version < manifest.history[0].version:
        return
    if known.get(earlier.version) != earlier.digest:
        raise IndexUntrusted(
            f"{where} is version {manifest.version} of '{manifest.name}', but was not made from version "
            f"{earlier.version} that was verified here before: the list has forked, or its history was rewritten. Ask "
            "the publisher which line is right; to follow this one, run 'auditor index verify' with --allow-older."
        )


def check_seen(seen: Seen, manifest: Manifest, place: str, pinned: bool) -> None:
    """Compare with what was verified at this place, and under a pinned key with the same list anywhere.

    Raises:
        IndexUntrusted: an older version, or a fork.
    """
    for earlier in (seen.places.get(place), seen.lists.get(manifest.id) if pinned else None):
        if earlier is not None and earlier.id == manifest.id:
            check_successor(manifest, Ancestor(earlier.version, earlier.digest), place)


def remembered(seen: Seen, manifest: Manifest, place: str, pinned: bool) -> Seen:
    """`seen` with this version as the last one."""
    sighting = Sighting(manifest.id, manifest.version, manifest.digest)
    places = MappingProxyType({**seen.places, place: sighting})
    lists = MappingProxyType({**seen.lists, manifest.id: sighting}) if pinned else seen.lists
    return replace(seen, places=places, lists=lists)


def load_seen(path: Path) -> Seen:
    """Read the file; one that is not there is empty.

    Raises:
        ConfigError: it is damaged.
    """
    try:
        with reading.open_file(path) as stream:
            document = json.loads(stream.read(MAX_BYTES))
        if document["format"] != FORMAT:
            raise ValueError("unknown format")
        return Seen(_sightings(document["places"]), _sightings(document["lists"]))
    except FileNotFoundError:
        return Seen()
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ConfigError(
            f"{path}, which remembers the versions of indexes, cannot be read ({error}). Restore it, or remove it to "
            "begin anew."
        ) from error


def save_seen(path: Path, seen: Seen) -> None:
    """Write the file in one step.

    Raises:
        IndexProblem: it cannot be written.
    """
    document = {
        "format": FORMAT,
        "places": {key: [s.id, s.version, s.digest] for key, s in seen.places.items()},
        "lists": {key: [s.id, s.version, s.digest] for key, s in seen.lists.items()},
    }
    write_file(path, (json.dumps(document, indent=1, sort_keys=True) + "\n").encode())


def _sightings(document: dict[str, Any]) -> Mapping[str, Sighting]:
    result = {}
    for key, (identity, version, digest) in document.items():
        if not (isinstance(identity, str) and isinstance(version, int) and isinstance(digest, str)):
            raise TypeError("malformed entry")
        result[key] = Sighting(identity, version, digest)
    return MappingProxyType(result)
