"""OneTrainer concepts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.errors import DatasetError
from tests.datasets.making import PNG, chosen, listed, mentions, note_of, pictures, reasons, trained, write

NAME = "Mirela Ashdown"


def concepts(root: Path, *entries: dict[str, Any], name: str = "concepts.json") -> Path:
    write(root, {name: json.dumps([{"image": {}, "text": {}, **entry} for entry in entries])})
    return root / name


def test_every_line_is_a_caption_and_dot_files_are_trained(tmp_path: Path) -> None:
    write(tmp_path, {"a.png": PNG, "a.txt": " one \n\ntwo\n", ".b.TIFF": PNG, "c.avif": PNG, "d.gif": PNG})
    assert trained(tmp_path, "onetrainer") == {"a.png": ["one", "two"], ".b.TIFF": [""], "c.avif": [""]}
    assert "'.gif'" in str(reasons(tmp_path, "onetrainer")["d.gif"])


def test_masks_and_conditioning_pictures_by_name(tmp_path: Path) -> None:
    write(tmp_path, {"a.png": PNG, "a-masklabel.png": PNG, "a-condlabel.jpg": PNG})
    found = pictures(tmp_path, "onetrainer")
    assert {name: (s.role, s.trained) for name, s in found.items()} == {
        "a.png": ("train", True),
        "a-masklabel.png": ("mask", False),
        "a-condlabel.jpg": ("control", False),
    }


def test_file_names_as_captions(tmp_path: Path) -> None:
    write(tmp_path, {"d/mirela ashdown 1.png": PNG, "d/x.png": PNG})
    path = concepts(tmp_path, {"path": "d", "text": {"prompt_source": "filename"}})
    assert trained(path, "onetrainer") == {"d/mirela ashdown 1.png": ["mirela ashdown 1"], "d/x.png": ["x"]}
    assert mentions(path, "onetrainer", NAME) == [("d/mirela ashdown 1.png", "file name", True)]
    assert chosen(path, "auto").name == "onetrainer"


def test_one_prompt_file_for_all(tmp_path: Path) -> None:
    write(tmp_path, {"d/a.png": PNG, "d/b.png": PNG, "p.txt": "first\nsecond\n"})
    path = concepts(tmp_path, {"path": "d", "text": {"prompt_source": "concept", "prompt_path": "p.txt"}})
    assert trained(path, "onetrainer") == {"d/a.png": ["first", "second"], "d/b.png": ["first", "second"]}


def test_kinds_of_concepts_and_their_repeats(tmp_path: Path) -> None:
    write(tmp_path, {f"{name}/x.png": PNG for name in "abcdef"})
    path = concepts(
        tmp_path,
        {"path": "a", "balancing": 3.7},
        {"path": "b", "type": "VALIDATION"},
        {"path": "c", "type": "PRIOR_PREDICTION"},
        {"path": "d", "enabled": False},
        {"path": "e", "balancing": 9.0, "balancing_strategy": "SAMPLES"},
        {"path": "f", "validation_concept": True},
    )
    found = {name[0]: (s.role, s.trained, s.repeats) for name, s in pictures(path, "onetrainer").items()}
    assert found == {
        "a": ("train", True, 3),
        "b": ("val", False, 1),
        "c": ("reg", True, 1),
        "d": ("train", False, 1),
        "e": ("train", True, 1),
        "f": ("val", False, 1),
    }


def test_subdirectories_only_where_a_concept_says_so(tmp_path: Path) -> None:
    write(tmp_path, {"a/x.png": PNG, "a/deep/y.png": PNG, "a/.dot/z.png": PNG})
    flat, deep = (
        concepts(tmp_path, {"path": "a"}),
        concepts(tmp_path, {"path": "a", "include_subdirectories": True}, name="e.json"),
    )
    assert trained(flat, "onetrainer").keys() == {"a/x.png"}
    assert trained(deep, "onetrainer").keys() == {"a/x.png", "a/deep/y.png"}


def test_a_loop_of_links_ends(tmp_path: Path) -> None:
    write(tmp_path, {"a/x.png": PNG, "a/b/y.png": PNG})
    (tmp_path / "a" / "b" / "up").symlink_to(tmp_path / "a", target_is_directory=True)
    found = trained(tmp_path / "a", "onetrainer", include_subdirectories="true")
    assert {"x.png", "b/y.png"} <= found.keys()
    assert len(found) < 20


def test_configurations_hold_or_name_their_concepts(tmp_path: Path) -> None:
    write(tmp_path, {"d/x.png": PNG})
    concepts(tmp_path, {"path": "d", "name": NAME})
    write(tmp_path, {"named.json": json.dumps({"concept_file_name": "concepts.json"})})
    write(tmp_path, {"held.json": json.dumps({"concepts": [{"path": "d", "text": {}}], "sample_prompt": f"by {NAME}"})})
    for name in ("named.json", "held.json"):
        assert trained(tmp_path / name, "onetrainer").keys() == {"d/x.png"}
        assert mentions(tmp_path / name, "onetrainer", NAME)


def test_what_is_not_there(tmp_path: Path) -> None:
    path = concepts(tmp_path, {"path": "someone/dataset"})
    assert "to download" in note_of(path, "onetrainer", "dataset.missing-file")
    with pytest.raises(DatasetError, match="neither a list of concepts"):
        listed(write(tmp_path, {"x.json": "{}"}) / "x.json", "onetrainer")
    with pytest.raises(DatasetError, match="line 1, column 2"):
        listed(write(tmp_path, {"y.json": "[}"}) / "y.json", "onetrainer")


def test_utf_16_captions_stop_the_run_and_are_searched(tmp_path: Path) -> None:
    write(tmp_path, {"a.png": PNG, "a.txt": f"by {NAME}".encode("utf-16")})
    assert "utf-16" in note_of(tmp_path, "onetrainer", "dataset.trainer-stops")
    assert mentions(tmp_path, "onetrainer", NAME) == [("a.png", "a.txt", True)]
