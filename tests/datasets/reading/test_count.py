"""A total is told only where it is the number of pictures, and is never lower than what is counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.api import ScanOptions, scan
from auditor.datasets.reading.count import pictures_below
from tests.engines import making
from tests.pictures import encoded, painting


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return making.index(tmp_path_factory.mktemp("index"))


def put(path: Path, *names: str) -> Path:
    data = encoded(painting(1, (64, 48)))
    for name in names:
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data if name.endswith((".png", ".JPG")) else b"a text")
    return path


@pytest.mark.parametrize(
    ("layout", "names"),
    [
        ("flat", [f"{n}.png" for n in range(8)] + ["0.txt", "notes.md"]),
        ("union", ["a/0.png", "a/0.txt", "b/1.JPG", "b/config.yaml", "script.py"]),
        ("kohya", ["5_trees/0.png", "5_trees/0.txt", "5_trees/1.png", "stray.png"]),
        ("auto", ["0.png", "sub/1.png", "sub/2.png", "sub/2.txt"]),
    ],
)
def test_the_bar_counts_pictures_of_pictures(layout: str, names: list[str], index: Path, tmp_path: Path) -> None:
    folder = put(tmp_path / "set", *names)
    told: list[tuple[int, int | None]] = []
    report = scan(
        folder,
        [index],
        ScanOptions(layout=layout, today=making.TODAY, engine="serial"),
        lambda *what: told.append(what),
    )
    pictures = sum(name.endswith((".png", ".JPG")) for name in names)
    assert report.coverage.seen == pictures
    assert told[-1] == (pictures, pictures)
    assert {total for _, total in told} == {pictures}
    assert all(total is not None and done <= total for done, total in told)


@pytest.mark.parametrize("odd", ["a.zip", "a.tar", "a.parquet", "a.jsonl", "a.csv", "a.safetensors", "a.mp4", "a.npz"])
def test_what_cannot_be_counted_gives_no_total(odd: str, tmp_path: Path) -> None:
    assert pictures_below([str(put(tmp_path, "0.png", odd))]) is None


def test_files_links_and_slow_folders_give_no_total(tmp_path: Path) -> None:
    folder = put(tmp_path / "set", "0.png")
    assert pictures_below([str(folder), str(folder)]) == 2
    assert pictures_below([str(folder / "0.png")]) is None
    assert pictures_below([str(folder)], seconds=-1) is None
    (folder / "link").symlink_to(tmp_path)
    assert pictures_below([str(folder)]) is None
