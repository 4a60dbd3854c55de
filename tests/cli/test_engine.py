"""`auditor scan --engine`: where the choice comes from, and what happens where it cannot be had."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.cli.inprocess import call, ok
from tests.engines import making


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("engine")
    making.index(root)
    making.flat(root / "set", 6)
    return root


def scan(scene: Path, *words: str) -> list[str]:
    return ["scan", str(scene / "set"), "--index", str(scene / "index"), "--no-cache", *words]


def test_processes_can_be_asked_for_with_few_pictures(scene: Path, tmp_path: Path) -> None:
    ok(tmp_path, *scan(scene, "--engine", "processes", "-j", "1", "-o", "json=a.json"), code=1)
    ok(tmp_path, *scan(scene, "--engine", "serial", "-o", "json=b.json"), code=1)
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


@pytest.mark.parametrize(("name", "package"), [("ray", "ray"), ("spark", "pyspark")])
def test_a_missing_extra_ends_with_2_and_names_it(
    scene: Path, tmp_path: Path, name: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    told = ok(tmp_path, *scan(scene, "--engine", name, "-o", "json=a.json"), code=2)
    assert f"provenance-auditor[{name}]" in told
    assert not (tmp_path / "a.json").exists()


def test_the_configuration_chooses(scene: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    (tmp_path / "auditor.toml").write_text('engine = "ray"\n')
    assert "[ray]" in ok(tmp_path, *scan(scene), code=2)
    ok(tmp_path, *scan(scene, "--engine", "serial"), code=1)


def test_the_environment_chooses(scene: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.setenv("AUDITOR_ENGINE", "spark")
    assert "[spark]" in ok(tmp_path, *scan(scene), code=2)


def test_an_engine_that_does_not_exist(scene: Path, tmp_path: Path) -> None:
    assert "--engine dask: there is no such engine" in ok(tmp_path, *scan(scene, "--engine", "dask"), code=2)
    (tmp_path / "auditor.toml").write_text('engine = "dask"\n')
    done = call(*scan(scene), cwd=tmp_path)
    assert done.returncode == 2
    assert "There are: auto, serial, processes, ray, spark" in done.stderr
