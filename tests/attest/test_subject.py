from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.attest.subject import MAX_VISITS, Subject, first_difference, read_subject
from auditor.errors import DatasetError
from tests.programs import program


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "set"
    for path, data in {
        "b.png": b"picture",
        "a.txt": b"caption\n",
        "Z/1.png": b"",
        "a/2.png": b"two",
        "\u00e4.txt": b"umlaut",
    }.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return root


@pytest.mark.skipif(program("sha256sum") is None, reason="no sha256sum here")
def test_the_manifest_is_what_sha256sum_writes_in_c_order(folder: Path) -> None:
    script = "find . -type f -printf '%P\\0' | LC_ALL=C sort -z | xargs -0 sha256sum"
    expected = subprocess.run(["bash", "-c", script], cwd=folder, capture_output=True, check=True).stdout
    subject = read_subject(folder)
    assert subject.manifest == expected
    assert subject.digest == hashlib.sha256(expected).hexdigest()


def test_the_order_is_by_bytes(folder: Path) -> None:
    assert [path for path, _ in read_subject(folder).files] == ["Z/1.png", "a.txt", "a/2.png", "b.png", "\u00e4.txt"]


def test_what_is_excluded_is_not_there(folder: Path) -> None:
    paths = [path for path, _ in read_subject(folder, {"a.txt", "a/2.png"}).files]
    assert paths == ["Z/1.png", "b.png", "\u00e4.txt"]


def test_a_name_that_is_not_utf8(folder: Path) -> None:
    (folder / os.fsdecode(b"caf\xe9.png")).write_bytes(b"x")
    assert b"  caf\xe9.png\n" in read_subject(folder).manifest


@pytest.mark.parametrize("name", ["a\nb.png", "a\\b.png"])
def test_names_that_a_line_cannot_carry_are_refused(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"x")
    with pytest.raises(DatasetError, match="newline or backslash"):
        read_subject(folder)


def test_links_are_followed_and_links_to_folders_named(folder: Path, tmp_path: Path) -> None:
    (folder / "link.png").symlink_to(folder / "b.png")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "x.png").write_bytes(b"x")
    (folder / "linked").symlink_to(tmp_path / "other")
    subject = read_subject(folder)
    assert dict(subject.files)["link.png"] == hashlib.sha256(b"picture").hexdigest()
    assert subject.linked_folders == ("linked",)
    assert dict(subject.files)["linked/x.png"] == hashlib.sha256(b"x").hexdigest()
    (tmp_path / "other" / "x.png").write_bytes(b"y")
    assert "linked/x.png was changed" in str(first_difference(subject.files, read_subject(folder)))


def test_a_link_in_a_circle_ends_and_hides_nothing(folder: Path, tmp_path: Path) -> None:
    (folder / "deep").mkdir()
    (folder / "deep" / "back").symlink_to(folder)
    (folder / "deep" / "z.png").write_bytes(b"z")
    before = [path for path, _ in read_subject(folder).files]
    assert "deep/z.png" in before
    assert not any("back/" in path for path in before)


def test_a_folder_behind_very_many_links_is_refused(folder: Path) -> None:
    (folder / "one").mkdir()
    (folder / "one" / "z.png").write_bytes(b"z")
    for number in range(MAX_VISITS - 1):
        (folder / f"link{number}").symlink_to("one")
    assert len([path for path, _ in read_subject(folder).files if path.endswith("/z.png")]) == MAX_VISITS
    (folder / "link-more").symlink_to("one")
    with pytest.raises(DatasetError, match="more than 8 links"):
        read_subject(folder)


def test_a_dangling_link_or_a_missing_dataset_is_an_error(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no such file or folder"):
        read_subject(tmp_path / "nowhere")
    (folder / "broken.png").symlink_to("nowhere")
    with pytest.raises(DatasetError, match="readable"):
        read_subject(folder)


def test_one_file_is_a_dataset_too(folder: Path) -> None:
    assert [path for path, _ in read_subject(folder / "b.png").files] == ["b.png"]


FILES = st.dictionaries(st.text("abAB/", min_size=1, max_size=4), st.text("01", min_size=1, max_size=2), max_size=6)


@given(FILES, FILES)
def test_the_first_difference_is_found_exactly_where_the_digests_differ(
    one: dict[str, str], two: dict[str, str]
) -> None:
    stated = Subject(tuple(sorted(one.items())))
    found = Subject(tuple(sorted(two.items())))
    difference = first_difference(stated.files, found)
    assert (difference is None) == (one == two) == (stated.digest == found.digest)
    if difference is not None:
        path = min(path for path in one.keys() | two.keys() if one.get(path) != two.get(path))
        assert difference.startswith(path + " ")
