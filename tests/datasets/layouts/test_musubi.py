"""musubi-tuner datasets."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.errors import DatasetError
from tests.datasets.making import PNG, chosen, listed, mentions, note_of, pictures, reasons, safetensors, trained, write

NAME = "Mirela Ashdown"


def toml(root: Path, text: str) -> Path:
    write(root, {"musubi.toml": text})
    return root / "musubi.toml"


def test_pictures_without_a_caption_are_dropped(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"a.png": PNG, "a.txt": " x \n\n", "b.png": PNG, "c.AVIF": PNG, "c.txt": "y", "d/e.png": PNG, "d/e.txt": "z"},
    )
    assert trained(tmp_path, "musubi") == {"a.png": ["x"], "c.AVIF": ["y"]}
    left_out = reasons(tmp_path, "musubi")
    assert "without a .txt caption" in str(left_out["b.png"])
    assert "below the image directory" in str(left_out["d/e.png"])


def test_configuration_with_general_settings(tmp_path: Path) -> None:
    write(tmp_path, {"img/a.png": PNG, "img/a.cap": "x", "ctl/a.png": PNG})
    path = toml(
        tmp_path,
        '[general]\ncaption_extension = ".cap"\nnum_repeats = 3\n[[datasets]]\nimage_directory = "img"\n'
        'control_directory = "ctl"\n[[datasets]]\nimage_directory = "gone"\n',
    )
    found = pictures(path, "musubi")
    assert {name: (s.role, s.trained, s.repeats) for name, s in found.items()} == {
        "img/a.png": ("train", True, 3),
        "ctl/a.png": ("control", False, 1),
    }
    assert "gone" in note_of(path, "musubi", "dataset.missing-file")
    assert chosen(path, "auto").name == "musubi"


def test_json_lines(tmp_path: Path) -> None:
    rows = [
        {"image_path": "img/a.png", "caption": f"by {NAME}", "control_path": "ctl/a.png"},
        {"image_path_0": "img/b.png", "image_path_1": "img/b2.png", "caption": "two targets"},
        {"image_path": "img/gone.png", "caption": "x"},
        {"image_path": "img/c.png"},
    ]
    write(tmp_path, {f"img/{name}.png": PNG for name in ("a", "b", "b2", "c")} | {"ctl/a.png": PNG})
    write(tmp_path, {"list.jsonl": "\n".join(map(json.dumps, rows))})
    path = toml(tmp_path, '[[datasets]]\nimage_jsonl_file = "list.jsonl"\n')
    assert trained(path, "musubi") == {"img/a.png": [f"by {NAME}"], "img/b.png": ["two targets"], "img/c.png": []}
    assert pictures(path, "musubi")["ctl/a.png"].role == "control"
    assert "multiple_target is off" in str(reasons(path, "musubi")["img/b2.png"])
    assert "gone.png" in note_of(path, "musubi", "dataset.missing-file")
    assert "line 4" in note_of(path, "musubi", "dataset.trainer-stops")
    assert ("img/a.png", "list.jsonl", True) in mentions(path, "musubi", NAME)
    several = toml(tmp_path, '[[datasets]]\nimage_jsonl_file = "list.jsonl"\nmultiple_target = true\n')
    assert trained(several, "musubi")["img/b2.png"] == ["two targets"]
    assert chosen(tmp_path / "list.jsonl", "auto").name == "musubi"


def test_further_targets_share_a_caption(tmp_path: Path) -> None:
    write(tmp_path, {"a.png": PNG, "a_1.png": PNG, "a.txt": "x", "b_1.png": PNG})
    assert trained(tmp_path, "musubi", multiple_target="true") == {"a.png": ["x"], "a_1.png": ["x"]}


def test_caches_are_searched_for_the_captions_they_keep(tmp_path: Path) -> None:
    write(tmp_path, {"a.png": PNG, "a.txt": "harmless"})
    safetensors(
        tmp_path / "a_hv_te.safetensors",
        {"architecture": "hunyuan_video", "caption1": f"by {NAME}", "format_version": "1.0.1"},
        {"varlen_llama_float16": {"dtype": "F16", "shape": [1], "data_offsets": [0, 2]}},
    )
    found = mentions(tmp_path, "musubi", NAME)
    assert found == [("a_hv_te.safetensors", "a_hv_te.safetensors:caption1", True)]
    assert "cache" in note_of(tmp_path, "musubi", "dataset.cache-outranks-files")
    assert pictures(tmp_path, "musubi").keys() == {"a.png"}


def test_latents_without_a_picture_are_a_counted_skip(tmp_path: Path) -> None:
    write(tmp_path, {"a.png": PNG, "a.txt": "x"})
    entry = {"latents_1x8x8_float32": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}
    for name in ("a", "gone"):
        safetensors(tmp_path / f"{name}_0512x0512_hv.safetensors", {"architecture": "hv", "format_version": "1"}, entry)
    found = pictures(tmp_path, "musubi")
    assert found.keys() == {"a.png", "gone_0512x0512_hv.safetensors"}
    assert found["gone_0512x0512_hv.safetensors"].skip == "latents-without-picture"


def test_malformed_input(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="line 2, column 1"):
        listed(toml(tmp_path, "a = 1\n=\n"), "musubi")
    write(tmp_path, {"list.jsonl": '{"image_path": "a.png", "caption": "x"}\n[1]\n'})
    path = toml(tmp_path, '[[datasets]]\nimage_jsonl_file = "list.jsonl"\n')
    assert "line 2" in note_of(path, "musubi", "dataset.trainer-stops")
    write(tmp_path, {"d/a.png": PNG, "d/a.txt": b"\xff\xfea\x00"})
    assert "utf-16" in note_of(tmp_path / "d", "musubi", "dataset.trainer-stops")
