"""Scratch folders are removed at the end, and those of killed processes by the next one; those in use never are."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from auditor.support.scratch import ABANDONED_SECONDS, remove_abandoned, scratch_folder

HOLD = """
import sys, time
from pathlib import Path
from auditor.support.scratch import scratch_folder
with scratch_folder(Path(sys.argv[1])) as folder:
    (folder / "part").write_bytes(b"x")
    print(folder.name, flush=True)
    time.sleep(60)
"""


def holder(root: Path) -> tuple[subprocess.Popen[str], Path]:
    """Another process that holds a scratch folder in `root`."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(root)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, root / process.stdout.readline().strip()


def test_it_is_removed_at_the_end_and_after_an_error(tmp_path: Path) -> None:
    with scratch_folder(tmp_path) as folder:
        (folder / "sub").mkdir()
        assert list(tmp_path.iterdir()) == [folder]
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(RuntimeError, match="broken"), scratch_folder(tmp_path):
        raise RuntimeError("broken")
    assert list(tmp_path.iterdir()) == []


def test_what_is_in_it_can_be_moved_out(tmp_path: Path) -> None:
    with scratch_folder(tmp_path) as folder:
        (folder / "made").mkdir()
        (folder / "made" / "file").write_bytes(b"x")
        (folder / "made").replace(tmp_path / "kept")
    assert [path.name for path in tmp_path.rglob("*")] == ["kept", "file"]


def test_a_killed_process_leaves_it_to_the_next(tmp_path: Path) -> None:
    process, folder = holder(tmp_path)
    remove_abandoned(tmp_path)
    assert (folder / "part").exists()  # in use
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert (folder / "part").exists()
    with scratch_folder(tmp_path) as mine:
        assert list(tmp_path.iterdir()) == [mine]


def test_two_in_one_process(tmp_path: Path) -> None:
    with scratch_folder(tmp_path) as one, scratch_folder(tmp_path) as two:
        assert sorted(tmp_path.iterdir()) == sorted([one, two])


def test_what_was_never_marked_goes_when_it_is_old(tmp_path: Path) -> None:
    young, old = tmp_path / "auditor-making-a", tmp_path / "auditor-making-b"
    for folder in (young, old):
        folder.mkdir()
    os.utime(old, (time.time() - ABANDONED_SECONDS - 9,) * 2)
    remove_abandoned(tmp_path)
    assert list(tmp_path.iterdir()) == [young]


def test_nothing_else_is_touched(tmp_path: Path) -> None:
    """Neither other names, nor files, nor what a link leads to."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "file").write_bytes(b"x")
    (tmp_path / "auditor-scratch-file").write_bytes(b"x")
    if os.name == "posix":
        (tmp_path / "auditor-scratch-link").symlink_to(tmp_path / "elsewhere")
    before = sorted(tmp_path.rglob("*"))
    remove_abandoned(tmp_path)
    assert sorted(tmp_path.rglob("*")) == before
    remove_abandoned(tmp_path / "absent")
