"""docs/layouts.md names every layout and every option."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from auditor.datasets.layouts import table

TEXT = (Path(__file__).parents[2] / "docs" / "layouts.md").read_text(encoding="utf-8")
OPTIONS = {
    name: cells
    for row in re.findall(r"^\| (.+?) \| (.+) \|$", TEXT.partition("## Options")[2].partition("##")[0], re.MULTILINE)
    for name in re.findall(r"`([\w-]+)`", row[0])
    for cells in (row[1],)
}


@pytest.mark.parametrize("name", table.names())
def test_every_layout_and_option_is_documented(name: str) -> None:
    assert f"| `{name}` |" in TEXT
    documented = set(re.findall(r"`(\w+)`", OPTIONS[name]))
    inherited = {"kohya-config": set(table.layout("kohya").options)}.get(name, set())
    assert set(table.layout(name).options) - inherited <= documented


def test_no_option_is_invented() -> None:
    for name in table.names():
        known = set(table.layout(name).options) | {"tags", "caption", "kohya", "test"}
        assert set(re.findall(r"`([a-z_0-9]+)`", OPTIONS[name])) <= known, name
