"""Whatever command is killed whenever: nothing runs on, nothing is half-written, and the same command ends well."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from auditor.support.extras import available
from auditor.support.reaper import marked
from tests.index.samples import gallery, picture

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals there"),
]
ROOT = Path(__file__).parents[2]
MOMENTS = int(os.environ.get("AUDITOR_KILL_MOMENTS", "10"))
ENDS_WITHIN = 3.0
PICTURES = 40


def started(home: Path, words: tuple[str, ...], mark: str = "") -> subprocess.Popen[bytes]:
    own = {"XDG_CACHE_HOME": str(home / "cache"), "XDG_STATE_HOME": str(home / "state"), "PYTHONPATH": str(ROOT)}
    if mark:
        own[mark] = "1"
    return subprocess.Popen(
        [sys.executable, "-m", "auditor", *words],
        cwd=home,
        env={**os.environ, **own},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def ran(home: Path, *words: str) -> int:
    """Run to the end; the exit code, which is never that of a crash or of a lack."""
    process = started(home, words)
    said, _ = process.communicate(timeout=300)
    assert process.returncode in {0, 1, 3}, said.decode()
    return process.returncode


def whole_index(home: Path, name: str) -> None:
    if (home / name).exists():
        ran(home, "index", "verify", name)


def whole_json(home: Path, name: str) -> None:
    if (home / name).exists():
        json.loads((home / name).read_bytes())


def old_or_put_back(home: Path, _: str) -> None:
    """Every file of the set is in it or set aside, and whole."""
    sizes = {path.name: path.stat().st_size for place in ("set", "aside") for path in (home / place).rglob("*.png")}
    expected = {path.name: path.stat().st_size for path in (home / "pristine").rglob("*.png")}
    assert sizes == expected


@dataclass(frozen=True, slots=True)
class Case:
    """A command, what it writes, and how that is checked after a kill."""

    words: tuple[str, ...]
    writes: str
    whole: Callable[[Path, str], None]
    needs: str | None = None


def _scan(engine: str) -> tuple[str, ...]:
    return ("scan", "set", "-i", "old", "-j", "2", "--engine", engine, "-o", "json=out.json", "--cache", "kept")


CASES = {
    "index build": Case(("index", "build", "art", "--out", "built", "-j", "2"), "built", whole_index),
    "index add": Case(("index", "add", "old", "more", "-j", "2"), "old", whole_index),
    "index merge": Case(("index", "merge", "old", "other", "--out", "joined"), "joined", whole_index),
    "index import": Case(
        ("index", "import", "list.txt", "--format", "sha256sum", "--out", "imported", "--artist", "Ash Varga"),
        "imported",
        whole_index,
    ),
    "scan processes": Case(_scan("processes"), "out.json", whole_json),
    "scan ray": Case(_scan("ray"), "out.json", whole_json, "ray"),
    "scan spark": Case(_scan("spark"), "out.json", whole_json, "pyspark"),
    "clean": Case(("clean", "report.json", "--to", "aside", "--apply"), "aside", old_or_put_back),
    "undo": Case(("clean", "--undo", "set-aside", "--dataset", "cleaned"), "cleaned", lambda *_: None),
    "attest": Case(("attest", "report.json", "--dataset", "set", "-o", "out.intoto"), "out.intoto", whole_json),
    "verify": Case(("verify", "done.intoto", "set"), "", lambda *_: None),
}


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("kill")
    gallery(home / "art", "Ash", PICTURES)
    gallery(home / "more", "Birch", PICTURES, first=100)
    gallery(home / "small", "Cedar", 3, first=200)
    ran(home, "index", "build", "art", "--out", "old")
    ran(home, "index", "build", "small", "--out", "other")
    (home / "set").mkdir()
    for number in range(PICTURES * 2):
        picture(number if number < PICTURES else 1000 + number).save(home / "set" / f"{number:03}.png")
    shutil.copytree(home / "set", home / "pristine")
    shutil.copytree(home / "set", home / "cleaned")
    (home / "list.txt").write_text("".join(f"{number:064x}  {number}.png\n" for number in range(1, 3000)))
    ran(home, "scan", "set", "-i", "old", "-o", "json=report.json")
    ran(home, "scan", "cleaned", "-i", "old", "-o", "json=cleaned.json")
    ran(home, "clean", "cleaned.json", "--to", "set-aside", "--apply")
    ran(home, "attest", "report.json", "--dataset", "set", "-o", "done.intoto")
    shutil.rmtree(home / "cache", ignore_errors=True)
    return home


@pytest.mark.parametrize("how", ["SIGTERM", "SIGKILL", "SIGHUP"])
@pytest.mark.parametrize("name", CASES)
def test_killed_at_any_moment(name: str, how: str, scene: Path, tmp_path: Path) -> None:
    case = CASES[name]
    if case.needs is not None and not available(case.needs):
        pytest.skip(f"needs {case.needs}")
    shutil.copytree(scene, tmp_path / "whole", symlinks=True)
    begun = time.monotonic()
    ran(tmp_path / "whole", *case.words)
    took = time.monotonic() - begun
    random = np.random.default_rng([ord(letter) for letter in name + how])
    caught = 0
    for attempt in range(MOMENTS):
        home = Path(shutil.copytree(scene, tmp_path / f"{attempt}", symlinks=True))
        mark = f"KILLED_{secrets.token_hex(8)}"
        process = started(home, case.words, mark)
        time.sleep(float(random.uniform(0.1, 1.0)) * took)
        process.send_signal(getattr(signal, how))
        until = time.monotonic() + ENDS_WITHIN
        while (left := [*marked(mark)]) and time.monotonic() < until:
            time.sleep(0.05)
        for number in left:
            os.kill(number, signal.SIGKILL)
        said, _ = process.communicate()
        assert not left, f"{len(left)} processes ran on"
        if process.returncode not in {0, 1, 3}:
            assert process.returncode in {-getattr(signal, how), 128 + getattr(signal, how)}, said.decode()
            caught += 1
        case.whole(home, case.writes)
        if name != "undo" or (home / "set-aside").exists():
            ran_again(home, name, case)
        shutil.rmtree(home)
    assert caught > 0, "no moment was within the command"


def ran_again(home: Path, name: str, case: Case) -> None:
    """The same command ends well, or says that it is done already."""
    process = started(home, case.words)
    said, _ = process.communicate(timeout=300)
    allowed = {0, 1, 3}
    if name == "clean" and b"holds a clean-up already" in said:
        allowed.add(2)
    assert process.returncode in allowed, said.decode()
    case.whole(home, case.writes)
