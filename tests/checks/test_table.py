"""The table of checks: what a report says ran is what ran, and a new check is one file and one row."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor import rules
from auditor.checks import table
from auditor.checks.table import CHECKS, Check, Holdings, check_of, not_run, ran
from auditor.report import junit
from auditor.rules import RULES, Rule
from auditor.support import extras
from tests.cli.inprocess import ok
from tests.index.samples import make_index, person
from tests.pictures import artist_folder, encoded, painting
from tests.toys.check import RULE

PACKAGES = frozenset(part.package for row in CHECKS.values() for part in row.parts)
HELD = st.builds(
    Holdings,
    works=st.booleans(),
    regions=st.booleans(),
    names=st.booleans(),
    extras=st.frozensets(st.sampled_from(sorted(PACKAGES))),
    pictures=st.booleans(),
)
ASKED = st.frozensets(st.sampled_from(sorted(CHECKS)))


@given(ASKED, HELD)
def test_every_check_is_named_once_as_run_or_as_not_run(asked: frozenset[str], held: Holdings) -> None:
    run, left = ran(asked, held), not_run(asked, held)
    whole = [skip.check for skip in left if skip.check in CHECKS]
    assert Counter([*run, *whole]) == Counter(list(CHECKS))
    assert set(run) <= asked
    for name in run:
        assert all(getattr(held, need) for need in CHECKS[name].needs)
    parts = {part.name: name for name, row in CHECKS.items() for part in row.parts}
    assert {parts[skip.check] for skip in left if skip.check not in CHECKS} <= set(run)
    assert all(skip.reason for skip in left)


@given(ASKED, HELD)
def test_a_part_that_no_index_asks_for_and_no_file_carries_is_not_spoken_of(
    asked: frozenset[str], held: Holdings
) -> None:
    spoken = {skip.check for skip in not_run(asked, held)}
    for name, row in CHECKS.items():
        for part in row.parts:
            lacking = not extras.available(part.package) and bool(part.unread or part.package in held.extras)
            assert (part.name in spoken) == (lacking and name in ran(asked, held))


def test_a_check_within_another_is_never_without_it() -> None:
    for row in CHECKS.values():
        if row.within is not None:
            assert set(CHECKS[row.within].needs) <= set(row.needs)
            assert CHECKS[row.within].place == row.place
            assert CHECKS[row.within].home == row.home


def test_every_rule_but_the_waivers_has_its_check() -> None:
    owners = {rule.id: check_of(rule.id) for rule in RULES}
    assert {rule for rule, check in owners.items() if check is None} == {"waiver.expired", "waiver.unused"}
    assert {rule for rule, check in owners.items() if check == "regions"} == {
        "copy.region", "copy.region-weak", "copy.shares-part",
    }  # fmt: skip
    assert owners["name.caption"] == "names"
    assert owners["name.creator"] == "origin"
    known = {rule.id for rule in RULES} | {rule.id.partition(".")[0] for rule in RULES}
    assert {rule for row in CHECKS.values() for rule in row.rules} <= known


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    artist_folder(tmp_path / "works", "Mirela Ashdown", range(2))
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "a.png").write_bytes(encoded(painting(7)))
    return tmp_path


def scanned(folder: Path, *words: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The JSON report of a scan, and what JUnit says of each rule (the worst, where it says more)."""
    outputs = ("-o", "json=r.json", "-o", "junit=r.xml")
    ok(folder, "scan", "set", "--engine", "serial", "--no-cache", *outputs, *words)
    cases = ET.parse(folder / "r.xml").iter("testcase")
    said = {
        case.get("classname", ""): "passed" if case.find("skipped") is None else "skipped"
        for case in sorted(cases, key=lambda case: case.find("skipped") is None, reverse=True)
    }
    report: dict[str, Any] = json.loads((folder / "r.json").read_text(encoding="utf-8"))
    return report, said


def of_doctor(folder: Path, index: str) -> str:
    return " ".join(ok(folder, "doctor", "--index", index).split())


def test_an_index_without_region_hashes_runs_no_region_check(folder: Path) -> None:
    ok(folder, "index", "build", "works", "--out", "index", "--no-regions")
    report, said = scanned(folder, "--index", "index")
    coverage = report["coverage"]
    reason = "no index holds region hashes, so no picture was searched for parts of works"
    assert "regions" not in coverage["checksRun"]
    assert [row for row in coverage["checksSkipped"] if row["check"] == "regions"] == [
        {"check": "regions", "reason": reason}
    ]
    assert {rule: said[rule] for rule in ("copy.region", "copy.region-weak", "copy.shares-part", "copy.exact")} == {
        "copy.region": "skipped", "copy.region-weak": "skipped", "copy.shares-part": "skipped", "copy.exact": "passed",
    }  # fmt: skip
    doctor = of_doctor(folder, "index")
    assert f"regions: {reason}" in doctor
    assert f"A scan checks {', '.join(coverage['checksRun'])} Not checked" in doctor


def test_an_index_of_names_alone_compares_no_picture_and_says_so_once(folder: Path) -> None:
    make_index(folder / "names", [person()], [])
    report, said = scanned(folder, "--index", "names")
    coverage = report["coverage"]
    counted = Counter([*coverage["checksRun"], *(row["check"] for row in coverage["checksSkipped"])])
    assert counted["copies"] == counted["regions"] == counted["names"] == 1
    assert set(coverage["checksRun"]) == {"integrity", "names", "origin", "signals"}
    assert said["copy.exact"] == said["copy.region"] == "skipped"
    assert said["name.caption"] == "passed"
    assert coverage["seen"] == coverage["audited"] == 1
    shown = " ".join(ok(folder, "scan", "set", "--index", "names", "--engine", "serial", "--no-cache").split())
    assert "could not be audited" not in shown
    assert "copies: no index holds picture hashes" in shown
    assert f"A scan checks {', '.join(coverage['checksRun'])} Not checked" in of_doctor(folder, "names")


def test_a_new_check_is_one_file_and_one_row(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row = Check("tests.toys.check:examine", ("toy",), ("pictures",))
    rule = Rule(RULE, "A toy", "medium", "Only a toy.")
    patched = MappingProxyType({**CHECKS, "toy": row})
    monkeypatch.setattr(table, "CHECKS", patched)
    monkeypatch.setattr("auditor.checks.examine.CHECKS", patched)  # it names the tables at import, like the next
    monkeypatch.setattr(junit, "RULES", (*RULES, rule))
    monkeypatch.setitem(rules.BY_ID, rule.id, rule)
    ok(folder, "index", "build", "works", "--out", "index")

    report, said = scanned(folder, "--index", "index")
    assert "toy" in report["coverage"]["checksRun"]
    assert [(found["rule"], found["sample"]) for found in report["findings"]] == [(RULE, "a.png")]
    assert said[RULE] == "passed"  # medium, and the gate is high
    assert "toy" in of_doctor(folder, "index")
    assert "A toy was here." in ok(folder, "scan", "set", "--index", "index", "--engine", "serial", "--no-cache")
    gated = ("scan", "set", "--index", "index", "--no-cache", "--fail-on", "medium", "-o", "junit")
    assert f'<failure type="{RULE}"' in ok(folder, *gated, "--engine", "serial", code=1)

    report, said = scanned(folder, "--index", "index", "--names-only")
    assert {"check": "toy", "reason": "only names were asked for (--names-only)"} in report["coverage"]["checksSkipped"]
    assert report["findings"] == []
    assert said[RULE] == "skipped"
