"""The cache gives back what it was given, for the right content and key, and never fails a scan."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model import Finding, Match, Reference, TextMatch
from auditor.outcome import PictureResult
from auditor.run.memory import store as module
from auditor.run.memory.store import FileState, ResultCache, from_plain, state_of

FINDING = Finding(
    "copy.region",
    "high",
    "",
    "a mirrored crop",
    "f" * 64,
    artist=Reference("a", "Mirela"),
    work=Reference("w", "Ash Keep"),
    match=Match("region", inliers=12, sample_region=(0.0, 0.1, 0.5, 1.0), sample_size=(640, 480), probability=0.99),
    text=TextMatch("v", 0, 1, "s", None, 0.9, "exact", "why"),
    details=(("key", "value"),),
    listed_in=("metadata.jsonl", 3),
)
RESULT = PictureResult("c" * 64, (FINDING,), too_plain=True)


def state(size: int, mtime_ns: int, ctime_ns: int = 0, inode: int = 7) -> FileState:
    return FileState(size, mtime_ns, ctime_ns, inode)


def test_round_trip_by_content_and_key(tmp_path: Path) -> None:
    cache = ResultCache(tmp_path, "key", 1)
    cache.remember_result(RESULT, "x")
    cache.remember_file("/a.png", state(10, 5), RESULT.content_sha256, 10**12)
    cache.close()
    again = ResultCache(tmp_path, "key", 2)
    assert again.result(RESULT.content_sha256, "x") == RESULT
    assert again.result(RESULT.content_sha256, "y") is None
    assert again.content_of("/a.png", state(10, 5)) == RESULT.content_sha256
    assert again.content_of("/a.png", state(10, 6)) is None
    assert again.content_of("/a.png", state(11, 5)) is None
    again.close()
    other = ResultCache(tmp_path, "another key", 2)
    assert other.result(RESULT.content_sha256, "x") is None
    other.close()


def test_a_file_changed_this_very_moment_is_not_trusted(tmp_path: Path) -> None:
    cache = ResultCache(tmp_path, "key", 1)
    cache.remember_file("/a.png", state(10, 1_000_000_000), "c", 1_000_000_001)
    assert cache.content_of("/a.png", state(10, 1_000_000_000)) is None
    cache.close()


STATES = st.builds(FileState, *[st.integers(0, 2**64 - 1)] * 4)


@given(kept=STATES, now=STATES, looked=st.integers(0, 2**64))
def test_only_the_very_state_is_known_and_only_when_settled(
    tmp_path_factory: pytest.TempPathFactory, kept: FileState, now: FileState, looked: int
) -> None:
    cache = ResultCache(tmp_path_factory.mktemp("cache"), "key", 1)
    cache.remember_file("/a", kept, "c", looked)
    settled = looked - kept.mtime_ns >= 2 * 10**9 and looked - kept.ctime_ns >= 20 * 10**6
    assert cache.content_of("/a", kept) == ("c" if settled else None)
    assert cache.content_of("/a", now) == ("c" if settled and now == kept else None)
    cache.close()


@pytest.mark.parametrize("how", ["rewritten with its time set back", "another file in its place", "touched"])
def test_a_change_that_keeps_size_and_time_is_seen(tmp_path: Path, how: str) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"123")
    os.utime(path, ns=(10**18, 10**18))
    before = state_of(str(path))
    time.sleep(0.05)
    if how == "touched":
        os.utime(path, ns=(10**18, 10**18 + 1))
    elif how.startswith("another"):
        (tmp_path / "b").write_bytes(b"456")
        os.utime(tmp_path / "b", ns=(10**18, 10**18))
        (tmp_path / "b").replace(path)
    else:
        path.write_bytes(b"456")
        os.utime(path, ns=(10**18, 10**18))
    after = state_of(str(path))
    assert before is not None and after is not None and before.size == after.size
    assert before != after


def test_what_earlier_versions_kept_is_removed(tmp_path: Path) -> None:
    for name in ("results-1.sqlite", "results-1.sqlite-wal", "mine"):
        (tmp_path / name).write_bytes(b"")
    ResultCache(tmp_path, "key", 1).close()
    assert {path.name for path in tmp_path.iterdir()} >= {"mine"}
    assert not list(tmp_path.glob("results-1*"))


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes there")
def test_a_pipe_in_the_place_of_the_cache_is_said(tmp_path: Path) -> None:
    told: list[str] = []
    path = ResultCache(tmp_path, "key", 1).path
    path.unlink()
    os.mkfifo(path)
    cache = ResultCache(tmp_path, "key", 1, told.append)
    cache.close()
    assert len(told) == 1 and "named pipe" in told[0]


def test_a_damaged_file_is_made_again(tmp_path: Path) -> None:
    cache = ResultCache(tmp_path, "key", 1)
    cache.remember_result(RESULT, "")
    cache.close()
    cache.path.write_bytes(b"not a database at all" * 100)
    told: list[str] = []
    again = ResultCache(tmp_path, "key", 1, told.append)
    assert len(told) == 1
    assert str(cache.path) in told[0]
    assert "damaged" in told[0]
    assert "begun again" in told[0]
    assert again.result(RESULT.content_sha256, "") is None
    again.remember_result(RESULT, "")
    assert again.result(RESULT.content_sha256, "") == RESULT
    again.close()


def test_an_entry_of_another_shape_is_no_entry(tmp_path: Path) -> None:
    cache = ResultCache(tmp_path, "key", 1)
    cache.remember_result(RESULT, "")
    cache.close()
    with contextlib.closing(sqlite3.connect(cache.path)) as base, base:
        base.execute("UPDATE results SET result = ?", (json.dumps({"content_sha256": "c"}),))
    cache = ResultCache(tmp_path, "key", 1)
    assert cache.result(RESULT.content_sha256, "") is None
    cache.close()


def test_several_scans_at_once(tmp_path: Path) -> None:
    def write(number: int) -> None:
        cache = ResultCache(tmp_path, "key", 1)
        for item in range(50):
            cache.remember_result(PictureResult(f"{number}-{item}"), "")
        cache.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cache = ResultCache(tmp_path, "key", 1)
    assert all(cache.result(f"{n}-{i}", "") == PictureResult(f"{n}-{i}") for n in range(4) for i in range(50))
    cache.close()


def rows(path: Path, table: str) -> int:
    with contextlib.closing(sqlite3.connect(path)) as base:
        (count,) = base.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(count)


def digest(name: str, number: int) -> str:
    return f"{name}-{number:0{63 - len(name)}}"


def filled(folder: Path, name: str, today: int, count: int = 400) -> None:
    cache = ResultCache(folder, "key", today)
    for number in range(count):
        content = digest(name, number)
        cache.remember_result(PictureResult(content), "")
        cache.remember_file(f"/{name}/{number}", state(1, 1), content, 10**12)
    cache.close()


def test_pruned_by_size_oldest_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(tmp_path, "old", 1)
    path = tmp_path / f"results-{module.SCHEMA_VERSION}.sqlite"
    monkeypatch.setattr(module, "MAX_BYTES", path.stat().st_size)
    filled(tmp_path, "new", 9, 200)
    assert path.stat().st_size < module.MAX_BYTES
    cache = ResultCache(tmp_path, "key", 9)
    for number in range(200):
        content = digest("new", number)
        assert cache.content_of(f"/new/{number}", state(1, 1)) == content
        assert cache.result(content, "") == PictureResult(content)
    cache.close()
    kept = rows(path, "results")
    assert 200 < kept < 600
    assert rows(path, "files") == kept  # those whose results went, went with them


def test_one_scan_larger_than_the_cache_leaves_a_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_BYTES", 200_000)
    filled(tmp_path, "all", 1, 2000)
    path = tmp_path / f"results-{module.SCHEMA_VERSION}.sqlite"
    assert path.stat().st_size <= 200_000
    assert rows(path, "results") > 100


def test_what_another_shape_of_tables_is_put_away(tmp_path: Path) -> None:
    """The tables are gone in the middle of a scan: it goes on, says so once, and keeps what it finds from then on."""
    told: list[str] = []
    cache = ResultCache(tmp_path, "key", 1, told.append)
    with contextlib.closing(sqlite3.connect(cache.path)) as base, base:
        base.execute("DROP TABLE files")
        base.execute("DROP TABLE results")
        base.execute("CREATE TABLE results (something TEXT)")
    assert cache.content_of("/a.png", state(1, 1)) is None
    assert cache.result(RESULT.content_sha256, "") is None
    cache.remember_result(RESULT, "")
    cache.close()
    assert len(told) == 1
    again = ResultCache(tmp_path, "key", 1)
    assert again.result(RESULT.content_sha256, "") == RESULT
    again.close()


def test_pages_damaged_in_the_middle(tmp_path: Path) -> None:
    filled(tmp_path, "some", 1)
    path = tmp_path / f"results-{module.SCHEMA_VERSION}.sqlite"
    data = bytearray(path.read_bytes())
    for start in range(8192, len(data), 4096):
        data[start : start + 200] = bytes(range(200))
    path.write_bytes(data)
    told: list[str] = []
    cache = ResultCache(tmp_path, "key", 1, told.append)
    assert cache.result(digest("some", 1), "") is None
    cache.remember_result(RESULT, "")
    cache.close()
    assert len(told) == 1
    assert rows(path, "results") == 1


@pytest.mark.parametrize("there", ["file", "no permission"])
def test_a_folder_that_cannot_be_used(tmp_path: Path, there: str) -> None:
    folder = tmp_path / "cache"
    if there == "file":
        folder.write_bytes(b"")
    else:
        folder.mkdir()
        (folder / f"results-{module.SCHEMA_VERSION}.sqlite").mkdir()
    told: list[str] = []
    cache = ResultCache(folder, "key", 1, told.append)
    cache.remember_result(RESULT, "")
    assert cache.content_of("/a.png", state(1, 1)) is None
    cache.close()
    assert len(told) == 1
    assert "cannot be used" in told[0]


def test_a_full_disk_ends_the_keeping_and_not_the_scan(tmp_path: Path) -> None:
    told: list[str] = []
    cache = ResultCache(tmp_path, "key", 1, told.append)
    assert cache._base is not None
    cache._base.execute("PRAGMA max_page_count = 8")
    for number in range(3 * module.WRITE_EVERY):
        cache.remember_result(PictureResult(f"{number:064}"), "")
    assert cache.result("0" * 64, "") is None or told
    cache.close()
    assert len(told) == 1
    assert "full" in told[0]


def test_a_scan_that_writes_for_long_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BUSY_SECONDS", 0.05)
    told: list[str] = []
    cache = ResultCache(tmp_path, "key", 1, told.append)
    with contextlib.closing(sqlite3.connect(cache.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for number in range(module.WRITE_EVERY + 1):
            cache.remember_result(PictureResult(f"{number:064}"), "")
        other.execute("ROLLBACK")
    cache.close()
    assert not told
    assert rows(cache.path, "results") == module.WRITE_EVERY + 1


def test_results_are_in_the_file_within_a_second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = ResultCache(tmp_path, "key", 1)
    cache.remember_result(PictureResult("a" * 64), "")
    assert rows(cache.path, "results") == 0
    monkeypatch.setattr(cache, "_written", cache._written - module.WRITE_SECONDS)
    cache.remember_result(PictureResult("b" * 64), "")
    assert rows(cache.path, "results") == 2  # another process sees them, so a kill does not lose them
    cache.close()


def test_the_day_of_use_is_noted(tmp_path: Path) -> None:
    filled(tmp_path, "some", 1, 3)
    cache = ResultCache(tmp_path, "key", 5)
    assert cache.result(digest("some", 1), "") is not None
    cache.close()
    with contextlib.closing(sqlite3.connect(cache.path)) as base:
        assert [row[0] for row in base.execute("SELECT used FROM results ORDER BY content")] == [1, 5, 1]


def test_names_that_are_not_utf8(tmp_path: Path) -> None:
    cache = ResultCache(tmp_path, "key", 1)
    cache.remember_file("/a\udcff.png", state(1, 1), "c", 10**12)
    assert cache.content_of("/a\udcff.png", state(1, 1)) == "c"
    assert cache.content_of("/a\udcfe.png", state(1, 1)) is None
    cache.close()


@given(st.text(), st.floats(0, 1), st.booleans(), st.none() | st.integers(0, 256))
def test_from_plain_inverts_asdict(text: str, number: float, flag: bool, distance: int | None) -> None:
    match = Match("whole", distance=distance, mirrored=flag, probability=number, work_region=(0.0, number, 1.0, 1.0))
    finding = Finding("r", "low", text, text, text, match=match, details=((text, text),))
    assert from_plain(Finding, json.loads(json.dumps(asdict(finding)))) == finding
