from __future__ import annotations

from dataclasses import replace
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model import Finding, TextMatch
from auditor.outcome import Source
from auditor.report.locations import (
    Location,
    as_uri,
    below_repository,
    file_of,
    main_location,
    related_location,
)
from tests.report import examples

ROWS = {row.rule: row for row in reversed(examples.every_kind())}


def named(source: str, line: int | None, value: str = "by mira", rule: str = "name.caption") -> Finding:
    return replace(ROWS["name.caption"], rule=rule, text=TextMatch(value, 3, 7, source, line, 1.0, "exact", "w"))


def test_a_caption_finding_points_at_its_line_and_columns() -> None:
    assert main_location(named("10_a/b.txt", 4)) == Location("10_a/b.txt", 4, (4, 8))


def test_columns_are_left_out_where_the_text_is_only_part_of_the_line() -> None:
    assert main_location(named("metadata.jsonl", 4)) == Location("metadata.jsonl", 4)
    assert main_location(named("b.txt", 4, "a\nby mira")).columns is None


def test_a_name_in_the_path_points_at_the_sample() -> None:
    for source in ("folder name", "file name", "member name"):
        found = named(source, None, rule="name.path")
        assert main_location(found) == Location("10_mira/keep.png")


def test_a_configuration_key_points_at_the_file() -> None:
    assert main_location(named("set/config.toml:class_tokens", None, rule="name.config")) == Location(
        "set/config.toml", 1
    )


def test_a_picture_is_found_through_the_row_that_admits_it() -> None:
    found = ROWS["copy.exact"]
    assert main_location(found) == Location("10_mira/keep.txt", 1)
    assert related_location(found) == Location("10_mira/keep.png")


def test_a_picture_that_no_file_admits_has_no_line() -> None:
    assert main_location(ROWS["copy.region"]) == Location("10_mira/detail.png")
    assert related_location(ROWS["copy.region"]) is None


@pytest.mark.parametrize(
    ("sample", "path"),
    [
        ("a/b.tar!c/d.png", "a/b.tar"),
        ("b.TAR.GZ!c", "b.TAR.GZ"),
        ("wow!.png", "wow!.png"),
        ("train.parquet!17", "train.parquet"),
    ],
)
def test_members_stand_in_their_archive(sample: str, path: str) -> None:
    assert file_of(sample) == path


@pytest.mark.parametrize(
    ("dataset", "path", "below"),
    [
        ("sets/a", "b/c.png", "sets/a/b/c.png"),
        ("./sets/a/", "c.png", "sets/a/c.png"),
        (".", "c.png", "c.png"),
        ("sets/a.tar", "a.tar", "sets/a.tar"),
        ("a.tar", "a.tar", "a.tar"),
        ("../outside", "c.png", None),
        ("/abs/sets", "c.png", None),
        ("C:\\sets", "c.png", None),
        ("sets/a", "../../../etc/passwd", None),
    ],
)
def test_paths_below_the_repository(dataset: str, path: str, below: str | None) -> None:
    report = examples.full()
    report = replace(report, dataset=replace(report.dataset, sources=(Source(dataset, "flat"),)))
    assert below_repository(report, path) == below


@given(st.binary(min_size=1, max_size=20).filter(lambda raw: b"\x00" not in raw))
def test_a_uri_gives_the_bytes_of_the_name_back(raw: bytes) -> None:
    uri = as_uri(raw.decode("utf-8", "surrogateescape"))
    assert uri.isascii()
    assert unquote_to_bytes(uri) == raw
    assert not set(uri) & set(' :?#"<>\\^`{|}')
