"""README and docs show what the tool prints: `console` blocks are run and compared, every verb is documented."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from auditor.cli.main import VERBS
from auditor.cli.outputs.coverage_page import REASONS, page
from auditor.rules import RULES

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```console\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Shown:
    """One `$ command` of a console block with the output shown below it."""

    file: str
    command: str
    output: str


def shown() -> list[Shown]:
    found: list[Shown] = []
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for block in BLOCK.finditer(path.read_text(encoding="utf-8")):
            for part in re.split(r"^\$ ", block["body"], flags=re.MULTILINE)[1:]:
                command, _, output = part.partition("\n")
                found.append(Shown(path.name, command, output))
    return found


def run(command: str) -> str:
    words = shlex.split(command)
    assert words[0] == "auditor", f"a console block may only run auditor: {command}"
    environment = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "auditor", *words[1:]], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout


def normal(text: str) -> list[str]:
    """Lines without trailing blanks. The ages of indexes move on by themselves, and the line breaks after them."""
    text = re.sub(
        r",\s+(?:issued\s+)?(?:today|\d+\s+(?:day|week|month|year)s?\s+(?:ago|old))\s+·\s+", ", <age> · ", text
    )
    return [line.rstrip() for line in text.strip("\n").splitlines()]


@pytest.mark.parametrize("example", shown(), ids=lambda item: f"{item.file}:{item.command[:60]}")
def test_shown_output_is_real(example: Shown) -> None:
    """A line of `…` alone stands for any lines left out."""
    real = normal(run(example.command))
    place = 0
    for number, part in enumerate("\n".join(normal(example.output)).split("\n…\n")):
        lines = part.splitlines()
        starts = [n for n in range(place, len(real) - len(lines) + 1) if real[n : n + len(lines)] == lines]
        assert starts, f"not printed: {part}\nbut:\n" + "\n".join(real[place:])
        assert number or starts[0] == 0
        place = starts[0] + len(lines)
    assert place == len(real)


def test_the_readme_shows_the_main_job() -> None:
    assert any(item.file == "README.md" and "auditor scan" in item.command for item in shown())


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_is_documented(verb: str) -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md"))
    assert f"auditor {verb}" in text


def test_the_page_on_coverage_is_what_explain_prints() -> None:
    text = (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")
    assert text == page(), "docs/coverage.md is stale, run: auditor explain coverage > docs/coverage.md"
    assert run("auditor explain coverage") == page()


SKIPS = re.compile(r'''(?:skip=|PictureError\(\s*|Skip\(sample\.path, |return None, |OUT_OF_MEMORY = )"([a-z-]+)"''')


def test_every_reason_of_a_skip_is_explained() -> None:
    sources = [
        path.read_text(encoding="utf-8") for path in (ROOT / "auditor").rglob("*.py") if "index" not in path.parts
    ]
    used = {reason for text in sources for reason in SKIPS.findall(text)} - {"train", "not-a-file", "too-large"}
    assert len(used) > 20
    assert used | {"missing", "text-cut", "unreadable-text"} <= dict(REASONS).keys()


def test_every_rule_is_documented() -> None:
    text = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    for rule in RULES:
        assert f'<a id="{rule.slug}"></a>' in text, rule.id
        assert rule.help in text, f"{rule.id}: docs/rules.md is stale, run: auditor explain --markdown > docs/rules.md"


@pytest.mark.parametrize("document", ["CONTRIBUTING.md", "docs/architecture.md"])
def test_every_place_that_the_builders_documents_name_is_there(document: str) -> None:
    """Paths in backticks, as seen from the root, the package or a room of it; NAME stands for a new file."""
    named = set(re.findall(r"`([a-z_][\w/]*(?:/|\.py))`", (ROOT / document).read_text(encoding="utf-8")))
    assert len(named) > 8
    bases = (ROOT, ROOT / "tests" / "fuzz", ROOT / "auditor", *(ROOT / "auditor").glob("*/"))
    missing = {name for name in named if not any((base / name.replace("NAME.py", "")).exists() for base in bases)}
    assert not missing
