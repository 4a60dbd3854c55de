"""Kill -9 at random moments of a scan, then the same command again: the same bytes, and nothing done twice."""

from __future__ import annotations

import contextlib
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from auditor.index.format.tables import works_table
from auditor.index.making.content import Content, Segment
from auditor.index.making.versions import create
from auditor.index.search.region_columns import features_table
from auditor.run.memory.store import state_of
from tests.engines import making
from tests.engines.test_engines import workers_of_session
from tests.index.samples import features, person, record

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc, and POSIX signals")


@dataclass(frozen=True)
class Scene:
    """Where everything of these tests lies."""

    root: Path
    dataset: str

    def command(self, cache: Path | None, report: Path) -> list[str]:
        kept = ["--cache", str(cache)] if cache is not None else ["--no-cache"]
        words = ["scan", self.dataset, "--index", "index", *kept, "-j", "2", "-o", f"json={report}"]
        return [sys.executable, "-m", "auditor", *words]

    def start(self, cache: Path | None, report: Path) -> subprocess.Popen[str]:
        """A scan in a session of its own, with a folder of its own for temporary files."""
        (self.root / "tmp").mkdir(exist_ok=True)
        places = {"PYTHONPATH": str(ROOT), "TMPDIR": str(self.root / "tmp"), "XDG_STATE_HOME": str(self.root / "home")}
        return subprocess.Popen(
            self.command(cache, report),
            cwd=self.root,
            env={**os.environ, **places},
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def finish(self, cache: Path | None, report: Path) -> tuple[bytes, str]:
        """The report of a scan that nothing disturbs, and what it said beside it."""
        process = self.start(cache, report)
        _, told = process.communicate(timeout=300)
        assert process.returncode in {1, 3}, told
        return report.read_bytes(), told

    def killed(self, cache: Path | None, report: Path, after: float | None, whole_group: bool) -> bool:
        """Kill a scan after some seconds, or where `after` is None as soon as something is kept: with its workers, or
        it alone. False if it had ended before."""
        process = self.start(cache, report)
        begin = time.monotonic()
        while process.poll() is None:
            gone = time.monotonic() - begin
            if gone > after if after is not None else cache is not None and kept_pictures(cache):
                (os.killpg if whole_group else os.kill)(process.pid, signal.SIGKILL)
                break
            time.sleep(0.01)
        _, told = process.communicate()
        assert process.returncode in {-signal.SIGKILL, 1, 3}, told
        until = time.monotonic() + 60
        while workers_of_session(process.pid) and time.monotonic() < until:
            time.sleep(0.02)
        assert not workers_of_session(process.pid)
        return process.returncode == -signal.SIGKILL


def kept_pictures(cache: Path) -> list[Path]:
    """The picture files of which the cache holds a result. Archives' members are named FILE NUL OFFSET+SIZE."""
    question = "SELECT path FROM files WHERE EXISTS (SELECT 1 FROM results WHERE results.content = files.content)"
    found = list(cache.glob("results-*.sqlite"))
    if not found:
        return []
    with contextlib.closing(sqlite3.connect(found[0])) as base:
        try:
            return [Path(row[0]) for row in base.execute(question)]
        except sqlite3.OperationalError:  # killed before the tables were made
            return []


def spoil(pictures: list[Path], cache: Path) -> None:
    """Replace pictures by zeros, so that one that is read again changes the report, and let the cache believe that
    they are as they were: nobody else can set a file's time of change."""
    for path in pictures:
        path.write_bytes(bytes(path.stat().st_size))
        state = state_of(str(path))
        assert state is not None
        with contextlib.closing(sqlite3.connect(next(cache.glob("results-*.sqlite")))) as base, base:
            base.execute("UPDATE files SET state = ? WHERE path = ?", (state.text, str(path)))


def taken(told: str) -> tuple[int, int]:
    """(pictures that earlier scans examined, all of them), as the scan itself says."""
    found = re.search(r"([\d,]+) of ([\d,]+) pictures were examined by earlier scans", told)
    if found is None:
        return 0, 0
    first, second = (int(number.replace(",", "")) for number in found.groups())
    return first, second


def leftovers(root: Path) -> list[str]:
    """What a scan makes for a time only."""
    return sorted(
        path.name for path in root.rglob("*") if re.match(r"auditor-(scratch|making)-|\.report|\.names", path.name)
    )


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return making.index(tmp_path_factory.mktemp("index"))


def scene(root: Path, index: Path, pictures: int) -> Scene:
    shutil.copytree(index, root / "index")
    for path in making.flat(root / "set", pictures).iterdir():
        os.utime(path, ns=(10**18, 10**18))  # long ago, so that their times are trusted
    shutil.copytree(root / "set", root / "original")
    return Scene(root, "set")


def restore(place: Scene) -> None:
    """The pictures as they were, modification times included."""
    shutil.rmtree(place.root / "set")
    shutil.copytree(place.root / "original", place.root / "set")


def run_moments(place: Scene, moments: int, seed: int) -> None:
    restore(place)
    begin = time.monotonic()
    whole, told = place.finish(place.root / "undisturbed", place.root / "whole.json")
    seconds = time.monotonic() - begin
    assert taken(told) == (0, 0)
    pictures = len(kept_pictures(place.root / "undisturbed"))
    rng = random.Random(seed)
    shares = []
    for moment in range(moments):
        cache, report = place.root / f"cache-{moment}", place.root / f"report-{moment}.json"
        # The last moment is one within the work, however busy the machine is.
        after = rng.uniform(0.05, 0.95) * seconds if moment < moments - 1 else None
        killed = place.killed(cache, report, after, whole_group=moment % 2 == 0)
        assert not killed or not report.exists()
        kept = kept_pictures(cache)
        spoil(kept, cache)
        found, told = place.finish(cache, report)
        assert found == whole
        assert taken(told) == ((len(kept), pictures) if kept else (0, 0))
        assert len(kept_pictures(cache)) == pictures
        shares.append((len(kept), None if after is None else round(after, 2)))
        assert leftovers(place.root) == []
        assert list((place.root / "tmp").iterdir()) == []
        restore(place)
    print(f"{pictures} pictures in {seconds:.2f} s; (results kept, killed after s): {shares}")
    assert any(0 < count < pictures for count, _ in shares)


def test_kill_9_at_two_moments(tmp_path: Path, index: Path) -> None:
    run_moments(scene(tmp_path, index, 70), 2, seed=5)


@pytest.mark.slow
def test_kill_9_at_ten_moments(tmp_path: Path, index: Path) -> None:
    run_moments(scene(tmp_path, index, 400), 10, seed=10)


@pytest.mark.slow
def test_a_scan_that_is_killed_twelve_times_gets_done(tmp_path: Path, index: Path) -> None:
    """The same cache all the time: what was kept grows and is never lost."""
    place = scene(tmp_path, index, 400)
    whole, _ = place.finish(None, tmp_path / "whole.json")
    rng = random.Random(12)
    kept: set[Path] = set()
    for number in range(12):
        place.killed(tmp_path / "cache", tmp_path / "report.json", rng.uniform(0.3, 2.5), number % 2 == 0)
        now = set(kept_pictures(tmp_path / "cache"))
        assert now >= kept
        kept = now
    spoil(sorted(kept), tmp_path / "cache")
    found, told = place.finish(tmp_path / "cache", tmp_path / "report.json")
    assert found == whole
    assert taken(told)[0] == len(kept)
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("kind", ["tar", pytest.param("parquet", marks=pytest.mark.slow)])
def test_shards_are_resumed_too(tmp_path: Path, index: Path, kind: str) -> None:
    shutil.copytree(index, tmp_path / "index")
    (making.shards if kind == "tar" else making.tables)(tmp_path / "shards", 4, 25)
    place = Scene(tmp_path, "shards")
    begin = time.monotonic()
    whole, _ = place.finish(None, tmp_path / "whole.json")
    seconds = time.monotonic() - begin
    for part in (0.6, 0.8):  # by now something was examined, also where the second run is slower
        place.killed(tmp_path / "cache", tmp_path / "report.json", part * seconds, whole_group=True)
    found, told = place.finish(tmp_path / "cache", tmp_path / "report.json")
    assert found == whole
    again, told = place.finish(tmp_path / "cache", tmp_path / "report.json")
    assert again == whole
    done, every = taken(told)
    assert done == every > 90


def grown_index(root: Path, works: int) -> None:
    """Works with so many region hashes that the search structure over them takes a while to build."""
    listed = [record(number) for number in range(works)]
    table = features_table([work.work_id for work in listed], [features(number, 1000) for number in range(works)])
    create(
        root / "index",
        Content((person(),), (Segment(works_table(listed), lambda: iter([table])),), ()),
        today=making.TODAY,
    )


@pytest.mark.parametrize("cached", [True, pytest.param(False, marks=pytest.mark.slow)], ids=["cache", "no cache"])
def test_kill_9_while_the_region_search_is_built(tmp_path: Path, cached: bool) -> None:
    grown_index(tmp_path, 100)
    making.flat(tmp_path / "set", 70)
    place = Scene(tmp_path, "set")
    cache = tmp_path / "cache" if cached else None
    begin = time.monotonic()
    place.finish(tmp_path / "another cache" if cached else None, tmp_path / "report.json")
    (tmp_path / "report.json").unlink()
    shutil.rmtree(tmp_path / "another cache", ignore_errors=True)
    seconds = time.monotonic() - begin  # however busy the machine is
    left = 0
    for number in range(4):
        after = seconds * (0.3 + 0.12 * number)
        place.killed(cache, tmp_path / "report.json", after, whole_group=number % 2 == 0)
        left += len(leftovers(tmp_path))
        assert len(leftovers(tmp_path)) <= 2  # of this run; those of earlier ones are gone
    assert left > 0, "no moment was within the building"
    place.finish(cache, tmp_path / "report.json")
    assert leftovers(tmp_path) == []
    if cached:
        assert len(list((tmp_path / "cache" / "derived").iterdir())) == 1
