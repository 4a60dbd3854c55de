"""Hugging Face imagefolder, beside the package itself."""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
from collections import Counter
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from auditor.datasets.layouts.huggingface.splits import deciding_suffix
from tests.datasets import reference
from tests.datasets.making import PNG, chosen, listed, mentions, note_of, notes, pictures, reasons, trained, write

NAME = "Mirela Ashdown"
FOLDERS = (
    "",
    "train",
    "test",
    "a",
    "a/b",
    "val_1",
    "x-training",
    ".h",
    "__p",
    "my train set",
    "evaluation",
    "eval.d",
    "trains",
)
STEMS = ("a", "b.c", "train1", "my_test", "val", "x-dev-2", "testing", "config", ".hid", "__u", "trainer")
SUFFIXES = (".png", ".JPG", ".gif", ".txt", ".avif", ".png.bak", ".json", "")


@st.composite
def trees(draw: st.DrawFn) -> dict[str, bytes]:
    folders = draw(st.lists(st.sampled_from(FOLDERS), min_size=1, max_size=3, unique=True))
    places = st.tuples(st.sampled_from(folders), st.sampled_from(STEMS), st.sampled_from(SUFFIXES))
    names = {f"{folder}/{stem}{suffix}".lstrip("/") for folder, stem, suffix in draw(st.sets(places, max_size=9))}
    # A name is a file or a folder, never both.
    files = {name: PNG for name in sorted(names) if not any(other.startswith(f"{name}/") for other in names)}
    for folder in draw(st.lists(st.sampled_from(folders), max_size=2, unique=True)):
        inside = [name for name in files if name.rpartition("/")[0] == folder]
        picked = draw(st.lists(st.sampled_from(inside), min_size=1, max_size=4)) if inside else []
        lines = [
            json.dumps({"file_name": name.rpartition("/")[2], "text": f"row {n}"}) for n, name in enumerate(picked)
        ]
        if lines:
            files[f"{folder}/metadata.jsonl".lstrip("/")] = "\n".join(lines).encode()
    return files


def ours(root: Path) -> Counter[tuple[str, str, str | None]]:
    found: Counter[tuple[str, str, str | None]] = Counter()
    for sample in listed(root, "imagefolder"):
        if sample.kind == "carrier":
            continue
        split = "train" if sample.trained else (sample.reason or "").removeprefix("in the split ").strip("'")
        if sample.trained or (sample.reason or "").startswith("in the split "):
            found[(split, sample.path, sample.captions[0].text if sample.captions else None)] += 1
    return found


def theirs(root: Path) -> Counter[tuple[str, str, str | None]]:
    found: Counter[tuple[str, str, str | None]] = Counter()
    taken: set[tuple[str, str | None]] = set()
    for split, rows in reference.rows("imagefolder", root).items():
        new = {(str(Path(row["image"]["path"]).relative_to(root)), row.get("text")) for row in rows} - taken
        for row in rows:
            key = (str(Path(row["image"]["path"]).relative_to(root)), row.get("text"))
            if key in new:
                found[(split, *key)] += 1
        taken |= new
    return found


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(trees())
def test_random_trees_give_the_rows_that_the_package_gives(files: dict[str, bytes]) -> None:
    root = Path(tempfile.mkdtemp(prefix="imagefolder-")).resolve()
    try:
        write(root, dict(files))
        try:
            want = theirs(root)
        except Exception:  # the package refuses the tree: whatever it raises, there is nothing to compare
            assume(False)
        assert ours(root) == want
    finally:
        shutil.rmtree(root)


def test_only_listed_rows_are_trained(tmp_path: Path) -> None:
    rows = [{"file_name": "sub/a.png", "text": "one"}, {"file_name": "sub/a.png", "text": "two"}]
    write(
        tmp_path, {"sub/a.png": PNG, "b.png": PNG, "b.txt": "dead", "metadata.jsonl": "\n".join(map(json.dumps, rows))}
    )
    found = [s for s in listed(tmp_path, "imagefolder") if s.trained and s.kind == "picture"]
    assert [(s.path, s.captions[0].text, s.captions[0].source, s.captions[0].line) for s in found] == [
        ("sub/a.png", "one", "metadata.jsonl:text", 1),
        ("sub/a.png", "two", "metadata.jsonl:text", 2),
    ]
    left_out = [s for s in listed(tmp_path, "imagefolder") if s.path == "b.png"]
    assert [s.reason for s in left_out] == ["no metadata row names it, so datasets leaves it out"]
    assert chosen(tmp_path, "auto").name == "union"  # it would leave pictures out


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_other_forms_of_metadata(tmp_path: Path, suffix: str) -> None:
    write(tmp_path, {"a.png": PNG, "mask.png": PNG})
    if suffix == "csv":
        write(
            tmp_path, {"metadata.csv": f'file_name,mask_file_name,caption\na.png,mask.png,"by {NAME},\nsecond line"\n'}
        )
    else:
        rows = [{"file_name": "a.png", "mask_file_name": "mask.png", "caption": f"by {NAME},\nsecond line"}]
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "metadata.parquet")
    text = f"by {NAME},\nsecond line"
    assert trained(tmp_path, "imagefolder") == {"a.png": [text], "mask.png": [text]}
    assert {source for _, source, _ in mentions(tmp_path, "imagefolder", NAME)} == {f"metadata.{suffix}:caption"}


def test_the_caption_column_may_be_named(tmp_path: Path) -> None:
    row = json.dumps({"file_name": "a.png", "title": "one", "alt": f"by {NAME}"})
    write(tmp_path, {"a.png": PNG, "metadata.jsonl": row})
    assert trained(tmp_path, "imagefolder", caption_column="title") == {"a.png": ["one"]}
    found = mentions(tmp_path, "imagefolder", NAME, caption_column="title")
    assert found == [("a.png", "metadata.jsonl:alt", False)]


def test_nested_and_repeated_file_names_agree_with_the_package(tmp_path: Path) -> None:
    write(tmp_path, {"a.png": PNG, "b.png": PNG, "c.png": PNG})
    row = {"file_names": ["a.png", "b.png"], "deep": {"cover_file_name": "c.png"}, "text": "x"}
    write(tmp_path, {"metadata.jsonl": json.dumps(row)})
    assert trained(tmp_path, "imagefolder").keys() == {"a.png", "b.png", "c.png"}
    theirs_row = reference.rows("imagefolder", tmp_path)["train"][0]
    assert len(theirs_row["images"]) == 2


@pytest.mark.parametrize("given_name", ["../out.png", "/etc/hostname", "file:///etc/hostname", "a/../../out.png"])
def test_paths_that_leave_the_folder_are_refused_as_the_package_does(tmp_path: Path, given_name: str) -> None:
    root = tmp_path / "set"
    row = json.dumps({"file_name": given_name, "text": f"by {NAME}"})
    write(tmp_path, {"set/a.png": PNG, "set/metadata.jsonl": row, "out.png": PNG})
    assert given_name in note_of(root, "imagefolder", "integrity.outside-dataset")
    assert trained(root, "imagefolder") == {}
    assert mentions(root, "imagefolder", NAME)
    with pytest.raises(ValueError, match="file_name"):
        reference.rows("imagefolder", root)


def test_missing_files_and_damaged_lines_are_noted(tmp_path: Path) -> None:
    write(tmp_path, {"a.png": PNG, "metadata.jsonl": '{"file_name": "gone.png", "text": "x"}\n{"file_name": \n'})
    rules = [rule for rule, _ in notes(tmp_path, "imagefolder")]
    assert rules == ["dataset.missing-file", "dataset.trainer-stops"]
    assert "line 2, column" in note_of(tmp_path, "imagefolder", "dataset.trainer-stops")
    write(tmp_path, {"metadata.csv": "file_name\na.png\n"})
    assert any("different suffixes" in message for _, message in notes(tmp_path, "imagefolder"))


def test_zip_members_are_rows_whatever_they_are(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "more.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.png", PNG)
        archive.writestr("deep/b.jpg", PNG)
        archive.writestr("readme.txt", f"thanks to {NAME}")
    assert trained(tmp_path, "imagefolder") == {"more.zip!a.png": [], "more.zip!deep/b.jpg": []}
    assert mentions(tmp_path, "imagefolder", NAME) == [("more.zip!readme.txt", "more.zip!readme.txt", False)]
    assert len(reference.rows("imagefolder", tmp_path)["train"]) == 3


def test_metadata_inside_a_zip(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "more.zip", "w") as archive:
        archive.writestr("d/a.png", PNG)
        archive.writestr("d/b.png", PNG)
        archive.writestr("d/metadata.jsonl", json.dumps({"file_name": "a.png", "text": "in the zip"}))
    assert trained(tmp_path, "imagefolder") == {"more.zip!d/a.png": ["in the zip"]}
    assert reasons(tmp_path, "imagefolder").keys() == {"more.zip!d/b.png"}
    theirs_rows = reference.rows("imagefolder", tmp_path)["train"]
    assert [row["text"] for row in theirs_rows] == ["in the zip"]


def test_explicit_data_files_switch_the_splits_off(tmp_path: Path) -> None:
    write(tmp_path, {"train/a.png": PNG, "b.png": PNG})
    assert trained(tmp_path, "imagefolder").keys() == {"train/a.png"}
    assert trained(tmp_path, "imagefolder", data_files="**").keys() == {"train/a.png", "b.png"}


def test_held_out_splits_have_their_role(tmp_path: Path) -> None:
    write(tmp_path, {"train/a.png": PNG, "test/b.png": PNG})
    found = pictures(tmp_path, "imagefolder")
    assert (found["test/b.png"].role, found["test/b.png"].reason) == ("val", "in the split 'test'")
    assert trained(tmp_path, "imagefolder", split="test").keys() == {"test/b.png"}


def test_another_reader_would_be_chosen_without_a_name(tmp_path: Path) -> None:
    write(tmp_path, {"a.png": PNG, "a.txt": "x"})
    assert "'.txt'" in note_of(tmp_path, "imagefolder", "dataset.trainer-stops")
    write(tmp_path, {"b.png": PNG})
    assert notes(tmp_path, "imagefolder") == []
    assert deciding_suffix([], frozenset(), ()) is None
