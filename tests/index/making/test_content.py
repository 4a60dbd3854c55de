from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from auditor.errors import UsageError
from auditor.index.format.schema import Feedback, WorkRecord
from auditor.index.format.tables import works_from, works_table
from auditor.index.making.carry import NO_LONGER_THERE, carry_over
from auditor.index.making.content import Content, Segment, content_of, entombed, kept, keys
from auditor.index.making.diff import Difference, diff
from auditor.index.making.editing import (
    Tombstone,
    add_feedback,
    find_artist,
    find_works,
    parse_hash,
    undo,
    withdraw,
)
from auditor.index.making.versions import create
from auditor.index.opening.store import open_index
from auditor.index.search.columns import open_searcher
from auditor.index.search.region_columns import (
    empty_table,
    features_of,
    features_table,
    region_sources,
    with_empty_rows,
)
from auditor.model import Statement
from tests.index.samples import TODAY, content, features, person, record, with_regions

STONE = Tombstone("wrong-claim", "2026-03-01", "a note")


def sizes(segment_regions: Content) -> list[int]:
    return [len(item) for table in segment_regions.region_tables() for item in features_of(table)]


def regional(*works: WorkRecord) -> Content:
    return Content((person(),), (with_regions(works),))


def test_features_come_back_in_order() -> None:
    given = [features(1), None, features(2, 0), features(3, 9)]
    table = features_table(["a", "b", "c", "d"], given)
    back = list(features_of(table))
    assert [len(item) for item in back] == [5, 0, 0, 9]
    assert back[3].codes.tobytes() == features(3, 9).codes.tobytes()
    assert back[3].angle.tobytes() == features(3, 9).angle.tobytes()
    assert [len(item) for item in features_of(table.slice(1))] == [0, 0, 9]
    assert empty_table([]).num_rows == 0


def test_rows_can_be_emptied_in_place() -> None:
    table = features_table(["a", "b", "c"], [features(1), features(2), features(3)])
    emptied = with_empty_rows(table, np.array([False, True, False]))
    assert emptied["work_id"].to_pylist() == ["a", "b", "c"]
    assert [len(item) for item in features_of(emptied)] == [5, 0, 5]
    assert list(features_of(emptied))[2].x.tobytes() == features(3).x.tobytes()
    assert with_empty_rows(table, np.zeros(3, np.bool_)) is table


def test_segments_can_be_filtered_with_their_regions() -> None:
    segment = with_regions([record(n) for n in range(4)])
    part = kept(segment, np.array([True, False, False, True]))
    assert part.works["work_id"].to_pylist() == [record(0).work_id, record(3).work_id]
    assert part.regions is not None
    (table,) = part.regions()
    assert table["work_id"].to_pylist() == part.works["work_id"].to_pylist()
    assert kept(segment, np.ones(4, np.bool_)) is segment


def test_tombstones_keep_ids_only() -> None:
    segment = entombed(with_regions([record(0), record(1)]), np.array([False, True]), "duplicate", "2026-01-01", None)
    first, second = works_from(segment.works)
    assert first == record(0)
    assert second == WorkRecord(record(1).work_id, "a", status="duplicate", status_date="2026-01-01")
    assert segment.regions is not None
    assert [len(item) for table in segment.regions() for item in features_of(table)] == [5, 0]


def test_segments_without_regions_get_empty_rows() -> None:
    joined = Content((person(),), (with_regions([record(0)]), Segment(works_table([record(1), record(2)]))))
    assert joined.has_regions
    assert sizes(joined) == [5, 0, 0]
    assert keys(joined.works).to_pylist() == [f"a/{record(n).work_id}" for n in range(3)]


def test_withdrawing_works_and_artists(tmp_path: Path) -> None:
    people = [person("a", statements=(Statement(),), aliases=("ash_v",), alias_kinds=("handle",)), person("b", "Bo")]
    before = Content(tuple(people), (with_regions([record(0), record(1, "b"), record(2, "b")]),))
    one = withdraw(before, [record(0).work_id], [], STONE)
    assert [work.status for work in works_from(one.works)] == ["wrong-claim", "active", "active"]
    assert one.artists == before.artists
    everybody = withdraw(one, [], ["ash_v", "bo"], Tombstone("withdrawn", "2026-03-02"))
    assert [work.status for work in works_from(everybody.works)] == ["wrong-claim", "withdrawn", "withdrawn"]
    assert everybody.artists[0] == person("a", status="withdrawn", status_date="2026-03-02")
    assert sizes(everybody) == [0, 0, 0]
    create(tmp_path / "i", everybody, today=TODAY)
    assert open_index(tmp_path / "i").manifest.counts["tombstones"] == 5


def test_taking_a_withdrawal_back() -> None:
    before = content([person("a"), person("b", "Bo")], [record(0), record(1, "b")])
    gone = withdraw(before, [], ["a", "b"], STONE)
    back = undo(gone, [], ["Bo"])
    assert [artist.status for artist in back.artists] == ["wrong-claim", "active"]
    assert [work.work_id for work in works_from(back.works)] == [record(0).work_id]


def test_naming_works_and_artists() -> None:
    works = [replace(record(0), work_id="abcdef000"), replace(record(1), work_id="abcdef111")]
    listed = content([person("a"), person("b", "Bo"), person("c", "BO")], works)
    assert find_works(listed, "abcdef000").tolist() == [True, False]
    assert find_works(listed, "abcdef1").tolist() == [False, True]
    assert find_works(listed, record(1).sha256[0].hex()).tolist() == [False, True]
    for text, message in (
        ("abcdef", "Several works"),
        ("abc", "No work"),
        ("f" * 64, "No work"),
        ("zzzzzzz", "No work"),
    ):
        with pytest.raises(UsageError, match=message):
            find_works(listed, text)
    assert find_artist(listed, "ash varga").id == "a"
    assert find_artist(listed, "c").id == "c"
    with pytest.raises(UsageError, match=r"name one by id \(b, c\)"):
        find_artist(listed, "bo")
    with pytest.raises(UsageError, match="No artist"):
        find_artist(listed, "nobody")


def test_opinions_replace_those_of_the_same_person() -> None:
    first = Feedback("pdq", bytes(32), "collides", by="A")
    listed = add_feedback(content([person()], []), first)
    listed = add_feedback(listed, replace(first, by="B"))
    listed = add_feedback(listed, replace(first, opinion="confirmed"))
    assert [(opinion.by, opinion.opinion) for opinion in listed.feedback] == [("B", "collides"), ("A", "confirmed")]


def test_hashes_on_the_command_line() -> None:
    assert parse_hash("phash", "00ff00ff00ff00ff") == bytes.fromhex("00ff00ff00ff00ff")
    with pytest.raises(UsageError, match="64 bits; pdq has 256"):
        parse_hash("pdq", "00ff00ff00ff00ff")
    with pytest.raises(UsageError, match="no hash in hex"):
        parse_hash("pdq", "xyz")


def test_a_build_withdraws_what_is_gone_and_an_addition_does_not() -> None:
    old = content([person("a"), person("b", "Bo")], [record(0), record(1, "b")])
    new = content([person("a")], [record(0), record(2)])
    built = carry_over(old, new, "2026-03-01", keep=False, described=frozenset())
    assert (built.added, built.withdrawn, built.still_withdrawn) == (1, 1, 0)
    assert [a.status for a in built.content.artists] == ["active", "withdrawn"]
    added = carry_over(old, new, "2026-03-01", keep=True, described=frozenset())
    assert (added.added, added.withdrawn) == (1, 0)
    assert [a.status for a in added.content.artists] == ["active", "active"]
    back = carry_over(built.content, old, "2026-03-02", keep=True, described=frozenset())
    assert (back.added, back.still_withdrawn) == (1, 0), f"'{NO_LONGER_THERE}' is undone by itself"
    assert carry_over(None, new, "x", keep=False, described=frozenset()).added == 2


def test_what_changed() -> None:
    first = content([person("a"), person("b", "Bo"), person("c", "Cy")], [record(0), record(1), record(2)])
    changed = [replace(record(0), title="new"), replace(record(1), status="withdrawn"), record(3)]
    people = [person("a", preference="allowed"), person("b", "Bo", status="withdrawn"), person("d", "Di")]
    found = diff(first, content(people, changed, [Feedback("pdq", bytes(32), "collides")]))
    assert found == Difference(
        artists_added=("d",),
        artists_removed=("c",),
        artists_withdrawn=("b",),
        artists_changed=("a",),
        works_added=(f"a/{record(3).work_id}",),
        works_removed=(f"a/{record(2).work_id}",),
        works_withdrawn=(f"a/{record(1).work_id}",),
        works_changed=(f"a/{record(0).work_id}",),
        feedback_added=1,
    )
    assert not found.empty
    assert diff(first, first).empty


def test_region_sources_follow_the_searcher(tmp_path: Path) -> None:
    works = [record(0), record(1), replace(record(2), status="withdrawn")]
    create(tmp_path / "names", content([person()], []), today=TODAY)
    create(tmp_path / "regions", regional(*works), today=TODAY)
    searcher = open_searcher([open_index(tmp_path / "names"), open_index(tmp_path / "regions")])
    (source,) = region_sources(searcher)
    assert source.works.tolist() == [0, 1, -1]
    assert source.digest == searcher.indexes[1].manifest.files["regions.parquet"].sha256
    (rows,) = source.batches()
    assert rows.counts.tolist() == [5, 5, 5]
    assert rows.sizes.tolist() == [[400, 300], [400, 301], [400, 302]]
    assert rows.codes[5:10].tobytes() == features(1).codes.tobytes()


def test_what_an_index_holds_is_what_was_written(tmp_path: Path) -> None:
    create(tmp_path / "i", regional(record(0), record(1)), today=TODAY)
    back = content_of(open_index(tmp_path / "i"))
    assert back.works.equals(regional(record(0), record(1)).works.combine_chunks()) or list(works_from(back.works)) == [
        record(0),
        record(1),
    ]
    assert sizes(back) == [5, 5]
