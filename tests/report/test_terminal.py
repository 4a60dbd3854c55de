from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from rich.console import Console

from auditor.model import Reference
from auditor.outcome import Coverage, Report, Verdict
from auditor.report import terminal
from auditor.report.interface import RenderContext
from auditor.report.text import NO_PROOF
from tests.report import examples
from tests.report.golden import same_as_golden
from tests.report.strategies import reports

TODAY = RenderContext(today=date(2026, 4, 1), width=80)


def drawn(report: Report, **options: object) -> str:
    buffer = io.StringIO()
    console = Console(file=buffer, **options)  # type: ignore[arg-type]
    terminal.print_report(report, console, TODAY)
    return buffer.getvalue()


@pytest.mark.parametrize("width", [80, 120])
def test_golden(width: int) -> None:
    text = terminal.render(examples.full(), replace(TODAY, width=width))
    same_as_golden(f"terminal-{width}.txt", text)
    assert max(map(len, text.splitlines())) <= width


def test_golden_of_a_clean_set() -> None:
    same_as_golden("terminal-clean.txt", terminal.render(examples.clean(), TODAY))


def test_it_opens_with_the_verdict_and_the_coverage() -> None:
    text = " ".join(terminal.render(examples.full(), TODAY).split())
    head, _, rest = text.partition("Mira Vale 4 findings")
    for said in (
        "FAIL",
        "5 high · 2 medium · 1 low · 1 waived",
        "12 seen, 11 audited, 1 skipped, 2 too plain",
        "truncated 1",
        "copies, names, signals",
        "c2pa: Reading C2PA manifests needs the package 'c2pa'.",
        "abababababab",
        "issued 2026-03-01, 31 days ago",
        "expired 2025-12-31",
        "signature verified (1f2e3d4c5b6a)",
        "copy.pdq.tight 31",
        NO_PROOF,
    ):
        assert said in head
    assert rest


def test_findings_stand_by_artist_then_sample_with_the_span() -> None:
    text = terminal.render(examples.full(), TODAY)
    assert text.index("Mira Vale") < text.index("Oskar Zieliński") < text.index("No artist named")
    assert text.count("    10_mira/keep.png\n") == 1
    assert "10_mira/keep.txt:1" in text
    assert "upper left" in text


def test_long_lists_are_cut_with_a_way_to_see_all() -> None:
    report = examples.many(3000)
    text = terminal.render(report, TODAY)
    shown = sum(row.fingerprint[:12] in text for row in report.findings)
    assert 0 < shown <= terminal.MAX_FINDINGS
    assert f"{3000 - shown:,} findings are not shown" in text
    assert "-o json=report.json" in text
    assert text.count("\n") < 2000


def test_nothing_of_a_hostile_set_reaches_the_terminal_raw() -> None:
    for options in ({"width": 80}, {"width": 120, "force_terminal": True, "color_system": "truecolor"}):
        text = drawn(examples.hostile(), **options)
        assert "\x1b[31mred" not in text
        for bad in ("\u202e", "\ufeff", "\x00", "\x08"):
            assert bad not in text
        text.encode("utf-8")


def test_markup_and_emoji_codes_are_shown_as_they_are() -> None:
    row = replace(
        examples.every_kind()[0], message="[bold]x[/bold] :smile: [link=http://a]b[/link]", sample="[red]a.png"
    )
    text = drawn(examples.report_of((row,)), width=100, force_terminal=True)
    assert "[bold]x[/bold] :smile: [link=http://a]b[/link]" in text
    assert "[red]a.png" in text


def test_no_colour_means_no_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    text = drawn(examples.full(), width=80, force_terminal=True)
    assert "\x1b[31m" not in text
    assert "FAIL" in text


def test_a_pipe_gets_plain_lines_without_trailing_blanks() -> None:
    text = drawn(examples.full(), width=80)
    assert "\x1b" not in text
    assert all(line == line.rstrip() for line in text.splitlines())


def test_a_set_that_could_not_be_audited_is_no_pass() -> None:
    verdict = Verdict("incomplete", "high", (("high", 0), ("medium", 0), ("low", 0)))
    empty = replace(examples.clean(), verdict=verdict, coverage=Coverage(0, 0))
    assert "nothing was audited" in terminal.render(empty, TODAY)
    part = replace(examples.clean(), verdict=verdict, coverage=Coverage(9, 4, (("unreadable", 5),)))
    text = terminal.render(part, TODAY)
    assert "INCOMPLETE" in text
    assert "5 of 9 pictures could not be audited" in text


@given(reports)
@settings(max_examples=25, deadline=None)
def test_any_report_can_be_drawn(report: Report) -> None:
    text = terminal.render(report, replace(TODAY, width=60))
    assert report.verdict.result.upper() in text


def test_ninety_six_alike_are_one_entry_with_three_samples_and_the_number() -> None:
    text = terminal.render(examples.alike(96, examples.full()), TODAY)
    assert [text.count(f"    more/{number:03}.png\n") for number in range(4)] == [1, 1, 1, 0]
    assert "… and 93 more samples alike" in text
    assert "and 95 more\n" in text
    assert "Mira Vale  100 findings in 99 samples" in text
    assert "not shown here" not in text
    assert text.count("\n") < terminal.render(examples.full(), TODAY).count("\n") + 12
    assert max(map(len, text.splitlines())) <= 80


def test_what_is_cut_of_alike_findings_is_counted_by_finding() -> None:
    rows = [
        replace(row, message=f"Group {number % 300}.", artist=Reference(f"a{number % 30}", f"A {number % 30}"))
        for number, row in enumerate(examples.alike(900).findings)
    ]
    text = terminal.render(examples.report_of(tuple(rows)), TODAY)
    assert text.count("and 2 more\n") == terminal.MAX_FINDINGS
    assert f"{900 - 3 * terminal.MAX_FINDINGS} findings are not shown here" in text


def test_the_first_screen_says_the_verdict_and_its_reason() -> None:
    verdict = Verdict("incomplete", "high", (("high", 0), ("medium", 0), ("low", 0)))
    coverage = Coverage(9, 4, (("missing", 2), ("unreadable", 3)), missing=2)
    text = terminal.render(replace(examples.clean(), verdict=verdict, coverage=coverage), TODAY)
    screen = " ".join(" ".join(text.splitlines()[:12]).split())
    assert "5 of 9 pictures could not be audited, so this is no pass: missing 2, unreadable 3." in screen
    assert "2 named in the dataset, but not there" in screen
