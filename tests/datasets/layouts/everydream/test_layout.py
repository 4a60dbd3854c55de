"""EveryDream2 data roots."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.datasets.layouts.everydream.prompt import Prompt, merge, of_text
from auditor.errors import DatasetError
from tests.datasets.making import PNG, chosen, listed, mentions, note_of, pictures, trained, write

NAME = "Mirela Ashdown"


def test_side_files_merge_and_the_later_main_prompt_comes_first(tmp_path: Path) -> None:
    write(tmp_path, {"a.png": PNG, "a.txt": "one, x, y", "a.caption": "two, y, z"})
    write(tmp_path, {"b.png": PNG, "b.yaml": "main_prompt: three\ntags:\n  - tag: heavy\n    weight: 2\n  - light\n"})
    assert trained(tmp_path, "everydream2") == {"a.png": ["two, y, z, x"], "b.png": ["three, heavy, light"]}


def test_the_file_name_is_the_caption_of_last_resort(tmp_path: Path) -> None:
    write(tmp_path, {"mirela ashdown, oil_001.png": PNG})
    assert trained(tmp_path, "everydream2") == {"mirela ashdown, oil_001.png": ["mirela ashdown, oil"]}


def test_global_prompts_go_down_the_tree_and_local_ones_stay(tmp_path: Path) -> None:
    write(tmp_path, {"global.yaml": f"tags: [by {NAME}]\n", "local.yaml": "main_prompt: here\n", "a.png": PNG})
    write(tmp_path, {"deep/down/b.png": PNG, "deep/global.yml": "tags: [deep]\n", "multiply.txt": "3"})
    assert trained(tmp_path, "everydream2") == {
        "a.png": [f"here, by {NAME}"],
        "deep/down/b.png": [f"b, deep, by {NAME}"],
    }
    assert {path for path, _, _ in mentions(tmp_path, "everydream2", NAME)} == {
        "a.png",
        "deep/down/b.png",
        "global.yaml",
    }
    assert chosen(tmp_path, "auto").name == "everydream2"


def test_a_caption_that_is_a_path_is_opened_inside_the_data_set_only(tmp_path: Path) -> None:
    root = tmp_path / "set"
    write(root, {"a.png": PNG, "a.txt": "shared.yaml", "shared.yaml": "main_prompt: from the file\n"})
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    write(root, {"b.png": PNG, "b.txt": str(tmp_path / "secret.txt")})
    got = trained(root, "everydream2")
    assert got == {"a.png": ["from the file"], "b.png": ["b"]}
    assert "outside the dataset" in note_of(root, "everydream2", "integrity.outside-dataset")


def test_dot_entries_are_skipped_and_links_are_followed(tmp_path: Path) -> None:
    write(tmp_path, {"set/.a.png": PNG, "set/.d/b.png": PNG, "set/c.jfif": PNG, "far/e.png": PNG})
    (tmp_path / "set" / "link").symlink_to(tmp_path / "far", target_is_directory=True)
    assert trained(tmp_path / "set", "everydream2").keys() == {"c.jfif", "link/e.png"}


def test_json_lists(tmp_path: Path) -> None:
    rows = [{"image": "a.png", "caption": f"by {NAME}, x"}, {"image": "gone.png", "caption": "y"}, {"image": "b_1.png"}]
    write(tmp_path, {"a.png": PNG, "b_1.png": PNG, "c.png": PNG, "list.json": json.dumps(rows)})
    path = tmp_path / "list.json"
    assert trained(path, "everydream2") == {"a.png": [f"by {NAME}, x"], "b_1.png": ["b"]}
    assert "c.png" in pictures(path, "everydream2")
    assert "gone.png" in note_of(path, "everydream2", "dataset.missing-file")
    assert chosen(path, "auto").name == "everydream2"


def test_archives_are_trained_on_as_if_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "more.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("d/a.png", PNG)
        archive.writestr("d/a.txt", f"by {NAME}, x")
        archive.writestr("d/b_1.jpg", PNG)
        archive.writestr("d/b_1.yaml", "tags: [y]")
        archive.writestr("d/c.gif", PNG)
    assert trained(tmp_path, "everydream2") == {"more.zip!d/a.png": [f"by {NAME}, x"], "more.zip!d/b_1.jpg": ["b, y"]}
    assert ("more.zip!d/a.png", "more.zip!d/a.txt", True) in mentions(tmp_path, "everydream2", NAME)
    assert not pictures(tmp_path, "everydream2")["more.zip!d/c.gif"].trained
    (tmp_path / "more.zip").write_bytes(b"PK no zip")
    assert pictures(tmp_path, "everydream2")["more.zip"].skip == "unreadable-archive"


def test_malformed_input(tmp_path: Path) -> None:
    write(tmp_path, {"a.png": PNG, "a.yaml": "main_prompt: [\n"})
    message = note_of(tmp_path, "everydream2", "dataset.trainer-stops")
    assert "line 2, column 1" in message
    assert trained(tmp_path, "everydream2") == {"a.png": ["a"]}
    write(tmp_path, {"list.json": "[{}"})
    with pytest.raises(DatasetError, match="line 1"):
        listed(tmp_path / "list.json", "everydream2")


words = st.text(st.characters(exclude_characters=",", exclude_categories=["Cs"]), max_size=6)


@given(st.lists(words, min_size=1, max_size=5))
def test_a_caption_comes_back_as_its_parts(parts: list[str]) -> None:
    prompt = of_text(",".join(parts), "s")
    stripped = [part.strip() for part in parts]
    if not ",".join(parts):
        assert prompt == Prompt()
        return
    assert prompt.mains == ((stripped[0],) if stripped[0] else ())
    assert [value for value, _ in prompt.tags] == list(dict.fromkeys(stripped[1:]))


@given(words, words)
def test_merging_loses_nothing(first: str, second: str) -> None:
    one, two = of_text(first, "1"), of_text(second, "2")
    merged = merge(one, two)
    assert set(merged.mains) == set(one.mains) | set(two.mains)
    assert merge(one, Prompt()).mains == one.mains
