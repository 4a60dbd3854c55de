"""What the wheel holds: the package with its data files, and nothing of the checkout around it."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DATA_SUFFIXES = {".json", ".typed", ".npy", ".npz", ".bin", ".txt", ".html", ".css", ".js", ".md", ".gz", ".tsv"}


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)],
        check=True,
        capture_output=True,
    )
    (wheel,) = out.glob("*.whl")
    return set(zipfile.ZipFile(wheel).namelist())


def test_only_the_package_and_its_metadata(names: set[str]) -> None:
    assert {name.split("/")[0].split("-")[0] for name in names} == {"auditor", "provenance_auditor"}
    assert "cli.py" not in names


def test_every_file_of_the_package_is_in_it(names: set[str]) -> None:
    source = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "auditor").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert source - names == set()
    assert {Path(name).suffix for name in source} <= DATA_SUFFIXES | {".py"}


def test_licence_and_console_script(names: set[str]) -> None:
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert any(name.endswith("entry_points.txt") for name in names)
