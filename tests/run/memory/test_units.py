"""Whole units are taken from an earlier scan while their files are as they were, and only then."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from auditor.api import ScanOptions, scan
from auditor.engines import table as engines
from auditor.engines.wire import AuditBatch, BatchEngine
from auditor.errors import Incomplete
from auditor.model import FilePayload, Sample
from auditor.outcome import Report, SampleOutcome, Skip
from auditor.run.memory.store import SCHEMA_VERSION, ResultCache
from auditor.run.memory.units import FilesRead, UnitMemory, unchanged
from tests.engines import making
from tests.index.samples import make_index, person, record


class Counting:
    """A batch engine in this process that counts units, and can stop after some."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.done = 0
        self.stop_after = stop_after

    def run(self, units: Iterable[pa.RecordBatch], audit: AuditBatch, jobs: int) -> Iterator[pa.RecordBatch]:
        for unit in units:
            if self.done == self.stop_after:
                raise KeyboardInterrupt
            self.done += 1
            yield audit(unit)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return making.index(tmp_path_factory.mktemp("index"))


def settled(folder: Path) -> Path:
    for path in folder.iterdir():  # their modification times are to be trusted
        os.utime(path, ns=(10**18, 10**18))
    return folder


def run(
    dataset: Path,
    index: Path,
    cache: Path | None,
    monkeypatch: pytest.MonkeyPatch,
    stop_after: int | None = None,
    days: int = 0,
) -> tuple[Report, int, list[str]]:
    """(report, units done by the engine, notices)"""
    engine = Counting(stop_after)

    def opened(name: str) -> BatchEngine:
        return engine

    monkeypatch.setattr(engines, "open_engine", opened)
    notices: list[str] = []
    how = ScanOptions(engine="ray", today=making.TODAY + timedelta(days=days), cache=cache)
    return scan(dataset, [index], how, notice=notices.append), engine.done, notices


def test_a_scan_is_continued_shard_by_shard(tmp_path: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shards = settled(making.shards(tmp_path / "shards", 5, 12))
    whole, units, _ = run(shards, index, None, monkeypatch)
    cache = tmp_path / "cache"
    with pytest.raises(KeyboardInterrupt):
        run(shards, index, cache, monkeypatch, stop_after=2)
    report, done, notices = run(shards, index, cache, monkeypatch)
    assert report == whole
    assert done == units - 2
    assert len(notices) == 1
    assert run(shards, index, cache, monkeypatch, days=90)[:2] == (whole, 0)
    assert scan(shards, [index], ScanOptions(engine="serial", today=making.TODAY)) == whole


@pytest.mark.parametrize("layout", ["tables", "flat"])
def test_other_units(tmp_path: Path, index: Path, layout: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = making.tables(tmp_path / "set", 3, 12) if layout == "tables" else making.flat(tmp_path / "set", 130)
    settled(made)
    whole, units, _ = run(made, index, tmp_path / "cache", monkeypatch)
    assert run(made, index, tmp_path / "cache", monkeypatch)[:2] == (whole, 0)
    assert units >= 3


def test_a_shard_that_changed_is_done_again(tmp_path: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shards = settled(making.shards(tmp_path / "shards", 3, 6))
    first, _, _ = run(shards, index, tmp_path / "cache", monkeypatch)
    making.shards(tmp_path / "other", 3, 9)
    (tmp_path / "other" / "00001.tar").replace(shards / "00001.tar")
    second, done, _ = run(shards, index, tmp_path / "cache", monkeypatch)
    assert done == 1
    assert second != first
    assert second == run(shards, index, None, monkeypatch)[0]


def test_another_index_takes_nothing(tmp_path: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shards = settled(making.shards(tmp_path / "shards", 2, 6))
    _, units, _ = run(shards, index, tmp_path / "cache", monkeypatch)
    other = make_index(tmp_path / "other", [person("a", "Ash Varga")], [record(1, "a")]).path
    assert run(shards, other, tmp_path / "cache", monkeypatch)[1] == units


def test_a_damaged_entry_is_done_again(tmp_path: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shards = settled(making.shards(tmp_path / "shards", 3, 6))
    whole, units, _ = run(shards, index, tmp_path / "cache", monkeypatch)
    with closing(sqlite3.connect(tmp_path / "cache" / f"results-{SCHEMA_VERSION}.sqlite")) as base, base:
        base.execute("UPDATE units SET outcomes = x'00'")
    assert run(shards, index, tmp_path / "cache", monkeypatch)[:2] == (whole, units)
    with closing(sqlite3.connect(tmp_path / "cache" / f"results-{SCHEMA_VERSION}.sqlite")) as base, base:
        base.execute("UPDATE units SET files = 'no list'")
    assert run(shards, index, tmp_path / "cache", monkeypatch)[:2] == (whole, units)


def test_a_unit_that_vanishes_while_it_is_used_gives_no_short_report(tmp_path: Path) -> None:
    cache = ResultCache(tmp_path, "key", 1)
    memory = UnitMemory(cache)
    batch = pa.RecordBatch.from_pydict({"unit": [1], "work": ["w"]})
    assert list(memory.unknown(iter([batch]))) == [batch]
    memory.keep(1, ['{"sample": "a"}'], "[]")
    assert list(memory.unknown(iter([batch]))) == []
    assert list(memory.ready()) == [SampleOutcome("a")]
    assert list(memory.unknown(iter([batch]))) == []
    assert cache._base is not None
    cache._base.execute("DELETE FROM units")
    with pytest.raises(Incomplete, match="--no-cache"):
        list(memory.ready())
    cache.close()


def test_files_are_compared_by_size_and_time(tmp_path: Path) -> None:
    path = tmp_path / "ä.tar"
    path.write_bytes(b"x")
    os.utime(path, ns=(5, 5))
    time.sleep(0.05)  # the time of change must be past, too
    read = FilesRead()
    read.look(str(path))
    text = read.text()
    assert text is not None
    assert unchanged(text)
    os.utime(path, ns=(5, 6))
    assert not unchanged(text)
    path.write_bytes(b"xy")
    os.utime(path, ns=(5, 5))
    assert not unchanged(text)
    path.unlink()
    assert not unchanged(text)


@pytest.mark.parametrize("reason", ["out-of-memory", "unreadable", "missing"])
def test_what_may_pass_is_not_kept(reason: str) -> None:
    read = FilesRead()
    read.outcome(SampleOutcome("a", skip=Skip("a", "truncated", "it ends")))
    assert read.text() == "[]"
    read.outcome(SampleOutcome("a", skip=Skip("a", reason, "now")))
    assert read.text() is None


def test_files_that_are_too_young_or_not_there_are_not_relied_on(tmp_path: Path) -> None:
    young = tmp_path / "young.jpg"
    young.write_bytes(b"x")
    os.utime(young, ns=(2**62, 2**62))
    for path in (young, tmp_path / "absent.jpg"):
        read = FilesRead()
        read.sample(Sample("a.jpg", FilePayload(str(path))))
        assert read.text() is None
