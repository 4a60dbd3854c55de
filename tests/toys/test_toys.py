"""Every kind of extension is one new file and one new row: a toy of each kind is registered and used as a user would.

Two toys are used beside their tables: the check (`tests/toys/check.py`) in `tests/checks/test_table.py`, and the hash
kind (`tests/index/format/toy_hash.py`) in `tests/index/format/test_hash_kinds.py`.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from auditor.cli import deliver
from auditor.datasets.layouts import table as layouts
from auditor.engines import table as engines
from auditor.index.exchange import interface as exchange
from auditor.report import interface as reports
from tests.cli.inprocess import ok
from tests.engines import making
from tests.toys.engine import USED
from tests.toys.layout import LIST


def add_row(monkeypatch: pytest.MonkeyPatch, module: Any, table: str, name: str, row: object) -> None:
    monkeypatch.setattr(module, table, MappingProxyType({**getattr(module, table), name: row}))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an index and a dataset: one copy, and one caption with a listed name."""
    folder = tmp_path_factory.mktemp("toys")
    making.index(folder)
    dataset = folder / "set"
    dataset.mkdir()
    for number, name in ((0, "copy.jpg"), (7, "other.jpg")):
        (dataset / name).write_bytes(making.member(number)[0])
    (dataset / LIST).write_text(f"copy.jpg|a field\nother.jpg|by {making.ARTIST.split()[0]}\n")
    return folder


def test_a_layout(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add_row(monkeypatch, layouts, "ROWS", "toy", "tests.toys.layout:Toy")
    shown = ok(place, "samples", "set")
    assert "toy" in shown and f"it holds {LIST}" in shown
    more = ("-L", f"suffix= {making.ARTIST.split()[1]}")
    said = ok(place, "scan", "set", "--index", "index", "--layout", "toy", *more, "-o", "csv", code=1)
    assert "copy.jpg" in said and "name.caption" in said


def test_an_engine(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add_row(monkeypatch, engines, "ENGINES", "backwards", engines.EngineRow("tests.toys.engine:Backwards"))
    assert "backwards" in engines.names()
    USED.clear()
    words = ("scan", "set", "--index", "index", "--no-cache", "-o", "json")
    usual = ok(place, *words, "--engine", "serial", code=1)
    assert ok(place, *words, "--engine", "backwards", code=1) == usual
    assert len(USED) == 1 and USED[0] >= 2
    assert "no such engine" in ok(place, *words, "--engine", "forwards", code=2)


def test_an_exchange_format(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add_row(monkeypatch, exchange, "FORMATS", "toy", exchange.ExchangeFormat("tests.toys.exchange", "TITLE;SHA-256"))
    digest = hashlib.sha256((place / "set" / "copy.jpg").read_bytes()).hexdigest()
    (place / "list.toy").write_text(f"A field;{digest}\n")
    ok(place, "index", "import", "list.toy", "--format", "toy", "--out", "imported", "--artist", "Toy Maker")
    ok(place, "index", "export", "imported", "--format", "toy", "--out", "again.toy")
    assert (place / "again.toy").read_text() == (place / "list.toy").read_text()
    assert "copy.exact" in ok(place, "scan", "set", "--index", "imported", "-o", "csv", code=1)


def test_a_report_format(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row = reports.Format("tests.toys.report_format", "the verdict and the number of findings")
    for module in (reports, deliver):  # the second names the table at import
        add_row(monkeypatch, module, "RENDERERS", "toy", row)
    said = ok(place, "scan", "set", "--index", "index", "-o", "toy", code=1)
    assert "fail 1\n" in said
