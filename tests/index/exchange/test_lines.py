from __future__ import annotations

import csv
import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.index.exchange import lines
from auditor.index.exchange.jsontext import json_objects
from auditor.index.exchange.lines import csv_rows, csv_text, guarded, has_tricks, hex_bytes, text_lines, unguarded
from auditor.index.exchange.sink import ListError, Sink

SINK = Sink("list")


class Endless(io.RawIOBase):
    """A stream of one letter that never ends a line."""

    def __init__(self, size: int) -> None:
        self.left = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        count = min(len(buffer), self.left)
        self.left -= count
        buffer[:count] = b"a" * count
        return count


@pytest.mark.parametrize("read", [text_lines, csv_rows, json_objects])
def test_a_line_of_a_gigabyte_is_refused_before_it_is_read(read: object) -> None:
    raw = Endless(2**30)
    tracemalloc.start()
    try:
        with pytest.raises(ListError, match="line 1: it is longer than 1,000,000 bytes"):
            list(read(io.BufferedReader(raw), SINK))  # type: ignore[operator]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 20_000_000
    assert raw.left > 2**30 - 5_000_000


def test_the_longest_line_is_still_read() -> None:
    for end in (b"", b"\n", b"\r\n"):
        data = b"a" * lines.MAX_LINE + end
        if end == b"\r\n":
            data = data[1:]
        ((number, text),) = text_lines(io.BytesIO(data), SINK)
        assert number == 1
        assert set(text) == {"a"}


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0"))))
def test_lines_come_back_with_their_numbers(texts: list[str]) -> None:
    if texts and texts[0].startswith("\ufeff"):
        texts[0] = "x" + texts[0]
    raw = "".join(text + "\n" for text in texts).encode()
    assert list(text_lines(io.BytesIO(raw), SINK)) == list(enumerate(texts, 1))


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0"), max_size=12)


@given(st.lists(st.lists(cells, min_size=1, max_size=4).filter(any), max_size=6))
def test_rows_come_back_and_no_cell_is_a_formula(rows: list[list[str]]) -> None:
    text = csv_text(rows)
    if text.startswith("\ufeff"):
        return
    for row in csv.reader(io.StringIO(text, newline="")):
        assert not any(cell[:1] in {"=", "+", "-", "@", "\t", "\r"} for cell in row if cell)
    assert [row for _, row in csv_rows(io.BytesIO(text.encode()), SINK)] == rows


@given(st.text())
def test_guarding_is_undone_exactly(cell: str) -> None:
    assert unguarded(guarded(cell)) == cell


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1"])
def test_formulas_are_guarded(cell: str) -> None:
    assert guarded(cell) == "'" + cell


def test_rows_are_numbered_by_their_first_line() -> None:
    data = b'a,"one\ntwo"\n\nb,c\n'
    assert list(csv_rows(io.BytesIO(data), SINK)) == [(1, ["a", "one\ntwo"]), (4, ["b", "c"])]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'a,"open\n' + b"x\n" * 500, "line 1: a quoted cell does not end within 100 lines"),
        (b'a\nb,"open\n', "line 2: it is no CSV"),
        (b'a\n"x"y\n', "line 2: it is no CSV"),
        (b"a\n\xff\n", "line 2: byte 1 is no UTF-8"),
    ],
)
def test_what_is_no_csv(data: bytes, message: str) -> None:
    with pytest.raises(ListError, match=message):
        list(csv_rows(io.BytesIO(data), SINK))


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/etc/passwd",
        "..",
        "../a",
        "a/../b",
        "a\\..\\b",
        "C:\\a",
        "c:a",
        "\\\\host\\a",
        "~/a",
        "a\0b",
        "a\nb",
        "\x7f",
    ],
)
def test_names_with_tricks(name: str) -> None:
    assert has_tricks(name)


@pytest.mark.parametrize("name", ["a.png", "folder/a.png", "a..b", "...", "日本.png", "-rf", "=1.png", "a b"])
def test_names_without(name: str) -> None:
    assert not has_tricks(name)


def test_hashes_in_hex() -> None:
    assert hex_bytes("0F" * 8, 8, "hash", 1, SINK) == b"\x0f" * 8
    for text, message in (
        ("0f" * 7, "16 hex digits, and this has 14"),
        ("0f 0f", "no hash in hex"),
        ("", "no hash"),
        ("٠" * 16, "no hash"),
    ):
        with pytest.raises(ListError, match=message):
            hex_bytes(text, 8, "hash", 1, SINK)


def objects(text: str) -> list[tuple[int, dict[str, object]]]:
    return list(json_objects(io.BytesIO(text.encode()), SINK))


def test_json_in_each_of_its_shapes() -> None:
    expected = [{"a": 1}, {"b": [2]}]
    assert [v for _, v in objects('{"a": 1}\n\n{"b": [2]}\n')] == expected
    assert objects('\n[\n{"a": 1},\n {"b":\n [2]} ]\n') == [(3, {"a": 1}), (4, {"b": [2]})]
    assert objects('{\n"a": 1\n}\n') == [(1, {"a": 1})]
    assert objects("[]") == objects("") == objects("\n[ ]\n") == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[{"a": 1}\n{"b": 2}]', "line 1: after a value of an array"),
        ('[{"a": 1},\n 5]', "line 2: it holds no JSON object"),
        ('[{"a": 1}] x', "more after the end"),
        ("[] []", "more after the end"),
        ('{"a":\n 1} {"b": 2}', "more after the end"),
        ("[" * 100_000, "no JSON|too deeply"),
        ('[{"a": ' + "[" * 100_000, "nested too deeply"),
        ("[\n{", "line 2: it is no JSON"),
        ("hello", "line 1: it is no JSON"),
        ('[{"a": 1, "a": 2}]', "a key is there twice"),
        ("[1", "holds no JSON object"),
    ],
)
def test_json_that_is_none(text: str, message: str) -> None:
    with pytest.raises(ListError, match=message):
        objects(text)


def test_a_document_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.index.exchange.jsontext.MAX_DOCUMENT", 100)
    with pytest.raises(ListError, match="write one object a line"):
        objects("[\n" + "\n" * 200)
    assert len(objects('{"a": 1}\n' * 100)) == 100
