from __future__ import annotations

from pathlib import Path

from benchmarks.document import HEAD, table, write_section


def test_sections_are_added_and_replaced_and_others_stay(tmp_path: Path) -> None:
    target = tmp_path / "docs" / "benchmarks.md"
    write_section("One", "first", target)
    write_section("Two", "second", target)
    write_section("One", "again \\1 and\n\n| a |", target)
    assert target.read_text("utf-8") == f"{HEAD}\n## One\n\nagain \\1 and\n\n| a |\n\n## Two\n\nsecond\n"


def test_writing_twice_changes_nothing(tmp_path: Path) -> None:
    target = tmp_path / "benchmarks.md"
    for _ in range(2):
        write_section("One", "text", target)
        write_section("Two", "text", target)
    once = target.read_text("utf-8")
    write_section("Two", "text", target)
    assert target.read_text("utf-8") == once
    assert once.count("## ") == 2


def test_tables() -> None:
    assert table(("a", "b"), [("x", "1")]) == "| a | b |\n|---|---:|\n| x | 1 |"
