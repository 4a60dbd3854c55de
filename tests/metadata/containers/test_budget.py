"""Bounds on one file."""

from __future__ import annotations

import zlib

from hypothesis import given
from hypothesis import strategies as st

from auditor.metadata.containers.budget import FIELD_LIMIT, NOTE_LIMIT, TEXT_LIMIT, TOTAL_LIMIT, Budget


def reasons(budget: Budget) -> list[tuple[str, str]]:
    return [(note.reason, note.where) for note in budget.notes]


def test_a_field_within_the_bounds_is_taken_in_silence() -> None:
    budget = Budget()
    assert budget.take(TEXT_LIMIT, "here")
    assert budget.notes == []


def test_one_field_may_not_be_too_large() -> None:
    budget = Budget()
    assert not budget.take(TEXT_LIMIT + 1, "here")
    assert reasons(budget) == [("too-large", "here")]


@given(st.lists(st.integers(0, TEXT_LIMIT + 10), max_size=30))
def test_all_fields_together_stay_below_the_total(sizes: list[int]) -> None:
    budget = Budget()
    assert sum(size for size in sizes if budget.take(size, "here")) <= TOTAL_LIMIT


def test_fields_are_counted() -> None:
    budget = Budget()
    assert sum(budget.take(1, "here") for _ in range(FIELD_LIMIT + 5)) == FIELD_LIMIT
    assert reasons(budget) == [("too-many", "here")]


def test_notes_are_kept_once_and_not_without_end() -> None:
    budget = Budget()
    for number in range(NOTE_LIMIT * 2):
        budget.note("malformed", "first", f"place {number}")
        budget.note("malformed", "again", f"place {number}")
    assert len(budget.notes) == NOTE_LIMIT
    assert {note.detail for note in budget.notes} == {"first"}


@given(st.binary(max_size=2000))
def test_packed_data_comes_back(data: bytes) -> None:
    assert Budget().inflate(zlib.compress(data), "here") == data


def test_a_bomb_is_not_unpacked_and_counts_against_the_total() -> None:
    budget = Budget()
    bomb = zlib.compress(bytes(TEXT_LIMIT * 2))
    assert budget.inflate(bomb, "here") is None
    assert budget.bytes_left == TOTAL_LIMIT - TEXT_LIMIT
    assert reasons(budget) == [("too-large", "here")]


def test_damaged_data_leaves_a_note() -> None:
    budget = Budget()
    assert budget.inflate(b"not packed at all", "here") is None
    assert reasons(budget) == [("malformed", "here")]
