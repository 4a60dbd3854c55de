"""Write measured figures into docs/benchmarks.md, one section at a time."""

from __future__ import annotations

import os
import platform
import re
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

Measured by `make bench` on real pictures from distribution packages (`benchmarks/sources.py` lists them; nothing of
them is part of this repository). Times depend on the machine and on what else it does; ratios are taken within one run.
"""


def write_section(title: str, body: str, document: Path = DOCUMENT) -> None:
    """Put a section in, or replace the one of that title. Sections start with `## `."""
    text = document.read_text("utf-8") if document.exists() else HEAD
    section = f"## {title}\n\n{body.strip()}\n"
    pattern = re.compile(rf"^## {re.escape(title)}\n.*?(?=^## |\Z)", re.M | re.S)
    known = pattern.search(text) is not None
    text = pattern.sub(lambda _: section + "\n", text) if known else text.rstrip("\n") + "\n\n" + section
    document.parent.mkdir(exist_ok=True)
    document.write_text(text.rstrip("\n") + "\n", encoding="utf-8")


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """A Markdown table, the first column to the left and the others to the right."""
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)


def machine() -> str:
    """What it was measured on."""
    return f"Python {platform.python_version()}, {platform.system()} on {platform.machine()}, {os.cpu_count()} cores"
