"""What the trainers' own enumeration code returned for one tree, reproduced exactly."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from auditor.datasets.interface import LayoutOptions
from auditor.datasets.layouts.kohya.folders import subsets
from auditor.datasets.layouts.kohya.subset import tag_frequency
from tests.datasets.making import pictures

CONFORMANCE = Path(__file__).parents[3] / "shared" / "conformance"
pytestmark = pytest.mark.skipif(
    not (CONFORMANCE / "layouts.json").is_file(), reason="the trainers' lists are not beside this checkout"
)
KOHYA = {
    "kohya_txt": {"caption_extension": ".txt"},
    "kohya_default": {},
    "kohya_wildcard": {"caption_extension": ".txt", "enable_wildcard": "true"},
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("conformance") / "tree"
    subprocess.run([sys.executable, str(CONFORMANCE / "make_tree.py"), str(root)], check=True)
    return root


@pytest.fixture(scope="module")
def unmixed(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree without `c.Jpg`: kohya and musubi find it on Windows only, and it is audited as trained everywhere."""
    copy = tmp_path_factory.mktemp("unmixed") / "tree"
    shutil.copytree(tree, copy, symlinks=True)
    (copy / "train" / "10_greg style" / "c.Jpg").unlink()
    return copy


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((CONFORMANCE / "layouts.json").read_text(encoding="utf-8"))
    return loaded


def by_path(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: row["path"])


@pytest.mark.parametrize("case", KOHYA)
def test_kohya_lists_paths_repeats_roles_and_captions(unmixed: Path, expected: dict[str, Any], case: str) -> None:
    found = pictures(unmixed, "kohya", **KOHYA[case])
    got = [
        {"path": s.path, "repeats": s.repeats, "reg": s.role == "reg", "caption": s.captions[0].text}
        for s in found.values()
        if s.trained
    ]
    assert by_path(got) == by_path(expected[case])
    assert all(len(sample.captions) == 1 for sample in found.values() if sample.trained)


@pytest.mark.parametrize("case", KOHYA)
def test_kohya_folders_may_be_named_as_the_trainer_names_them(
    unmixed: Path, expected: dict[str, Any], case: str
) -> None:
    named = {"train_data_dir": str(unmixed / "train"), "reg_data_dir": str(unmixed / "reg")}
    found = pictures(unmixed / "train", "kohya", **KOHYA[case], **named)
    got = {s.path: (s.repeats, s.captions[0].text) for s in found.values() if s.trained}
    prefix = {"train/": "", "reg/": "../reg/"}
    want = {
        prefix[row["path"].partition("/")[0] + "/"] + row["path"].partition("/")[2]: (row["repeats"], row["caption"])
        for row in expected[case]
    }
    assert got == want


@pytest.mark.parametrize("case", KOHYA)
def test_kohya_tag_frequencies(unmixed: Path, expected: dict[str, Any], case: str) -> None:
    found = subsets(str(unmixed), LayoutOptions(KOHYA[case]))
    assert tag_frequency(found, str(unmixed)) == expected[f"{case}.tag_frequency"]


@pytest.mark.parametrize(
    ("case", "layout", "options"),
    [
        ("onetrainer_flat", "onetrainer", {}),
        ("onetrainer_sub", "onetrainer", {"include_subdirectories": "true"}),
        ("ai_toolkit", "ai-toolkit", {}),
        ("musubi", "musubi", {"caption_extension": ".txt"}),
        ("everydream2", "everydream2", {}),
        ("simpletuner", "simpletuner", {}),
    ],
)
def test_trainers_that_get_one_folder(
    tree: Path, unmixed: Path, expected: dict[str, Any], case: str, layout: str, options: dict[str, str]
) -> None:
    found = pictures((unmixed if case == "musubi" else tree) / "train" / "10_greg style", layout, **options)
    got = {s.path: [c.text for c in s.captions] for s in found.values() if s.trained}
    assert got.keys() == {row["path"] for row in expected[case]}
    for row in expected[case]:
        if "captions" in row:
            assert got[row["path"]] == row["captions"]
        elif "caption" in row:
            assert got[row["path"]] == [row["caption"]]
        elif "main_prompts" in row:
            assert got[row["path"]] == [", ".join(row["main_prompts"] + row["tags"])]
    assert all(sample.role == "train" for sample in found.values() if sample.trained)


@pytest.mark.parametrize(
    "layout", ["flat", "kohya", "onetrainer", "ai-toolkit", "simpletuner", "imagefolder", "dreambooth", "webdataset",
               "diffusion-pipe", "musubi", "everydream2", "lora-file", "hf-parquet", "img2dataset", "union"]
)  # fmt: skip
def test_no_layout_loses_a_picture(tree: Path, layout: str) -> None:
    """Whatever a trainer leaves out still comes, once, with a reason."""
    folder = tree / "train" / "10_greg style"
    on_disk = {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.suffix.lower() in {".png", ".jpg", ".webp", ".tif", ".gif"}
    }
    found = pictures(folder, layout)
    assert on_disk <= found.keys()
    assert found.keys() - on_disk <= {"linkdir/r.png"}
    for sample in found.values():
        assert sample.trained == (sample.reason is None)


def test_the_tree_of_hugging_face_rows(tree: Path) -> None:
    """21 rows without captions: no dot-files, no linked directories, every picture suffix in any case."""
    found = pictures(tree / "train" / "10_greg style", "imagefolder")
    rows = [sample for sample in found.values() if sample.trained]
    assert len(rows) == 21
    assert all(sample.captions == () for sample in rows)
