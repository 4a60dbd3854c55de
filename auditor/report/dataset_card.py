"""A block for a Hugging Face dataset card: what was audited, against what, and what that does not say."""

from __future__ import annotations

from auditor.outcome import Report
from auditor.report.grouping import figures
from auditor.report.interface import DEFAULT_CONTEXT, RenderContext
from auditor.report.markdown import code, prose
from auditor.report.text import NO_PROOF, number, plural

START, END = "<!-- provenance-audit:start -->", "<!-- provenance-audit:end -->"
"""A tool (or `sed`) can replace what stands between these lines when the set is audited again."""


def render(report: Report, context: RenderContext = DEFAULT_CONTEXT) -> str:
    """Write the block. It says nothing of single findings, so it can be published."""
    coverage = report.coverage
    numbers = figures(report)
    counts = ", ".join(f"{count:,} {severity}" for severity, count in numbers.counts)
    limits = ", ".join(f"{prose(name)} {number(value)}" for name, value in report.thresholds)
    lines = [
        START,
        "## Provenance audit",
        "",
        f"This dataset was audited with {prose(report.tool_name)} {prose(report.tool_version)} for copies of works, "
        "and for names, of artists who opted out of generative training.",
        "",
        "| | |",
        "| --- | --- |",
        f"| Verdict | **{report.verdict.result}** (fails on: {report.verdict.fail_on}) |",
        f"| Open findings | {counts}; {plural(numbers.waived, 'more is', 'more are')} covered by recorded waivers |",
        f"| Pictures | {coverage.seen:,} seen, {coverage.audited:,} audited, "
        f"{coverage.too_plain:,} too plain to match by hash |",
        f"| Texts searched for names | {coverage.texts:,} |",
    ]
    for index in report.indexes:
        told = f"version {index.version}, {plural(index.artists, 'artist')}, {plural(index.works, 'work')}"
        lines.append(f"| Index {code(index.name)} | {told}, digest {code(index.digest)} |")
    lines += [
        f"| Checks run | {prose(', '.join(coverage.checks_run)) or 'none'} |",
        f"| Checks not run | {prose(', '.join(skip.check for skip in coverage.checks_skipped)) or 'none'} |",
        f"| Thresholds | {limits or 'none'} |",
        f"| Dataset digest | {code(report.dataset.digest)} |",
        "",
        NO_PROOF,
        END,
    ]
    return "\n".join(lines) + "\n"
