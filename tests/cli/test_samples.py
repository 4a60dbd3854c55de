"""`auditor samples`, run as a user does."""

from __future__ import annotations

import json
import os
from pathlib import Path

from tests.cli.conftest import run_auditor

PICTURE = b"\x89PNG\r\n\x1a\n"


def lay(root: Path) -> Path:
    folder = root / "3_some words"
    folder.mkdir(parents=True)
    for name in ("a.png", "b.gif"):
        (folder / name).write_bytes(PICTURE)
    (folder / "a.txt").write_text("[bold]a castle[/bold]\x1b[31m", encoding="utf-8")
    return root


def test_json_is_the_contract(tmp_path: Path) -> None:
    done = run_auditor("samples", lay(tmp_path), "--layout", "kohya", "-L", "caption_extension=.txt", "--json")
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert rows.keys() == {"samples"}
    assert rows["samples"] == [
        {
            "path": "3_some words/a.png",
            "trained": True,
            "reason": None,
            "role": "train",
            "repeats": 3,
            "captions": [{"text": "[bold]a castle[/bold]\x1b[31m", "source": "3_some words/a.txt", "line": 1}],
        },
        {
            "path": "3_some words/b.gif",
            "trained": False,
            "reason": "kohya does not read '.gif' files",
            "role": "other",
            "repeats": 1,
            "captions": [],
        },
    ]


def test_the_table_shows_words_as_they_are_and_sends_no_control_characters(tmp_path: Path) -> None:
    done = run_auditor("samples", lay(tmp_path), "--layout", "kohya", "-L", "caption_extension=.txt", COLUMNS="160")
    assert done.returncode == 0, done.stderr
    assert "[bold]a castle[/bold]\\x1b[31m" in done.stdout
    assert "\x1b" not in done.stdout
    assert "2 pictures. Trained on: 1 train. Left out: 1." in done.stdout
    assert "kohya does not read '.gif' files" in done.stdout


def test_auto_explains_itself_beside_the_list(tmp_path: Path) -> None:
    done = run_auditor("samples", lay(tmp_path), "--json")
    assert json.loads(done.stdout)["samples"]
    assert "it would leave out '3_some words/b.gif'" in done.stderr
    (tmp_path / "3_some words" / "b.gif").unlink()
    assert "was chosen because" in run_auditor("samples", tmp_path, "--json").stderr


def test_what_is_named_and_not_there_is_listed(tmp_path: Path) -> None:
    (lay(tmp_path) / "metadata.jsonl").write_text('{"file_name": "gone.png", "text": "x"}\n', encoding="utf-8")
    done = run_auditor("samples", tmp_path, "--layout", "imagefolder", "--json")
    gone = next(row for row in json.loads(done.stdout)["samples"] if row["path"] == "gone.png")
    assert (gone["skip"], gone["trained"]) == ("missing", False)
    assert "Besides: missing 1." in run_auditor("samples", tmp_path, "--layout", "imagefolder").stdout


def test_errors_say_what_to_do(tmp_path: Path) -> None:
    lay(tmp_path)
    for words, hint in (
        (("--layout", "kohya", "-L", "caption_extenson=.txt"), "Did you mean 'caption_extension'"),
        (("--layout", "khoya"), "Did you mean 'kohya'"),
        (("-L", "nothing"), "KEY=VALUE"),
    ):
        done = run_auditor("samples", tmp_path, *words)
        assert done.returncode == 2
        assert hint in done.stderr
    gone = run_auditor("samples", tmp_path / "gone")
    assert gone.returncode == 2 and "Check the path" in gone.stderr


def test_odd_names_are_written_as_escapes(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.png")).write_bytes(PICTURE)
    done = run_auditor("samples", tmp_path, "--layout", "flat", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["samples"][0]["path"] == "caf\udce9.png"
    assert run_auditor("samples", tmp_path, "--layout", "flat").returncode == 0
