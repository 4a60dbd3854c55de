"""Checks that the policy asks to have run: without them nothing passes, by gate, API and command line."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.api import ScanOptions, scan
from auditor.checks.table import every
from auditor.errors import UsageError
from auditor.model import Finding
from auditor.outcome import Coverage
from auditor.report.json import render
from auditor.report.reading import parse
from auditor.verdict.gate import Overrides, verdict
from auditor.verdict.waivers import settle
from tests.cli.inprocess import ok
from tests.index.samples import make_index, person
from tests.pictures import artist_folder, encoded, painting
from tests.report import examples

CHECKS = st.frozensets(st.sampled_from(sorted(every())))


@given(CHECKS, CHECKS, st.booleans())
def test_nothing_passes_without_what_is_required(ran: frozenset[str], asked: frozenset[str], broken: bool) -> None:
    findings = [Finding("copy.exact", "high", "a.png", "It is.", "f" * 64)] if broken else []
    result = verdict(findings, Coverage(seen=1, audited=1, checks_run=tuple(sorted(ran))), "high", asked)
    assert result.result == ("fail" if broken else "pass" if asked <= ran else "incomplete")
    assert result.requires == tuple(sorted(asked))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    make_index(tmp_path / "names", [person()], [])
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "a.png").write_bytes(encoded(painting(3)))
    return tmp_path


def test_the_api_says_what_was_required_and_reads_it_again(place: Path) -> None:
    names = [place / "names"]
    assert scan(place / "set", names, ScanOptions(engine="serial")).verdict.result == "pass"
    asked = ScanOptions(engine="serial", requires=("regions", "copies"))
    report = scan(place / "set", names, asked)
    assert (report.verdict.result, report.verdict.requires) == ("incomplete", ("copies", "regions"))
    assert parse(render(report)).verdict == report.verdict
    artist_folder(place / "works", "Mirela Ashdown", range(5, 7))
    ok(place, "index", "build", "works", "--out", "index")
    assert scan(place / "set", [*names, place / "index"], asked).verdict.result == "pass"
    # asking for names alone makes a requirement of copies impossible: that is no pass either
    alone = ScanOptions(engine="serial", requires=("copies",), names_only=True)
    assert scan(place / "set", names, alone).verdict.result == "incomplete"


def test_a_misspelt_requirement_is_refused_and_not_reported_as_a_gap(place: Path) -> None:
    with pytest.raises(UsageError, match=r"there is no check 'copys'.*copies"):
        scan(place / "set", [place / "names"], ScanOptions(requires=("copys",)))


def test_a_scan_without_an_index_compares_no_picture_and_is_no_pass(place: Path) -> None:
    words = ("scan", "set", "--engine", "serial", "--no-cache", "-o", "json=r.json")
    ok(place, *words, code=3)
    stated = json.loads((place / "r.json").read_text(encoding="utf-8"))["verdict"]
    assert (stated["result"], stated["requires"]) == ("incomplete", ["copies"])
    ok(place, "report", "r.json", "-o", "json=again.json")
    assert (place / "again.json").read_bytes() == (place / "r.json").read_bytes()
    shown = " ".join(ok(place, "report", "r.json").split())
    assert "no index holds picture hashes" in shown
    ok(place, *words, "--names-only")
    assert "requires" not in json.loads((place / "r.json").read_text(encoding="utf-8"))["verdict"]


@given(CHECKS, CHECKS)
def test_settling_a_report_keeps_what_was_required(ran: frozenset[str], asked: frozenset[str]) -> None:
    coverage = Coverage(seen=1, audited=1, checks_run=tuple(sorted(ran)))
    report = replace(examples.clean(), coverage=coverage, verdict=verdict([], coverage, "high", asked))
    settled = settle(report, (), Overrides({"copy": "low"}), date(2026, 1, 1))
    assert settled.verdict == replace(report.verdict, overrides=(("rule:copy", "low"),))
