from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from auditor.index.search import matchers
from auditor.index.search.matchers import open_matcher
from auditor.names.interface import ListedName
from auditor.names.matcher import CompiledMatcher

NAMES = tuple(ListedName(f"a{number}", f"Quorvex Number{number:05d}") for number in range(30))


@pytest.fixture(autouse=True)
def small_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matchers, "NAMES_WORTH_KEEPING", 10)
    monkeypatch.setattr(matchers, "listed_names", lambda indexes, today: NAMES)


def opened(folder: Path | None) -> CompiledMatcher:
    return open_matcher((), date(2026, 1, 1), folder)


def test_a_compiled_list_is_kept_and_used_again(tmp_path: Path) -> None:
    first = opened(tmp_path / "new")
    (kept,) = (tmp_path / "new").iterdir()
    before = kept.stat().st_mtime_ns
    again = opened(tmp_path / "new")
    assert kept.stat().st_mtime_ns == before
    text = "art by quorvex number00007"
    assert again.find(text) == first.find(text) != ()


def test_a_damaged_file_is_made_again(tmp_path: Path) -> None:
    opened(tmp_path)
    (kept,) = tmp_path.iterdir()
    good = kept.read_bytes()
    kept.write_bytes(good[:100])
    assert opened(tmp_path).find("quorvex number00007")
    assert kept.read_bytes() == good


def test_a_folder_that_cannot_be_used_only_costs_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert opened(tmp_path / "file" / "below").find("quorvex number00007")
    assert opened(None).find("quorvex number00007")


def test_old_lists_go(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"names-{number}.bin").write_bytes(b"x")
    opened(tmp_path)
    assert len(list(tmp_path.glob("names-*.bin"))) == matchers.KEPT_AT_MOST
