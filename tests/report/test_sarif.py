from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings

from auditor.outcome import CheckSkipped, Report, Skip, Source
from auditor.report import sarif
from tests.report import examples
from tests.report.golden import fix_rules, same_as_golden
from tests.report.strategies import reports

SCHEMA = json.loads((Path(__file__).parent / "vendored" / "sarif-2.1.0-rtm.5.json").read_text())
VALIDATOR = jsonschema.Draft4Validator(SCHEMA)


def written(report: Report) -> dict[str, Any]:
    text = sarif.render(report)
    text.encode("utf-8")
    value: dict[str, Any] = json.loads(text)
    return value


def every_text(value: object) -> list[str]:
    if isinstance(value, dict):
        found = [row for key, part in value.items() if key == "text" for row in [part]]
        return found + [row for part in value.values() for row in every_text(part)]
    if isinstance(value, list):
        return [row for part in value for row in every_text(part)]
    return []


@pytest.mark.parametrize("make", [examples.full, examples.clean, examples.hostile, lambda: examples.many(300)])
def test_it_fits_the_oasis_schema(make: Any) -> None:
    VALIDATOR.validate(written(make()))


@given(reports)
@settings(max_examples=30, deadline=None)
def test_any_report_fits_the_rules_of_code_scanning(report: Report) -> None:
    value = written(report)
    VALIDATOR.validate(value)
    assert all(isinstance(text, str) and text for text in every_text(value))
    (run,) = value["runs"]
    for result in run["results"]:
        (location,) = result["locations"]
        assert location["physicalLocation"]["artifactLocation"]["uri"]
        assert result["partialFingerprints"]["primaryLocationLineHash"]
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_golden(monkeypatch: pytest.MonkeyPatch) -> None:
    fix_rules(monkeypatch)
    same_as_golden("full.sarif", sarif.render(examples.full()))


def test_a_caption_points_at_its_line_and_a_picture_has_no_region() -> None:
    (run,) = written(examples.full())["runs"]
    by_rule = {result["ruleId"]: result for result in run["results"]}
    caption = by_rule["name.caption"]["locations"][0]["physicalLocation"]
    assert caption["artifactLocation"] == {"uri": "datasets/castle/10_mira/b.txt"}
    assert caption["region"] == {"startLine": 3, "startColumn": 18, "endColumn": 27}
    picture = by_rule["copy.region"]["locations"][0]["physicalLocation"]
    assert picture == {"artifactLocation": {"uri": "datasets/castle/10_mira/detail.png"}}
    admitted = by_rule["copy.exact"]
    assert admitted["locations"][0]["physicalLocation"]["region"] == {"startLine": 1}
    related = admitted["relatedLocations"][0]["physicalLocation"]
    assert related == {"artifactLocation": {"uri": "datasets/castle/10_mira/keep.png"}}


def test_a_dataset_with_an_absolute_path_has_a_base() -> None:
    report = examples.full()
    report = replace(report, dataset=replace(report.dataset, sources=(Source("/data/my set", "flat"),)))
    (run,) = written(report)["runs"]
    assert run["originalUriBaseIds"] == {"DATASET": {"uri": "file:///data/my%20set/"}}
    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uriBaseId"] == "DATASET"
    VALIDATOR.validate(written(report))


def test_fingerprints_levels_and_suppressions() -> None:
    report = examples.full()
    (run,) = written(report)["runs"]
    assert [result["level"] for result in run["results"]] == ["error"] * 5 + ["warning"] * 2 + ["note", "error"]
    assert [bool(result.get("suppressions")) for result in run["results"]] == [False] * 8 + [True]
    hashes = {result["partialFingerprints"]["primaryLocationLineHash"] for result in run["results"]}
    assert len(hashes) == len(report.findings)
    moved = replace(report, findings=tuple(replace(row, sample="x/" + row.sample) for row in report.findings))
    (again,) = written(moved)["runs"]
    assert {row["partialFingerprints"]["primaryLocationLineHash"] for row in again["results"]} == hashes


def test_a_long_report_is_cut_in_severity_order_and_says_so() -> None:
    report = examples.many(6_100)
    text = sarif.render(report)
    assert len(gzip.compress(text.encode())) <= 10 * 1024 * 1024
    (run,) = json.loads(text)["runs"]
    assert len(run["results"]) == sarif.MAX_RESULTS
    levels = [result["level"] for result in run["results"]]
    assert levels == sorted(levels, key=["error", "warning", "note"].index)
    told = [row["message"]["text"] for row in run["invocations"][0]["toolExecutionNotifications"]]
    assert any("1,100 less urgent results were cut" in text for text in told)


def test_unreadable_files_and_missing_checks_are_notifications() -> None:
    report = examples.full()
    skips = tuple(Skip(f"{number:04}.png", "truncated", "ends early") for number in range(700))
    coverage = replace(report.coverage, checks_skipped=(CheckSkipped("c2pa", "no package"),))
    (run,) = written(replace(report, skips=skips, coverage=coverage))["runs"]
    (invocation,) = run["invocations"]
    told = [row["message"]["text"] for row in invocation["toolExecutionNotifications"]]
    assert len(told) == sarif.MAX_NOTIFICATIONS + 1
    assert told[0] == "truncated: ends early"
    assert "200 more files" in told[-1]
    assert invocation["toolConfigurationNotifications"][0]["message"]["text"] == "Not checked: c2pa. no package"
    assert invocation["executionSuccessful"] is True


def test_an_incomplete_scan_is_no_success() -> None:
    report = examples.clean()
    report = replace(report, verdict=replace(report.verdict, result="incomplete"))
    assert written(report)["runs"][0]["invocations"][0]["executionSuccessful"] is False
