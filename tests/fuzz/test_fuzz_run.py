"""The runner: a crash, a hang and too much memory are found, written down and replayed; without atheris it says so."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.report import Found, Outcome, table
from tests.fuzz.run import ROOT, main

PLANTED = """
import sys, time
from pathlib import Path
from tests.fuzz import engine
from tests.fuzz.harness import Harness

def crash(data):
    if data[:1] == b"h":
        raise KeyError("planted")

def hang(data):
    while data[:1] == b"h":
        pass

def memory(data):
    if data[:1] == b"h":
        kept = bytearray(900_000_000)
        kept[::4096] = b"1" * len(kept[::4096])
        time.sleep(3)

def square(data):
    if len(data) > 50_000:
        end = time.process_time() + 6
        while time.process_time() < end:
            pass

def die(data):
    if len(data) > 50_000:
        import os
        os.abort()

def sound(data):
    assert isinstance(data, bytes)

outcome = engine.fuzz("iscc", engine.Limits(16, 2, 700), Path(sys.argv[2]), Harness(globals()[sys.argv[1]], longest=8))
for item in outcome.findings:
    print(item.kind, item.summary, item.path and (item.path.read_bytes()[:1], item.path.stat().st_size > 50_000))
print("inputs", outcome.inputs > 100)
"""


def run(*words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *map(str, words)]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=300, env={**os.environ, **environment}
    )


@pytest.mark.slow
@pytest.mark.parametrize(("act", "kind"), [("crash", "crash"), ("hang", "timeout"), ("memory", "oom"), ("sound", None)])
def test_planted_defects_are_found(tmp_path: Path, act: str, kind: str | None) -> None:
    pytest.importorskip("atheris")
    done = run("-c", PLANTED, act, tmp_path)
    assert done.returncode == 0, done.stderr
    found = [line for line in done.stdout.splitlines() if not line.startswith("inputs")]
    if kind is None:
        assert found == [] and "inputs True" in done.stdout
        return
    assert found and all(line.startswith(kind) and line.endswith("(b'h', False)") for line in found), done.stdout
    assert kind != "crash" or "KeyError: 'planted'" in found[0]


@pytest.mark.slow
@pytest.mark.parametrize(("act", "kind"), [("square", "slow"), ("die", "crash")])
def test_grown_inputs_find_slowness_and_ended_processes(tmp_path: Path, act: str, kind: str) -> None:
    pytest.importorskip("atheris")
    done = run("-c", PLANTED, act, tmp_path)
    assert done.returncode == 0, done.stderr
    found = [line for line in done.stdout.splitlines() if not line.startswith("inputs")]
    assert found and all(line.startswith(kind) and line.endswith("True)") for line in found), done.stdout


@pytest.mark.slow
def test_a_short_run_of_two_harnesses(tmp_path: Path) -> None:
    pytest.importorskip("atheris")
    done = run("-m", "tests.fuzz.run", "--seconds", "8", "--only", "iscc", "--only", "waivers", "--state", tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 harnesses" in done.stdout and "0 findings" in done.stdout
    assert list((tmp_path / "corpus" / "waivers").iterdir())


def test_without_atheris_the_extra_is_named(tmp_path: Path) -> None:
    (tmp_path / "atheris.py").write_text("raise ModuleNotFoundError(\"No module named 'atheris'\", name='atheris')\n")
    done = run("-m", "tests.fuzz.run", "--seconds", "1", PYTHONPATH=f"{tmp_path}{os.pathsep}{ROOT}")
    assert done.returncode == 2
    assert "provenance-auditor[fuzz]" in done.stderr and "Traceback" not in done.stderr


def test_an_input_is_replayed_without_atheris(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "input"
    path.write_bytes(b"ISCC:EEA")
    assert main(["--replay", "iscc", str(path)]) == 0
    assert "nothing found" in capsys.readouterr().out


def test_the_table_says_how_to_replay() -> None:
    found = Found("crash", "KeyError: 'a' at auditor/x.py:3", Path("/tmp/crash-1"))
    lost = Found("lost", "its process ended with -9", None)
    text = table([Outcome("tar", 1_234, 2.0, 56, 7, 1, 99, (found, lost)), Outcome("zip", 0, 0.0, 0, 0, 0, 0)], 4.0)
    lines = text.splitlines()
    assert lines[1].split() == ["tar", "1,234", "617", "56", "7", "1", "s", "99", "2"]
    assert "2 harnesses, 1,234 inputs in 4 s, 2 findings" in text
    assert "python -m tests.fuzz.run --replay tar /tmp/crash-1" in text
    assert "without leaving the input" in text
