from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings

from auditor.index.format.schema import Feedback, Preferences
from auditor.index.format.tables import works_from, works_table
from auditor.index.making.content import Content, Segment
from auditor.index.making.merging import merge
from auditor.index.making.verify import verify_index
from auditor.index.making.versions import create
from auditor.index.search.region_columns import features_of
from auditor.model import Statement
from tests.index import samples
from tests.index.samples import TODAY, content, person, record, with_regions


def listed(merged: Content) -> list[object]:
    return list(works_from(merged.works))


def test_distinct_lists_are_put_together() -> None:
    merged = merge([content([person("a")], [record(0)]), content([person("b", "Bo")], [record(1, "b")])])
    assert (merged.shared, merged.conflicts) == (0, ())
    assert [artist.id for artist in merged.content.artists] == ["a", "b"]
    assert listed(merged.content) == [record(0), record(1, "b")]


def test_a_work_in_two_lists_is_listed_once_with_everything_known() -> None:
    thin = replace(record(0), phash=None, title=None, sha256=(b"\1" * 32,))
    merged = merge([content([person()], [thin, record(1)]), content([person()], [record(1), record(0)])])
    assert merged.shared == 2
    first, second = works_from(merged.content.works)
    assert first == replace(record(0), sha256=(b"\1" * 32, *record(0).sha256))
    assert second == record(1)
    assert merged.conflicts == ()


def test_what_the_lists_say_differently_is_told_and_the_first_counts() -> None:
    other = replace(record(0), title="another", preference=Preferences("constrained"))
    mine = replace(record(0), preference=Preferences("allowed"))
    merged = merge([content([person()], [mine]), content([person()], [other])])
    (work,) = works_from(merged.content.works)
    assert work.title == "picture 0"
    assert work.preference == Preferences("constrained")
    assert "differ in title" in merged.conflicts[0]


def test_a_tombstone_anywhere_wins() -> None:
    gone = replace(record(0), status="withdrawn", sha256=(), pdq=None)
    for lists in ([record(0)], [gone]), ([gone], [record(0)]):
        merged = merge([content([person()], works) for works in lists])
        (work,) = works_from(merged.content.works)
        assert work.status == "withdrawn"
        assert "stays withdrawn" in merged.conflicts[0]
    quiet = merge([content([person()], [gone]), content([person()], [gone])])
    assert quiet.conflicts == ()
    for people in ([person()], [person(status="withdrawn")]), ([person(status="withdrawn")], [person()]):
        merged = merge([content(p, []) for p in people])
        assert merged.content.artists == (person(status="withdrawn"),)


def test_artists_keep_every_name_and_the_stricter_preference() -> None:
    first = person(
        aliases=("ash",), alias_kinds=("handle",), preference="allowed", expires="2027-01-01", verification="domain"
    )
    second = person(
        aliases=("ash", "阿什"), alias_kinds=("alias", "native"), statements=(Statement("self", "2026-01-01"),)
    )
    merged = merge([content([first], []), content([second], [])])
    (artist,) = merged.content.artists
    assert (artist.aliases, artist.alias_kinds) == (("ash", "阿什"), ("handle", "native"))
    assert (artist.preference, artist.expires, artist.verification) == ("prohibited", None, "domain")
    assert artist.statements == second.statements
    assert "the stricter counts" in merged.conflicts[0]


def test_regions_follow_their_works_from_either_side() -> None:
    plain = Segment(works_table([record(0), record(1)]))
    regional = with_regions([record(2), record(1), record(3)])
    for order in ([plain, regional], [regional, plain]):
        merged = merge([Content((person(),), (segment,)) for segment in order])
        ids = [work.work_id for work in works_from(merged.content.works)]
        assert sorted(ids) == [record(n).work_id for n in range(4)]
        tables = list(merged.content.region_tables())
        assert [i for table in tables for i in table["work_id"].to_pylist()] == ids
        counts = dict(zip(ids, (len(f) for table in tables for f in features_of(table)), strict=True))
        assert {n: counts[record(n).work_id] for n in range(4)} == {0: 0, 1: 5, 2: 5, 3: 5}


def test_regions_go_with_a_withdrawal() -> None:
    gone = replace(record(1), status="withdrawn")
    merged = merge([Content((person(),), (with_regions([record(0), record(1)]),)), content([person()], [gone])])
    assert [len(f) for table in merged.content.region_tables() for f in features_of(table)] == [5, 0]


def test_opinions_are_kept_once() -> None:
    opinion = Feedback("pdq", bytes(32), "collides")
    assert merge([content([person()], [], [opinion])] * 2).content.feedback == (opinion,)


@settings(max_examples=20, deadline=None)
@given(samples.contents(), samples.contents())
def test_merging_is_whole_and_valid(first: Content, second: Content) -> None:
    merged = merge([first, second]).content
    ids = [(w.artist_id, w.work_id) for w in works_from(merged.works)]
    expected = {(w.artist_id, w.work_id) for c in (first, second) for w in works_from(c.works)}
    assert len(ids) == len(set(ids))
    assert set(ids) == expected
    assert {a.id for a in merged.artists} == {a.id for c in (first, second) for a in c.artists}
    stones = {(w.artist_id, w.work_id) for c in (first, second) for w in works_from(c.works) if w.status != "active"}
    assert {(w.artist_id, w.work_id) for w in works_from(merged.works) if w.status != "active"} == stones
    again = merge([merged, first, second])
    assert {(w.artist_id, w.work_id): w for w in works_from(again.content.works)} == {
        (w.artist_id, w.work_id): w for w in works_from(merged.works)
    }


def test_a_merged_index_verifies(tmp_path: Path) -> None:
    merged = merge([content([person()], [record(0)]), Content((person(),), (with_regions([record(0), record(1)]),))])
    create(tmp_path / "joined", merged.content, today=TODAY)
    verification = verify_index(tmp_path / "joined", today=TODAY)
    assert verification.index.manifest.counts["works"] == 2
