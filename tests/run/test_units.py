"""`audit_batch` gives what a serial scan gives, and a scan on batches never ends short."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from auditor.api import ScanOptions, scan
from auditor.datasets.reading.shard import Shard
from auditor.engines import table as engines
from auditor.engines.wire import AuditBatch, BatchEngine, unit_batch
from auditor.errors import CheckCrashed, Incomplete, MissingExtra, UsageError
from auditor.report.interface import RENDERERS, RenderContext
from auditor.run.units import UnitContent, audit_batch
from auditor.run.worker_auditor import LocalAuditor
from auditor.support.plain import from_plain
from tests.engines import making

SERIAL = ScanOptions(engine="serial", today=making.TODAY)
RAY = replace(SERIAL, engine="ray")


class InProcess:
    """A batch engine in this process that remembers its units and can lose one."""

    def __init__(self, lose: int | None = None, several: int = 1) -> None:
        self.units: list[pa.RecordBatch] = []
        self.lose, self.several = lose, several

    def run(self, units: Iterable[pa.RecordBatch], audit: AuditBatch, jobs: int) -> Iterator[pa.RecordBatch]:
        self.units = list(units)
        table = pa.Table.from_batches([unit for n, unit in enumerate(self.units) if n != self.lose])
        for batch in table.combine_chunks().to_batches(max_chunksize=self.several):
            yield audit(batch)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return making.index(tmp_path_factory.mktemp("index"))


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> InProcess:
    return use(InProcess(), monkeypatch)


def use(engine: InProcess, monkeypatch: pytest.MonkeyPatch) -> InProcess:
    def opened(name: str) -> BatchEngine:
        return engine

    monkeypatch.setattr(engines, "open_engine", opened)
    return engine


def rendered(dataset: Path | list[Path], index: Path, options: ScanOptions) -> str | bytes:
    report = scan(dataset, [index], options)
    assert report.coverage.seen > 0
    return RENDERERS["json"].render(report, RenderContext())


def works(engine: InProcess) -> list[UnitContent]:
    return [from_plain(UnitContent, json.loads(unit.column("work")[0].as_py())) for unit in engine.units]


def test_shards_are_listed_by_the_worker(tmp_path: Path, index: Path, engine: InProcess) -> None:
    folder = making.shards(tmp_path / "shards", 3, 20)
    (folder / "beside.jpg").write_bytes(making.member(1)[0])
    named = {"layout": "webdataset"}
    serial = rendered(folder, index, replace(SERIAL, **named))  # type: ignore[arg-type]
    assert rendered(folder, index, replace(RAY, **named)) == serial  # type: ignore[arg-type]
    sent = works(engine)
    assert [work.shard.relative for work in sent if work.shard] == ["00000.tar", "00001.tar", "00002.tar"]
    assert any(sample.path == "beside.jpg" for work in sent for sample in work.samples)
    assert sum(unit.nbytes for unit in engine.units) < 20_000


def test_parquet_tables(tmp_path: Path, index: Path, engine: InProcess) -> None:
    folder = making.tables(tmp_path / "tables", 2, 12)
    assert rendered(folder, index, RAY) == rendered(folder, index, SERIAL)
    assert sum(work.shard is not None for work in works(engine)) == 2


def test_img2dataset_shards_and_their_tables(tmp_path: Path, index: Path, engine: InProcess) -> None:
    folder = making.tables(tmp_path / "found", 2, 12, statistics=True)
    making.shards(tmp_path / "shards", 2, 12)
    for shard in (tmp_path / "shards").iterdir():
        shard.rename(folder / shard.name)
    assert rendered(folder, index, RAY) == rendered(folder, index, SERIAL)
    kinds = sorted(work.shard.kind for work in works(engine) if work.shard)
    assert kinds == ["rows", "rows", "tar", "tar"]


@pytest.mark.parametrize("several", [1, 2, 100])
def test_other_layouts_send_samples(tmp_path: Path, index: Path, several: int, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = use(InProcess(several=several), monkeypatch)
    folder = making.flat(tmp_path / "flat", 70)
    assert rendered(folder, index, RAY) == rendered(folder, index, SERIAL)
    assert len(engine.units) == 2
    assert all(work.shard is None for work in works(engine))


def test_several_datasets_as_one(tmp_path: Path, index: Path, engine: InProcess) -> None:
    paths = [making.shards(tmp_path / "shards", 2, 10), making.flat(tmp_path / "flat", 10)]
    assert rendered(paths, index, RAY) == rendered(paths, index, SERIAL)
    assert {work.lead for work in works(engine)} == {str(paths[0]), None}


def test_relative_paths_mean_what_they_mean_to_the_driver(
    tmp_path: Path, index: Path, engine: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    making.shards(tmp_path / "shards", 1, 10)
    monkeypatch.chdir(tmp_path)
    scan("shards", [index], RAY)
    monkeypatch.chdir("/")
    outcomes = [row for row in audit_batch(engine.units[0]).to_pylist() if row["outcome"] is not None]
    assert len(outcomes) == 11
    assert not [row for row in outcomes if "unreadable" in row["outcome"]]
    assert Path.cwd() == Path("/")


def test_a_damaged_shard_is_a_counted_skip(tmp_path: Path, index: Path, engine: InProcess) -> None:
    folder = making.shards(tmp_path / "shards", 2, 20)
    whole = (folder / "00001.tar").read_bytes()
    (folder / "00001.tar").write_bytes(whole[: len(whole) // 2 + 300])
    (folder / "00000.tar").write_bytes(b"not a tar at all" * 100)
    serial = rendered(folder, index, SERIAL)
    assert rendered(folder, index, RAY) == serial
    assert json.loads(serial)["coverage"]["skipped"]


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_a_lost_shard_gives_no_report(tmp_path: Path, index: Path, lost: int, monkeypatch: pytest.MonkeyPatch) -> None:
    use(InProcess(lose=lost), monkeypatch)
    with pytest.raises(Incomplete, match="1 units of work were lost"):
        scan(making.shards(tmp_path / "shards", 3, 4), [index], RAY)


def test_indexes_are_opened_once_per_process(
    tmp_path: Path, index: Path, engine: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    plain = LocalAuditor.__init__

    def counted(self: LocalAuditor, job: object) -> None:
        made.append("worker" if sys._getframe(2).f_code.co_name == "_opened" else "driver")
        plain(self, job)  # type: ignore[arg-type]

    monkeypatch.setattr(LocalAuditor, "__init__", counted)
    scan(making.shards(tmp_path / "shards", 5, 4), [index], RAY)
    assert made.count("worker") == 1


def test_a_bug_in_a_check_names_the_sample(
    tmp_path: Path, index: Path, engine: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("broken check")

    monkeypatch.setattr("auditor.run.worker_auditor.examine_picture", broken)
    with pytest.raises(CheckCrashed, match=r"000000\.jpg.*broken check"):
        scan(making.shards(tmp_path / "shards", 1, 4), [index], RAY)


def test_a_unit_that_is_not_understood_fails_and_is_not_raised() -> None:
    (row,) = audit_batch(unit_batch(4, "{}", "{}")).to_pylist()
    assert row["unit"] == 4
    assert "Job" in json.loads(row["failure"])["error"]


def test_a_kind_of_shard_that_is_not_known() -> None:
    from auditor.datasets import shards

    with pytest.raises(KeyError):
        list(shards.samples(Shard("cloud", "/a", "a")))


@pytest.mark.parametrize(("name", "package"), [("ray", "ray"), ("spark", "pyspark")])
def test_a_missing_extra_is_an_error_and_no_fallback(
    tmp_path: Path, index: Path, name: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtra, match=rf"provenance-auditor\[{name}\]"):
        scan(making.flat(tmp_path / "flat", 2), [index], replace(SERIAL, engine=name))


def test_an_unknown_engine(tmp_path: Path, index: Path) -> None:
    with pytest.raises(UsageError, match=r"dask.*auto, serial, processes, ray, spark"):
        scan(tmp_path, [index], replace(SERIAL, engine="dask"))


@pytest.mark.parametrize("writable", [True, False])
def test_on_another_machine_its_workers_share_a_folder(
    tmp_path: Path, index: Path, engine: InProcess, monkeypatch: pytest.MonkeyPatch, writable: bool
) -> None:
    making.shards(tmp_path / "shards", 1, 10)
    serial = rendered(tmp_path / "shards", index, RAY)
    if not writable:
        (tmp_path / "cache").write_bytes(b"a file, so no folder can be made")
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda *_, **__: str(tmp_path / "cache"))
    monkeypatch.setattr("auditor.run.units._OPENED", {})  # a process that opened nothing yet
    # the driver's folder is gone by now, as if it had never been here
    rows = audit_batch(engine.units[0]).to_pylist()
    assert [row["failure"] for row in rows] == [None] * 12
    assert (tmp_path / "cache" / "derived").is_dir() == writable
    assert sum(row["outcome"] is not None for row in rows) == 11
    assert json.loads(serial)["coverage"]["seen"] == 10
