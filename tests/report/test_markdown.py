from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from auditor.report import markdown
from auditor.report.interface import RenderContext
from auditor.report.text import NO_PROOF, visible
from tests.report import examples
from tests.report.golden import same_as_golden

PARSER = MarkdownIt("commonmark", {"html": True}).enable("table")
ANY = st.text(st.characters(codec=None), max_size=40)


def test_golden() -> None:
    same_as_golden("full.md", markdown.render(examples.full(), RenderContext(today=date(2026, 4, 1))))


def test_it_opens_with_verdict_and_coverage() -> None:
    text = markdown.render(examples.full())
    head = text[: text.index("### Findings")]
    for said in ("Provenance audit: fail", "5 high · 2 medium · 1 low · 1 waived", "truncated 1", "c2pa", NO_PROOF):
        assert said in head


@pytest.mark.parametrize("count", [3_000, 12_000])
def test_it_is_cut_below_the_limit_on_a_row(count: int) -> None:
    text = markdown.render(examples.many(count))
    assert len(text.encode()) <= markdown.MAX_BYTES
    rows = [line for line in text.splitlines() if line.startswith(("| high", "| medium", "| low"))]
    assert all(line.endswith(" |") for line in rows)
    if len(rows) < count:
        assert f"{count - len(rows):,} more findings left out" in text
    else:
        assert "left out" not in text


def test_ten_thousand_odd_findings_do_get_cut() -> None:
    assert "left out here" in markdown.render(examples.many(12_000))


@given(ANY)
def test_prose_shows_exactly_the_text(value: str) -> None:
    html = PARSER.render("x" + markdown.prose(value, limit=1000) + "x")
    assert "<p>x" in html
    inner = html.strip().removeprefix("<p>x").removesuffix("x</p>").replace("<!-- -->", "")
    shown = visible(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    assert inner == shown


@given(ANY)
def test_a_cell_stays_one_cell(value: str) -> None:
    table = f"| a | b |\n| --- | --- |\n| {markdown.prose(value)} | {markdown.code(value)} |\n"
    html = PARSER.render(table)
    assert html.count("<td>") == 2
    assert "<script" not in html
    assert html.count("<code>") == 1 or not visible(value).strip()


def test_nothing_hostile_becomes_markup() -> None:
    html = PARSER.render(markdown.render(examples.hostile()))
    assert "<script" not in html
    assert "<b>" not in html
    assert "<a " not in html


def test_mentions_and_links_do_not_wake_anybody() -> None:
    row = replace(examples.every_kind()[0], message="ask @octocat at https://example.org")
    text = markdown.render(examples.report_of((row,)))
    assert "@octocat" not in text
    assert "https://" not in text


def test_findings_that_count_come_first() -> None:
    text = markdown.render(examples.full())
    assert text.index("| high |") < text.index("| medium |") < text.index("| low |") < text.index("| waived (high) |")


def test_an_empty_code_span_is_no_broken_span() -> None:
    assert markdown.code("") == "(empty)"
    assert markdown.code("`") == "`` ` ``"


def test_alike_findings_are_one_row_with_three_samples_and_the_number() -> None:
    text = markdown.render(examples.alike(96))
    (row,) = [line for line in text.splitlines() if line.startswith("| low ")]
    assert "`more/000.png`, `more/001.png`, `more/002.png` and 93 more samples |" in row
    assert row.endswith(" and 95 more |")
