from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from auditor.outcome import Report
from auditor.report import github
from tests.report import examples
from tests.report.golden import fix_rules, same_as_golden
from tests.report.strategies import reports


def test_golden(monkeypatch: pytest.MonkeyPatch) -> None:
    fix_rules(monkeypatch)
    same_as_golden("full.github.txt", github.render(examples.full()))


def test_ten_of_each_and_one_line_for_the_rest() -> None:
    lines = github.render(examples.many(300)).splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::error"] * 10 + ["::warning"] * 10 + ["::notice"]
    assert "280 more findings in the report." in lines[-1]


def test_waived_findings_annotate_nothing() -> None:
    report = examples.report_of(tuple(replace(row, waived=True) for row in examples.every_kind()))
    (line,) = github.render(report).splitlines()
    assert line.startswith("::notice ")


def test_commands_cannot_be_smuggled_in() -> None:
    row = replace(examples.every_kind()[1], message="a\n::error::forged %0A\r::x::", sample="a,line=9::b:c.png")
    first, *rest = github.render(examples.report_of((row,))).splitlines()
    assert len(rest) == 1
    assert "%250A" in first
    fields = first.split("::")[1]
    assert "file=datasets/castle/a%2Cline=9%3A%3Ab%3Ac.png,title" in fields


@given(reports)
@settings(max_examples=30, deadline=None)
def test_any_report_gives_commands_only(report: Report) -> None:
    lines = github.render(report).splitlines()
    assert len(lines) <= 21
    assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in lines)


def test_alike_findings_leave_room_for_others_and_fill_what_is_left() -> None:
    report = examples.alike(96, examples.full())
    lines = github.render(report).splitlines()
    warnings = [line for line in lines if line.startswith("::warning ")]
    assert len(warnings) == github.MAX_EACH
    assert ["One of 96 alike." in line for line in warnings] == [False] * 3 + [True] * 7
    assert len(set(warnings)) == len(warnings)
    assert "89 more findings in the report." in lines[-1]
