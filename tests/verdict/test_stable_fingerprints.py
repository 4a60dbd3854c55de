"""A finding keeps its fingerprint when the world around it changes, so a waiver keeps its finding."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import auditor
from auditor.verdict import tally as merge
from tests.cli.inprocess import ok
from tests.pictures import artist_folder, encoded, painting

Change = Callable[[Path], None]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index, and a set with two kinds of copy, a caption and a remark on a third picture."""
    root = tmp_path_factory.mktemp("stable")
    artist_folder(root / "works", "Mirela Ashdown", range(3))
    ok(root, "index", "build", "works", "--out", "index")
    folder = root / "set" / "10_hills"
    folder.mkdir(parents=True)
    shutil.copy(root / "works" / "Mirela Ashdown" / "Work 1.png", folder / "a.png")
    (folder / "b.jpg").write_bytes(encoded(painting(2).resize((256, 192)), "JPEG", quality=60))
    (folder / "c.png").write_bytes(encoded(painting(500)))
    (folder / "c.txt").write_text("a hill by mirela_ashdown")
    return root


def prints(root: Path, dataset: str = "set") -> set[tuple[str, str]]:
    with contextlib.chdir(root):
        report = auditor.scan(dataset, ["index"])
    return {(finding.rule, finding.fingerprint) for finding in report.findings}


def rename(root: Path) -> None:
    folder = root / "set" / "10_hills"
    for old, new in (("a.png", "z.png"), ("b.jpg", "0.jpg"), ("c.png", "m.png"), ("c.txt", "m.txt")):
        (folder / old).rename(folder / new)
    folder.rename(folder.with_name("4_valleys"))


def add(root: Path) -> None:
    for number in range(3):
        (root / "set" / "10_hills" / f"0{number}.png").write_bytes(encoded(painting(600 + number)))
    (root / "set" / "2_more").mkdir()


def more_lines(root: Path) -> None:
    """The caption moves to the third line."""
    (root / "set" / "10_hills" / "c.txt").write_text("\n\na hill by mirela_ashdown")


@pytest.mark.parametrize("change", [rename, add, more_lines])
def test_the_set_around_it(change: Change, prepared: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(prepared, tmp_path / "copy"))
    before = prints(root)
    assert {rule for rule, _ in before} >= {"copy.exact", "copy.whole", "name.caption"}
    change(root)
    assert prints(root) == before


def test_another_machines_path(prepared: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(prepared / "set", tmp_path / "data" / "elsewhere"))
    assert prints(prepared, str(other)) == prints(prepared)


def test_a_newer_version_of_the_tool(prepared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = prints(prepared)
    monkeypatch.setattr(merge, "__version__", "99.1.0")
    with contextlib.chdir(prepared):
        report = auditor.scan("set", ["index"])
    assert report.tool_version == "99.1.0"
    assert {(finding.rule, finding.fingerprint) for finding in report.findings} == before


def test_another_content_is_another_finding(prepared: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(prepared, tmp_path / "copy"))
    before = prints(root)
    (root / "set" / "10_hills" / "b.jpg").write_bytes(encoded(painting(2).resize((250, 190)), "JPEG", quality=61))
    after = prints(root)
    assert {rule for rule, _ in before} == {rule for rule, _ in after}
    assert {row for row in before if row[0] == "copy.whole"}.isdisjoint(after)
