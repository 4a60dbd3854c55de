"""`kill -9` at any moment of the real command, on a set large enough to be caught in the middle."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from auditor.clean import manifest as records
from auditor.outcome import DatasetInfo, Source
from auditor.report import json as report_json
from tests.clean.trees import copy_finding, listed, picture, snapshot, write
from tests.cli.inprocess import ok
from tests.report import examples

ROOT = Path(__file__).parents[2]
FILES = 600


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A kohya set of which every other picture is flagged."""
    root = tmp_path_factory.mktemp("kill")
    data = picture(1)
    for number in range(FILES):
        write(root / "set" / "5_trees" / f"{number:04}.png", data)
        write(root / "set" / "5_trees" / f"{number:04}.txt", f"tree {number}")
    samples = listed(root / "set", "kohya", caption_extension=".txt")
    pictures = sorted(sample.path for sample in samples if sample.kind == "picture")
    report = examples.report_of(tuple(copy_finding(path) for path in pictures[::2]))
    dataset = DatasetInfo((Source("set", "kohya", (("caption_extension", ".txt"),)),), "0" * 64)
    (root / "report.json").write_text(report_json.render(replace(report, dataset=dataset)))
    return root


def killed(root: Path, *words: str, after: float) -> bool:
    """Start the command and kill it once its folder has been there for a while; say whether that came in time."""
    process = subprocess.Popen(
        [sys.executable, "-m", "auditor", *words],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    end = time.monotonic() + 60
    while process.poll() is None and not (root / "aside").exists() and time.monotonic() < end:
        time.sleep(0.001)
    time.sleep(after)
    process.kill()
    return process.wait() == -signal.SIGKILL


@pytest.mark.slow
@pytest.mark.parametrize("how", ["finish", "undo"])
def test_a_killed_command_is_finished_or_taken_back(how: str, prepared: Path, tmp_path: Path) -> None:
    random = np.random.default_rng(11)
    caught = 0
    for attempt in range(6):
        root = Path(shutil.copytree(prepared, tmp_path / f"{attempt}"))
        before = snapshot(root / "set")
        words = ("clean", "report.json", "--to", "aside", "--apply")
        caught += killed(root, *words, after=float(random.uniform(0, 0.12)))
        if how == "finish":
            ok(root, *words, code=0 if _unfinished(root) else 2)
            assert len(list((root / "set" / "5_trees").iterdir())) == FILES
        ok(root, "clean", "--undo", "aside", "--dataset", "set")
        assert snapshot(root / "set") == before
    assert caught > 0


def _unfinished(root: Path) -> bool:
    path = root / "aside" / records.FILE
    return not path.exists() or records.load(root / "aside").state != "applied"
