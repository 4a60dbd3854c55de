"""SimpleTuner data backends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest

from auditor.errors import DatasetError
from tests.datasets.making import PNG, chosen, listed, mentions, note_of, notes, pictures, reasons, trained, write

NAME = "Mirela Ashdown"


def backends(root: Path, *entries: dict[str, Any]) -> Path:
    filled = [{"id": str(n), "type": "local", **entry} for n, entry in enumerate(entries)]
    write(root, {"multidatabackend.json": json.dumps(filled)})
    return root / "multidatabackend.json"


def test_everything_that_pillow_opens_at_any_depth(tmp_path: Path) -> None:
    write(tmp_path, {"a.gif": PNG, ".b.psd": PNG, ".c/d.TIF": PNG, "_controls/e.png": PNG, ".Trashes/f.png": PNG})
    assert trained(tmp_path, "simpletuner").keys() == {"a.gif", ".b.psd", ".c/d.TIF", "_controls/e.png"}
    assert "system folder" in str(reasons(tmp_path, "simpletuner")[".Trashes/f.png"])


def test_the_default_strategy_takes_file_names(tmp_path: Path) -> None:
    write(tmp_path, {"mirela_ashdown_01.png": PNG, "mirela_ashdown_01.txt": "a pseudonym"})
    assert trained(tmp_path, "simpletuner") == {"mirela_ashdown_01.png": ["mirela ashdown 01"]}


def test_an_instance_prompt_names_an_artist(tmp_path: Path) -> None:
    write(tmp_path, {"img/a.png": PNG, "img/a.txt": "castle"})
    path = backends(
        tmp_path,
        {
            "instance_data_dir": "img",
            "caption_strategy": "instanceprompt",
            "instance_prompt": f"by {NAME}",
            "repeats": 0,
        },
    )
    assert trained(path, "simpletuner") == {"img/a.png": [f"by {NAME}"]}
    assert pictures(path, "simpletuner")["img/a.png"].repeats == 1
    found = mentions(path, "simpletuner", NAME)
    assert found == [("multidatabackend.json", "multidatabackend.json:[0].instance_prompt", True)]
    assert chosen(path, "auto").name == "simpletuner"


def test_text_files_give_one_caption_per_line(tmp_path: Path) -> None:
    write(tmp_path, {"img/a.png": PNG, "img/a.txt": "one\n\ntwo", "img/b.png": PNG})
    entry = {"instance_data_dir": "img", "caption_strategy": "textfile", "instance_prompt": "trg", "repeats": 4}
    path = backends(tmp_path, {**entry, "prepend_instance_prompt": True})
    assert trained(path, "simpletuner") == {"img/a.png": ["trg one", "trg two"], "img/b.png": []}
    assert pictures(path, "simpletuner")["img/a.png"].repeats == 5
    assert "b.txt is missing" in note_of(path, "simpletuner", "dataset.trainer-stops")
    whole = backends(tmp_path, {**entry, "disable_multiline_split": True})
    assert trained(whole, "simpletuner")["img/a.png"] == ["one\n\ntwo"]
    only = backends(tmp_path, {**entry, "only_instance_prompt": True})
    assert trained(only, "simpletuner")["img/a.png"] == ["trg"]


@pytest.mark.parametrize("suffix", ["parquet", "jsonl"])
def test_tables_give_captions_and_pictures_without_one_are_dropped(tmp_path: Path, suffix: str) -> None:
    write(tmp_path, {"img/a.png": PNG, "img/sub/b.png": PNG, "img/c.png": PNG, "img/d.png": PNG})
    rows = [
        {"file": "a", "words": "one", "spare": "x"},
        {"file": "sub/b", "words": "", "spare": "fallback"},
        {"file": "d", "words": "", "spare": ""},
    ]
    if suffix == "parquet":
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "t.parquet")
    else:
        write(tmp_path, {"t.jsonl": "\n".join(map(json.dumps, rows))})
    table = {
        "path": f"t.{suffix}",
        "filename_column": "file",
        "caption_column": "words",
        "fallback_caption_column": "spare",
    }
    path = backends(tmp_path, {"instance_data_dir": "img", "caption_strategy": "parquet", "parquet": table})
    assert trained(path, "simpletuner") == {"img/a.png": ["one"], "img/sub/b.png": ["fallback"]}
    assert "drops it" in str(reasons(path, "simpletuner")["img/c.png"])
    assert [c.line for c in pictures(path, "simpletuner")["img/sub/b.png"].captions] == [2]


def test_lists_of_captions_and_identifiers_with_extension(tmp_path: Path) -> None:
    write(tmp_path, {"img/a.png": PNG})
    rows = [{"file": "a.png", "words": ["one", "two"]}]
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "t.parquet")
    table = {
        "path": "t.parquet",
        "filename_column": "file",
        "caption_column": "words",
        "identifier_includes_extension": True,
    }
    path = backends(tmp_path, {"instance_data_dir": "img", "caption_strategy": "parquet", "parquet": table})
    assert trained(path, "simpletuner") == {"img/a.png": ["one", "two"]}


def test_csv_rows_take_the_last_and_what_is_remote_is_a_counted_skip(tmp_path: Path) -> None:
    write(tmp_path, {"img/a.png": PNG})
    write(tmp_path, {"t.csv": f"url,caption\na.png,old\na.png,new\nhttps://example.org/x.png,by {NAME}\ngone.png,y\n"})
    path = backends(
        tmp_path, {"instance_data_dir": "img", "type": "csv", "caption_strategy": "csv", "csv_file": "t.csv"}
    )
    found = pictures(path, "simpletuner")
    assert [c.text for c in found["img/a.png"].captions] == ["new"]
    assert found["https://example.org/x.png"].skip == "remote"
    assert mentions(path, "simpletuner", NAME) == [("https://example.org/x.png", "t.csv", True)]
    assert "gone.png" in note_of(path, "simpletuner", "dataset.missing-file")


def test_roles_and_disabled_backends(tmp_path: Path) -> None:
    write(tmp_path, {"a/x.png": PNG, "b/x.png": PNG, "c/x.png": PNG, "e/x.npz": b""})
    path = backends(
        tmp_path,
        {"instance_data_dir": "a", "is_regularisation_data": True},
        {"instance_data_dir": "b", "dataset_type": "conditioning"},
        {"instance_data_dir": "c", "disabled": True},
        {"instance_data_dir": "e", "dataset_type": "text_embeds"},
    )
    found = {name: (s.role, s.trained) for name, s in pictures(path, "simpletuner").items()}
    assert found == {"a/x.png": ("reg", True), "b/x.png": ("control", False), "c/x.png": ("train", False)}


def test_bad_input(tmp_path: Path) -> None:
    path = backends(tmp_path, {"instance_data_dir": "gone"})
    assert "gone" in note_of(path, "simpletuner", "dataset.missing-file")
    write(tmp_path, {"img/a.png": PNG, "multidatabackend.json": '[{"id": 1,}]'})
    with pytest.raises(DatasetError, match="line 1, column"):
        listed(path, "simpletuner")
    bad = backends(
        tmp_path, {"instance_data_dir": "img", "caption_strategy": "parquet", "parquet": {"path": "img/a.png"}}
    )
    assert any(rule == "dataset.trainer-stops" for rule, _ in notes(bad, "simpletuner"))
    assert pictures(bad, "simpletuner").keys() == {"img/a.png"}


def test_a_folder_linked_twice_comes_once(tmp_path: Path) -> None:
    write(tmp_path, {"set/a/x.png": PNG})
    (tmp_path / "set" / "b").symlink_to(tmp_path / "set" / "a", target_is_directory=True)
    (tmp_path / "set" / "a" / "loop").symlink_to(tmp_path / "set", target_is_directory=True)
    assert trained(tmp_path / "set", "simpletuner").keys() == {"a/x.png"}
