"""The command line without a process of its own: as a user's words, much faster."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
from pathlib import Path
from unittest import mock

from auditor.cli.main import run
from tests.cli.conftest import CACHE

ENVIRONMENT = {"NO_COLOR": "1", "COLUMNS": "200", "XDG_CACHE_HOME": CACHE, "XDG_STATE_HOME": CACHE}


def call(*words: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the tool in this process, in a folder, and give what a process would have given."""
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
    argv = [str(word) for word in words]
    with (
        contextlib.chdir(cwd),
        mock.patch.dict(os.environ, ENVIRONMENT),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        code = run(argv)
    return subprocess.CompletedProcess(argv, code, _text(out), _text(err))


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode("utf-8")


def ok(cwd: Path, *words: object, code: int = 0) -> str:
    """Run, check the exit code, and return both outputs together."""
    done = call(*words, cwd=cwd)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr
