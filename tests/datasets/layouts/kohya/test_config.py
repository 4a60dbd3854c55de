"""kohya configurations."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.errors import DatasetError
from tests.datasets.making import PNG, chosen, listed, mentions, note_of, notes, pictures, reasons, trained, write

NAME = "Mirela Ashdown"


def toml(root: Path, text: str, **files: str | bytes) -> Path:
    write(root, {"img/a.png": PNG, "img/a.txt": "a castle", "img/b.png": PNG, "dataset.toml": text})
    return root / "dataset.toml"


def test_prefix_in_the_configuration_names_an_artist_that_no_caption_names(tmp_path: Path) -> None:
    path = toml(
        tmp_path,
        f'[general]\ncaption_extension = ".txt"\ncaption_prefix = "art by {NAME},"\n'
        '[[datasets]]\n[[datasets.subsets]]\nimage_dir = "img"\nnum_repeats = 4\n',
    )
    assert mentions(path, "kohya-config", NAME) == [("dataset.toml", "dataset.toml:general.caption_prefix", True)]
    assert trained(path, "kohya-config") == {
        "img/a.png": [f"art by {NAME}, a castle"],
        "img/b.png": [f"art by {NAME}, "],
    }
    assert {sample.repeats for sample in pictures(path, "kohya-config").values()} == {4}
    assert chosen(path, "auto").name == "kohya-config"


def test_lookup_goes_from_subset_to_dataset_to_general_to_the_command_line(tmp_path: Path) -> None:
    write(tmp_path, {f"{d}/x.png": PNG for d in "abcd"})
    write(tmp_path, {"d.toml": """
[general]
caption_suffix = "general"
[[datasets]]
caption_suffix = "dataset"
  [[datasets.subsets]]
  image_dir = "a"
  caption_suffix = "subset"
  [[datasets.subsets]]
  image_dir = "b"
[[datasets]]
  [[datasets.subsets]]
  image_dir = "c"
  class_tokens = "Mirela Ashdown"
"""})  # fmt: skip
    got = trained(tmp_path / "d.toml", "kohya-config", caption_prefix="line")
    assert got == {
        "a/x.png": ["line  subset"],
        "b/x.png": ["line  dataset"],
        "c/x.png": ["line Mirela Ashdown general"],
    }
    sources = [c.source for c in pictures(tmp_path / "d.toml", "kohya-config")["c/x.png"].captions]
    assert sources == ["d.toml:class_tokens"]


def test_folder_names_are_not_parsed_here(tmp_path: Path) -> None:
    write(tmp_path, {"10_greg/a.png": PNG, "d.toml": '[[datasets]]\n[[datasets.subsets]]\nimage_dir = "10_greg"\n'})
    found = pictures(tmp_path / "d.toml", "kohya-config")["10_greg/a.png"]
    assert (found.repeats, [c.text for c in found.captions]) == (1, [""])


def test_one_folder_twice_in_one_dataset_and_in_two_datasets(tmp_path: Path) -> None:
    subset = '[[datasets.subsets]]\nimage_dir = "img"\n'
    path = toml(tmp_path, f"[[datasets]]\n{subset}{subset}[[datasets]]\nresolution = 768\n{subset}")
    assert trained(path, "kohya-config").keys() == {"img/a.png", "img/b.png"}
    assert "twice" in note_of(path, "kohya-config", "dataset.trainer-stops")


def test_regularisation_and_conditioning_folders(tmp_path: Path) -> None:
    write(tmp_path, {"r/p.png": PNG, "c/a.png": PNG})
    path = toml(
        tmp_path,
        '[[datasets]]\n[[datasets.subsets]]\nimage_dir = "img"\nconditioning_data_dir = "c"\n'
        '[[datasets.subsets]]\nimage_dir = "r"\nis_reg = true\n',
    )
    found = pictures(path, "kohya-config")
    assert (found["r/p.png"].role, found["r/p.png"].repeats) == ("reg", 2)
    assert (found["c/a.png"].role, found["c/a.png"].trained) == ("control", False)


def test_missing_folders_and_unknown_keys_are_noted_and_the_rest_is_listed(tmp_path: Path) -> None:
    path = toml(
        tmp_path,
        '[[datasets]]\n[[datasets.subsets]]\nimage_dir = "gone"\n'
        '[[datasets.subsets]]\nimage_dir = "img"\nrecursive = true\n',
    )
    assert trained(path, "kohya-config").keys() == {"img/a.png", "img/b.png"}
    assert "gone" in note_of(path, "kohya-config", "dataset.missing-file")
    assert "'recursive'" in note_of(path, "kohya-config", "dataset.trainer-stops")


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("d.toml", "[general]\nx = = 1\n", "line 2, column 5"),
        ("d.json", '{"datasets": [\n  oops]}', "line 2, column 3"),
        ("d.toml", b"x = 1\ny = '\xff'\n", "line 2, column 6"),
    ],
)
def test_malformed_configurations_say_line_and_column(
    tmp_path: Path, name: str, content: str | bytes, place: str
) -> None:
    write(tmp_path, {name: content})
    with pytest.raises(DatasetError, match=place):
        listed(tmp_path / name, "kohya-config")


def test_json_configurations_nest_without_harm(tmp_path: Path) -> None:
    write(tmp_path, {"d.json": "[" * 100_000 + "]" * 100_000})
    with pytest.raises(DatasetError, match="nested too deeply"):
        listed(tmp_path / "d.json", "kohya-config")


def test_gui_files_hold_command_line_options_and_drop_empty_values(tmp_path: Path) -> None:
    write(tmp_path, {"train/3_style/a.png": PNG, "train/3_style/a.txt": "text", "reg/1_p/r.png": PNG})
    gui = {
        "train_data_dir": "train",
        "reg_data_dir": "reg",
        "caption_extension": "",
        "training_comment": f"after {NAME}",
        "sample_prompts": "",
        "enable_bucket": True,
    }
    write(tmp_path, {"lora_20240101-000000.json": json.dumps(gui)})
    path = tmp_path / "lora_20240101-000000.json"
    assert trained(path, "kohya-config") == {"train/3_style/a.png": ["style"], "reg/1_p/r.png": ["p"]}
    write(tmp_path, {"lora_20240101-000000.json": json.dumps({**gui, "caption_extension": ".txt"})})
    assert trained(path, "kohya-config")["train/3_style/a.png"] == ["text"]
    assert chosen(path, "auto").name == "kohya-config"
    assert [source.partition(":")[2] for _, source, _ in mentions(path, "kohya-config", NAME)] == ["training_comment"]


def test_gui_files_with_a_missing_folder_go_on(tmp_path: Path) -> None:
    write(tmp_path, {"c.json": json.dumps({"train_data_dir": "/nowhere/at/all"})})
    assert "/nowhere/at/all" in note_of(tmp_path / "c.json", "kohya-config", "dataset.missing-file")


def test_loose_subsets_read_txt(tmp_path: Path) -> None:
    path = toml(tmp_path, '[[subsets]]\nimage_dir = "img"\nname = "free text"\n')
    assert trained(path, "kohya-config")["img/a.png"] == ["a castle"]


def test_custom_attributes_are_searched(tmp_path: Path) -> None:
    path = toml(
        tmp_path,
        f'[[datasets]]\n[[datasets.subsets]]\nimage_dir = "img"\ncustom_attributes = {{ by = "{NAME}" }}\n',
    )
    assert [trained for _, _, trained in mentions(path, "kohya-config", NAME)] == [False]


class TestFineTune:
    """`--in_json` and `metadata_file`."""

    def meta(self, root: Path, value: dict[str, object], name: str = "meta.json") -> Path:
        write(root, {"img/a.png": PNG, "img/sub/b.jpg": PNG, "img/c.webp": PNG, name: json.dumps(value)})
        return root / name

    def test_only_listed_files_are_trained(self, tmp_path: Path) -> None:
        path = self.meta(tmp_path, {"a.png": {"caption": "a castle", "tags": "x, y"}, "sub/b.jpg": {"tags": "z"}})
        assert trained(path, "kohya-config", image_dir="img") == {
            "img/a.png": ["a castle,x, y"],
            "img/sub/b.jpg": ["z"],
        }
        assert reasons(path, "kohya-config", image_dir="img").keys() == {"img/c.webp"}

    def test_wildcards_put_the_tags_after_every_line(self, tmp_path: Path) -> None:
        path = self.meta(tmp_path, {"a.png": {"caption": "one\n\ntwo", "tags": "x\ny"}, "c.webp": {"tags": "z"}})
        got = trained(path, "kohya-config", image_dir="img", enable_wildcard="true")
        assert got == {"img/a.png": ["one,x,y\ntwo,x,y"], "img/c.webp": [""]}

    def test_stems_are_keys_of_older_releases(self, tmp_path: Path) -> None:
        path = self.meta(tmp_path, {"a": {"caption": "x"}})
        assert trained(path, "kohya-config", image_dir="img") == {"img/a.png": ["x"]}
        assert "before v0.10.0 only" in note_of(path, "kohya-config", "dataset.trainer-stops", image_dir="img")
        assert notes(path, "kohya-config", image_dir="img", sd_scripts_version="0.9.1") == []

    def test_paths_below_the_folder_are_keys_of_newer_releases(self, tmp_path: Path) -> None:
        path = self.meta(tmp_path, {"sub/b.jpg": {"caption": "x"}})
        assert notes(path, "kohya-config", image_dir="img") == []
        message = note_of(path, "kohya-config", "dataset.trainer-stops", image_dir="img", sd_scripts_version="v0.9.1")
        assert "since v0.10.0 only" in message

    def test_keys_with_backslashes(self, tmp_path: Path) -> None:
        path = self.meta(tmp_path, {"sub\\b.jpg": {"caption": "x"}, "E:\\old\\img\\a.png": {"caption": "y"}})
        assert trained(path, "kohya-config", image_dir="img") == {"img/sub/b.jpg": ["x"], "img/a.png": ["y"]}
        assert "another machine" in note_of(path, "kohya-config", "dataset.trainer-stops", image_dir="img")

    def test_a_missing_file_is_noted_and_its_texts_are_searched(self, tmp_path: Path) -> None:
        path = self.meta(tmp_path, {"gone.png": {"caption": f"by {NAME}"}})
        assert "gone.png" in note_of(path, "kohya-config", "dataset.missing-file", image_dir="img")
        assert mentions(path, "kohya-config", NAME, image_dir="img")

    def test_json_lines_take_the_last_of_repeated_paths(self, tmp_path: Path) -> None:
        rows = [{"image_path": "a.png", "caption": "old"}, {"image_path": "a.png", "caption": "new"}]
        write(tmp_path, {"img/a.png": PNG, "meta.jsonl": "\n".join(map(json.dumps, rows))})
        found = pictures(tmp_path / "meta.jsonl", "kohya-config", image_dir="img")["img/a.png"]
        assert [(c.text, c.source, c.line) for c in found.captions] == [("new", "meta.jsonl", 2)]

    def test_a_damaged_line_ends_in_a_note_with_its_place(self, tmp_path: Path) -> None:
        write(tmp_path, {"img/a.png": PNG, "meta.jsonl": '{"image_path": "a.png"}\n{oops\n'})
        message = note_of(tmp_path / "meta.jsonl", "kohya-config", "dataset.trainer-stops", image_dir="img")
        assert "line 2, column 2" in message

    def test_metadata_files_in_a_dataset_configuration(self, tmp_path: Path) -> None:
        self.meta(tmp_path, {"a.png": {"tags": "x"}})
        write(
            tmp_path, {"d.toml": '[[datasets]]\n[[datasets.subsets]]\nimage_dir = "img"\nmetadata_file = "meta.json"\n'}
        )
        assert trained(tmp_path / "d.toml", "kohya-config") == {"img/a.png": ["x"]}

    def test_tag_counts_leave_captions_out(self, tmp_path: Path) -> None:
        from auditor.datasets.layouts.kohya.metadata import Metadata, tag_frequency

        path = self.meta(tmp_path, {"a.png": {"caption": "Castle", "tags": "X, y"}, "c.webp": {"tags": "x"}})
        assert tag_frequency(Metadata(str(path))) == {"x": 2, "y": 1}

    def test_files_outside_the_folder_are_trained_and_noted_once_a_folder(self, tmp_path: Path) -> None:
        write(tmp_path, {"out/x.png": PNG, "out/y.png": PNG})
        keys = {str(tmp_path / "out" / name): {"caption": "x"} for name in ("x.png", "y.png")}
        path = self.meta(tmp_path / "set", keys)
        assert trained(path, "kohya-config", image_dir="img").keys() == {"../out/x.png", "../out/y.png"}
        assert "x.png" in note_of(path, "kohya-config", "integrity.outside-dataset", image_dir="img")
