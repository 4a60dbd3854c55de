"""Imports run downwards only, and rooms on one level do not import each other."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "auditor"
LEVELS: tuple[frozenset[str], ...] = (
    frozenset(
        {
            "environment",
            "errors",
            "extras",
            "fingerprint",
            "folders",
            "model",
            "plain",
            "rules",
            "scratch",
            "support",
            "thresholds",
            "tomltext",
            "version",
        }
    ),
    frozenset({"imaging", "names", "metadata", "dsse"}),
    frozenset({"checks"}),
    frozenset({"audit", "merge", "options", "policy", "waivers"}),
    frozenset({"engines", "report", "attest", "index", "datasets", "config", "cache", "clean"}),
    frozenset({"api", "batches", "distributed", "job", "local", "memory", "pipeline", "textaudit", "unitmemory"}),
    frozenset({"cli", "__main__"}),
)
WITHIN_LEVEL = {
    # The leaves and the pure core are single files that may lean on each other.
    0: True,
    3: True,
    5: True,
    6: True,
}


def room_of(module: str) -> str:
    """`auditor.names.fold` -> `names`; `auditor` itself -> ``."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def level_of(room: str) -> int:
    return next(number for number, rooms in enumerate(LEVELS) if room in rooms)


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.split(".")[0] == "auditor"}
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "auditor":
            found |= (
                {f"{node.module}.{alias.name}" for alias in node.names} if node.module == "auditor" else {node.module}
            )
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
    return found


FILES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_downwards(path: Path) -> None:
    room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    for module in imports_of(path):
        other = room_of(module)
        if other in (room, ""):
            continue
        here, there = level_of(room), level_of(other)
        allowed = there < here or (there == here and WITHIN_LEVEL.get(here, False))
        assert allowed, f"{room} (level {here}) imports {module} (level {there})"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_files_stay_small(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= 400, f"{path.name} has {lines} lines: find the second room in it"


def test_pure_rooms_stay_pure() -> None:
    banned = {
        "os",
        "socket",
        "subprocess",
        "time",
        "requests",
        "urllib.request",
        "http",
        "pickle",
        "shutil",
        "tempfile",
    }
    for room in ("imaging", "names", "metadata", "checks"):
        for path in sorted((PACKAGE / room).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            names = {a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names}
            names |= {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module}
            assert not names & banned, f"{path}: {names & banned}"


def test_nothing_unpickles_or_prints() -> None:
    for path in FILES:
        room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import) and path.name != "frames.py":
                assert not {alias.name for alias in node.names} & {"pickle", "marshal", "shelve", "dill"}, path
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
                assert room == "cli" or path.name == "terminal.py", f"{path}:{node.lineno} prints"
