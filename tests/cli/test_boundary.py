"""The one error boundary: what each kind of ending is called."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from auditor.cli import main
from auditor.errors import AuditorError, Incomplete
from tests.cli.conftest import ROOT


def ending(monkeypatch: pytest.MonkeyPatch, error: BaseException, while_interrupted: bool = False) -> int:
    def fails(**_: object) -> int:
        if not while_interrupted:
            raise error
        try:
            raise KeyboardInterrupt
        finally:
            raise error

    monkeypatch.setattr(main.cli, "main", fails)
    return main.run([])


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (KeyboardInterrupt(), 130),
        (click.Abort(), 130),
        (click.UsageError("off"), 2),
        (click.exceptions.Exit(3), 3),
        (AuditorError("what to do"), 2),
    ],
)
def test_each_ending_has_its_code(monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int) -> None:
    assert ending(monkeypatch, error) == code


@pytest.mark.parametrize("error", [BrokenPipeError(), Incomplete("a worker was lost"), RuntimeError("no pool")])
def test_what_breaks_while_an_interruption_is_cleaned_up_is_an_interruption(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception
) -> None:
    assert ending(monkeypatch, error, while_interrupted=True) == 130
    said = capsys.readouterr().err
    assert "Interrupted" in said
    assert "crashed" not in said


@pytest.mark.skipif(os.name == "nt", reason="a shell's pipe")
@pytest.mark.parametrize("words", [("explain",), ("index", "list", "INDEX"), ("index", "info", "INDEX", "--json")])
def test_a_reader_that_goes_away_is_no_verdict(built: Path, words: tuple[str, ...]) -> None:
    """Exit code 1 would say that the policy is violated."""
    command = [sys.executable, "-m", "auditor", *(str(built / "index") if word == "INDEX" else word for word in words)]
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(
            command, stdout=write, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True
        )
    finally:
        os.close(write)
    assert (done.returncode, done.stderr) == (2, "")
