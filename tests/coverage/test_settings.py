"""Settings inside what is audited are not obeyed, wherever the command is started."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.inprocess import call
from tests.coverage.making import clean, copy
from tests.coverage.ways import SETTINGS
from tests.datasets.making import write

LOOSE = 'fail-on = "none"\n'


@pytest.mark.parametrize("name", sorted(SETTINGS))
@pytest.mark.parametrize("inner", [".", "deep/er"])
def test_started_inside_the_set(tmp_path: Path, index: Path, name: str, inner: str) -> None:
    root = write(tmp_path / "set", {"c.png": copy(), name: SETTINGS[name], "deep/er/x.txt": "x"})
    done = call("scan", root, "-i", index, "--no-cache", "-o", "json", cwd=root / inner)
    report = json.loads(done.stdout)
    assert done.returncode == 1, done.stderr
    assert "were ignored" in done.stderr and f"--config {root / name}" in done.stderr
    assert "dataset.ignored-settings" in {finding["rule"] for finding in report["findings"]}


def test_a_file_beside_a_trainers_configuration_is_inside(tmp_path: Path, index: Path) -> None:
    toml = "[[datasets]]\n[[datasets.subsets]]\nimage_dir = 'img'\n"
    root = write(tmp_path / "set", {"img/c.png": copy(), "d.toml": toml, "auditor.toml": LOOSE})
    done = call("scan", "d.toml", "-i", index, "--no-cache", cwd=root)
    assert done.returncode == 1, done.stdout
    assert "dataset.ignored-settings" in done.stdout


def test_a_link_into_the_set_is_inside(tmp_path: Path, index: Path) -> None:
    write(tmp_path / "set", {"c.png": copy(), "auditor.toml": LOOSE})
    (tmp_path / "way").symlink_to("set")
    done = call("scan", ".", "-i", index, "--no-cache", cwd=tmp_path / "way")
    assert done.returncode == 1, done.stdout


def test_one_outside_holds(tmp_path: Path, index: Path) -> None:
    write(tmp_path, {"set/c.png": copy(), "auditor.toml": LOOSE, "set/auditor.toml": "nonsense = 1\n"})
    for folder in (tmp_path, tmp_path / "set"):
        done = call("scan", tmp_path / "set", "-i", index, "--no-cache", cwd=folder)
        assert done.returncode == 0, done.stderr
        assert f"Settings: {tmp_path / 'auditor.toml'}" in done.stderr


def test_one_that_is_named_holds(tmp_path: Path, index: Path) -> None:
    root = write(tmp_path / "set", {"c.png": copy(), "auditor.toml": "\ufeff" + LOOSE})
    done = call("scan", ".", "-i", index, "--no-cache", "--config", "auditor.toml", cwd=root)
    assert done.returncode == 0, done.stderr
    gone = call("scan", ".", "-i", index, "--config", "gone.toml", cwd=root)
    assert gone.returncode == 2 and "gone.toml" in gone.stderr


@pytest.mark.parametrize("key", ["waivers", "policies", "cache", "index"])
def test_what_an_outer_file_takes_from_the_set_is_ignored(tmp_path: Path, index: Path, key: str) -> None:
    write(tmp_path, {"set/c.png": copy(), "set/mine": "", "auditor.toml": f'{key} = "set/mine"\n'})
    done = call("scan", "set", "-i", index, cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert "were ignored" in done.stderr
    assert (tmp_path / "set" / "mine").is_file()


def test_several_paths_are_each_no_place_for_settings(tmp_path: Path, index: Path) -> None:
    write(tmp_path, {"one/a.png": clean(), "two/c.png": copy(), "one/auditor.toml": LOOSE})
    done = call("scan", "..//two", ".", "-i", index, "--no-cache", "-o", "json", cwd=tmp_path / "one")
    assert done.returncode == 1, done.stderr
    assert "dataset.ignored-settings" in {row["rule"] for row in json.loads(done.stdout)["findings"]}
