"""Paths that a stranger's file names: nothing is there, and nothing is raised."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.datasets.options import place
from auditor.datasets.reading.listing import read
from auditor.datasets.reading.paths import exists, expanded, is_file, is_folder


@pytest.mark.parametrize("path", ["a" * 5_000, "a\0b", "\ud800", "", "a/" * 3_000])
def test_names_that_no_file_system_holds(path: str, tmp_path: Path) -> None:
    for given in (path, str(tmp_path / path) if "\0" not in path else path):
        assert not is_file(given)
        assert not exists(given) or given == str(tmp_path)
        assert not is_folder(given) or given == str(tmp_path)
    if path:
        assert read(path).problem
        assert place(path, str(tmp_path)).startswith(str(tmp_path))


def test_files_folders_and_links(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    (tmp_path / "gone").symlink_to("nowhere")
    (tmp_path / "link").symlink_to(tmp_path, target_is_directory=True)
    assert is_file(tmp_path / "a") and exists(tmp_path / "a") and not is_folder(tmp_path / "a")
    assert is_folder(tmp_path / "link") and not is_file(tmp_path / "link")
    assert not exists(tmp_path / "gone")


def test_a_home_folder_of_nobody_stays_as_it_is() -> None:
    assert expanded("~nobody-of-this-name/x") == Path("~nobody-of-this-name/x")
    assert expanded("~") == Path.home()
