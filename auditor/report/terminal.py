"""The report in a terminal, drawn with rich: verdict, coverage, then findings by artist and sample.

Every text that came from the dataset or an index goes through `visible` and is never read as markup.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from auditor.model import Finding, Severity
from auditor.outcome import Report
from auditor.report.grouping import (
    FIRST,
    Alike,
    ArtistGroup,
    SampleGroup,
    by_artist,
    figures,
    headline,
    kinds,
    notes,
    verdict_sentence,
    work_name,
)
from auditor.report.interface import DEFAULT_CONTEXT, RenderContext
from auditor.report.text import (
    NO_PROOF,
    age,
    excerpt,
    number,
    plural,
    short_digest,
    shorten,
    signature,
    visible,
)

MAX_SAMPLES = 25
"""Samples shown for one artist, or groups of samples of which the same was found."""
MAX_FINDINGS = 200
"""Findings shown in all; alike ones, which are shown together, count as one."""
MAX_NOTES = 12
MAX_RULES = 5
"""Rules by which pictures are left out that are named one by one."""
_COLOURS: dict[Severity, str] = {"high": "bold red", "medium": "yellow", "low": "cyan"}
_BANNERS = {
    "pass": (" PASS ", "bold white on green"),
    "fail": (" FAIL ", "bold white on red"),
    "incomplete": (" INCOMPLETE ", "bold black on yellow"),
}


def render(report: Report, context: RenderContext = DEFAULT_CONTEXT) -> str:
    """The report as plain text without escape codes, `context.width` columns wide."""
    buffer = io.StringIO()
    console = Console(
        file=buffer, width=context.width, color_system=None, force_terminal=False, legacy_windows=False, emoji=False
    )
    print_report(report, console, context)
    return buffer.getvalue()


def print_report(report: Report, console: Console, context: RenderContext = DEFAULT_CONTEXT) -> None:
    """Draw the report on a rich console (its width, its colours)."""
    if console.is_terminal:
        _draw(report, console, context)
        return
    with console.capture() as capture:
        _draw(report, console, context)
    # rich fills cells up to their width; in a pipe or a file that is only noise
    console.file.write(re.sub(r"[ \t]+$", "", capture.get(), flags=re.MULTILINE))


def _draw(report: Report, console: Console, context: RenderContext) -> None:
    for part in _parts(report, context):
        console.print(part, soft_wrap=False, highlight=False, emoji=False)


def _parts(report: Report, context: RenderContext) -> Iterator[RenderableType]:
    yield _banner(report)
    yield Padding(_coverage(report, context), (1, 0, 1, 2))
    yield Padding(Text(NO_PROOF, style="italic dim"), (0, 0, 0, 2))
    yield from _findings(report)


# --------------------------------------------------------------------------- the head


def _banner(report: Report) -> RenderableType:
    word, style = _BANNERS[report.verdict.result]
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(Text(word, style=style), Text(verdict_sentence(report), style="bold"))
    grid.add_row(Text(""), _counts(report))
    return Padding(grid, (1, 0, 0, 2))


def _counts(report: Report) -> Text:
    numbers = figures(report)
    line = Text()
    for severity, count in numbers.counts:
        if line:
            line.append(" · ", style="dim")
        line.append(f"{count:,} {severity}", style=_COLOURS[severity] if count else "dim")
    line.append(" · ", style="dim")
    line.append(f"{numbers.waived:,} waived", style="" if numbers.waived else "dim")
    gate = "the gate is off" if report.verdict.fail_on == "none" else f"fails on {report.verdict.fail_on}"
    if report.verdict.fail_on == "medium":
        gate = "fails on medium and high"
    line.append(f"   ({gate})", style="dim")
    return line


def _coverage(report: Report, context: RenderContext) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True, width=10)
    table.add_column(overflow="fold", ratio=1)
    coverage = report.coverage
    layout = f"   layout {report.dataset.layout}" if report.dataset.layout else ""
    found = kinds(report)
    if found:
        table.add_row("Found", Text(found))
    table.add_row("Dataset", Text.assemble(visible(report.dataset.shown), (visible(layout), "dim")))
    table.add_row("Pictures", _pictures(report))
    if coverage.skipped:
        reasons = ", ".join(f"{visible(reason)} {count:,}" for reason, count in coverage.skipped)
        table.add_row("Skipped", Text(reasons, style="yellow"))
    if coverage.missing:
        table.add_row("Missing", Text(f"{coverage.missing:,} named in the dataset, but not there", style="yellow"))
    for place, (rule, count) in enumerate(coverage.left_out[:MAX_RULES]):
        table.add_row("Left out" if place == 0 else "", Text(f"{count:,}  {visible(rule)}"))
    if len(coverage.left_out) > MAX_RULES:
        table.add_row("", Text(f"… by {plural(len(coverage.left_out) - MAX_RULES, 'more rule')} in the JSON report"))
    table.add_row("Texts", f"{coverage.texts:,} searched for names")
    for place in range(len(report.indexes)):
        table.add_row("Index" if place == 0 else "", _index_line(report, place, context))
    if not report.indexes:
        table.add_row("Index", Text("none", style="yellow"))
    table.add_row("Checks", Text(", ".join(map(visible, coverage.checks_run)) or "none ran"))
    for place, skip in enumerate(coverage.checks_skipped):
        line = Text.assemble((visible(skip.check), "yellow"), f": {visible(skip.reason)}")
        table.add_row("Not run" if place == 0 else "", line)
    limits = ", ".join(f"{visible(name)} {number(value)}" for name, value in report.thresholds)
    table.add_row("Thresholds", Text(limits or "none"))
    remarks = notes(report)
    for place, note in enumerate(remarks[:MAX_NOTES]):
        table.add_row("Notes" if place == 0 else "", Text(visible(note)))
    if len(remarks) > MAX_NOTES:
        table.add_row("", Text(f"… and {plural(len(remarks) - MAX_NOTES, 'more note')} in the JSON report"))
    return table


def _pictures(report: Report) -> Text:
    coverage = report.coverage
    skipped = coverage.seen - coverage.audited
    line = Text(f"{coverage.seen:,} seen, {coverage.audited:,} audited")
    line.append(f", {skipped:,} skipped", style="yellow" if skipped else "")
    if coverage.too_plain:
        line.append(f", {coverage.too_plain:,} too plain to match by hash")
    if coverage.not_trained:
        line.append(f"; {coverage.not_trained:,} in the folder but not trained on", style="dim")
    return line


def _index_line(report: Report, place: int, context: RenderContext) -> Text:
    index = report.indexes[place]
    line = Text(f"{visible(index.name)} v{index.version}", style="bold")
    told = [
        plural(index.artists, "artist"),
        plural(index.works, "work"),
        short_digest(index.digest),
        age(index, context.today),
        signature(index),
    ]
    line.append("   " + " · ".join(told), style="not bold dim")
    return line


# --------------------------------------------------------------------------- the findings


def _findings(report: Report) -> Iterator[RenderableType]:
    groups = by_artist(report.findings)
    left = MAX_FINDINGS
    hidden = 0
    for group in groups:
        if left <= 0:
            hidden += len(group.findings)
            continue
        yield Padding(_artist_title(group), (1, 0, 0, 2))
        for row in group.rows[:MAX_SAMPLES]:
            if left > 0:
                yield _row(row, left)
            hidden += sum(len(cut.findings) for cut in row.alike[max(left, 0) :])
            left -= len(row.alike)
        rest = group.rows[MAX_SAMPLES:]
        if rest:
            many = sum(len(row.findings) for row in rest)
            hidden += many
            samples = len({sample for row in rest for sample in row.samples})
            yield Padding(
                Text(f"… {plural(many, 'more finding')} in {plural(samples, 'more sample')}", "dim"), (0, 0, 0, 4)
            )
    if hidden:
        yield Padding(
            Text.assemble(
                (f"{plural(hidden, 'finding is', 'findings are')} not shown here. ", "bold"),
                "See all with -o json=report.json or -o html=report.html",
            ),
            (1, 0, 0, 2),
        )
    yield from _skips(report)


def _skips(report: Report) -> Iterator[RenderableType]:
    if not report.skips:
        return
    yield Padding(Text("Could not be audited", style="bold"), (1, 0, 0, 2))
    for skip in report.skips[:MAX_SAMPLES]:
        line = Text.assemble(visible(skip.sample), (f"  {visible(skip.reason)}: {visible(skip.detail)}", "dim"))
        yield Padding(line, (0, 0, 0, 4))
    if len(report.skips) > MAX_SAMPLES:
        more = len(report.skips) - MAX_SAMPLES
        yield Padding(Text(f"… and {more:,} more, all in -o json=report.json", style="dim"), (0, 0, 0, 4))


def _artist_title(group: ArtistGroup) -> RenderableType:
    name = "No artist named" if group.artist is None else visible(group.artist.name or group.artist.id)
    told = f"{plural(len(group.findings), 'finding')} in {plural(group.samples, 'sample')}"
    return Text.assemble((name, "bold underline"), ("  " + told, "dim"))


def _row(row: SampleGroup, room: int) -> RenderableType:
    lines = [Text(visible(sample), style="bold") for sample in row.samples[:FIRST]]
    if len(row.samples) > FIRST:
        lines.append(Text(f"… and {plural(len(row.samples) - FIRST, 'more sample')} alike", style="dim"))
    parts: list[RenderableType] = [Padding(line, (0, 0, 0, 4)) for line in lines]
    parts += [_alike(group) for group in row.alike[:room]]
    return Group(*parts)


def _alike(group: Alike) -> RenderableType:
    finding = group.first
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True, width=6)
    table.add_column(overflow="fold", ratio=1)
    label = Text("waived", style="dim") if finding.waived else Text(finding.severity, style=_COLOURS[finding.severity])
    table.add_row(label, Text(headline(finding)))
    if finding.text is not None:
        table.add_row("", _quote(finding))
        if finding.text.reason:
            table.add_row("", Text(visible(finding.text.reason), style="dim"))
    table.add_row("", Text(_facts(group), style="dim"))
    return Padding(table, (0, 0, 0, 6))


def _facts(group: Alike) -> str:
    finding, more = group.first, len(group.findings) - 1
    work = work_name(finding)
    parts = [finding.rule, finding.fingerprint[:12] + (f" and {more:,} more" if more else "")]
    if work is not None and finding.match is None:
        parts.insert(1, visible(work))
    return " · ".join(parts)


def _quote(finding: Finding) -> Text:
    text = finding.text
    assert text is not None
    before, inside, after = excerpt(text.value, text.start, text.end)
    place = visible(text.source) + (f":{text.line}" if text.line else "")
    line = Text(shorten(place, 60) + "  ", style="dim")
    line.append("“" + before, style="not dim")
    line.append(inside, style="not dim bold reverse")
    line.append(after + "”", style="not dim")
    return line
