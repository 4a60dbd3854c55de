from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.clean.listings import prune_csv, prune_json, prune_jsonl
from auditor.clean.removed import removed

GONE = removed("/data/set", ["img/ash.png", "elm.png"], ["img/elm.png", "img/oak.png", "other/ash.webp"])
NONE = removed("/data/set", [], [])


@pytest.mark.parametrize(
    ("word", "folder", "means"),
    [
        ("img/ash.png", "", True),
        ("./img//ash.png", "", True),
        ("img\\ash.png", "", True),
        ("ash.png", "img", True),
        ("ash.png", "", True),  # only a file that goes ends so
        ("/data/set/img/ash.png", "anywhere", True),
        ("/elsewhere/img/ash.png", "", False),
        ("elm.png", "", True),
        ("elm.png", "img", False),  # img/elm.png stays
        ("elm.png", "deep", True),  # read from the dataset's top
        ("ash", "", False),
        ("g/ash.png", "", False),
        ("", "", False),
        ("a\nash.png", "", False),
    ],
)
def test_what_a_word_means(word: str, folder: str, means: bool) -> None:
    assert GONE.means(word, folder) is means


def test_a_key_may_leave_the_suffix_out_unless_a_kept_file_shares_the_stem() -> None:
    assert GONE.means_key("img/ash", "")
    assert GONE.means_key("/data/set/img/ash", "x")
    assert not GONE.means_key("ash", "")
    assert not removed("/d", ["a.png"], ["a.webp"]).means_key("a", "")


LINES = [
    b'{"file_name": "ash.png", "text": "1"}\n',
    b"\n",
    b'{"file_name": "oak.png"}\r\n',
    b'{"x": [{"y": "\\u0061sh.png"}]}\n',
    b"not json\n",
]


def test_jsonl_drops_by_line_and_by_name_and_keeps_every_other_byte() -> None:
    data = b"".join(LINES)
    pruned = prune_jsonl(data, {5}, GONE, "img")
    assert pruned.dropped == 2
    assert pruned.data == LINES[1] + LINES[2] + LINES[3]
    escaped = removed("/d", ["\u00e4sh.png"], [])
    line = json.dumps({"file_name": "\u00e4sh.png"}).encode()
    assert prune_jsonl(line, (), escaped, "").dropped == 1


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=8), max_size=6), st.data())
def test_jsonl_lines_are_counted_as_readers_count_them(words: list[str], data: st.DataObject) -> None:
    lines = [(json.dumps({"t": word}, ensure_ascii=False) + "\n").encode() for word in words]
    drop = data.draw(st.sets(st.integers(1, max(len(lines), 1))))
    pruned = prune_jsonl(b"".join(lines), drop, NONE, "")
    assert pruned.data == b"".join(line for number, line in enumerate(lines, 1) if number not in drop)


def test_csv_counts_lines_of_records() -> None:
    text = 'file_name,text\r\noak.png,"two\r\nlines"\r\nash.png,x\r\nlast.png,y'
    by_name = prune_csv(text.encode(), (), GONE, "img")
    assert by_name.data == b'file_name,text\r\noak.png,"two\r\nlines"\r\nlast.png,y'
    by_line = prune_csv(text.encode(), {2, 5}, NONE, "")
    assert by_line.data == b"file_name,text\r\nash.png,x\r\n"
    assert by_line.dropped == 2
    assert prune_csv(text.encode(), {1}, NONE, "").dropped == 0


CELL = st.text(st.sampled_from('ab",\n\r \u00e9'), max_size=5)


@given(st.lists(st.lists(CELL, min_size=2, max_size=2), min_size=1, max_size=6))
def test_csv_without_anything_to_drop_is_unchanged(rows: list[list[str]]) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([["file_name", "text"], *rows])
    data = stream.getvalue().encode()
    assert prune_csv(data, (), NONE, "").data == data


def test_json_lists_tables_and_keys() -> None:
    value = {
        "img/ash.png": {"caption": "x"},
        "img/oak.png": {"caption": "ash"},
    }
    assert json.loads(prune_json(json.dumps(value).encode(), GONE, "").data) == {"img/oak.png": {"caption": "ash"}}
    buckets = {"1.0": ["ash.png", "oak.png"], "config": {"name": "ash"}}
    assert json.loads(prune_json(json.dumps(buckets).encode(), GONE, "img").data) == {
        "1.0": ["oak.png"],
        "config": {"name": "ash"},
    }
    rows = [{"image": "ash.png"}, {"image": "oak.png", "tags": ["ash", "oak"]}]
    pruned = prune_json(json.dumps(rows).encode(), GONE, "img")
    assert json.loads(pruned.data) == rows[1:]
    assert pruned.dropped == 1


def test_json_keeps_the_rest_of_an_object_that_is_no_table() -> None:
    config = {"steps": 100, "validation_image": "ash.png", "model": {"name": "x"}}
    data = json.dumps(config).encode()
    assert prune_json(data, GONE, "img").data == data


@pytest.mark.parametrize("indent", [None, 2, 4, "\t"])
def test_json_keeps_its_indentation(indent: int | str | None) -> None:
    data = (json.dumps([{"image": "ash.png"}, {"image": "oak.png"}], indent=indent) + "\n").encode()
    expected = (json.dumps([{"image": "oak.png"}], indent=indent) + "\n").encode()
    assert prune_json(data, GONE, "img").data == expected


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_json_is_left_alone(data: bytes) -> None:
    assert prune_json(data, GONE, "").data == data
