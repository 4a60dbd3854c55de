"""Near words, weighted edits and the rules about slips."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from auditor.names.finding.doubt import budget, weigh
from auditor.names.finding.near import NearWords, limit_for
from auditor.names.finding.spelling import cost
from auditor.names.interface import ListedName
from auditor.names.matcher import compile_matcher

WORD = st.text(alphabet="abcde", min_size=1, max_size=9)
SHARED = Path(__file__).parents[3] / "shared" / "data" / "names"


@settings(max_examples=200, deadline=None)
@given(st.sets(WORD, max_size=30), WORD)
def test_the_index_agrees_with_comparing_every_word(words: set[str], word: str) -> None:
    """Within two edits nothing is missed, as long as they fall into the indexed prefix."""
    known = sorted(words)
    found = dict(NearWords(known).near(word))
    for number, other in enumerate(known):
        edits = OSA.distance(word, other)
        allowed = edits <= limit_for(max(len(word), len(other)))
        if number in found:
            assert found[number] == edits
            assert allowed
        elif min(len(word), len(other)) > 4:
            assert not (allowed and edits <= 2)


def test_short_words_are_near_at_one_edit() -> None:
    known = NearWords(["gogh", "kim", "ross"])
    assert known.near("gohg") == ((0, 1),)
    assert known.near("rose") == ((2, 1),)
    assert known.near("rise") == ()


@given(WORD, WORD)
def test_cost_is_zero_for_equal_words_only_and_no_more_than_the_plain_edits(a: str, b: str) -> None:
    assert (cost(a, b) == 0) == (a == b)
    assert cost(a, b) <= OSA.distance(a, b) + 1e-9


@pytest.mark.parametrize(
    ("slip", "other", "listed"),
    [
        ("leibowitz", "leibwmitz", "leibovitz"),
        ("rutkowsky", "rutkowsda", "rutkowski"),
        ("mullens", "mullaqs", "mullins"),
    ],
)
def test_a_slip_of_sound_costs_less_than_another_letter(slip: str, other: str, listed: str) -> None:
    assert cost(slip, listed) < cost(other, listed)


def test_the_budget_grows_with_the_name() -> None:
    assert [budget(letters) for letters in (6, 7, 8, 9, 11, 12)] == [0, 1, 1, 2, 2, 3]


@pytest.mark.parametrize(
    ("written", "listed", "edits", "slip"),
    [
        (("greg", "rutkowsky"), ("greg", "rutkowski"), (0, 1), True),
        (("alphonse", "mocha"), ("alphonse", "mucha"), (0, 1), True),
        (("games", "gurney"), ("james", "gurney"), (1, 0), True),
        (("norm", "rockwell"), ("norman", "rockwell"), (2, 0), True),
        (("art", "screen"), ("art", "green"), (0, 2), False),
        (("chris", "burnham"), ("chris", "turnham"), (0, 1), False),
        (("dean", "elvis"), ("dean", "ellis"), (0, 1), False),
        (("greg", "and"), ("greg", "land"), (0, 1), False),
        (("william", "shakespeare"), ("william", "shakespeere"), (0, 1), False),
    ],
)
def test_slips_and_other_people(
    written: tuple[str, ...], listed: tuple[str, ...], edits: tuple[int, ...], slip: bool
) -> None:
    assert (weigh(written, listed, edits, cued=False) is not None) is slip


@pytest.mark.skipif(not SHARED.exists(), reason="the shared evaluation texts are not here")
def test_real_misspellings_are_found_and_look_alikes_are_not() -> None:
    rows = [json.loads(line) for line in (SHARED / "misspellings_dev.jsonl").read_text().splitlines()]
    engine = compile_matcher([ListedName(artist, artist) for artist in {row["artist"] for row in rows}])
    hits = [bool(engine.find(row["window"])) for row in rows]
    slips = [hit for hit, row in zip(hits, rows, strict=True) if row["label"]]
    others = [hit for hit, row in zip(hits, rows, strict=True) if not row["label"]]
    assert sum(slips) / len(slips) >= 0.95
    assert sum(others) <= 4
