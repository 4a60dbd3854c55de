from __future__ import annotations

import json
from dataclasses import replace

import jsonschema
import pytest
from hypothesis import given, settings

from auditor.errors import ReportError
from auditor.model import Match
from auditor.outcome import Report
from auditor.report import json as report_json
from tests.report import examples
from tests.report.strategies import reports

CONTRACT_FINDING = ["fingerprint", "rule", "severity", "sample", "message", "artist", "work", "match", "text", "waived"]
CONTRACT_MATCH = ["tier", "distance", "inliers", "mirrored", "rotation", "sampleRegion", "workRegion", "probability"]
CONTRACT_TEXT = ["value", "start", "end", "source", "line", "score", "form", "reason"]
VALIDATOR = jsonschema.Draft202012Validator(report_json.schema())


@given(reports)
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_read_back_and_fits_the_schema(report: Report) -> None:
    text = report_json.render(report)
    assert report_json.parse(text) == report
    assert report_json.render(report_json.parse(text)) == text
    VALIDATOR.validate(json.loads(text))
    assert text.endswith("}\n")
    text.encode("utf-8")


def test_the_contract_keys_stand_in_order() -> None:
    value = json.loads(report_json.render(examples.full()))
    assert list(value)[:8] == ["schema", "tool", "indexes", "dataset", "coverage", "thresholds", "verdict", "findings"]
    assert value["schema"] == "auditor-report/1"
    assert list(value["indexes"][0])[:5] == ["name", "digest", "version", "artists", "works"]
    assert list(value["dataset"])[:3] == ["path", "layout", "digest"]
    assert {"seen", "audited", "skipped", "checksRun", "checksSkipped"} <= set(value["coverage"])
    assert value["coverage"]["skipped"] == {"truncated": 1}
    assert value["coverage"]["checksSkipped"] == [
        {"check": "c2pa", "reason": "Reading C2PA manifests needs the package 'c2pa'."}
    ]
    assert list(value["verdict"])[:3] == ["result", "failOn", "counts"]
    assert value["verdict"]["failOn"] == "high"
    assert value["verdict"]["counts"] == {"high": 5, "medium": 2, "low": 1}
    for row in value["findings"]:
        assert list(row)[: len(CONTRACT_FINDING)] == CONTRACT_FINDING
        if row["match"] is not None:
            assert list(row["match"])[: len(CONTRACT_MATCH)] == CONTRACT_MATCH
        if row["text"] is not None:
            assert list(row["text"]) == CONTRACT_TEXT


def test_regions_spans_and_names_are_written_as_the_contract_says() -> None:
    rows = {row["rule"]: row for row in json.loads(report_json.render(examples.full()))["findings"]}
    region = rows["copy.region"]
    assert region["artist"] == {"id": "mira-vale", "name": "Mira Vale"}
    assert region["work"] == {"id": "mira-vale/ash-keep", "title": "Ash Keep"}
    assert region["match"]["sampleRegion"] == [0.05, 0.1, 0.95, 1]
    assert region["match"]["mirrored"] is True
    text = rows["name.path"]["text"]
    assert text["value"][text["start"] : text["end"]] == "mira vale"
    assert rows["copy.whole"]["waived"] is True
    assert rows["signal.prohibited"]["artist"] is None


def test_a_finding_takes_one_line() -> None:
    lines = report_json.render(examples.full()).splitlines()
    assert sum('"fingerprint"' in line for line in lines) == len(examples.every_kind())


def test_floats_are_rounded_so_that_machines_agree() -> None:
    noisy = examples.finding("copy.region", "a", "b", match=Match("region", sample_region=(0.1 + 0.2, 0, 1 / 3, 1.0)))
    written = json.loads(report_json.render(examples.report_of((noisy,))))
    assert written["findings"][0]["match"]["sampleRegion"] == [0.3, 0, 0.333333, 1]


def test_a_lone_surrogate_of_an_odd_file_name_survives() -> None:
    odd = replace(examples.every_kind()[0], sample="10_a/caf\udce9.png")
    text = report_json.render(examples.report_of((odd,)))
    assert "caf\\udce9" in text
    assert report_json.parse(text).findings[0].sample == "10_a/caf\udce9.png"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"schema": "auditor-report/2"}, "Upgrade the tool"),
        ({"schema": None}, "no audit report"),
        ({"findings": {}}, "report.findings"),
        ({"findings": [3]}, "report.findings[0]"),
        ({"verdict": {"result": "maybe", "failOn": "high", "counts": {}}}, "report.verdict.result"),
        ({"coverage": {"seen": "12"}}, "report.coverage.seen"),
        ({"coverage": {"seen": True}}, "report.coverage.seen"),
        ({"thresholds": {"a": "b"}}, "report.thresholds.a"),
        ({"tool": []}, "report.tool"),
    ],
)
def test_a_malformed_report_is_refused_with_its_place(change: dict[str, object], said: str) -> None:
    value = json.loads(report_json.render(examples.full()))
    value.update(change)
    with pytest.raises(ReportError, match=said.replace("[", r"\[").replace("]", r"\]")):
        report_json.parse(json.dumps(value))


@pytest.mark.parametrize("field", CONTRACT_FINDING)
def test_a_finding_without_a_required_field_is_refused_or_optional(field: str) -> None:
    value = json.loads(report_json.render(examples.full()))
    del value["findings"][0][field]
    if field in {"artist", "work", "match", "text"}:
        report_json.parse(json.dumps(value))
        return
    with pytest.raises(ReportError, match="findings"):
        report_json.parse(json.dumps(value))


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"a"', "NaN", '{"schema": NaN}', "[" * 100_000])
def test_what_is_no_json_report_is_refused(text: str) -> None:
    with pytest.raises(ReportError):
        report_json.parse(text)


def test_a_report_with_nothing_but_the_contract_is_read() -> None:
    value = json.loads(report_json.render(examples.full()))
    for key in ("issued", "expires", "signature"):
        del value["indexes"][0][key]
    del value["skips"], value["dataset"]["options"]
    for key in ("tooPlain", "texts", "notTrained", "notes"):
        del value["coverage"][key]
    for row in value["findings"]:
        for key in ("trained", "index", "listedIn", "details"):
            del row[key]
    VALIDATOR.validate(value)
    assert report_json.parse(json.dumps(value)).findings[0].rule == "copy.exact"


def test_infinity_is_never_written() -> None:
    with pytest.raises(ValueError, match="JSON"):
        report_json.dumps(float("inf"))
