"""Hands a finished report to where the user asked for it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from auditor.cli.console import say, stdout
from auditor.cli.inputs.paths import write_file
from auditor.outcome import Report
from auditor.report.interface import RENDERERS, Output, RenderContext
from auditor.verdict.gate import EXIT_CODES


def deliver(report: Report, outputs: Sequence[Output], context: RenderContext | None = None) -> int:
    """Write every requested report and return the exit code of its verdict.

    Raises:
        ReportError: a file cannot be written.
    """
    context = context or RenderContext()
    context = replace(context, today=context.today or datetime.now(UTC).date())
    if context.json_report is None:
        written = (output.path for output in outputs if output.format == "json" and output.path is not None)
        context = replace(context, json_report=next(written, None))
    for output in sorted(outputs, key=lambda item: item.path is None):
        if output.path is not None:
            write_file(output.path, RENDERERS[output.format].render(report, context))
            say(f"{output.format} report: {output.path}")
        elif output.format == "terminal":
            from auditor.report.terminal import print_report

            print_report(report, stdout(), context)
        else:
            _to_stdout(RENDERERS[output.format].render(report, context))
    if all(output.path is not None for output in outputs):
        from auditor.report.grouping import verdict_sentence

        say(verdict_sentence(report))
    return EXIT_CODES[report.verdict.result]


def _to_stdout(content: str | bytes) -> None:
    """Bytes as they are: the encoding of the terminal must not change a machine-readable report."""
    data = content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content
    sys.stdout.buffer.write(data)
    sys.stdout.flush()
