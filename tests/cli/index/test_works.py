"""Listing works, and withdrawing them by what the list shows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.index.opening.store import open_index
from auditor.model import Artist
from tests.cli.inprocess import call, ok
from tests.index.samples import gallery, make_index, person, record


@pytest.fixture
def place(tmp_path: Path) -> Path:
    works = [record(0, title="Ash Keep.png"), record(1, title="Harbour"), record(2, title="harbour.jpg"),
             record(3, status="withdrawn", title=None)]  # fmt: skip
    people = [person(aliases=("ash_v",)), Artist("b", ("Bo",)), Artist("c", ("Cy",), status="withdrawn")]
    make_index(tmp_path / "i", people,
               works)  # fmt: skip
    return tmp_path


def statuses(place: Path) -> dict[str, str]:
    return {work.work_id: work.status for work in open_index(place / "i").works()}


def test_every_work_and_every_artist_is_listed(place: Path) -> None:
    said = ok(place, "index", "list", "i")
    assert [line.split() for line in said.splitlines()[:2]] == [
        ["work", "artist", "title", "status"],
        [record(0).work_id, "Ash", "Varga", "Ash", "Keep.png", "active"],
    ]
    assert "4 works." in said
    assert any(line.split()[1:] == ["Bo", "active"] for line in said.splitlines())
    rows = json.loads(ok(place, "index", "list", "i", "--json"))
    assert len(rows) == 6
    assert rows[0] == {
        "work": record(0).work_id, "artistId": "a", "artist": "Ash Varga", "title": "Ash Keep.png", "status": "active",
    }  # fmt: skip
    assert {row["artist"]: row["status"] for row in rows if row["work"] is None} == {"Bo": "active", "Cy": "withdrawn"}


def test_it_can_be_narrowed(place: Path) -> None:
    withdrawn = json.loads(ok(place, "index", "list", "i", "--status", "withdrawn", "--json"))
    assert [row["work"] for row in withdrawn] == [record(3).work_id, None]
    assert len(json.loads(ok(place, "index", "list", "i", "--artist", "ash_v", "--json"))) == 4
    done = call("index", "list", "i", "--artist", "Nobody", cwd=place)
    assert (done.returncode, "No artist is listed as 'Nobody'" in done.stderr) == (2, True)
    assert ok(place, "index", "list", "nowhere", code=2)


@pytest.mark.parametrize("title", ["Ash Keep.png", "ash keep", "ASH KEEP.PNG"])
def test_a_work_is_withdrawn_by_its_title(place: Path, title: str) -> None:
    ok(place, "index", "withdraw", "i", "--work", title)
    assert [work for work, status in statuses(place).items() if status != "active"] == [
        record(0).work_id, record(3).work_id,
    ]  # fmt: skip


def test_a_title_of_several_works_is_refused_with_their_ids(place: Path) -> None:
    done = call("index", "withdraw", "i", "--work", "harbour", cwd=place)
    assert done.returncode == 2
    assert f"a/{record(1).work_id}" in done.stderr
    assert f"a/{record(2).work_id}" in done.stderr
    ok(place, "index", "withdraw", "i", "--work", "harbour.jpg")
    assert statuses(place)[record(2).work_id] == "withdrawn"


def test_what_is_not_listed_says_where_to_look(place: Path) -> None:
    done = call("index", "withdraw", "i", "--work", "Castle", cwd=place)
    assert (done.returncode, "auditor index list DIR" in done.stderr) == (2, True)


def test_a_work_is_withdrawn_by_its_file(tmp_path: Path) -> None:
    home = gallery(tmp_path / "art", "Ash Varga", 2)
    ok(tmp_path, "index", "build", "art", "--out", "i", "--no-regions", "--no-titles")
    file = sorted(home.iterdir())[0]
    ok(tmp_path, "index", "withdraw", "i", "--work", file.relative_to(tmp_path))
    assert sorted(statuses(tmp_path).values()) == ["active", "withdrawn"]
