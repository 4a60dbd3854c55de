"""The composite action's own steps, run as a shell script; what others' actions do is left out."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.programs import program

ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS: dict[str, dict[str, Any]] = {step["name"]: step for step in ACTION["runs"]["steps"]}

pytestmark = pytest.mark.skipif(program("bash") is None, reason="the steps are bash scripts")


class Runner:
    """A GitHub runner, as far as these steps can see one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.temporary = folder / "runner"
        (self.temporary / "bin").mkdir(parents=True)
        tool = self.temporary / "bin" / "auditor"
        tool.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m auditor "$@"\n')
        tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
        self.output, self.summary = folder / "output", folder / "summary"
        self.output.touch()
        self.summary.touch()

    def run(self, name: str, **inputs: str) -> subprocess.CompletedProcess[str]:
        """Run one step with its inputs and the outputs of the scan."""
        values = {key: value.get("default", "") for key, value in ACTION["inputs"].items()} | inputs
        env = {key: self._expand(text, values) for key, text in STEPS[name].get("env", {}).items()}
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS[name]["run"]],
            cwd=self.folder,
            env={
                "PATH": f"{self.temporary / 'bin'}{os.pathsep}{os.environ['PATH']}",
                "PYTHONPATH": str(ROOT),
                "HOME": str(self.temporary),
                "RUNNER_TEMP": str(self.temporary),
                "GITHUB_OUTPUT": str(self.output),
                "GITHUB_STEP_SUMMARY": str(self.summary),
                "GITHUB_PATH": str(self.folder / "path"),
                **env,
            },
            capture_output=True,
            text=True,
        )

    def _expand(self, text: str, values: dict[str, str]) -> str:
        inner = text.removeprefix("${{ ").removesuffix(" }}")
        kind, _, name = inner.partition(".")
        if kind == "inputs":
            return values[name]
        if inner.startswith("steps.scan.outputs."):
            return self.outputs().get(inner.rpartition(".")[2], "")
        raise AssertionError(f"unknown expression {text}")

    def outputs(self) -> dict[str, str]:
        return dict(line.split("=", 1) for line in self.output.read_text().splitlines())


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    shutil.copytree(ROOT / "examples" / "lora-dataset", tmp_path / "my dataset")
    shutil.copytree(ROOT / "indexes" / "demo", tmp_path / "index")
    return Runner(tmp_path)


def test_findings_are_reported_first_and_fail_last(runner: Runner) -> None:
    done = runner.run("Scan", path="my dataset", index="index\n", layout="kohya")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("::error ")
    outputs = runner.outputs()
    assert outputs["exit-code"] == "1"
    assert outputs["sarif"] == "true"
    reports = Path(outputs["reports"])
    run = json.loads((reports / "report.sarif").read_text())["runs"][0]
    assert run["results"]
    assert all(
        "my%20dataset/" in row["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for row in run["results"]
    )
    assert json.loads((reports / "report.json").read_text())["verdict"]["result"] == "fail"
    assert (reports / "report.html").read_text().startswith("<!doctype html>")
    assert runner.run("Write the summary").returncode == 0
    assert "Provenance audit: fail" in runner.summary.read_text()
    assert runner.run("Verdict").returncode == 1


def test_what_cannot_run_is_said_and_is_no_pass(runner: Runner) -> None:
    done = runner.run("Scan", path="nowhere", index="index")
    assert done.returncode == 0
    assert runner.outputs()["exit-code"] == "2"
    assert runner.outputs()["sarif"] == "false"
    runner.run("Write the summary")
    assert "could not run (exit code 2)" in runner.summary.read_text()
    assert runner.run("Verdict").returncode == 2


def test_a_scan_step_that_never_ran_is_no_pass(runner: Runner) -> None:
    assert runner.run("Verdict").returncode == 2


def test_inputs_are_words_and_never_script(runner: Runner) -> None:
    nasty = "$(touch pwned)`touch pwned`; touch pwned #"
    runner.run("Scan", path=nasty, index=nasty, waivers=nasty, **{"layout-options": nasty})
    assert runner.outputs()["exit-code"] == "2"
    assert not (runner.folder / "pwned").exists()
    for step in STEPS.values():
        assert "${{" not in step.get("run", "")


@pytest.mark.slow
def test_several_indexes_options_and_a_path_that_looks_like_an_option(runner: Runner) -> None:
    (runner.folder / "my dataset").rename(runner.folder / "-set")
    shutil.copytree(ROOT / "indexes" / "public-statements", runner.folder / "names")
    runner.run(
        "Scan",
        path="-set",
        index="index\nnames\n",
        layout="kohya",
        **{"layout-options": "caption_extension=.caption\n", "fail-on": "none"},
    )
    assert runner.outputs()["exit-code"] == "0"
    assert runner.run("Verdict").returncode == 0
    report = json.loads((Path(runner.outputs()["reports"]) / "report.json").read_text())
    assert len(report["indexes"]) == 2
    assert report["dataset"]["options"] == {"caption_extension": ".caption"}


def test_steps_that_must_run_whatever_happens_say_so() -> None:
    for name in ("Write the summary", "Send to code scanning", "Keep the reports", "Verdict"):
        assert "always()" in STEPS[name]["if"]
    assert list(STEPS)[-1] == "Verdict"
