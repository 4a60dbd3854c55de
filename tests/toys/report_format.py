"""A toy report: the verdict and the number of findings."""

from __future__ import annotations

from auditor.outcome import Report
from auditor.report.interface import RenderContext


def render(report: Report, context: RenderContext) -> str:
    return f"{report.verdict.result} {len(report.findings)}\n"
