from __future__ import annotations

from datetime import date

import pytest

from auditor.index.format.preferences import artist_today, constraint, for_training, holds, is_expired, is_listed
from auditor.index.format.schema import Preferences
from tests.index.samples import person

TODAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("expires", "expired"),
    [(None, False), ("2026-02-28", True), ("2026-03-01", False), ("2027-01-01", False), ("soon", False)],
)
def test_the_last_day_still_counts(expires: str | None, expired: bool) -> None:
    assert is_expired(expires, TODAY) is expired
    assert is_expired(expires, None) is False


@pytest.mark.parametrize(
    ("said", "artist", "result"),
    [
        (Preferences(), "prohibited", "prohibited"),
        (Preferences(training="allowed"), "prohibited", "allowed"),
        (Preferences("prohibited", "allowed"), "allowed", "prohibited"),
        (Preferences(inference="allowed"), "constrained", "constrained"),
    ],
)
def test_the_most_specific_statement_counts(said: Preferences, artist: str, result: str) -> None:
    assert for_training(said, artist) == result


def test_a_permission_that_ended_no_longer_silences() -> None:
    assert holds("allowed", "2026-03-01", TODAY) == ("allowed", ())
    preference, remarks = holds("allowed", "2026-02-28", TODAY)
    assert preference == "constrained"
    assert remarks == ("The permission for this entry ended on 2026-02-28.",)


def test_a_reservation_that_ended_says_so() -> None:
    preference, (remark,) = holds("prohibited", "2025-12-31", TODAY)
    assert preference == "prohibited"
    assert "ended on 2025-12-31" in remark


def test_conditions_are_pointed_to() -> None:
    assert constraint("prohibited", "https://example.org") == ()
    assert "https://example.org/terms" in constraint("constrained", "https://example.org/terms")[0]
    assert "asking the artist" in constraint("constrained", None)[0]


def test_artists_as_they_count_today() -> None:
    assert is_listed(artist_today(person(), TODAY))
    assert not is_listed(artist_today(person(preference="allowed"), TODAY))
    assert not is_listed(artist_today(person(status="withdrawn"), TODAY))
    returned = artist_today(person(preference="allowed", expires="2025-01-01"), TODAY)
    assert is_listed(returned)
    assert returned.remarks[-1] == "The permission for this entry ended on 2025-01-01."
    assert "subject to conditions" in artist_today(person(preference="constrained"), TODAY).remarks[0]
