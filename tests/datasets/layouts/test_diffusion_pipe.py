"""diffusion-pipe directories."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.errors import DatasetError
from tests.datasets.making import PNG, chosen, listed, mentions, note_of, pictures, reasons, tar, trained, write

NAME = "Mirela Ashdown"


def test_whole_text_is_the_caption_and_pictures_without_one_are_dropped(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"a.png": PNG, "a.txt": " x\ny ", ".b.png": PNG, ".b.txt": "hidden", "c.webp": PNG, "d.png": PNG, "d.txt": ""},
    )
    assert trained(tmp_path, "diffusion-pipe") == {"a.png": ["x\ny"], ".b.png": ["hidden"]}
    assert "drops pictures without a caption" in str(reasons(tmp_path, "diffusion-pipe")["c.webp"])
    kept = trained(tmp_path, "diffusion-pipe", skip_empty_caption="false", caption_prefix="trg, ")
    assert kept == {"a.png": ["trg, x\ny"], ".b.png": ["trg, hidden"], "c.webp": ["trg, "], "d.png": ["trg, "]}


def test_a_caption_listing_outranks_text_files(tmp_path: Path) -> None:
    write(tmp_path, {"a.png": PNG, "a.txt": "dead", "b.png": PNG, "b.txt": "dead too"})
    write(tmp_path, {"captions.json": json.dumps({"a.png": ["one", f"by {NAME}"]})})
    assert trained(tmp_path, "diffusion-pipe") == {"a.png": ["one", f"by {NAME}"]}
    assert ("a.png", "captions.json:a.png", True) in mentions(tmp_path, "diffusion-pipe", NAME)
    assert chosen(tmp_path, "auto").name == "union"  # it would leave pictures out


def test_tar_members_get_captions_by_their_names(tmp_path: Path) -> None:
    tar(tmp_path / "more.tar", [("x.png", PNG), ("x.txt", b"never read"), ("y.png", PNG)])
    write(tmp_path, {"captions.json": json.dumps({"x.png": ["in the tar"]})})
    assert trained(tmp_path, "diffusion-pipe") == {"more.tar!x.png": ["in the tar"]}
    assert reasons(tmp_path, "diffusion-pipe").keys() == {"more.tar!y.png"}


def test_configuration_with_prefix_mask_and_control(tmp_path: Path) -> None:
    write(tmp_path, {"img/a.png": PNG, "img/a.txt": "x", "m/a.png": PNG, "c/a.png": PNG, "img/deep/b.png": PNG})
    write(
        tmp_path,
        {
            "dataset.toml": f'caption_prefix = "by {NAME}, "\nnum_repeats = 2\nresolutions = [512]\n'
            '[[directory]]\npath = "img"\nmask_path = "m"\ncontrol_path = "c"\nnum_repeats = 5\n'
            '[[directory]]\npath = "gone"\n'
        },
    )
    path = tmp_path / "dataset.toml"
    found = {name: (s.role, s.trained, s.repeats) for name, s in pictures(path, "diffusion-pipe").items()}
    assert found == {
        "img/a.png": ("train", True, 5),
        "img/deep/b.png": ("other", False, 1),
        "m/a.png": ("mask", False, 1),
        "c/a.png": ("control", False, 1),
    }
    assert trained(path, "diffusion-pipe") == {"img/a.png": [f"by {NAME}, x"]}
    assert ("dataset.toml", "dataset.toml:caption_prefix", True) in mentions(path, "diffusion-pipe", NAME)
    assert "gone" in note_of(path, "diffusion-pipe", "dataset.missing-file")
    assert chosen(path, "auto").name == "diffusion-pipe"


def test_suffixes_are_left_out_in_exactly_one_case(tmp_path: Path) -> None:
    write(tmp_path, {"a.bak": PNG, "b.BAK": PNG, "b.txt": "x"})
    assert trained(tmp_path, "diffusion-pipe") == {"b.BAK": ["x"]}


def test_malformed_input(tmp_path: Path) -> None:
    write(tmp_path, {"img/a.png": PNG, "img/captions.json": "{\n  'a.png'"})
    assert "line 2, column 3" in note_of(tmp_path / "img", "diffusion-pipe", "dataset.trainer-stops")
    assert pictures(tmp_path / "img", "diffusion-pipe").keys() == {"a.png"}
    write(tmp_path, {"bad.toml": "[[directory]]\npath = \n"})
    with pytest.raises(DatasetError, match="line 2, column 8"):
        listed(tmp_path / "bad.toml", "diffusion-pipe")
    write(tmp_path, {"img/captions.json": json.dumps({"a.png": "no list"})})
    assert "no list of captions" in note_of(tmp_path / "img", "diffusion-pipe", "dataset.trainer-stops")
