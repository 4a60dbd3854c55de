from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings

from auditor.outcome import Report
from auditor.report import csv as report_csv
from auditor.report import dataset_card, parquet
from auditor.report.table import COLUMNS, row
from tests.report import examples
from tests.report.golden import same_as_golden
from tests.report.strategies import reports


def read_csv(report: Report) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(report_csv.render(report), newline="")))


def test_golden_csv() -> None:
    same_as_golden("full.csv", report_csv.render(examples.full()))


@given(reports)
@settings(max_examples=30, deadline=None)
def test_a_row_per_finding_in_both(report: Report) -> None:
    rows = read_csv(report)
    table = pq.read_table(io.BytesIO(parquet.render(report)))
    assert len(rows) == table.num_rows == len(report.findings)
    assert [line["fingerprint"] for line in rows] == [finding.fingerprint for finding in report.findings]
    assert table.column_names == [name for name, _ in COLUMNS]
    assert all(len(row(finding)) == len(COLUMNS) for finding in report.findings)


def test_values() -> None:
    rows = {line["rule"]: line for line in read_csv(examples.full())}
    region = rows["copy.region"]
    assert (region["tier"], region["inliers"], region["mirrored"], region["work_x1"]) == (
        "region",
        "42",
        "true",
        "0.62",
    )
    assert rows["name.path"]["text"] == "10_mira vale"
    assert rows["signal.prohibited"]["artist"] == ""


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_a_spreadsheet_runs_nothing(start: str) -> None:
    risky = replace(examples.every_kind()[0], message=start + "1+1", sample=start + "a.png")
    (line,) = read_csv(examples.report_of((risky,)))
    assert line["message"] == "'" + start + "1+1"
    assert line["sample"] == "'" + start + "a.png"


def test_parquet_keeps_texts_and_types_and_the_head_of_the_report() -> None:
    odd = replace(examples.every_kind()[2], sample="=caf\udce9\n.png")
    data = parquet.render(examples.report_of((odd, *examples.every_kind()[:2])))
    table = pq.read_table(io.BytesIO(data))
    rows = table.to_pylist()
    assert rows[0]["sample"] == "=caf\\udce9\n.png"
    assert rows[0]["text_score"] == 0.97
    assert rows[2]["mirrored"] is True
    assert rows[1]["inliers"] is None
    head = json.loads(table.schema.metadata[parquet.METADATA_KEY])
    assert head["schema"] == "auditor-report/1"
    assert head["coverage"]["seen"] == 12
    assert "findings" not in head


def test_golden_dataset_card() -> None:
    text = dataset_card.render(examples.full())
    same_as_golden("dataset-card.md", text)
    assert text.startswith(dataset_card.START)
    assert text.endswith(dataset_card.END + "\n")
    assert "10_mira" not in text
