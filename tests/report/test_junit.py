from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest
import xmlschema
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings

from auditor.outcome import CheckSkipped, Coverage, Report
from auditor.report import junit
from auditor.rules import RULES
from tests.report import examples
from tests.report.golden import fix_rules, same_as_golden
from tests.report.strategies import reports

SCHEMA = xmlschema.XMLSchema(str(Path(__file__).parent / "vendored" / "junit-10.xsd"))


def suite(report: Report) -> Element:
    root = fromstring(junit.render(report))
    found = root.find("testsuite")
    assert found is not None
    return found


@pytest.mark.parametrize("make", [examples.full, examples.clean, examples.hostile, lambda: examples.many(50)])
def test_it_fits_the_schema(make: Any) -> None:
    SCHEMA.validate(junit.render(make()))


@given(reports)
@settings(max_examples=30, deadline=None)
def test_any_report_parses_with_unique_names_and_true_counts(report: Report) -> None:
    found = suite(report)
    cases = found.findall("testcase")
    names = [(case.get("classname"), case.get("name")) for case in cases]
    assert len(set(names)) == len(names)
    assert found.get("tests") == str(len(cases))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert found.get(attribute) == str(sum(case.find(tag) is not None for case in cases))


def test_golden(monkeypatch: pytest.MonkeyPatch) -> None:
    fix_rules(monkeypatch)
    same_as_golden("full.junit.xml", junit.render(examples.full()))


def test_failure_means_the_gate_and_skipped_means_waived() -> None:
    report = examples.full()
    found = suite(report)
    assert found.get("failures") == "5"
    assert found.get("errors") == "1"
    told = [skipped.get("message", "") for skipped in found.iter("skipped")]
    assert sum(message.startswith("Waived: ") for message in told) == 1
    stricter = replace(report, verdict=replace(report.verdict, fail_on="medium"))
    assert suite(stricter).get("failures") == "7"
    off = replace(report, verdict=replace(report.verdict, fail_on="none"))
    assert suite(off).get("failures") == "0"


def test_each_clean_rule_of_a_check_that_ran_passes_once() -> None:
    report = replace(
        examples.clean(),
        coverage=Coverage(
            3, 3, checks_run=("copies", "names"), checks_skipped=(CheckSkipped("signals", "switched off"),)
        ),
    )
    cases = {case.get("classname"): case for case in suite(report).findall("testcase")}
    assert set(cases) == {rule.id for rule in RULES}
    assert cases["copy.exact"].find("skipped") is None
    told = cases["signal.prohibited"].find("skipped")
    assert told is not None
    assert told.get("message") == "Not checked: switched off"
    unknown = cases["origin.ai-output"].find("skipped")
    assert unknown is not None
    assert "did not run" in unknown.get("message", "")


def test_an_empty_set_is_an_error() -> None:
    assert suite(replace(examples.clean(), coverage=Coverage(0, 0))).get("errors") == "1"


def test_two_copies_of_one_picture_in_one_place_keep_their_names_apart() -> None:
    row = examples.every_kind()[0]
    names = [case.get("name", "") for case in suite(examples.report_of((row, row))).findall("testcase")]
    assert f"10_mira/keep.png [{row.fingerprint[:12]}] (2)" in names
