"""What earlier scans found, by content: a second scan of an unchanged folder reads no picture.

A SQLite file in the user's cache folder with two tables. `files` remembers which content a path had at a size and
modification time; `results` remembers what a content gave under a key that names everything else the result depends
on (indexes, algorithms, thresholds, checks, version). Losing it costs time, never a finding: anything unreadable is
thrown away and made again. Safe with several scans at once (write-ahead log).
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import hashlib
import json
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from auditor.model import PictureResult
from auditor.plain import from_plain

SCHEMA_VERSION = 1
MAX_BYTES = 1 << 30
COMMIT_EVERY = 500
COMMIT_SECONDS = 2.0
SETTLED_NANOSECONDS = 20_000_000
"""A file changed less than this before it was looked at may change again within one tick of its clock."""

P = ParamSpec("P")
R = TypeVar("R")

_TABLES = """
CREATE TABLE IF NOT EXISTS files (
    path TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER, content TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS results (
    key BLOB, content TEXT, result TEXT NOT NULL, used INTEGER NOT NULL, PRIMARY KEY (key, content)
) WITHOUT ROWID;
"""


def _locked(method: Callable[Concatenate[ResultCache, P], R]) -> Callable[Concatenate[ResultCache, P], R]:
    """One thread at a time: samples are looked up in the engine's threads and kept in the caller's."""

    @functools.wraps(method)
    def guarded(self: ResultCache, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with self._lock:
            return method(self, *args, **kwargs)

    return guarded


class ResultCache:
    """One opened cache file. `today` is a day number that entries are marked with when they are used."""

    def __init__(self, folder: Path, key: str, today: int) -> None:
        self.path = folder / f"results-{SCHEMA_VERSION}.sqlite"
        self._key = hashlib.sha256(key.encode()).digest()
        self._today = today
        self._pending = 0
        self._committed = time.monotonic()
        self._lock = threading.RLock()
        folder.mkdir(parents=True, exist_ok=True)
        self._base = self._open()

    def _open(self) -> sqlite3.Connection:
        try:
            return self._connect()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
                raise
            for suffix in ("", "-wal", "-shm"):
                self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
            return self._connect()

    def _connect(self) -> sqlite3.Connection:
        base = sqlite3.connect(self.path, timeout=30, check_same_thread=False)
        try:
            base.execute("PRAGMA journal_mode=WAL")
            base.execute("PRAGMA synchronous=NORMAL")
            base.executescript(_TABLES)
            if base.execute("PRAGMA quick_check(1)").fetchone() != ("ok",) if _small(self.path) else False:
                raise sqlite3.DatabaseError("damaged")
        except BaseException:
            base.close()
            raise
        return base

    @_locked
    def content_of(self, path: str, size: int, mtime_ns: int) -> str | None:
        """The content digest that this path had with this size and modification time."""
        row = self._base.execute("SELECT size, mtime_ns, content FROM files WHERE path = ?", (_safe(path),)).fetchone()
        return row[2] if row is not None and (row[0], row[1]) == (size, mtime_ns) else None

    @_locked
    def result(self, content: str, extra: str) -> PictureResult | None:
        """What this content gave, or None. `extra` names what else the result depends on (side files, role)."""
        name = content + extra
        row = self._base.execute(
            "SELECT result, used FROM results WHERE key = ? AND content = ?", (self._key, name)
        ).fetchone()
        if row is None:
            return None
        if row[1] != self._today:
            self._base.execute(
                "UPDATE results SET used = ? WHERE key = ? AND content = ?", (self._today, self._key, name)
            )
            self._touch()
        try:
            return from_plain(PictureResult, json.loads(row[0]), whole=True)
        except (ValueError, TypeError, KeyError):
            return None

    @_locked
    def remember_file(self, path: str, size: int, mtime_ns: int, content: str, now_ns: int) -> None:
        """Keep which content a path has, unless the file is too young for its modification time to be trusted."""
        if now_ns - mtime_ns < SETTLED_NANOSECONDS:
            return
        self._base.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", (_safe(path), size, mtime_ns, content))
        self._touch()

    @_locked
    def remember_result(self, result: PictureResult, extra: str) -> None:
        """Keep what a content gave."""
        text = json.dumps(dataclasses.asdict(result), separators=(",", ":"))
        self._base.execute(
            "INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?)",
            (self._key, result.content_sha256 + extra, text, self._today),
        )
        self._touch()

    def _touch(self) -> None:
        self._pending += 1
        now = time.monotonic()
        if self._pending >= COMMIT_EVERY or now - self._committed > COMMIT_SECONDS:
            self._base.commit()
            self._pending, self._committed = 0, now

    @_locked
    def close(self) -> None:
        """Commit, and drop the entries unused for longest while the file is over its size."""
        with contextlib.closing(self._base):
            self._base.commit()
            self._prune()

    def _prune(self) -> None:
        (pages,) = self._base.execute("PRAGMA page_count").fetchone()
        (size,) = self._base.execute("PRAGMA page_size").fetchone()
        if pages * size <= MAX_BYTES:
            return
        (middle,) = self._base.execute("SELECT avg(used) FROM results").fetchone()
        self._base.execute("DELETE FROM results WHERE used <= ? AND used < ?", (middle or 0, self._today))
        self._base.execute("DELETE FROM files")
        self._base.commit()
        self._base.execute("VACUUM")


def _small(path: Path) -> bool:
    """A full check of a large file takes longer than it saves."""
    return path.stat().st_size < 16 << 20


def _safe(path: str) -> str:
    """SQLite takes no lone surrogates, which file names that are not UTF-8 have."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
