"""A manifest is a stranger's word: what it names must stay inside the dataset, and nothing moves where it does not."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor.clean import manifest as records
from auditor.clean.disk import digest_of
from auditor.clean.undo import undo
from auditor.cli import clean as command
from auditor.cli.main import run
from auditor.errors import AuditorError, DatasetError, ReportError
from tests.clean.trees import snapshot

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
Attack = Callable[[Path, dict[str, Any]], None]


def scene(root: Path, attack: Attack | None = None) -> tuple[Path, Path]:
    """A dataset, a clean-up of one file and one listing beside it, and a folder `outside` that must not change."""
    dataset, aside = root / "set", root / "aside"
    for path, text in (
        (dataset / "a" / "kept.txt", "kept"),
        (dataset / "list.jsonl", "{}\n"),
        (aside / "files" / "a" / "gone.txt", "gone"),
        (aside / "originals" / "list.jsonl", "{}\n{}\n"),
        (root / "outside" / "mine.txt", "mine"),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    document: dict[str, Any] = {
        "format": records.FORMAT,
        "dataset": str(dataset),
        "report": "0",
        "state": "applied",
        "moved": [{"path": "a/gone.txt", "digest": digest_of(aside / "files/a/gone.txt")}],
        "rewritten": [
            {
                "path": "list.jsonl",
                "before": digest_of(aside / "originals/list.jsonl"),
                "after": digest_of(dataset / "list.jsonl"),
                "dropped": 1,
            }
        ],
        "folders": [],
    }
    if attack is not None:
        attack(root, document)
    (aside / records.FILE).write_text(json.dumps(document))
    return dataset, aside


def _moved_to(path: str) -> Attack:
    def attack(root: Path, document: dict[str, Any]) -> None:
        document["moved"][0]["path"] = path.replace("ROOT", str(root))

    return attack


def _rewritten_to(path: str) -> Attack:
    def attack(root: Path, document: dict[str, Any]) -> None:
        document["rewritten"][0]["path"] = path.replace("ROOT", str(root))

    return attack


def _folder(path: str) -> Attack:
    def attack(root: Path, document: dict[str, Any]) -> None:
        document["folders"] = [{"path": path.replace("ROOT", str(root)), "mode": 0o777}]

    return attack


def _linked(place: str, target: str = "outside") -> Attack:
    def attack(root: Path, document: dict[str, Any]) -> None:
        path = root / place
        path.rename(root / "aside-was")
        path.symlink_to(root / ("aside-was" if target == "itself" else target))

    return attack


def _link_in_the_way(root: Path, document: dict[str, Any]) -> None:
    """A link is put back first, and the next file is put through it."""
    (root / "aside/files/b").symlink_to(root / "outside")
    document["moved"].insert(0, {"path": "b", "digest": f"link:{root / 'outside'}"})
    document["moved"].append({"path": "b/gone.txt", "digest": document["moved"][1]["digest"]})


ATTACKS: dict[str, Attack] = {
    "absolute": _moved_to("/etc/gone.txt"),
    "absolute outside": _moved_to("ROOT/outside/gone.txt"),
    "parent": _moved_to("../outside/gone.txt"),
    "parent within": _moved_to("a/../../outside/gone.txt"),
    "NUL": _moved_to("a/\0"),
    "empty": _moved_to(""),
    "rewritten absolute": _rewritten_to("ROOT/outside/mine.txt"),
    "rewritten parent": _rewritten_to("../outside/mine.txt"),
    "folder absolute": _folder("ROOT/outside/new"),
    "folder parent": _folder("../outside/new"),
    "files is a link": _linked("aside/files", "itself"),
    "originals is a link": _linked("aside/originals", "itself"),
    "a folder of what is set aside is a link": _linked("aside/files/a", "itself"),
    "a folder of the dataset is a link": _linked("set/a"),
    "a link is put back, then written through": _link_in_the_way,
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_leaves_the_dataset(attack: str, tmp_path: Path) -> None:
    _, aside = scene(tmp_path, ATTACKS[attack])
    before = snapshot(tmp_path)
    with pytest.raises((DatasetError, ReportError)):
        undo(records.load(aside), aside)
    assert snapshot(tmp_path) == before


def test_without_an_attack_it_is_put_back(tmp_path: Path) -> None:
    dataset, aside = scene(tmp_path)
    assert undo(records.load(aside), aside) == 2
    assert (dataset / "a/gone.txt").read_text() == "gone"
    assert (dataset / "list.jsonl").read_text() == "{}\n{}\n"
    assert not aside.exists()


@pytest.mark.parametrize("place", ["", "manifest.json", "files", "originals"])
def test_what_another_user_owns_is_refused(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, aside = scene(tmp_path)
    if os.geteuid() == 0:
        os.chown(aside / place, 12345, 12345)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: 12345)
    before = snapshot(tmp_path)
    with pytest.raises(DatasetError, match="another user"):
        undo(records.load(aside), aside)
    assert snapshot(tmp_path) == before


def test_the_manifest_must_be_a_file_at_once(tmp_path: Path) -> None:
    _, aside = scene(tmp_path)
    (aside / records.FILE).unlink()
    os.mkfifo(aside / records.FILE)
    with pytest.raises(AuditorError, match="named pipe"):
        records.load(aside)


def test_undo_says_where_and_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    dataset, aside = scene(tmp_path)
    before = snapshot(tmp_path)
    assert run(["clean", "--undo", str(aside)]) == 2  # nobody to ask
    assert str(dataset) in capsys.readouterr().err
    asked: list[str] = []

    class Terminal:
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(command.sys, "stdin", Terminal())
    answers = iter((False, True))
    monkeypatch.setattr(command.click, "confirm", lambda text, err: (asked.append(text), next(answers))[1])
    assert run(["clean", "--undo", str(aside)]) == 2
    assert snapshot(tmp_path) == before
    assert run(["clean", "--undo", str(aside)]) == 0
    assert asked == [f"Put 2 files back into {dataset}?"] * 2
    assert (dataset / "a/gone.txt").exists()


def test_a_named_dataset_is_where_it_goes_whatever_the_manifest_says(tmp_path: Path) -> None:
    def elsewhere(root: Path, document: dict[str, Any]) -> None:
        document["dataset"] = str(root / "outside")

    dataset, aside = scene(tmp_path, elsewhere)
    before = snapshot(tmp_path / "outside")
    assert run(["clean", "--undo", str(aside), "--dataset", str(dataset)]) == 0
    assert snapshot(tmp_path / "outside") == before
    assert (dataset / "a/gone.txt").read_text() == "gone"
