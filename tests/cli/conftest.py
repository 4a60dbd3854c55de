"""An index and a training folder, made once, and a way to run the tool as a user does."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pictures import artist_folder, encoded, painting

Run = Callable[..., subprocess.CompletedProcess[str]]
CACHE = tempfile.mkdtemp(prefix="auditor-test-cache-")
atexit.register(shutil.rmtree, CACHE, ignore_errors=True)
ROOT = Path(__file__).parents[2]


def run_auditor(*words: str | Path, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    cache = {"XDG_CACHE_HOME": CACHE, "XDG_STATE_HOME": CACHE}
    return subprocess.run(
        [sys.executable, "-m", "auditor", *map(str, words)],
        cwd=cwd,
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "100", "PYTHONPATH": str(ROOT), **cache, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`works/` (two artists), `index/`, `set/` (a kohya folder with a copy and a name) and `clean/`."""
    root = tmp_path_factory.mktemp("built")
    artist_folder(root / "works", "Mirela Ashdown", range(3))
    artist_folder(root / "works", "Tobias Quill", range(10, 13))
    done = run_auditor("index", "build", root / "works", "--out", root / "index")
    assert done.returncode == 0, done.stderr
    folder = root / "set" / "10_landscape"
    folder.mkdir(parents=True)
    shutil.copy(root / "works" / "Mirela Ashdown" / "Work 1.png", folder / "a.png")
    (folder / "a.txt").write_text("a castle, oil painting by tobias quill", encoding="utf-8")
    (folder / "b.jpg").write_bytes(encoded(painting(10).resize((256, 192)), "JPEG", quality=60))
    (folder / "c.png").write_bytes(encoded(painting(500)))
    clean = root / "clean"
    clean.mkdir()
    for seed in range(600, 604):
        (clean / f"{seed}.png").write_bytes(encoded(painting(seed)))
        (clean / f"{seed}.txt").write_text("a quiet field at dawn", encoding="utf-8")
    return root
