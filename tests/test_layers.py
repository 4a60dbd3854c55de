"""Imports run downwards only, in the house and in every room of it; rooms on one level do not import each other."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "auditor"
LEVELS: tuple[frozenset[str], ...] = (
    frozenset({"errors", "fingerprint", "model", "outcome", "rules", "thresholds", "version"}),
    frozenset({"support"}),
    frozenset({"imaging", "names", "metadata"}),
    frozenset({"checks", "verdict"}),
    frozenset({"engines", "report", "attest", "index", "datasets", "clean"}),
    frozenset({"run"}),
    frozenset({"api"}),
    frozenset({"cli"}),
    frozenset({"__main__"}),
)
"""From the bottom up. The leaves of the lowest level may lean on each other; no other neighbours may."""
FLOORS: dict[str, tuple[str, ...]] = {
    "index": ("format", "disk", "opening", "search", "making", "exchange"),
    "datasets": ("reading", "interface", "gathering", "layouts"),
    "checks": ("interface", "copies", "table", "examine"),
    "cli": ("console", "inputs", "scan"),
    "run": ("job", "memory", "pipeline"),
}
"""The order inside a room, from the bottom up, of the places in it that stand in one."""
MOST_LINES = 400
MOST_FILES = 20
MOST_LOOSE = 9
"""Modules at the root of the package, apart from `__init__` and `__main__`."""
FILES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")
MODULES = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in FILES}


def imports_of(path: Path) -> Iterator[str]:
    """Every module of the package that a file imports, at its head or later."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "auditor")
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            if node.module and node.module.split(".")[0] == "auditor":
                for alias in node.names:
                    inner = f"{node.module}.{alias.name}"
                    yield inner if inner in MODULES or (ROOT / inner.replace(".", "/")).is_dir() else node.module


ARROWS = sorted({(module, other) for module, path in MODULES.items() for other in imports_of(path)})


def place_in(room: str, module: str) -> str | None:
    """The file or folder of `room` (dotted, without `auditor`) that a module lies in; None outside the room."""
    inside = module.removeprefix(f"auditor.{room}." if room else "auditor.")
    return inside.split(".")[0] if inside != module and inside else None


def arrows_in(room: str) -> set[tuple[str, str]]:
    """(place, place that it imports) for the places of a room; the whole house for an empty name."""
    pairs = ((place_in(room, here), place_in(room, there)) for here, there in ARROWS)
    return {(here, there) for here, there in pairs if here and there and here != there}


def floors_of(arrows: set[tuple[str, str]]) -> list[set[str]]:
    """The places in floors, the lowest first: each stands on what it imports. Fails where they form a circle."""
    places = {place for arrow in arrows for place in arrow}
    floors: list[set[str]] = []
    while places:
        floor = {place for place in places if not any(a == place and b in places for a, b in arrows)}
        assert floor, f"these import each other in a circle: {sorted(places)}"
        floors.append(floor)
        places -= floor
    return floors


ROOMS = sorted(
    {""}
    | {
        ".".join(folder.relative_to(PACKAGE).parts)
        for folder in PACKAGE.rglob("*")
        if folder.is_dir() and any(folder.glob("*.py"))
    }
)


def level_of(place: str) -> int:
    return next(number for number, places in enumerate(LEVELS) if place in places)


@pytest.mark.parametrize(("here", "there"), sorted(arrows_in("")))
def test_the_house_has_levels(here: str, there: str) -> None:
    lower = level_of(there) < level_of(here) or level_of(here) == level_of(there) == 0
    assert lower, f"{here} imports {there}: {[arrow for arrow in ARROWS if arrow[0].startswith(f'auditor.{here}')]}"


@pytest.mark.parametrize("room", ROOMS)
def test_no_room_has_a_circle(room: str) -> None:
    floors_of(arrows_in(room))


@pytest.mark.parametrize("room", sorted(FLOORS))
def test_rooms_inside_a_room_have_an_order(room: str) -> None:
    order = FLOORS[room]
    found = arrows_in(room)
    assert set(order) <= {place for arrow in found for place in arrow}
    upwards = [(a, b) for a, b in found if a in order and b in order and order.index(b) > order.index(a)]
    assert not upwards


def test_the_house_is_small_enough_to_know() -> None:
    """Rooms and floors as a dependency picture of the package shows them."""
    places = {place for arrow in arrows_in("") for place in arrow}
    assert len(places) <= 27
    assert len(floors_of(arrows_in(""))) <= 10
    loose = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__", "__main__"}
    assert len(loose) <= MOST_LOOSE, sorted(loose)


def test_nothing_imports_the_package_from_within() -> None:
    """`auditor/__init__.py` is the public face: it imports, and nothing below it imports it."""
    assert not [here for here, there in ARROWS if there == "auditor"]


@pytest.mark.parametrize("path", [*FILES, *sorted((ROOT / "tests").rglob("*.py"))], ids=lambda path: path.stem)
def test_files_stay_small(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= MOST_LINES, f"{path} has {lines} lines: find the second room in it"


@pytest.mark.parametrize("folder", [PACKAGE, ROOT / "tests", ROOT / "benchmarks"], ids=lambda folder: folder.name)
def test_folders_stay_small(folder: Path) -> None:
    every = [folder, *(item for item in folder.rglob("*") if item.is_dir())]
    counts = {str(item.relative_to(ROOT)): len(list(item.glob("*.py"))) for item in every}
    assert not {name: count for name, count in counts.items() if count > MOST_FILES}


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
    for room in ("imaging", "names", "metadata", "checks", "verdict"):
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
