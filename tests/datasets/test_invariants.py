"""What holds for every layout and every tree: nothing on the disk is left out without a word."""

from __future__ import annotations

import itertools
import os
import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.datasets.gathering.complete import folded, with_composed
from auditor.datasets.interface import LayoutOptions
from auditor.datasets.layouts import table
from auditor.datasets.layouts.detect import choose
from auditor.datasets.layouts.reach import left_out
from auditor.datasets.options import place
from auditor.datasets.reading import listing
from auditor.datasets.reading.kinds import is_picture
from auditor.datasets.reading.listing import walk
from auditor.model import Caption, Sample, Text
from tests.datasets.making import PNG, write

FOLDERS = ("", "10_castle", "2019_paris", "deep/er", ".hidden", "train", "_controls", "ＡＢ", "a b")
STEMS = ("a", "b", "a_te", "c-masklabel", "metadata", "Ünï", "x.y", "０")
SUFFIXES = (*".png .PNG .Jpg .webp .gif .txt .caption .TXT .json .npz .safetensors .7z".split(), "")
LAYOUTS = ("auto", *table.names())
names = st.builds(
    lambda folder, stem, suffix: f"{folder}/{stem}{suffix}".lstrip("/"),
    st.sampled_from(FOLDERS),
    st.sampled_from(STEMS),
    st.sampled_from(SUFFIXES),
)
trees = st.lists(names, min_size=1, max_size=12, unique_by=str.casefold)


def content(name: str) -> str | bytes:
    return PNG if is_picture(name) else "{}" if name.endswith(".json") else "a castle\nin the rain"


def samples(root: Path, layout: str) -> list[Sample]:
    if layout == "kohya-config":
        write(root, {"zz.toml": '[[datasets]]\n[[datasets.subsets]]\nimage_dir = "."\n'})
        root = root / "zz.toml"
    return list(choose(str(root), layout, LayoutOptions({})).samples())


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=15, deadline=None)
@given(files=trees)
def test_every_picture_is_trained_carried_or_skipped_once(layout: str, files: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = write(Path(folder), {name: content(name) for name in files})
        found = samples(root, layout)
        listed = [os.path.normpath(s.path) for s in found if s.kind == "picture" and is_picture(s.path)]
        assert sorted(listed) == sorted(name for name in files if is_picture(name))
        assert all(sample.trained or sample.reason for sample in found if sample.kind == "picture")


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=10, deadline=None)
@given(files=trees)
def test_every_text_file_is_searched(layout: str, files: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = write(Path(folder), {name: content(name) for name in files})
        sources = {os.path.normpath(text.source) for sample in samples(root, layout) for text in sample.texts}
        for name in files:
            if name.lower().endswith((".txt", ".caption")):
                assert os.path.normpath(name) in sources, name


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=8, deadline=None)
@given(files=trees, seed=st.integers(0, 99))
def test_the_order_in_which_files_were_made_changes_nothing(layout: str, files: list[str], seed: int) -> None:
    found = []
    for order in (files, random.Random(seed).sample(files, len(files))):
        with tempfile.TemporaryDirectory() as folder:
            root = write(Path(folder) / "set", {name: content(name) for name in order})
            found.append([(s.path, s.kind, s.trained, s.captions) for s in samples(root, layout)])
    assert found[0] == found[1]


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=8, deadline=None)
@given(files=trees)
def test_every_caption_is_searched_as_it_is_composed(layout: str, files: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = write(Path(folder), {name: content(name) for name in files})
        for sample in samples(root, layout):
            values = [folded(text.value).casefold() for text in sample.texts]
            for caption in sample.captions:
                words = folded(caption.text).strip().casefold()
                assert any(words in value or words in value.replace("_", " ") for value in values), caption


@settings(max_examples=40, deadline=None)
@given(files=trees)
def test_auto_takes_no_layout_that_leaves_a_picture_out(files: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = write(Path(folder), {name: content(name) for name in files})
        chosen = choose(str(root), "auto", LayoutOptions({}))
        assert chosen.guessed
        assert left_out(chosen.layout, str(root), chosen.options) is None


@pytest.mark.parametrize(("layout", "case"), list(itertools.product(table.names(), ("PNG", "Png", "pnG"))))
def test_suffixes_are_compared_without_case(layout: str, case: str, tmp_path: Path) -> None:
    write(tmp_path, {f"3_x/a.{case}": PNG, "3_x/a.txt": "x", "3_x/b.png": PNG, "3_x/b.txt": "x"})
    options = {"caption_extension": ".txt"} if layout == "musubi" else {}
    root = tmp_path if layout == "kohya" else tmp_path / "3_x"
    if layout in {"kohya-config", "lora-file", "webdataset", "img2dataset", "hf-parquet"}:
        root = tmp_path / "3_x"
    if layout == "kohya-config":
        pytest.skip("a configuration names its folders: see the table of coverage")
    by_name = {Path(s.path).name: s.trained for s in choose(str(root), layout, LayoutOptions(options)).samples()}
    assert by_name[f"a.{case}"] == by_name["b.png"]


odd = st.text(st.sampled_from("abé \t\n\u00a0\u3000\u2028\ufeff\r\f"), max_size=30)


@given(odd)
def test_folding_is_idempotent_and_keeps_the_words(text: str) -> None:
    once = folded(text)
    assert folded(once) == once
    assert once.split() == text.replace("\ufeff", " ").split()


@given(st.lists(st.sampled_from(["oona", "kestrel", "castle", "by", "x"]), min_size=1, max_size=4), st.integers(0, 3))
def test_seams_lie_inside_the_caption(words: list[str], at: int) -> None:
    whole = " ".join(words)
    parts = (Text(" ".join(words[:at]), "prefix"), Text(" ".join(words[at:]), "a.txt", 1))
    sample = Sample("a.png", None, (Caption(whole, "a.txt"),), tuple(part for part in parts if part.value))
    for text in with_composed(sample).texts:
        assert all(0 < seam < len(text.value) for seam in text.seams)
        assert list(text.seams) == sorted(set(text.seams))


HOSTILE = ("", "\0", "C:", "C:/", "..\\..\\x", "\\\\host\\share\\x", "a" * 5000, "C:/" + "x/" * 900)


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_paths_are_places_and_no_errors(value: str, tmp_path: Path) -> None:
    assert isinstance(place(value, str(tmp_path)), str)


def test_windows_paths_take_the_longest_end_that_is_there(tmp_path: Path) -> None:
    write(tmp_path, {"img/a.png": PNG, "set/img/a.png": PNG})
    assert place("D:\\me\\set\\img", str(tmp_path)) == str(tmp_path / "set" / "img")
    assert place(".\\img", str(tmp_path)) == str(tmp_path / "img")
    assert place("D:\\me\\gone", str(tmp_path)) == "D:\\me\\gone"


def test_walk_ends_in_a_loop_of_links(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b").symlink_to(tmp_path, target_is_directory=True)
    assert len(list(walk(listing.root(str(tmp_path)), follow=True, once=True))) == 2
