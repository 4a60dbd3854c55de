"""A row per finding as CSV (UTF-8, RFC 4180), safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

from auditor.outcome import Report
from auditor.report.interface import DEFAULT_CONTEXT, RenderContext
from auditor.report.table import COLUMNS, row
from auditor.report.text import visible

# A spreadsheet takes a cell that begins like this for a formula.
_FORMULA = re.compile(r"[=+\-@\t\r]")


def render(report: Report, context: RenderContext = DEFAULT_CONTEXT) -> str:
    """Write a header and a row per finding, in the order of the report.

    Controls and invisible characters are spelled out, and a text that a spreadsheet would run as a formula
    gets an apostrophe before it. The Parquet report holds the texts unchanged.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([name for name, _ in COLUMNS])
    for finding in report.findings:
        writer.writerow([_cell(value) for value in row(finding)])
    return buffer.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return value
    shown = visible(value)
    return "'" + shown if _FORMULA.match(shown) else shown
