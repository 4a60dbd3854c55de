"""Ray and Spark on this machine: the report of a serial scan, and never a short one when a worker is lost."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor.engines.table import open_engine
from auditor.engines.wire import Ledger, unit_batch
from auditor.errors import Incomplete
from auditor.outcome import SampleOutcome
from tests.engines import making
from tests.engines.killing import audit

PACKAGES = {"ray": "ray", "spark": "pyspark"}
WORKERS = {"processes": "auditor.support.worker", "ray": "ray::", "spark": "pyspark.daemon"}
"""What the command line of a worker process holds."""
SAMPLES = 2000
PROJECT = Path(__file__).parents[2]


def needs(engine: str) -> None:
    package = PACKAGES.get(engine)
    if package is not None and importlib.util.find_spec(package) is None:
        pytest.skip(f"needs the extra [{engine}], which is not installed")


# Ray and Spark leave sockets and log files to the garbage collector, and tell of their own deprecations.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning:ray"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:ray"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:pyspark"),
]


@pytest.fixture(params=["ray", "spark"])
def engine(request: pytest.FixtureRequest) -> str:
    needs(request.param)
    return str(request.param)


def run(engine: str, job: str, units: int = 12) -> tuple[list[SampleOutcome], int]:
    ledger = Ledger()
    sent = ledger.sent(unit_batch(number, job, str(number)) for number in range(units))
    found = [outcome for batch in open_engine(engine).run(sent, audit, 2) for outcome in ledger.accept(batch)]
    ledger.finish()
    return found, ledger.listed


def test_every_unit_comes_back(engine: str) -> None:
    found, listed = run(engine, "ok")
    assert sorted(outcome.sample for outcome in found) == sorted(f"{u}/{n}" for u in range(12) for n in range(u))
    assert listed == 66


def test_a_worker_killed_once_is_replaced(engine: str, tmp_path: Path) -> None:
    marker = tmp_path / "killed"
    found, listed = run(engine, str(marker))
    assert marker.exists()
    assert len(found) == listed == 66


def test_a_unit_that_always_kills_its_worker_ends_the_run(engine: str) -> None:
    with pytest.raises(Incomplete, match=rf"(?i){engine} lost a part.*--engine processes"):
        run(engine, "always")


def test_nothing_listens_on_the_network(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def listening() -> set[tuple[str, int]]:
        lines = [
            line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()
        ]
        return {(row[1].rpartition(":")[0], int(row[1].rpartition(":")[2], 16)) for row in lines if row[3] == "0A"}

    if not Path("/proc/net/tcp").exists():
        pytest.skip("needs /proc/net")
    before = listening()
    ledger = Ledger()
    results = open_engine(engine).run(ledger.sent(unit_batch(n, "ok", "1") for n in range(4)), audit, 2)
    next(iter(results))
    opened = listening() - before
    list(results)
    loopback = socket.inet_aton("127.0.0.1")[::-1].hex().upper()
    elsewhere = {place for place in opened if place[0] != loopback and not place[0].endswith(f"FFFF0000{loopback}")}
    assert opened
    assert not elsewhere


def test_a_ray_that_runs_already_is_used_and_left_running() -> None:
    needs("ray")
    import ray

    open_engine("ray")  # imports it with our variables
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:
        assert len(run("ray", "ok")[0]) == 66
        assert ray.is_initialized()
    finally:
        ray.shutdown()


def test_an_active_spark_session_is_used_and_left_running(monkeypatch: pytest.MonkeyPatch) -> None:
    needs("spark")
    from pyspark.sql import SparkSession

    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))
    builder = SparkSession.builder.master("local[2]").appName("of the caller")
    session = builder.config("spark.ui.enabled", "false").config("spark.driver.host", "127.0.0.1").getOrCreate()
    try:
        assert len(run("spark", "ok")[0]) == 66
        assert session.range(3).count() == 3
        assert session.sparkContext.appName == "of the caller"
    finally:
        session.stop()


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("scene")
    making.index(root)
    making.shards(root / "shards", 8, SAMPLES // 8)
    making.flat(root / "flat", 80)
    return root


def command(scene: Path, dataset: str, engine: str, target: Path, cache: Path | None = None) -> list[str]:
    kept = ["--no-cache"] if cache is None else ["--cache", str(cache)]
    scan = ["scan", str(scene / dataset), "--index", str(scene / "index"), *kept, "--engine", engine]
    return [sys.executable, str(PROJECT / "cli.py"), *scan, "-j", "2", "-o", f"json={target}"]


def report(scene: Path, dataset: str, engine: str) -> bytes:
    """The report of an undisturbed scan; made once."""
    target = scene / f"{dataset}-{engine}.json"
    if not target.exists():
        done = subprocess.run(command(scene, dataset, engine, target), capture_output=True, text=True, check=False)
        assert done.returncode in {1, 3}, done.stderr
    return target.read_bytes()


@pytest.mark.parametrize("dataset", ["flat", "shards"])
@pytest.mark.parametrize("engine", ["serial", "ray", "spark"])
def test_all_engines_write_the_same_bytes(scene: Path, dataset: str, engine: str) -> None:
    needs(engine)
    assert report(scene, dataset, engine) == report(scene, dataset, "processes")
    if dataset == "shards":
        assert f'"seen": {SAMPLES}'.encode() in report(scene, dataset, engine)


@pytest.mark.parametrize("engine", ["processes", "ray", "spark"])
def test_a_worker_killed_in_the_middle_never_shortens_the_report(scene: Path, engine: str, tmp_path: Path) -> None:
    needs(engine)
    whole = report(scene, "shards", "processes")
    target = tmp_path / "report.json"
    process = subprocess.Popen(command(scene, "shards", engine, target), stderr=subprocess.PIPE, text=True)
    victim = busy_worker(process.pid, WORKERS[engine])
    os.kill(victim, signal.SIGKILL)
    _, errors = process.communicate(timeout=600)
    if process.returncode == 2:
        assert not target.exists()
        assert "no report is given" in errors
    elif target.read_bytes() != whole:  # the picture it was at is said to be skipped, and nothing else is different
        assert b'"crashed": 1' in target.read_bytes()
        assert f'"seen": {SAMPLES}'.encode() in target.read_bytes()


def test_a_scan_killed_with_its_driver_is_continued_by_the_shard(scene: Path, engine: str, tmp_path: Path) -> None:
    whole = report(scene, "shards", "processes")
    target, cache = tmp_path / "report.json", tmp_path / "cache"
    words = command(scene, "shards", engine, target, cache)
    process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
    until = time.monotonic() + 300
    while units_kept(cache) < 2 and process.poll() is None and time.monotonic() < until:
        time.sleep(0.1)
    below = [number for number, _, _ in descendants(process.pid)]
    process.kill()
    process.communicate()
    while (left := [number for number in below if Path(f"/proc/{number}").exists()]) and time.monotonic() < until:
        time.sleep(0.1)
    assert not left  # of the engine's own processes
    kept = units_kept(cache)
    assert kept >= 2
    again = subprocess.run(words, capture_output=True, text=True, timeout=600)
    assert again.returncode in {1, 3}, again.stderr
    assert target.read_bytes() == whole
    said = re.search(rf"([\d,]+) of {SAMPLES:,} samples were examined by earlier scans", again.stderr)
    assert said is not None, again.stderr
    shards = int(said[1].replace(",", "")) / (SAMPLES / 8)
    assert shards in {kept, kept - 1}  # one unit holds what is beside the shards
    assert 1 <= shards < 8


def units_kept(cache: Path) -> int:
    found = list(cache.glob("results-*.sqlite"))
    if not found:
        return 0
    with contextlib.closing(sqlite3.connect(found[0])) as base:
        try:
            return int(base.execute("SELECT count(*) FROM units").fetchone()[0])
        except sqlite3.OperationalError:  # the tables are not made yet
            return 0


def busy_worker(parent: int, mark: str) -> int:
    """A worker below `parent` that has used half a second of CPU since it was first seen, as one at work has."""
    ticks = os.sysconf("SC_CLK_TCK")
    first: dict[int, float] = {}
    until = time.monotonic() + 120
    while time.monotonic() < until:
        for number, text, used in descendants(parent):
            if mark in text and "IDLE" not in text:
                first.setdefault(number, used / ticks)
                if used / ticks - first[number] > 0.5:
                    return number
        time.sleep(0.2)
    raise AssertionError(f"no worker with {mark!r} got to work")


def descendants(parent: int) -> Iterator[tuple[int, str, int]]:
    """(process id, command line, clock ticks used) of everything below a process."""
    rows: dict[int, tuple[int, str, int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                text = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            rows[int(entry.name)] = (int(fields[1]), text, int(fields[11]) + int(fields[12]))
    for number, (_, text, used) in rows.items():
        above = number
        while above in rows and above != parent:
            above = rows[above][0]
        if above == parent and number != parent:
            yield number, text, used
