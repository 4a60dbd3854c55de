"""ai-toolkit datasets."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.errors import DatasetError
from tests.datasets.making import PNG, chosen, listed, mentions, note_of, pictures, reasons, trained, write

NAME = "Mirela Ashdown"


def job(root: Path, datasets: str, process: str = "") -> Path:
    head = "config:\n  name: lora\n  process:\n    - type: sd_trainer\n"
    write(root, {"job.yaml": f"{head}{process}      datasets:\n{datasets}"})
    return root / "job.yaml"


def test_whole_text_is_the_caption_and_blank_files_give_the_default(tmp_path: Path) -> None:
    write(tmp_path, {"a.png": PNG, "a.txt": "x,y\nz\n", "b.png": PNG, "b.txt": " \n", "c.PNG": PNG})
    got = trained(tmp_path, "ai-toolkit", default_caption="a picture")
    assert got == {"a.png": ["x,y\nz\n"], "b.png": ["a picture"], "c.PNG": ["a picture"]}


def test_the_trigger_word_is_put_before_or_in_place(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"a.png": PNG, "a.txt": "castle", "b.png": PNG, "b.txt": "by [trigger]", "c.png": PNG, "c.txt": "trg x"},
    )
    got = trained(tmp_path, "ai-toolkit", trigger_word="trg")
    assert got == {"a.png": ["trg castle"], "b.png": ["by trg"], "c.png": ["trg x"]}
    assert trained(tmp_path, "ai-toolkit", trigger_word="trg", is_reg="true")["a.png"] == ["castle"]
    assert trained(tmp_path, "ai-toolkit")["b.png"] == ["by "]


def test_a_trigger_word_of_the_job_names_an_artist(tmp_path: Path) -> None:
    write(tmp_path, {"img/a.png": PNG, "img/a.txt": "castle"})
    path = job(tmp_path, "        - folder_path: img\n          num_repeats: 2\n", f"      trigger_word: {NAME}\n")
    assert trained(path, "ai-toolkit") == {"img/a.png": [f"{NAME} castle"]}
    assert pictures(path, "ai-toolkit")["img/a.png"].repeats == 2
    assert [(source, used) for _, source, used in mentions(path, "ai-toolkit", NAME)] == [
        ("job.yaml:config.process[0].trigger_word", True)
    ]
    assert chosen(path, "auto").name == "ai-toolkit"


def test_folders_are_always_recursive_and_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    write(tmp_path, {"set/a/b/c.webp": PNG, "set/.dot/d.png": PNG, "set/.e.png": PNG, "other/f.png": PNG})
    write(tmp_path, {"set/_controls/g.png": PNG, "set/_controls/deep/h.png": PNG})
    (tmp_path / "set" / "link").symlink_to(tmp_path / "other", target_is_directory=True)
    root = tmp_path / "set"
    assert trained(root, "ai-toolkit").keys() == {"a/b/c.webp", "_controls/deep/h.png"}
    left_out = reasons(root, "ai-toolkit")
    assert left_out.keys() == {".dot/d.png", ".e.png", "_controls/g.png"}
    assert pictures(root, "ai-toolkit")["_controls/g.png"].role == "control"
    assert "link" in note_of(root, "ai-toolkit", "integrity.outside-dataset")


def test_side_folders_are_listed_with_their_roles(tmp_path: Path) -> None:
    write(tmp_path, {"img/a.png": PNG, "masks/a.png": PNG, "ctl/a.png": PNG})
    path = job(tmp_path, "        - folder_path: img\n          mask_path: masks\n          control_path: [ctl]\n")
    found = pictures(path, "ai-toolkit")
    assert {name: s.role for name, s in found.items()} == {
        "img/a.png": "train",
        "masks/a.png": "mask",
        "ctl/a.png": "control",
    }
    assert not found["masks/a.png"].trained


def test_json_datasets_name_their_files(tmp_path: Path) -> None:
    write(tmp_path, {"img/a.png": PNG, "img/b.png": PNG, "img/b.txt": "from the side file", "img/c.png": PNG})
    entries = {
        "img/a.png": {"caption": "a castle", "caption_short": f"by {NAME}"},
        "img/b.png": {},
        "img/gone.png": {"caption": "x"},
    }
    write(tmp_path, {"list.json": json.dumps(entries)})
    path = job(tmp_path, "        - dataset_path: list.json\n")
    assert trained(path, "ai-toolkit") == {"img/a.png": ["a castle"], "img/b.png": ["from the side file"]}
    assert "gone.png" in note_of(path, "ai-toolkit", "dataset.missing-file")
    assert ("img/a.png", "caption_short", True) in mentions(path, "ai-toolkit", NAME)
    assert trained(tmp_path / "list.json", "ai-toolkit").keys() == {"img/a.png", "img/b.png"}


def test_missing_folder_and_malformed_yaml(tmp_path: Path) -> None:
    path = job(tmp_path, "        - folder_path: gone\n")
    assert "would stop" in note_of(path, "ai-toolkit", "dataset.missing-file")
    write(tmp_path, {"bad.yaml": "config:\n  process: [\n"})
    with pytest.raises(DatasetError, match="line 3, column 1"):
        listed(tmp_path / "bad.yaml", "ai-toolkit")


def test_yaml_that_multiplies_itself_is_searched_in_linear_time(tmp_path: Path) -> None:
    write(tmp_path, {"img/a.png": PNG})
    levels = "".join(f"      x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 9)}]\n" for n in range(1, 30))
    path = job(tmp_path, "        - folder_path: img\n", f"      x0: &x0 [{NAME}]\n{levels}")
    assert len(mentions(path, "ai-toolkit", NAME)) == 1


def test_python_objects_in_yaml_are_refused(tmp_path: Path) -> None:
    write(tmp_path, {"bad.yaml": "config: !!python/object/apply:os.system ['true']\n"})
    with pytest.raises(DatasetError, match=r"line 1, column 9"):
        listed(tmp_path / "bad.yaml", "ai-toolkit")


def test_a_latin_1_caption_stops_the_run(tmp_path: Path) -> None:
    write(tmp_path, {"a.png": PNG, "a.txt": "José".encode("latin-1")})
    assert "ai-toolkit reads captions as UTF-8 only" in note_of(tmp_path, "ai-toolkit", "dataset.trainer-stops")


def test_a_damaged_json_dataset_of_a_job_is_noted(tmp_path: Path) -> None:
    write(tmp_path, {"img/a.png": PNG, "list.json": '{"a": }'})
    path = job(tmp_path, "        - dataset_path: list.json\n        - folder_path: img\n")
    assert "line 1, column 7" in note_of(path, "ai-toolkit", "dataset.trainer-stops")
    assert trained(path, "ai-toolkit").keys() == {"img/a.png"}
