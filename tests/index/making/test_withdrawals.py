"""A stranger's tombstones do not empty an artist without a person's word."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings

from auditor.index.format.schema import WorkRecord
from auditor.index.making.content import Content, content_of, is_active
from auditor.index.making.merging import merge
from auditor.index.making.versions import Label
from auditor.index.making.withdrawals import Emptied, Listed, emptied
from auditor.index.opening.store import open_index
from auditor.model import Artist
from tests.cli.inprocess import call, ok
from tests.index.samples import content, contents, make_index, person, record


def gone(seed: int, artist: str = "a") -> WorkRecord:
    return WorkRecord(record(seed).work_id, artist, status="withdrawn")


BURIED = Artist("a", ("Ash Varga",), status="withdrawn")
OURS = content([person()], [record(0), record(1)])


@pytest.mark.parametrize(
    ("other", "identity", "works"),
    [
        pytest.param(content([BURIED], []), "theirs", 2, id="the artist, by a stranger"),
        pytest.param(content([person()], [gone(0), gone(1)]), "theirs", 2, id="every work, by a stranger"),
        pytest.param(content([BURIED], [gone(0), gone(1)]), "theirs", 2, id="both, by a stranger"),
        pytest.param(content([BURIED], [gone(0), gone(1)]), "ours", None, id="both, by the list itself"),
        pytest.param(content([person()], [gone(0), gone(1)]), "ours", None, id="every work, by the list itself"),
        pytest.param(content([person()], [gone(0)]), "theirs", None, id="one of two works"),
        pytest.param(content([person()], [record(2), gone(0), gone(1)]), "theirs", None, id="a new work stays"),
        pytest.param(content([person("b", "Bo")], [record(5, "b")]), "theirs", None, id="nothing"),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_what_leaves_nothing_of_an_artist(other: Content, identity: str, works: int | None, first: bool) -> None:
    lists = [Listed("ours", "Ours", OURS), Listed(identity, "Theirs", other)]
    lists = lists if first else lists[::-1]
    joined = merge([listed.content for listed in lists]).content
    expected = () if works is None else (Emptied("a", "Ash Varga", works, ("Theirs",)),)
    assert emptied(lists, joined) == expected


def test_a_name_alone_can_be_emptied_too() -> None:
    names = content([person()], [])
    lists = [Listed("x", "X", names), Listed("y", "Y", content([BURIED], []))]
    assert [row.by for row in emptied(lists, merge([names, lists[1].content]).content)] == [("Y",)]


@settings(max_examples=60, deadline=None)
@given(contents(), contents())
def test_without_foreign_tombstones_nobody_is_emptied_and_with_them_somebody_was_listed(
    first: Content, second: Content
) -> None:
    joined = merge([first, second]).content
    same = [Listed("x", "X", first), Listed("x", "X", second)]
    assert emptied(same, joined) == ()
    for row in emptied([Listed("x", "X", first), Listed("y", "Y", second)], joined):
        active = [artist for artist in joined.artists if artist.id == row.artist_id and artist.status == "active"]
        works = joined.works.filter(is_active(joined.works))
        assert not active or row.artist_id not in works["artist_id"].to_pylist()
        assert row.by


def test_merging_asks_and_writes_nothing_before(tmp_path: Path) -> None:
    make_index(tmp_path / "ours", [person()], [record(0)])
    make_index(tmp_path / "theirs", [BURIED, person("b", "Bo")], [record(5, "b")])
    done = call("index", "merge", "ours", "theirs", "--out", "joined", cwd=tmp_path)
    assert done.returncode == 2
    assert "Nothing would be left of Ash Varga (1 works): 'theirs' withdraws" in done.stderr
    assert not (tmp_path / "joined").exists()
    ok(tmp_path, "index", "merge", "ours", "theirs", "--out", "joined", "--accept-withdrawals")
    assert open_index(tmp_path / "joined").info.artists == 1


def test_a_list_withdraws_its_own(tmp_path: Path) -> None:
    label = Label(id="0" * 32)
    make_index(tmp_path / "old", [person(), person("b", "Bo")], [record(0)], label=label)
    make_index(tmp_path / "new", [BURIED, person("b", "Bo")], [gone(0)], label=label)
    ok(tmp_path, "index", "merge", "old", "new", "--out", "joined")
    assert content_of(open_index(tmp_path / "joined")).works["status"].to_pylist() == ["withdrawn"]


def test_importing_a_strangers_list_beside_ones_own_asks_too(tmp_path: Path) -> None:
    make_index(tmp_path / "ours", [person(), person("b", "Bo")], [record(0)])
    make_index(tmp_path / "theirs", [person(), person("b", "Bo")], [gone(0)])
    ok(tmp_path, "index", "export", "theirs", "--format", "optout-list", "--out", "list.jsonl")
    words = ("index", "import", "list.jsonl", "--format", "optout-list", "--out", "ours", "--add")
    done = call(*words, cwd=tmp_path)
    assert (done.returncode, "'list.jsonl' withdraws" in done.stderr) == (2, True)
    assert open_index(tmp_path / "ours").manifest.version == 1
    ok(tmp_path, *words, "--accept-withdrawals")
    assert open_index(tmp_path / "ours").info.works == 0
