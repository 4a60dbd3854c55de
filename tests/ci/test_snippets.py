"""The other files for CI: they parse, and they call the tool with words that it knows."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
import yaml

from auditor.cli.inputs.config import load_config
from auditor.cli.main import cli
from auditor.report import dataset_card
from tests.programs import program
from tests.report import examples
from tests.report.examples import full

ROOT = Path(__file__).parents[2]
FILES = sorted([*(ROOT / "examples" / "ci").glob("*.y*ml"), ROOT / ".pre-commit-hooks.yaml", ROOT / "action.yml"])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_they_are_yaml(path: Path) -> None:
    assert yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_option_they_use_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace("\\\n", " ")
    for verb, words in re.findall(r"\bauditor ([a-z]+)((?: [^\n]*)?)", text):
        command = cli.get_command(click.Context(cli), verb)
        assert command is not None, f"auditor {verb}"
        known = {option for parameter in command.params for option in parameter.opts}
        for option in re.findall(r"(?<= )--[a-z][a-z-]*", words):
            assert option in known, f"auditor {verb} {option}"


def test_the_hooks_entries_are_the_tools() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert {hook["id"] for hook in hooks} == {"provenance-audit", "provenance-audit-staged"}
    whole = next(hook for hook in hooks if hook["id"] == "provenance-audit")
    assert whole["pass_filenames"] is False
    used = yaml.safe_load((ROOT / "examples" / "ci" / "pre-commit.yaml").read_text())["repos"][0]["hooks"]
    assert {hook["id"] for hook in used} <= {hook["id"] for hook in hooks}


def test_the_workflows_inputs_are_the_actions() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    workflow = yaml.safe_load((ROOT / "examples" / "ci" / "github.yml").read_text())
    used = workflow["jobs"]["audit"]["steps"][-1]["with"]
    assert set(used) <= set(action["inputs"])


def test_the_example_configuration_is_read() -> None:
    config = load_config(ROOT / "examples" / "ci" / "auditor.toml")
    assert config.fail_on == "high"
    assert config.overrides.items()


@pytest.mark.skipif(program("bash") is None, reason="it is a bash script")
def test_the_dataset_card_keeps_its_other_words(tmp_path: Path) -> None:
    from auditor.report.json import render

    tool = tmp_path / "auditor"
    tool.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m auditor "$@"\n')
    tool.chmod(0o755)
    card = tmp_path / "README.md"
    card.write_text("---\nlicense: cc0-1.0\n---\n# Trees\n")

    def update(text: str) -> None:
        (tmp_path / "report.json").write_text(text)
        script = ROOT / "examples" / "ci" / "update-dataset-card.sh"
        subprocess.run(
            ["bash", script, "report.json", "README.md"],
            cwd=tmp_path,
            check=True,
            env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
            capture_output=True,
        )

    update(render(full()))
    card.write_text(card.read_text() + "\n## After\n")
    update(render(examples.clean()))
    text = card.read_text()
    assert text.startswith("---\nlicense: cc0-1.0\n---\n# Trees\n\n<!-- provenance-audit:start -->")
    assert text.endswith("<!-- provenance-audit:end -->\n\n## After\n")
    assert text.count("## Provenance audit") == 1
    assert dataset_card.render(examples.clean()) in text
