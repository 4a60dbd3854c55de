"""Where the package is imported from, and what is set for the processes that are started."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import auditor
from auditor.support.environment import PACKAGE_FOLDER, SAFE_PATH, environment
from auditor.support.processes import child_environment


def test_the_package_folder_is_the_one_that_contains_the_package() -> None:
    assert Path(auditor.__file__).resolve().parents[1] == PACKAGE_FOLDER
    assert (PACKAGE_FOLDER / "auditor" / "__init__.py").samefile(auditor.__file__)
    assert PACKAGE_FOLDER.name != "auditor" or (PACKAGE_FOLDER / "auditor").is_dir()
    assert PACKAGE_FOLDER.is_absolute()


def test_a_child_imports_the_same_package_and_nothing_of_where_it_stands(tmp_path: Path) -> None:
    for name in ("auditor", "numpy", "json", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(9)\n")
    code = "import sys, json, numpy, auditor; print(json.dumps([auditor.__file__, sys.path]))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=child_environment(), capture_output=True, check=True, text=True
    )
    file, path = json.loads(done.stdout)
    assert Path(file).samefile(auditor.__file__)
    assert "" not in path and str(tmp_path) not in path


def test_an_empty_or_relative_part_of_the_users_path_is_not_handed_on(tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    # An empty part means the working directory, which PYTHONSAFEPATH does not take out of PYTHONPATH.
    (tmp_path / "numpy.py").write_text("raise SystemExit(9)\n")
    monkeypatch.chdir(tmp_path)
    for parts in ("", os.pathsep, f".{os.pathsep}", f"{os.pathsep}{tmp_path / 'elsewhere'}"):
        monkeypatch.setenv("PYTHONPATH", parts)
        command = [sys.executable, "-c", "import numpy"]
        assert subprocess.run(command, env=child_environment(), check=False).returncode == 0, parts


def test_variables_are_set_for_a_time_and_never_over_the_users_own(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.delenv("PYTHONSAFEPATH", raising=False)
    monkeypatch.setenv("MINE", "1")
    with environment({**SAFE_PATH, "MINE": "2"}):
        assert os.environ["PYTHONSAFEPATH"] == "1" and os.environ["MINE"] == "1"
    assert "PYTHONSAFEPATH" not in os.environ and os.environ["MINE"] == "1"
