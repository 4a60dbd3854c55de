from __future__ import annotations

from datetime import date
from pathlib import Path

from auditor.index.opening.names import labels, listed_artists, listed_names, names_of
from auditor.names.interface import ListedName
from tests.index.samples import make_index, person


def test_equal_names_get_distinct_labels(tmp_path: Path) -> None:
    indexes = [make_index(tmp_path / place / name) for place, name in (("x", "a"), ("y", "a"), ("z", "b"), ("w", "a"))]
    assert labels(indexes) == ("a", "a#2", "b", "a#3")
    assert labels([]) == ()


def test_every_surface_is_listed_once() -> None:
    artist = person(
        "ash",
        aliases=("ash_v", "阿什", "Ash Varga"),
        alias_kinds=("handle", "native", "alias"),
        ambiguous=("ash_v", "Ash"),
    )
    found = list(names_of(artist, "list/ash"))
    assert ListedName("list/ash", "Ash Varga", "name") in found
    assert ListedName("list/ash", "ash_v", "handle", ambiguous=True) in found
    assert ListedName("list/ash", "阿什", "native") in found
    assert ListedName("list/ash", "Ash", "alias", ambiguous=True) in found
    assert len(found) == 4


def test_who_allows_or_has_withdrawn_is_not_searched_for(tmp_path: Path) -> None:
    people = [
        person("a"),
        person("b", "Bo", preference="allowed"),
        person("c", "Cy", status="wrong-claim"),
        person("d", "Di", preference="constrained", expires="2025-01-01"),
    ]
    index = make_index(tmp_path / "list", people)
    found = listed_artists([index], date(2026, 1, 1))
    assert sorted(found) == ["list/a", "list/d"]
    assert found["list/d"][1] == "list"
    remarks = " ".join(found["list/d"][0].remarks)
    assert "subject to conditions" in remarks
    assert "2025-01-01" in remarks
    assert {name.name for name in listed_names([index])} == {"Ash Varga", "Di"}


def test_keys_tell_indexes_apart(tmp_path: Path) -> None:
    indexes = [make_index(tmp_path / place / "list") for place in ("x", "y")]
    assert {name.artist_id for name in listed_names(indexes)} == {"list/a", "list#2/a"}
