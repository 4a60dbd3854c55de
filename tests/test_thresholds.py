"""Every bound that a report states is the bound that was used: one that nobody reads is an error."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from pathlib import Path

import pytest

import auditor
from auditor.index.format.hash_kinds import kinds
from auditor.thresholds import DEFAULT, Thresholds

SOURCES = [path for path in Path(auditor.__file__).parent.rglob("*.py") if path.name != "thresholds.py"]
NAMES = [item.name for item in fields(Thresholds)]


def of_kinds() -> dict[str, set[str]]:
    """Bound -> the kinds of hashes whose row names it."""
    found: dict[str, set[str]] = {}
    for kind in kinds():
        for item in fields(kind.compared) if kind.compared is not None else ():
            value = getattr(kind.compared, item.name)
            if value in NAMES:
                found.setdefault(value, set()).add(kind.name)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_bound_is_read(name: str) -> None:
    used = re.compile(rf"thresholds\.{name}\b")
    assert name in of_kinds() or any(used.search(path.read_text(encoding="utf-8")) for path in SOURCES)


def test_every_bound_is_stated_with_the_value_that_holds() -> None:
    changed = replace(DEFAULT, pdq_loose=49, name_review=0.4)
    stated = dict(changed.items())
    assert set(stated) == {*NAMES, "version"}
    assert (stated["pdq_loose"], stated["name_review"]) == (49, 0.4)
    assert all(stated[name] == getattr(changed, name) for name in NAMES)
