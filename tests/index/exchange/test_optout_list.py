from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given, settings

from auditor.index.exchange.interface import WriteOptions
from auditor.index.exchange.sink import ListError
from auditor.index.format.schema import WorkRecord
from auditor.index.making.content import Content
from auditor.index.search.region_columns import features_of
from tests.index import samples
from tests.index.exchange.lists import read, works, write
from tests.index.samples import features, person, record, with_regions

HEADER = {"type": "header", "format": "optout-list/0.1", "id": "abc", "name": "A list", "version": 3}
ARTIST = {"type": "artist", "artistId": "a", "names": ["Ash"]}
WORK = {"type": "work", "workId": "w", "artistId": "a", "pdq": "0f" * 32}


def lines(*values: dict[str, Any] | str) -> str:
    return "".join((value if isinstance(value, str) else json.dumps(value)) + "\n" for value in values)


@settings(max_examples=15, deadline=None)
@given(samples.contents())
def test_an_index_comes_back_whole(content: Content) -> None:
    text, dropped = write("optout-list", content)
    back, sink = read("optout-list", text)
    assert back.artists == content.artists
    assert works(back) == works(content)
    assert back.feedback == content.feedback
    assert (dropped.sentences(), dict(sink.dropped)) == ((), {})


def test_region_hashes_come_back_too() -> None:
    content = Content((person(),), (with_regions([record(0), record(1)]),))
    text, dropped = write("optout-list", content)
    back, _ = read("optout-list", text)
    found = [item for table in back.region_tables() for item in features_of(table)]
    assert [item.codes.tobytes() for item in found] == [features(n).codes.tobytes() for n in range(2)]
    assert found[1].x.tolist() == features(1).x.tolist()
    assert found[1].angle.tolist() == features(1).angle.tolist()
    assert dropped.sentences() == ()
    shorter, dropped = write("optout-list", content, WriteOptions(regions=False))
    assert dropped.sentences() == ("2 works' region hashes",)
    assert not read("optout-list", shorter)[0].has_regions


def test_what_the_header_says() -> None:
    publisher = {"name": "P", "uri": "https://example.org", "contact": "c", "appeals": "a"}
    previous = {"version": 2, "sha256": "ab" * 32}
    header = {**HEADER, "publisher": publisher, "expires": "2027-01-01", "issued": "2026-01-01", "previous": previous}
    _, sink = read("optout-list", lines(header, ARTIST))
    assert (sink.label.id, sink.label.name, sink.label.version, sink.label.expires) == (
        "abc",
        "A list",
        3,
        "2027-01-01",
    )
    assert sink.label.publisher.appeals == "a"
    assert sink.list_source is not None
    assert (sink.list_source.version, sink.list_source.previous_version) == (3, 2)
    assert sink.list_source.previous_sha256 == "ab" * 32


def test_a_tombstone_follows_its_work_at_any_distance() -> None:
    stone = {"type": "tombstone", "workId": "w", "artistId": "a", "status": "duplicate", "date": "2026-01-01"}
    many = [{**WORK, "workId": f"w{n}"} for n in range(5000)]
    back, _ = read("optout-list", lines(HEADER, ARTIST, WORK, *many, stone))
    assert works(back)[0] == WorkRecord("w", "a", status="duplicate", status_date="2026-01-01")
    back, _ = read("optout-list", lines(HEADER, ARTIST, {"type": "tombstone", "artistId": "a"}))
    assert back.artists[0].status == "withdrawn"


def test_keys_without_a_place_are_counted() -> None:
    _, sink = read(
        "optout-list", lines({**HEADER, "colour": 1}, ARTIST, {**WORK, "mood": 1}, {**WORK, "workId": "x", "mood": 2})
    )
    assert dict(sink.dropped) == {"values of 'colour'": 1, "values of 'mood'": 2}


def test_blank_lines_line_ends_and_a_byte_order_mark_do_not_matter() -> None:
    text = "\ufeff" + lines(HEADER, "", ARTIST, WORK).replace("\n", "\r\n")
    assert len(works(read("optout-list", text)[0])) == 1


@pytest.mark.parametrize(
    ("number", "bad", "message"),
    [
        (1, {**HEADER, "format": "optout-list/9"}, "format is 'optout-list/9'"),
        (1, {**HEADER, "version": 0}, "`version` is no whole number from 1"),
        (1, {**HEADER, "version": True}, "`version`"),
        (1, {**HEADER, "id": None}, "`id` is missing"),
        (1, {**HEADER, "previous": {"version": 3, "sha256": "ab" * 32}}, "needs a `version` lower"),
        (1, {**HEADER, "previous": {"version": 2}}, "needs a `version` lower"),
        (1, ARTIST, "first line, and only that, is the header"),
        (1, {**HEADER, "expires": "soon"}, "`expires` is no day"),
        (3, HEADER, "first line, and only that, is the header"),
        (3, {"type": "song"}, "type 'song' is none of"),
        (3, {"workId": "w"}, "`type` is missing"),
        (3, ARTIST, "artist 'a' is listed already"),
        (3, {"type": "artist", "artistId": "b"}, "`names` is missing or empty"),
        (3, {"type": "artist", "artistId": "b", "names": "Ash"}, "`names` is no list"),
        (3, {"type": "artist", "artistId": "b", "names": [1]}, "`names` is no text"),
        (3, {"type": "artist", "artistId": "b", "names": ["B"], "preference": "maybe"}, "`preference` is none of"),
        (3, {"type": "artist", "artistId": "b", "names": ["B"], "aliases": ["x"]}, "something else than objects"),
        (3, {**WORK, "artistId": "b"}, "an artist that is not listed: 'b'"),
        (3, {**WORK, "pdq": "0f" * 31}, "has 64 hex digits, and this has 62"),
        (3, {**WORK, "pdq": "zz" * 32}, "is no hash in `pdq` in hex"),
        (3, {**WORK, "sha256": ["00"]}, "has 64 hex digits, and this has 2"),
        (3, {**WORK, "phash": 5}, "`phash` is no text"),
        (3, {**WORK, "width": -1}, "`width` is no whole number"),
        (3, {**WORK, "width": 1.5}, "`width` is no whole number"),
        (3, {**WORK, "pdqQuality": 101}, "`pdqQuality`"),
        (3, {**WORK, "views": [{"name": "trimmed"}]}, "a view has"),
        (3, {**WORK, "title": "\ud800"}, "half a character"),
        (3, {**WORK, "preference": "allowed"}, "`preference` holds something else than objects"),
        (3, {**WORK, "regions": {"hashes": "AA=="}}, "not a whole number of values"),
        (3, {**WORK, "regions": {"hashes": "!"}}, "is no base64"),
        (3, {"type": "tombstone", "artistId": "a", "workId": "unknown"}, "tombstone for the work 'unknown'"),
        (3, {"type": "tombstone", "artistId": "b"}, "tombstone for the artist 'b'"),
        (3, {"type": "tombstone", "artistId": "a", "status": "active"}, "`status` is none of"),
        (3, {"type": "feedback", "hash": "00"}, "`kind` is missing"),
        (3, {"type": "feedback", "kind": "pdq", "hash": "00", "opinion": "collides"}, "64 hex digits"),
        (3, {"type": "feedback", "kind": "pdq", "hash": "00" * 32}, "`opinion` is missing"),
        (3, "{", "it is no JSON"),
        (3, "[1]", "no JSON object"),
        (3, '{"type": "work", "type": "work"}', "a key is there twice"),
        (3, '{"type": NaN}', "no JSON number"),
        (3, "[" * 100_000, "nested too deeply"),
        (3, '{"a":' * 100_000, "nested too deeply"),
    ],
)
def test_what_does_not_fit_is_named_with_its_line(number: int, bad: dict[str, Any] | str, message: str) -> None:
    good: list[dict[str, Any] | str] = [HEADER, ARTIST][: number - 1]
    with pytest.raises(ListError, match=f"list, line {number}: ") as caught:
        read("optout-list", lines(*good, bad, WORK))
    assert message in str(caught.value)
    assert "Nothing was written" in str(caught.value)


def test_a_work_listed_twice_names_both_lines() -> None:
    with pytest.raises(ListError, match=r"line 4: the work 'w' is listed already in line 3"):
        read("optout-list", lines(HEADER, ARTIST, WORK, WORK))


def test_positions_and_hashes_must_be_equally_many() -> None:
    columns = {"hashes": 32, "x": 2, "y": 2, "scale": 1, "angle": 1}
    regions = {name: base64.b64encode(bytes(size)).decode() for name, size in columns.items()}
    with pytest.raises(ListError, match="not equally many"):
        read("optout-list", lines(HEADER, ARTIST, {**WORK, "regions": regions}))


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_list(data: bytes) -> None:
    with pytest.raises(ListError, match="list is empty"):
        read("optout-list", data)


def test_bytes_that_are_no_text() -> None:
    with pytest.raises(ListError, match="line 2: byte 3 is no UTF-8"):
        read("optout-list", lines(HEADER).encode() + b"ab\xff\n")
