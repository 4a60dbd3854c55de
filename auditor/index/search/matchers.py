"""The name matcher of opened indexes, compiled once and kept in a folder under a name that says what it was made of."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

from auditor.index.opening.names import listed_names
from auditor.index.opening.store import Index
from auditor.index.search.derived import NAMES_WORTH_KEEPING
from auditor.names.codec import FORMAT, dumps, loads
from auditor.names.interface import ListedName
from auditor.names.matcher import CompiledMatcher, compile_matcher
from auditor.support import reading, writing

MAX_BYTES = 2 << 30
"""Of a compiled list."""
KEPT_AT_MOST = 8
"""Compiled lists in one folder; the oldest go first."""


def open_matcher(indexes: Sequence[Index], today: date | None, folder: Path | None) -> CompiledMatcher:
    """The matcher for the names that are listed today; from `folder` where it was kept there.

    A folder that cannot be read or written only costs time.
    """
    names = listed_names(indexes, today)
    if folder is None or len(names) < NAMES_WORTH_KEEPING:
        return compile_matcher(names)
    path = folder / f"names-{_key(names)}.bin"
    with suppress(OSError, ValueError):
        return loads(reading.read_bytes(path, MAX_BYTES))
    matcher = compile_matcher(names)
    with suppress(OSError):
        _keep(path, dumps(matcher))
    return matcher


def _key(names: Sequence[ListedName]) -> str:
    digest = hashlib.sha256(f"{FORMAT}\n".encode())
    for name in names:
        digest.update(repr((name.artist_id, name.name, name.kind, name.ambiguous)).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:32]


def _keep(path: Path, data: bytes) -> None:
    """Write the whole file or none, and drop the oldest ones."""
    path.parent.mkdir(parents=True, exist_ok=True)
    writing.write_whole(path, data, durable=False)
    kept = sorted(path.parent.glob("names-*.bin"), key=lambda item: item.stat().st_mtime, reverse=True)
    for old in kept[KEPT_AT_MOST:]:
        old.unlink(missing_ok=True)
