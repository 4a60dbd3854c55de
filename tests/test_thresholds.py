"""Every bound that a report states is used: a bound that nobody reads is an error."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

import auditor
from auditor.thresholds import Thresholds

SOURCES = [path for path in Path(auditor.__file__).parent.rglob("*.py") if path.name != "thresholds.py"]


@pytest.mark.parametrize("name", [item.name for item in fields(Thresholds)])
def test_every_bound_is_read(name: str) -> None:
    used = re.compile(rf"thresholds\.{name}\b")
    assert any(used.search(path.read_text(encoding="utf-8")) for path in SOURCES)
