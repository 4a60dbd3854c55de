from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.index.exchange.sink import ListError
from auditor.index.format.identity import artist_id
from auditor.index.making.artist_toml import guess_kind
from auditor.model import Artist, Statement
from tests.index.exchange.lists import read, write
from tests.index.samples import content, days, person, texts

HEADER = "artist,alias,statement,declared,source,status,cue\n"
surfaces = texts.filter(lambda text: not text.startswith("\ufeff"))


@st.composite
def plain_artists(draw: st.DrawFn) -> Artist:
    """What the form has a place for."""
    names = draw(st.lists(surfaces, min_size=1, max_size=4, unique=True))
    said = st.builds(Statement, st.just("public-record"), st.none() | days, surfaces, st.none() | surfaces)
    ambiguous = draw(st.sets(st.sampled_from(names)))
    return Artist(
        id=artist_id(names[0]),
        names=(names[0],),
        aliases=tuple(names[1:]),
        alias_kinds=tuple(guess_kind(alias) for alias in names[1:]),
        ambiguous=tuple(name for name in names if name in ambiguous),
        statements=tuple(draw(st.lists(said, max_size=3, unique=True))),
        status=draw(st.sampled_from(["active", "withdrawn"])),
    )


@settings(max_examples=20, deadline=None)
@given(st.lists(plain_artists(), min_size=1, max_size=3, unique_by=lambda artist: artist.id))
def test_artists_come_back_whole(artists: list[Artist]) -> None:
    text, dropped = write("names-csv", content(artists, []))
    back, sink = read("names-csv", text)
    assert {a.id: (a, set(a.ambiguous)) for a in back.artists}.keys() == {a.id for a in artists}
    for ours, theirs in zip(artists, back.artists, strict=True):
        assert set(ours.ambiguous) == set(theirs.ambiguous)
        assert (ours.names, ours.aliases, ours.alias_kinds) == (theirs.names, theirs.aliases, theirs.alias_kinds)
        assert (ours.statements, ours.status) == (theirs.statements, theirs.status)
    assert (dropped.sentences(), dict(sink.dropped)) == ((), {})


def test_rows_of_one_artist_may_stand_anywhere() -> None:
    back, sink = read(
        "names-csv",
        "artist,alias,statement,declared,source,status\n"
        "Ash Varga,ash_v,said so,2026-01,https://example.org,active\n"
        "Bo,,,,,\n"
        "Ash Varga,Ash V.,,,,\n"
        "Ash Varga,ash_v,said so,2026-01,https://example.org,\n",
    )
    ash, bo = back.artists
    assert (ash.aliases, ash.alias_kinds) == (("ash_v", "Ash V."), ("handle", "alias"))
    assert ash.statements == (Statement("public-record", "2026-01", "said so", "https://example.org"),)
    assert (bo.names, bo.status) == (("Bo",), "active")
    assert dict(sink.dropped) == {"repeated aliases": 1}


def test_the_header_may_be_missing_or_in_another_order() -> None:
    assert read("names-csv", "Ash,ash\n")[0].artists[0].aliases == ("ash",)
    back, sink = read("names-csv", "mood,status,artist\nsad,withdrawn,Ash\n")
    assert (back.artists[0].names, back.artists[0].status) == (("Ash",), "withdrawn")
    assert dict(sink.dropped) == {"cells of the column 'mood'": 1}


def test_what_has_no_place_is_counted() -> None:
    rich = Artist(
        "a",
        ("Ash", "Ash Varga"),
        aliases=("x",),
        alias_kinds=("tag",),
        ambiguous=("elsewhere",),
        statements=(Statement("self"),),
        verification="domain",
        preference="allowed",
        expires="2027-01-01",
        status="withdrawn",
        status_note="asked",
    )
    _, dropped = write("names-csv", content([rich], []))
    assert set(dropped.sentences()) == {
        "1 further names, written as aliases",
        "1 kinds of aliases",
        "1 kinds of statements",
        "1 verifications",
        "1 preferences other than prohibited",
        "1 last days",
        "1 days and notes of tombstones",
        "1 surfaces that need a cue and are no name",
    }


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (",alias", "it names no artist"),
        ("Ash,,,,,gone", "the status 'gone' is none of"),
        ("Ash,,,soon,,", "the day 'soon' is no year"),
        ("Ash,,,2026-13,,", "the day '2026-13'"),
        ("Ash,,,,,,maybe", "the cue 'maybe'"),
        ("Ash,,,,,,,more", "it has 8 cells"),
        (f"{'a' * 301}", "more than 300 characters"),
        ("Bo,,,,,withdrawn", "'Bo' is 'active' in an earlier row and 'withdrawn' here"),
    ],
)
def test_rows_that_do_not_fit(row: str, message: str) -> None:
    with pytest.raises(ListError, match=f"line 3: .*{message}"):
        read("names-csv", f"{HEADER}Bo,,,,,active\n{row}\n")


def test_formulas_stay_text() -> None:
    back, _ = read("names-csv", HEADER + "=1+1,@cmd,+x,,,\n")
    (artist,) = back.artists
    assert (artist.names, artist.aliases, artist.statements[0].title) == (("=1+1",), ("@cmd",), "+x")
    text, _ = write("names-csv", back)
    assert "'=1+1,'@cmd,'+x" in text


def test_works_are_counted_when_only_names_are_written() -> None:
    from tests.index.samples import record

    _, dropped = write("names-csv", content([person()], [record(0), record(1)]))
    assert dropped.sentences() == ("2 works with their hashes",)
