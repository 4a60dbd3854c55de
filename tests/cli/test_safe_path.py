"""Nothing in a training folder is run, also where a scan is started in that folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from auditor.support.extras import available
from tests.pictures import painting

ROOT = Path(__file__).parents[2]
MODULES = (
    "auditor",
    "numpy",
    "cv2",
    "faiss",
    "json",
    "multiprocessing",
    "pyarrow",
    "PIL",
    "ray",
    "pyspark",
    "sitecustomize",
)
PICTURES = 30
"""Enough for an index to be built by several processes."""


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """A folder of pictures with modules in it that say that they were run."""
    folder = tmp_path / "Mirela Ashdown"
    folder.mkdir()
    for number in range(PICTURES):
        painting(number, (64, 48)).save(folder / f"{number}.png")
    for name in MODULES:
        (folder / f"{name}.py").write_text(
            f"open({str(tmp_path / 'ran')!r}, 'a').write({name!r} + ' ')\nraise SystemExit(9)\n"
        )
    return folder


def ran_in(folder: Path, *arguments: str) -> int:
    """Run a command in the folder; what was run of the folder fails the test."""
    command = [sys.executable, str(ROOT / "cli.py"), *arguments]
    clean = {name: value for name, value in os.environ.items() if name not in {"PYTHONSAFEPATH", "PYTHONPATH"}}
    done = subprocess.run(command, cwd=folder, env=clean, capture_output=True, text=True, timeout=300, check=False)
    marker = folder.parent / "ran"
    assert not marker.exists(), marker.read_text()
    assert done.returncode in {0, 1}, done.stderr
    return done.returncode


def test_the_trap_works(trap: Path) -> None:
    subprocess.run([sys.executable, "-c", "import numpy"], cwd=trap, capture_output=True, check=False)
    assert (trap.parent / "ran").read_text() == "numpy "


def test_building_an_index_and_scanning_run_nothing_of_the_folder(trap: Path) -> None:
    index = str(trap.parent / "index")
    ran_in(trap, "index", "build", ".", "--out", index, "-j", "2", "--no-regions")
    assert ran_in(trap, "scan", ".", "--index", index, "--no-cache", "-j", "2", "--engine", "processes") == 1


@pytest.mark.slow
@pytest.mark.parametrize(("engine", "package"), [("ray", "ray"), ("spark", "pyspark")])
def test_engines_run_nothing_of_the_folder(trap: Path, engine: str, package: str) -> None:
    if not available(package):
        pytest.skip(f"needs the extra [{engine}]")
    index = str(trap.parent / "index")
    ran_in(trap, "index", "build", ".", "--out", index, "-j", "2", "--no-regions")
    assert ran_in(trap, "scan", ".", "--index", index, "--no-cache", "-j", "2", "--engine", engine) == 1
