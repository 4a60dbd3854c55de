from __future__ import annotations

import pytest

from auditor.model import Artist
from auditor.names.lint import lint_names


@pytest.mark.parametrize(
    ("names", "rule"),
    [
        (("Rose",), "never-safe"),
        (("Ross",), "needs-cue"),
        (("Finland",), "place"),
        (("Zeus",), "fictional"),
        (("Quorvex Studio",), "organisation"),
        (("???",), "no-name"),
    ],
)
def test_single_names(names: tuple[str, ...], rule: str) -> None:
    advice = lint_names([Artist("a", names)])
    assert rule in {item.rule for item in advice}
    assert all(item.message.endswith(".") and item.fix for item in advice)


def test_a_full_name_gives_no_advice() -> None:
    assert lint_names([Artist("a", ("Greg Rutkowski",), ("grzegorz rutkowski",), ("alias",))]) == ()


def test_a_name_marked_as_ambiguous_is_not_called_unsafe() -> None:
    assert "never-safe" not in {item.rule for item in lint_names([Artist("a", ("Rose",), ambiguous=("Rose",))])}


def test_names_of_two_artists_and_names_inside_others() -> None:
    advice = lint_names([Artist("a", ("Kim Jung Gi",)), Artist("b", ("kim_jung-gi",)), Artist("c", ("Jung Gi",))])
    assert {(item.rule, item.artist_id) for item in advice} >= {("same-name", "a"), ("same-name", "b")}
    assert ("inside-another", "c") in {(item.rule, item.artist_id) for item in advice}


def test_withdrawn_artists_are_left_out() -> None:
    assert lint_names([Artist("a", ("Rose",), status="withdrawn")]) == ()


def test_many_equal_names_stay_short() -> None:
    advice = lint_names([Artist(str(number), ("Rose",)) for number in range(3_000)])
    assert len(advice) == 6_000
    assert max(len(item.message) for item in advice) < 200
