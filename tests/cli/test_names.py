from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import run_auditor


def report(*words: str | Path) -> tuple[int, dict[str, object]]:
    done = run_auditor("names", *words, "-o", "json")
    return done.returncode, json.loads(done.stdout)


def test_lines_are_searched_and_findings_point_at_them(built: Path, tmp_path: Path) -> None:
    path = tmp_path / "captions.txt"
    path.write_text("a field\n\nart by tobias quil, hd\n", encoding="utf-8")
    code, found = report(path, "--index", built / "index")
    assert code == 1
    (finding,) = found["findings"]
    assert finding["artist"]["name"] == "Tobias Quill"
    text = finding["text"]
    assert (finding["sample"], text["line"], text["form"]) == (path.as_posix(), 3, "misspelt")
    assert text["value"][text["start"] : text["end"]] == "tobias quil"
    assert found["coverage"]["seen"] == 2


def test_tables_and_standard_input(built: Path, tmp_path: Path) -> None:
    table = tmp_path / "rows.jsonl"
    table.write_text('{"caption": "x"}\n{"caption": "by Mirela_Ashdown"}\nbroken\n', encoding="utf-8")
    code, found = report(table, "--column", "caption", "-i", built / "index", "--fail-on", "none")
    assert code == 3
    assert found["coverage"]["skipped"] == {"not-json": 1}
    assert [finding["text"]["line"] for finding in found["findings"]] == [2]
    done = subprocess.run(
        [sys.executable, "-m", "auditor", "names", "-i", str(built / "index"), "-o", "json"],
        input=b"a\nmirela ashdown \xff\n",
        capture_output=True,
        timeout=120,
    )
    assert done.returncode == 1, done.stderr
    assert [finding["text"]["line"] for finding in json.loads(done.stdout)["findings"]] == [2]


def test_exit_codes(built: Path, tmp_path: Path) -> None:
    clean = tmp_path / "clean.txt"
    clean.write_text("a field at dawn\n", encoding="utf-8")
    assert run_auditor("names", clean, "-i", built / "index").returncode == 0
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    assert run_auditor("names", tmp_path / "empty.txt", "-i", built / "index").returncode == 3
    assert run_auditor("names", tmp_path / "missing.txt", "-i", built / "index").returncode == 2
    assert run_auditor("names", clean, "-i", tmp_path / "no-index").returncode == 2
