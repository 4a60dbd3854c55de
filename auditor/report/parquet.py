"""A row per finding as Parquet, typed, with the rest of the report as file metadata."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq

from auditor.outcome import Report
from auditor.report.interface import DEFAULT_CONTEXT, RenderContext
from auditor.report.json import LISTS, dumps, to_value
from auditor.report.table import COLUMNS, row

_TYPES = {"text": pa.string(), "bool": pa.bool_(), "int": pa.int64(), "float": pa.float64()}
METADATA_KEY = b"auditor-report"
"""Key of the file metadata whose value is the JSON report without its findings, skips and waivers."""


def render(report: Report, context: RenderContext = DEFAULT_CONTEXT) -> bytes:
    """Write the findings in the order of the report. Bytes of odd file names that are not UTF-8 become `\\udcXX`."""
    rows = [row(finding) for finding in report.findings]
    columns = [
        pa.array([_plain(values[place]) for values in rows], type=_TYPES[kind])
        for place, (_, kind) in enumerate(COLUMNS)
    ]
    head = {key: value for key, value in to_value(report).items() if key not in LISTS}
    schema = pa.schema(
        [(name, _TYPES[kind]) for name, kind in COLUMNS], metadata={METADATA_KEY: dumps(head).encode("utf-8")}
    )
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(columns, schema=schema), sink, compression="zstd")
    written: bytes = sink.getvalue().to_pybytes()
    return written


def _plain(value: object) -> object:
    if isinstance(value, str) and not value.isascii():
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    return value
