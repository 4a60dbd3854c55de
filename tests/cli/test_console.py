"""There is one way for a command to print a sentence, and it lets nothing hidden through."""

from __future__ import annotations

import ast
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

import auditor.cli
from auditor.cli.console import say, say_error, say_usage, tell, tell_json
from auditor.report.text import visible

CLI = Path(auditor.cli.__file__).parent
OWN_WORDS = {
    "console.py": "the one place",
    "clean.py": "made visible there",
    "explain.py": "the rules' own words",
    "inspect.py": "JSON",
    "main.py": "an empty line",
    "samples.py": "JSON",
}
"""Modules that may call `click.echo`, and why."""
NASTY = "a\x1b[31m\u202eb\r\n\x9bc\udc80"


@pytest.mark.parametrize("path", sorted(CLI.glob("*.py")), ids=lambda path: path.name)
def test_only_the_console_prints(path: Path) -> None:
    calls = [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("click.echo", "click.secho", "print")
    ]
    assert not calls or path.name in OWN_WORDS, f"line {calls}: use say, tell or tell_json of auditor.cli.console"


@pytest.mark.parametrize("printed", [say, tell, say_error])
@given(text=st.text() | st.just(NASTY))
def test_a_call_is_one_visible_line(printed: object, text: str) -> None:
    import contextlib
    import io

    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        printed(text)  # type: ignore[operator]
    assert out.getvalue().count("\n") == 1
    assert visible(out.getvalue().rstrip("\n")) == out.getvalue().rstrip("\n")


def test_json_is_ascii(capsys: pytest.CaptureFixture[str]) -> None:
    tell_json({NASTY: "北斎"})
    said = capsys.readouterr().out
    assert said.isascii()
    assert "\x1b" not in said


def test_clicks_own_words_are_made_visible(capsys: pytest.CaptureFixture[str]) -> None:
    say_usage(click.UsageError(f"no such option: {NASTY}"))
    said = capsys.readouterr().err
    assert "\x1b" not in said
    assert "\\u202e" in said
