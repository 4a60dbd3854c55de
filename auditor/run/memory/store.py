"""What earlier scans found, by content: a second scan of an unchanged folder reads no picture.

A SQLite file in the user's cache folder with three tables. `files` remembers which content a path had in a state (size,
times of modification and of change, inode); `results` remembers what a content gave under a key that names everything
else the result depends on (indexes, algorithms, thresholds, checks, version); `units` remembers what whole shards gave
to an engine that hands out whole shards, and of which files. Losing it costs time, never a finding: what is unreadable
is thrown away and begun again, and said so.

A scan that is killed loses the results of its last moment (`WRITE_SECONDS`). Several scans may use one file at once:
each gathers what it has to write and holds the file for the moment of writing it only (write-ahead log, so nobody
waits to read).
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import hashlib
import json
import os
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from auditor.outcome import PictureResult
from auditor.support import reading
from auditor.support.plain import from_plain

SCHEMA_VERSION = 2
MAX_BYTES = 2 << 30
KEPT_WHEN_PRUNED = 0.75
"""Part of `MAX_BYTES` that is left, so that the next scan does not prune again."""
WRITE_EVERY = 500
WRITE_SECONDS = 0.25
MOST_WAITING = 50_000
"""Entries that wait while other scans hold the file; more are given up."""
SETTLED_NANOSECONDS = 2_000_000_000
"""A file modified less than this before it was looked at is read again the next time: some file systems count in steps
of two seconds."""
TICK_NANOSECONDS = 20_000_000
"""The same for the time of change, which nobody can set and which local file systems count in ticks of the kernel."""
BUSY_SECONDS = 10.0

Notice = Callable[[str], None]
"""Takes a sentence for the person who runs the scan; it is no part of the report."""
_ERRORS = (sqlite3.Error, UnicodeDecodeError)
"""What `sqlite3` raises; the second where a damaged file puts bytes that are no UTF-8 into SQLite's own message."""

P = ParamSpec("P")
R = TypeVar("R")

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_SCHEMA}
"""A file that is no database, or one with other tables."""
_TABLES = """
CREATE TABLE IF NOT EXISTS files (
    path TEXT PRIMARY KEY, state TEXT NOT NULL, content TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS results (
    key BLOB, content TEXT, result TEXT NOT NULL, used INTEGER NOT NULL, PRIMARY KEY (key, content)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS units (
    key BLOB, name BLOB, files TEXT NOT NULL, outcomes BLOB NOT NULL, used INTEGER NOT NULL, PRIMARY KEY (key, name)
);
"""
_FILE = "INSERT OR REPLACE INTO files VALUES (?, ?, ?)"
_RESULT = "INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?)"
_UNIT = "INSERT OR REPLACE INTO units VALUES (?, ?, ?, ?, ?)"
_USED = "UPDATE results SET used = ? WHERE key = ? AND content = ?"
_UNIT_USED = "UPDATE units SET used = ? WHERE key = ? AND name = ?"
_PRUNE_RESULTS = """
DELETE FROM results WHERE (key, content) IN (
    SELECT key, content FROM results ORDER BY used LIMIT (SELECT CAST(count(*) * ? AS INTEGER) + 1 FROM results)
)
"""
_PRUNE_UNITS = """
DELETE FROM units WHERE (key, name) IN (
    SELECT key, name FROM units ORDER BY used LIMIT (SELECT CAST(count(*) * ? AS INTEGER) + 1 FROM units)
)
"""


@dataclasses.dataclass(frozen=True, slots=True)
class FileState:
    """What a file system says of a file: where any of it differs, the content may differ."""

    size: int
    mtime_ns: int
    """When it was modified. Anybody can set this back."""
    ctime_ns: int
    """When it was changed in any way (on Windows: made). Nobody can set this."""
    inode: int

    @property
    def text(self) -> str:
        """All of it as one word."""
        return f"{self.size}-{self.mtime_ns}-{self.ctime_ns}-{self.inode}"

    def is_settled(self, now_ns: int) -> bool:
        """Whether a change after `now_ns` would be seen in the times."""
        return now_ns - self.mtime_ns >= SETTLED_NANOSECONDS and now_ns - self.ctime_ns >= TICK_NANOSECONDS


def state_of(path: str) -> FileState | None:
    """The state of a file, links followed; None where there is none."""
    try:
        status = os.stat(path)  # noqa: PTH116 - a path object for each of a million files costs
    except (OSError, ValueError):
        return None
    return FileState(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


def _locked(method: Callable[Concatenate[ResultCache, P], R]) -> Callable[Concatenate[ResultCache, P], R]:
    """One thread at a time: samples are looked up in the engine's threads and kept in the caller's."""

    @functools.wraps(method)
    def guarded(self: ResultCache, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with self._lock:
            return method(self, *args, **kwargs)

    return guarded


class ResultCache:
    """One opened cache file. `today` is a day number that entries are marked with when they are used.

    Nothing is raised for a file that cannot be read or written: `notice` is told, and the scan goes on without it.
    """

    def __init__(self, folder: Path, key: str, today: int, notice: Notice = lambda _: None) -> None:
        self.path = folder / f"results-{SCHEMA_VERSION}.sqlite"
        self._key = hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
        self._today = today
        self._notice = notice
        self._lock = threading.RLock()
        self._files: dict[str, tuple[str, str]] = {}
        self._results: dict[str, str] = {}
        self._used: set[str] = set()
        self._units_used: set[bytes] = set()
        self._units: dict[bytes, tuple[str, bytes]] = {}
        self._written = time.monotonic()
        self._begun_again = False
        self._base: sqlite3.Connection | None = None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _remove_older(folder)
            self._base = self._opened()
        except (OSError, *_ERRORS) as error:
            self._trouble(error)

    @_locked
    def content_of(self, path: str, state: FileState) -> str | None:
        """The content digest that this path had in this state."""
        row: tuple[Any, ...] | None = self._files.get(_safe(path))
        row = row or self._read("SELECT state, content FROM files WHERE path = ?", _safe(path))
        return row[1] if row is not None and row[0] == state.text and isinstance(row[1], str) else None

    @_locked
    def result(self, content: str, extra: str) -> PictureResult | None:
        """What this content gave, or None. `extra` names what else the result depends on (side files, role)."""
        name = content + extra
        text, used = self._results.get(name), self._today
        if text is None:
            row = self._read("SELECT result, used FROM results WHERE key = ? AND content = ?", self._key, name)
            if row is None:
                return None
            text, used = row
        try:
            found = from_plain(PictureResult, json.loads(text), whole=True)
        except (ValueError, TypeError, KeyError, RecursionError):
            return None
        if used != self._today:
            self._used.add(name)
            self._write_soon()
        return found

    @_locked
    def remember_file(self, path: str, state: FileState, content: str, now_ns: int) -> None:
        """Keep which content a path has, unless the file is too young for its times to be trusted."""
        if state.is_settled(now_ns):
            self._files[_safe(path)] = (state.text, content)
            self._write_soon()

    @_locked
    def remember_result(self, result: PictureResult, extra: str) -> None:
        """Keep what a content gave."""
        text = json.dumps(dataclasses.asdict(result), separators=(",", ":"))
        self._results[result.content_sha256 + extra] = text
        self._write_soon()

    @_locked
    def unit(self, name: bytes) -> tuple[str, bytes] | None:
        """What `remember_unit` was given under this name, or None."""
        row = self._read("SELECT files, outcomes, used FROM units WHERE key = ? AND name = ?", self._key, name)
        if row is None or not isinstance(row[0], str) or not isinstance(row[1], bytes):
            return None
        if row[2] != self._today:
            self._units_used.add(name)
            self._write_soon()
        return row[0], row[1]

    @_locked
    def remember_unit(self, name: bytes, files: str, outcomes: bytes) -> None:
        """Keep what a unit of work gave, at once: it is the work of minutes."""
        self._units[name] = (files, outcomes)
        self._write()

    @_locked
    def close(self) -> None:
        """Write what is left, and drop the entries unused for longest while the file is over its size."""
        self._write()
        if self._base is None:
            return
        # Another scan may be writing, or the disk be full: then the next scan prunes.
        with contextlib.closing(self._base), contextlib.suppress(*_ERRORS):
            self._prune(self._base)
        self._base = None

    def _write_soon(self) -> None:
        waiting = len(self._files) + len(self._results) + len(self._used) + len(self._units_used)
        if waiting % WRITE_EVERY == 0 or time.monotonic() - self._written > WRITE_SECONDS:
            self._write()
        if waiting > MOST_WAITING:
            self._forget()

    def _write(self) -> None:
        """Write everything that waits, in one transaction of a few milliseconds."""
        self._written = time.monotonic()
        for _ in range(2):  # again where the file had to be begun again
            if self._base is None:
                return self._forget()
            try:
                self._base.execute("BEGIN IMMEDIATE")
                self._base.executemany(_FILE, [(path, *row) for path, row in self._files.items()])
                rows = [(self._key, name, text, self._today) for name, text in self._results.items()]
                self._base.executemany(_RESULT, rows)
                self._base.executemany(_UNIT, [(self._key, n, *row, self._today) for n, row in self._units.items()])
                self._base.executemany(_USED, [(self._today, self._key, name) for name in self._used])
                self._base.executemany(_UNIT_USED, [(self._today, self._key, name) for name in self._units_used])
                self._base.execute("COMMIT")
                return self._forget()
            except _ERRORS as error:
                with contextlib.suppress(*_ERRORS):
                    self._base.rollback()
                self._trouble(error)
                if _code(error) in _BUSY:
                    return None
        return None

    def _forget(self) -> None:
        self._files.clear()
        self._results.clear()
        self._used.clear()
        self._units.clear()
        self._units_used.clear()

    def _read(self, question: str, *values: Any) -> tuple[Any, ...] | None:
        if self._base is None:
            return None
        try:
            row: tuple[Any, ...] | None = self._base.execute(question, values).fetchone()
        except _ERRORS as error:
            self._trouble(error)
            return None
        return row

    def _opened(self) -> sqlite3.Connection:
        if self.path.exists() or self.path.is_symlink():
            reading.require_file(self.path)  # a named pipe would wait for ever
        base = sqlite3.connect(self.path, timeout=BUSY_SECONDS, check_same_thread=False, isolation_level=None)
        try:
            _patiently(base, "PRAGMA journal_mode=WAL")
            base.execute("PRAGMA synchronous=NORMAL")
            base.executescript(_TABLES)
            if _small(self.path) and base.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise _Damaged("its pages do not fit together")
        except BaseException:
            base.close()
            raise
        return base

    def _trouble(self, error: Exception) -> None:
        """Wait where another scan holds the file, begin it again where it is damaged, else go on without it."""
        if _code(error) in _BUSY and self._base is not None:
            return
        if self._base is not None:
            with contextlib.suppress(*_ERRORS):
                self._base.close()
        self._base = None
        if (isinstance(error, _Damaged | UnicodeDecodeError) or _code(error) in _DAMAGED) and not self._begun_again:
            self._begun_again = True
            try:
                for suffix in ("", "-wal", "-shm"):
                    self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
                self._base = self._opened()
            except (OSError, *_ERRORS) as another:
                error = another
            else:
                self._notice(f"The cache {self.path} was damaged ({error}) and has been begun again.")
                return
        self._notice(f"The cache {self.path} cannot be used ({error}): what this scan finds is not kept.")

    def _prune(self, base: sqlite3.Connection) -> None:
        (pages,) = base.execute("PRAGMA page_count").fetchone()
        (size,) = base.execute("PRAGMA page_size").fetchone()
        if pages * size <= MAX_BYTES:
            return
        part = 1 - KEPT_WHEN_PRUNED * MAX_BYTES / (pages * size)
        for delete in (_PRUNE_RESULTS, _PRUNE_UNITS):
            base.execute(delete, (part,))
        base.execute("DELETE FROM files WHERE content NOT IN (SELECT substr(content, 1, 64) FROM results)")
        base.execute("VACUUM")
        base.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class _Damaged(sqlite3.DatabaseError):
    """The file's pages do not fit together."""


def _remove_older(folder: Path) -> None:
    """Remove what earlier versions of this tool kept: nothing reads it any more."""
    for version in range(1, SCHEMA_VERSION):
        for suffix in ("", "-wal", "-shm"):
            with contextlib.suppress(OSError):
                (folder / f"results-{version}.sqlite{suffix}").unlink(missing_ok=True)


def _patiently(base: sqlite3.Connection, statement: str) -> None:
    """Run a statement for which SQLite itself does not wait until another process is done."""
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            base.execute(statement)
            return
        except sqlite3.OperationalError as error:
            if _code(error) not in _BUSY or time.monotonic() > until:
                raise
        time.sleep(0.02)


def _code(error: Exception) -> int:
    """SQLite's primary result code, 0 where there is none."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def _small(path: Path) -> bool:
    """A full check of a large file takes longer than it saves."""
    return path.stat().st_size < 16 << 20


def _safe(path: str) -> str:
    """SQLite takes no lone surrogates, which file names that are not UTF-8 have."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
