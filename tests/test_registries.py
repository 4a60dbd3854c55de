"""Module paths that stand as text, which no type checker sees: every one of them can be imported."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import auditor
from auditor.checks import table as checks
from auditor.cli.index.group import VERBS as INDEX_VERBS
from auditor.cli.main import VERBS
from auditor.datasets import shards
from auditor.datasets.layouts import table as layouts
from auditor.engines import table as engines
from auditor.index.exchange.interface import FORMATS
from auditor.report.interface import RENDERERS

ROOT = Path(__file__).parents[1]
DOTTED = re.compile(r"(?:auditor|tests|benchmarks)(?:\.[a-z_][a-z0-9_]*)+(?::\w+)?")


def rows() -> Iterator[str]:
    """Each row of each registry as `module` or `module:name`."""
    yield from (f"{home}:{name}" for name, home in auditor._HOME.items())
    yield from layouts.ROWS.values()
    yield from shards.READERS.values()
    yield from (row.home for row in engines.ENGINES.values())
    yield from (f"{row.module}:read" for row in FORMATS.values())
    yield from (f"{row.module}:write" for row in FORMATS.values())
    yield from (f"{row.module}:render" for row in RENDERERS.values())
    yield from (home for home, _ in (*VERBS.values(), *INDEX_VERBS.values()))


@pytest.mark.parametrize("row", sorted(set(rows())))
def test_every_row_of_every_registry_imports(row: str) -> None:
    module, _, name = row.partition(":")
    assert getattr(importlib.import_module(module), name) is not None


def texts() -> Iterator[tuple[str, str]]:
    """(file, dotted path) of every text in the code that is a module path and nothing else."""
    for folder in ("auditor", "tests", "benchmarks", "examples"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and DOTTED.fullmatch(node.value):
                    yield str(path.relative_to(ROOT)), node.value.partition(":")[0]


def exists(dotted: str) -> bool:
    """Whether a module has this path, or an attribute of one does."""
    try:
        if importlib.util.find_spec(dotted) is not None:
            return True
    except ModuleNotFoundError:
        pass
    parent, _, name = dotted.rpartition(".")
    return bool(parent) and exists_module(parent) and hasattr(importlib.import_module(parent), name)


def exists_module(dotted: str) -> bool:
    try:
        return importlib.util.find_spec(dotted) is not None
    except ModuleNotFoundError:
        return False


def test_no_text_names_a_module_that_is_gone() -> None:
    gone = [(file, text) for file, text in texts() if not text.endswith((".py", ".toml", ".md")) and not exists(text)]
    assert not gone


def test_every_check_can_be_run() -> None:
    assert all(callable(row.load()) for row in checks.CHECKS.values())
