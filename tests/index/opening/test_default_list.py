"""A scan without --index compares names with the shipped list, and never passes as if pictures had been compared."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from auditor.support import extras
from tests.cli.inprocess import call
from tests.index.samples import make_index, person, picture, record


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "set").mkdir()
    picture(1).save(tmp_path / "set" / "a.png")
    (tmp_path / "set" / "a.txt").write_text("a red house by the sea")
    return tmp_path


def test_no_picture_was_compared(place: Path) -> None:
    done = call("scan", "set", "--no-cache", "-o", "json", cwd=place)
    assert done.returncode == 3
    assert "no picture is compared" in done.stderr
    report = json.loads(done.stdout)
    assert report["verdict"]["result"] == "incomplete"
    assert {item["check"] for item in report["coverage"]["checksSkipped"]} >= {"copies"}
    assert report["indexes"][0]["name"] == "public-statements"


def test_names_alone_can_pass_and_fail(place: Path) -> None:
    assert call("scan", "set", "--no-cache", "--names-only", cwd=place).returncode == 0
    (place / "set" / "a.txt").write_text("a castle, art by greg rutkowski")
    for extra in ([], ["--names-only"]):
        assert call("scan", "set", "--no-cache", *extra, cwd=place).returncode == 1


def test_an_index_with_works_can_pass(place: Path) -> None:
    make_index(place / "i", [person()], [record(0)])
    assert call("scan", "set", "--no-cache", "--index", "i", cwd=place).returncode == 0


def test_codes_that_cannot_be_compared_are_said(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_index(place / "i", [person()], [replace(record(0), iscc="ISCC:EEAYAAAAAAAAAAAA")])
    monkeypatch.setattr(extras, "available", lambda package: False)
    done = call("scan", "set", "--no-cache", "--index", "i", "-o", "json", cwd=place)
    reasons = {item["check"]: item["reason"] for item in json.loads(done.stdout)["coverage"]["checksSkipped"]}
    assert "provenance-auditor[iscc]" in reasons["iscc"]
