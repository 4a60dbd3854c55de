"""Writes docs/commands.md and docs/rules.md from the tool itself: `python docs/build.py`, or `make docs`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
from click.testing import CliRunner

from auditor.cli.explain import rules_page
from auditor.cli.main import VERBS, cli
from auditor.cli.outputs.coverage_page import page

DOCS = Path(__file__).parent
INTRODUCTION = """# Commands

What `--help` says, for every command. Exit codes of all of them: 0 pass, 1 the policy is violated, 2 could not run,
3 ran but nothing or not everything was audited, 130 interrupted.
"""


def lines(command: click.Command, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The words of a command and of everything below it."""
    yield words
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=" ".join(words))
        for name in VERBS if command is cli else command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None and not child.hidden:
                yield from lines(child, (*words, name))


def commands_page() -> str:
    """The page of all commands."""
    parts = [INTRODUCTION]
    runner = CliRunner()
    for words in lines(cli, ("auditor",)):
        line = " ".join(words)
        text = runner.invoke(cli, [*words[1:], "--help"], prog_name="auditor", terminal_width=98).output
        parts.append(f"## {line}\n\n```console\n$ {line} --help\n{text}```\n")
    return "\n".join(parts)


if __name__ == "__main__":
    (DOCS / "commands.md").write_text(commands_page(), encoding="utf-8")
    (DOCS / "rules.md").write_text(rules_page(), encoding="utf-8")
    (DOCS / "coverage.md").write_text(page(), encoding="utf-8")
