"""Golden files: what a report looked like when somebody last read it with care."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from auditor.report import grouping, junit, sarif
from auditor.rules import Rule

RULES = (
    Rule("copy.exact", "Exact copy of a listed work", "high", "The same file, byte for byte."),
    Rule("copy.pixels", "Same pixels as a listed work", "high", "Every pixel equals the work's."),
    Rule("copy.region", "Contains a part of a listed work", "high", "A part of the work stands in the picture."),
    Rule("copy.similar", "Looks like a listed work", "medium", "A person must look."),
    Rule("name.caption", "Caption names a listed artist", "high", "The span and the reason are given."),
    Rule("signal.prohibited", "File reserves generative training", "high", "The message names the field."),
    Rule("origin.ai-output", "Picture made by a generative model", "medium", "The file says so of itself."),
    Rule("waiver.unused", "Waiver matches nothing", "low", "No finding has its fingerprint."),
)
FOLDER = Path(__file__).parent / "golden_files"


def same_as_golden(name: str, text: str) -> None:
    """Compare with the golden file; UPDATE_GOLDEN=1 writes it instead, to be read before it is committed."""
    path = FOLDER / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode())
    assert path.is_file(), f"{name} is missing: run the test with UPDATE_GOLDEN=1 and read what it writes"
    assert text.encode() == path.read_bytes()


def fix_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Render with a small rule table that stays as it is, so that a reworded rule changes no golden file."""
    table = {rule.id: rule for rule in RULES}
    monkeypatch.setattr(junit, "RULES", RULES)
    monkeypatch.setattr(sarif, "BY_ID", table)
    monkeypatch.setattr(grouping, "BY_ID", table)
