from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from auditor.errors import IndexMissing
from auditor.index.exchange.interface import ReadOptions
from auditor.index.exchange.transfer import import_list
from auditor.index.making.lint import lint
from auditor.index.making.verify import verify_index
from auditor.index.making.versions import NO_LABEL
from auditor.index.opening import shipped
from auditor.index.opening.names import listed_names
from auditor.index.opening.store import open_index

TODAY = date(2026, 11, 24)
CUE = {
    "Sarah Andersen", "Karla Ortiz", "Brom", "Adam Ellis", "Julia Kaye", "H. Southworth", "Hawke Southworth",
    "Hope Larson", "Jess Fink", "Jessica Fink",
}  # fmt: skip


def test_the_list_holds_and_says_who_to_ask() -> None:
    manifest = verify_index(shipped.public_statements(), today=TODAY).index.manifest
    assert (manifest.counts["artists"], manifest.counts["works"]) == (14, 0)
    assert "tracker" in (manifest.publisher.appeals or "")


def test_every_row_has_a_source_a_day_and_neutral_words() -> None:
    for artist in open_index(shipped.public_statements()).artists:
        assert artist.statements, artist.names
        for statement in artist.statements:
            assert statement.kind == "public-record"
            assert statement.date
            assert (statement.title or "").startswith(("publicly objected: ", "plaintiff: ", "claimant: "))


def test_names_that_need_a_cue() -> None:
    names = listed_names([open_index(shipped.public_statements())])
    assert {name.name for name in names if name.ambiguous} == CUE
    assert {"Greg Rutkowski", "Grzegorz Rutkowski", "zemotion", "holliemengert"} <= {name.name for name in names}


def test_the_index_is_that_of_its_table(tmp_path: Path) -> None:
    folder = shipped.public_statements()
    import_list(folder / "names.csv", "names-csv", tmp_path / "i", ReadOptions(), today=TODAY, label=NO_LABEL)
    assert open_index(tmp_path / "i").artists == open_index(folder).artists


def test_nothing_to_correct() -> None:
    assert lint(open_index(shipped.public_statements()), TODAY) == ()


def test_a_broken_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped, "PACKAGE_FOLDER", tmp_path)
    with pytest.raises(IndexMissing, match="Install provenance-auditor again"):
        shipped.public_statements()
