"""What the day of a scan decides, beside a reference that asks every entry whether it has ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.index.format.preferences import is_expired
from auditor.index.making.versions import Label
from auditor.index.opening.days import last_ended
from auditor.index.opening.store import open_index
from tests.index.samples import make_index, person, record

DAYS = st.none() | st.dates(date(2026, 1, 1), date(2026, 2, 10)).map(date.isoformat)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("days")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(artist=DAYS, works=st.lists(DAYS, min_size=1, max_size=3), start=st.integers(0, 30), number=st.uuids())
def test_days_with_the_same_answer_have_ended_the_same(
    empty: Path, artist: str | None, works: list[str | None], start: int, number: object
) -> None:
    records = [replace(record(n, "a"), expires=day) for n, day in enumerate(works)]
    index = make_index(empty / str(number), [replace(person("a", "Ash"), expires=artist)], records)
    for step in range(10):
        first = date(2026, 1, 5) + timedelta(days=start + step)
        second = first + timedelta(days=1)
        states = [[is_expired(day, today) for day in (artist, *works)] for today in (first, second)]
        assert (last_ended([index], first) == last_ended([index], second)) == (states[0] == states[1])


def test_the_end_of_the_whole_index_counts(tmp_path: Path) -> None:
    make_index(tmp_path / "i", [person("a", "Ash")], [record(1, "a")], label=Label(expires="2026-03-01"))
    index = open_index(tmp_path / "i")
    assert last_ended([index], date(2026, 3, 1)) is None
    assert last_ended([index], date(2026, 3, 2)) == date(2026, 3, 1)
    assert last_ended([], date(2026, 3, 2)) is None
