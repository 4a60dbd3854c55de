"""Markdown for job summaries and pull-request comments, never longer than such a summary may be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from auditor.model import Finding
from auditor.outcome import Report
from auditor.report.grouping import (
    FIRST,
    alike,
    by_artist,
    figures,
    sentence,
    urgency,
    verdict_sentence,
    work_name,
)
from auditor.report.interface import DEFAULT_CONTEXT, RenderContext
from auditor.report.text import NO_PROOF, age, number, plural, short_digest, shorten, signature, visible

MAX_BYTES = 900 * 1024
"""GitHub cuts a step summary off at 1 MiB, with an error; this stays below, on a row boundary."""
MAX_ARTISTS = 50
MAX_CELL = 400
_SYMBOLS = {"pass": "✅", "fail": "❌", "incomplete": "⚠️"}
_SPECIAL = re.compile(r"([\\`*_{}\[\]#|~$!])")


def render(report: Report, context: RenderContext = DEFAULT_CONTEXT) -> str:
    """Write the verdict, the coverage, a row per artist and a row per finding, alike ones in one row.

    At most 900 KiB of UTF-8.
    """
    head = [*_head(report), *_coverage(report, context), *_artists(report)]
    if report.findings:
        head += [
            "### Findings",
            "",
            "| | Sample | What was found | Rule | Fingerprint |",
            "| --- | --- | --- | --- | --- |",
        ]
    return _within(MAX_BYTES, head, _finding_rows(report), len(report.findings))


def prose(text: str, limit: int = MAX_CELL) -> str:
    """A stranger's text as Markdown that shows exactly it: no markup, HTML, mention or table cell comes of it."""
    shown = shorten(visible(text), limit).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SPECIAL.sub(r"\\\1", shown).replace("@", "@<!-- -->").replace("://", ":<!-- -->//")


def code(text: str, limit: int = MAX_CELL) -> str:
    """A stranger's text as a code span, also inside a table."""
    shown = shorten(visible(text), limit)
    if not shown.strip():
        return "(empty)"
    fence = "`" * (max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    # a bar ends a table's cell even inside a code span, unless a backslash stands before it
    shown = shown.replace("|", "\\|")
    return f"{fence} {shown} {fence}" if shown.startswith("`") or shown.endswith("`") else f"{fence}{shown}{fence}"


def _within(limit: int, head: Iterable[str], rows: Iterator[tuple[str, int]], left: int) -> str:
    """Lines up to a size; each row comes with the number of findings in it, of which there are `left`."""
    lines = list(head)
    size = sum(len(line.encode()) + 1 for line in lines)
    for row, count in rows:
        cost = len(row.encode()) + 1
        if size + cost > limit - 200:
            lines += ["", f"… {plural(left, 'more finding')} left out here; the JSON report holds all."]
            break
        lines.append(row)
        size += cost
        left -= count
    return "\n".join(lines) + "\n"


def _head(report: Report) -> Iterator[str]:
    numbers = figures(report)
    yield f"## {_SYMBOLS[report.verdict.result]} Provenance audit: {report.verdict.result}"
    yield ""
    yield f"**{prose(verdict_sentence(report))}**"
    yield ""
    counts = " · ".join(f"{count:,} {severity}" for severity, count in numbers.counts)
    gate = "the gate is off" if report.verdict.fail_on == "none" else f"fails on {report.verdict.fail_on} and above"
    yield f"{counts} · {numbers.waived:,} waived ({gate})"
    yield ""


def _coverage(report: Report, context: RenderContext) -> Iterator[str]:
    coverage = report.coverage
    yield "| Coverage | |"
    yield "| --- | --- |"
    yield f"| Dataset | {code(report.dataset.shown)}, layout {code(report.dataset.layout)} |"
    skipped = ", ".join(f"{prose(reason)} {count:,}" for reason, count in coverage.skipped)
    seen = f"{coverage.seen:,} seen, {coverage.audited:,} audited, {coverage.seen - coverage.audited:,} skipped"
    yield f"| Pictures | {seen}{f' ({skipped})' if skipped else ''} |"
    if coverage.missing:
        yield f"| Named but not there | {coverage.missing:,} |"
    for rule, count in coverage.left_out:
        yield f"| Left out: {prose(rule)} | {count:,} |"
    yield f"| Too plain to match by hash | {coverage.too_plain:,} |"
    yield f"| Texts searched for names | {coverage.texts:,} |"
    for index in report.indexes:
        told = [
            f"version {index.version}",
            plural(index.artists, "artist"),
            plural(index.works, "work"),
            code(short_digest(index.digest)),
            prose(age(index, context.today)),
            prose(signature(index)),
        ]
        yield f"| Index {code(index.name)} | {', '.join(told)} |"
    yield f"| Checks run | {prose(', '.join(coverage.checks_run)) or 'none'} |"
    for skip in coverage.checks_skipped:
        yield f"| Not checked: {prose(skip.check)} | {prose(skip.reason)} |"
    limits = ", ".join(f"{prose(name)} {number(value)}" for name, value in report.thresholds)
    yield f"| Thresholds | {limits or 'none'} |"
    yield ""
    yield f"_{NO_PROOF}_"
    yield ""


def _artists(report: Report) -> Iterator[str]:
    groups = by_artist(finding for finding in report.findings if not finding.waived)
    if not groups:
        return
    yield "### By artist"
    yield ""
    yield "| Artist | High | Medium | Low | Samples |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for group in groups[:MAX_ARTISTS]:
        name = "no artist named" if group.artist is None else prose(group.artist.name or group.artist.id)
        counts = [sum(row.severity == severity for row in group.findings) for severity in ("high", "medium", "low")]
        yield f"| {name} | {counts[0]:,} | {counts[1]:,} | {counts[2]:,} | {group.samples:,} |"
    if len(groups) > MAX_ARTISTS:
        yield f"| … {plural(len(groups) - MAX_ARTISTS, 'more artist')} | | | | |"
    yield ""


def _finding_rows(report: Report) -> Iterator[tuple[str, int]]:
    for group in alike(sorted(report.findings, key=urgency)):
        finding, count, samples = group.first, len(group.findings), group.samples
        label = f"waived ({finding.severity})" if finding.waived else finding.severity
        paths = ", ".join(code(sample) for sample in samples[:FIRST])
        where = paths + (f" and {plural(len(samples) - FIRST, 'more sample')}" if len(samples) > FIRST else "")
        prints = f"`{finding.fingerprint[:12]}`" + (f" and {count - 1:,} more" if count > 1 else "")
        yield f"| {label} | {where} | {_said(finding)} | {finding.rule} | {prints} |", count


def _said(finding: Finding) -> str:
    parts = [prose(sentence(finding))]
    work = work_name(finding)
    if work is not None and finding.match is None:
        parts.append(f"Work: {prose(work)}.")
    if finding.text is not None:
        place = finding.text.source + (f":{finding.text.line}" if finding.text.line else "")
        parts.append(f"{code(place)}: {code(finding.text.value[finding.text.start : finding.text.end], 120)}")
    return " ".join(parts)
