from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from auditor.datasets.reading.textrows import TextRow, read_rows
from auditor.errors import DatasetError, UsageError


def rows(path: Path, column: str = "text") -> list[TextRow]:
    return list(read_rows(str(path), column))


def test_lines_keep_their_numbers_and_their_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xef\xbb\xbfone\r\n\n  \ntwo\xff\nthree")
    assert rows(path) == [TextRow(1, "one"), TextRow(4, "two\udcff"), TextRow(5, "three")]


def test_json_lines_count_what_they_cannot_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "a"}\n{"text": 1}\nnot json\n"b"\n[' + "[" * 100_000 + "\n", encoding="utf-8")
    assert [(row.line, row.text, row.problem) for row in rows(path)] == [
        (1, "a", None),
        (2, "", "no-text"),
        (3, "", "not-json"),
        (4, "b", None),
        (5, "", "not-json"),
    ]


def test_delimited_tables_are_read_by_column(tmp_path: Path) -> None:
    csv = tmp_path / "a.csv"
    csv.write_text('id,caption\n1,"x, ""y""\nz"\n2\n3,b\n', encoding="utf-8")
    assert [(row.line, row.text, row.problem) for row in rows(csv, "caption")] == [
        (1, 'x, "y"\nz', None),
        (2, "", "no-text"),
        (3, "b", None),
    ]
    tsv = tmp_path / "a.tsv"
    tsv.write_text("text\tid\na\t1\n", encoding="utf-8")
    assert rows(tsv) == [TextRow(1, "a")]


def test_parquet_is_read_by_column(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": ["a", None, "b"], "n": [1, 2, 3]}), path)
    assert [(row.text, row.problem) for row in rows(path)] == [("a", None), ("", "no-text"), ("b", None)]


def test_errors_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="Check the path"):
        rows(tmp_path / "missing.txt")
    table = tmp_path / "a.csv"
    table.write_text("caption\nx\n", encoding="utf-8")
    with pytest.raises(UsageError, match="--column: caption"):
        rows(table)
    (tmp_path / "b.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(DatasetError, match="Write it again"):
        rows(tmp_path / "b.parquet")
