"""Small data sets in which something is trained that a careless look would not see."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyarrow
import pyarrow.parquet

from tests.datasets.making import safetensors, tar, write
from tests.pictures import encoded, painting

FIRST, LAST = "Mirela", "Ashdown"
NAME = f"{FIRST} {LAST}"
BY = f"by {FIRST}\n{LAST}, a castle"
"""A caption that names the artist across the end of a line."""


@cache
def copy() -> bytes:
    """A listed work, byte for byte."""
    return encoded(painting(0, (240, 180)))


@cache
def clean(seed: int = 50) -> bytes:
    """A picture that no index lists."""
    return encoded(painting(seed, (240, 180)))


@cache
def cut() -> bytes:
    """A picture that ends too soon."""
    return clean()[:-4000]


@dataclass(frozen=True, slots=True)
class Row:
    """One way to be trained without being seen."""

    id: str
    make: Callable[[Path], Path | None]
    """Fills a folder; gives what is scanned, where that is not the folder."""
    says: str
    """A rule id, a skip reason, or words of the report that must be in it."""
    layout: str = "auto"
    options: tuple[tuple[str, str], ...] = ()
    code: int = 1


def laid(content: dict[str, str | bytes], scanned: str | None = None) -> Callable[[Path], Path | None]:
    """A maker that writes files, and scans one of them or the folder."""

    def make(root: Path) -> Path | None:
        write(root, content)
        return None if scanned is None else root / scanned

    return make


def table(
    rows: list[dict[str, object]], name: str, more: dict[str, str | bytes] | None = None
) -> Callable[[Path], None]:
    """A maker of a Parquet table (or an Arrow stream, by the name) beside other files."""

    def make(root: Path) -> None:
        write(root, more or {})
        columns = pyarrow.Table.from_pylist(rows)
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith(".parquet"):
            pyarrow.parquet.write_table(columns, path)
            return
        with pyarrow.OSFile(str(path), "wb") as sink, pyarrow.ipc.new_stream(sink, columns.schema) as writer:
            writer.write_table(columns)

    return make


def archive(
    name: str, members: list[tuple[str, bytes]], more: dict[str, str | bytes] | None = None
) -> Callable[[Path], None]:
    """A maker of a tar beside other files."""

    def make(root: Path) -> None:
        write(root, more or {})
        tar(root / name, members)

    return make


def model(name: str, header: dict[str, object], more: dict[str, str | bytes] | None = None) -> Callable[[Path], None]:
    """A maker of a finished model beside other files."""

    def make(root: Path) -> None:
        write(root, more or {})
        safetensors(root / name, header)

    return make


def both(*makers: Callable[[Path], Path | None]) -> Callable[[Path], Path | None]:
    """One maker after the other; the last one says what is scanned."""

    def make(root: Path) -> Path | None:
        return [maker(root) for maker in makers][-1]

    return make


def lines(*rows: object) -> str:
    """JSON Lines."""
    return "\n".join(json.dumps(row) for row in rows) + "\n"


def saved(image: object, kind: str, **options: object) -> bytes:
    """A picture as the bytes of a file."""
    raw = io.BytesIO()
    image.save(raw, kind, **options)  # type: ignore[attr-defined]
    return raw.getvalue()
