"""Workflow commands that annotate a GitHub run: ten errors, ten warnings, then one line for the rest.

GitHub keeps ten of each kind a step, so more would be lost without a word. Of findings that are alike three come
first: a name in a hundred captions must not hide everything else. Each still points at a place of its own.
"""

from __future__ import annotations

from auditor.model import Finding
from auditor.outcome import Report
from auditor.report.grouping import FIRST, alike, rule_name, sentence, urgency, verdict_sentence
from auditor.report.interface import DEFAULT_CONTEXT, RenderContext
from auditor.report.locations import below_repository, main_location
from auditor.report.text import NO_PROOF, plural, shorten, visible
from auditor.verdict.gate import breaks_gate

MAX_EACH = 10
MAX_TEXT = 1_000


def render(report: Report, context: RenderContext = DEFAULT_CONTEXT) -> str:
    """Write at most ten `::error`, ten `::warning` and one `::notice` line."""
    ordered = _ordered(report)
    errors = [row for row in ordered if breaks_gate(row[0], report.verdict.fail_on)]
    warnings = [row for row in ordered if not breaks_gate(row[0], report.verdict.fail_on)]
    lines = [_annotation("error", report, *row) for row in errors[:MAX_EACH]]
    lines += [_annotation("warning", report, *row) for row in warnings[:MAX_EACH]]
    cut = len(ordered) - len(lines)
    coverage = report.coverage
    told = [
        verdict_sentence(report),
        f"{coverage.seen:,} seen, {coverage.audited:,} audited, {coverage.seen - coverage.audited:,} skipped.",
    ]
    if coverage.checks_skipped:
        told.append(f"Not checked: {', '.join(skip.check for skip in coverage.checks_skipped)}.")
    if cut:
        told.append(f"{plural(cut, 'more finding')} in the report.")
    told.append(NO_PROOF)
    title = f"Provenance audit: {report.verdict.result}"
    lines.append(f"::notice title={_property(title)}::{_data(' '.join(told))}")
    return "\n".join(lines) + "\n"


def _ordered(report: Report) -> list[tuple[Finding, int]]:
    """Unwaived findings with how many are alike: the first three of each group, most urgent first, then the rest."""
    groups = alike(sorted((finding for finding in report.findings if not finding.waived), key=urgency))
    rows = [(finding, len(group.findings)) for group in groups for finding in group.findings[:FIRST]]
    return rows + [(finding, len(group.findings)) for group in groups for finding in group.findings[FIRST:]]


def _annotation(kind: str, report: Report, finding: Finding, many: int) -> str:
    location = main_location(finding)
    path = below_repository(report, location.path)
    fields = []
    if path is not None:
        fields.append(f"file={_property(path)}")
        if location.line is not None:
            fields.append(f"line={location.line}")
        if location.line is not None and location.columns is not None:
            fields.append(f"col={location.columns[0]},endColumn={location.columns[1]}")
    fields.append(f"title={_property(rule_name(finding.rule))}")
    sample = "" if location.path == finding.sample else f" ({finding.sample})"
    told = f" One of {many:,} alike." if many > 1 else ""
    return f"::{kind} {','.join(fields)}::{_data(sentence(finding) + sample + told)}"


def _data(text: str) -> str:
    return shorten(visible(text), MAX_TEXT).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
