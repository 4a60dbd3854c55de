"""A program is taken for what it says it is, not for its name."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests import programs

ROOT = Path(__file__).parents[1]


@pytest.mark.skipif(sys.platform == "win32", reason="the programs are shell scripts")
@pytest.mark.parametrize("name", programs.QUESTIONS)
@pytest.mark.parametrize("script", ["exit 1", "echo no; exit 0", "echo ImageMagick is not installed; exit 1", "exec /"])
def test_another_program_of_that_name_is_none(
    name: str, script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
    (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    programs.program.cache_clear()
    try:
        assert programs.program(name) is None
    finally:
        programs.program.cache_clear()


def test_no_test_asks_for_a_name_only() -> None:
    here = ROOT / "tests"
    asking = [
        path.relative_to(ROOT).as_posix()
        for path in sorted([*here.rglob("*.py"), *(ROOT / "auditor").rglob("*.py")])
        if path.name not in {"programs.py", "test_programs.py"}
        and re.search(r"shutil\.which|import which", path.read_text(encoding="utf-8"))
    ]
    assert asking == []
