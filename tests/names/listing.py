"""Small lists that the tests of this folder share."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.names.interface import ListedName
from auditor.names.matcher import CompiledMatcher, compile_matcher

PEOPLE = (
    "Greg Rutkowski", "Alphonse Mucha", "Zdzisław Beksiński", "Hans Ruedi Giger", "Craig Mullins", "Annie Leibovitz",
    "Wlop", "Artgerm", "Ross", "Kim", "Rose", "Prince", "Hope", "Blue Sky", "Grant Wood", "Dishwasher1910", "Kantoku",
    "Seb McKinnon", "James Gurney", "Simon Stålenhag", "Vincent van Gogh", "Sakimichan",
)  # fmt: skip


def matcher(names: Iterable[str] = PEOPLE, misspellings: bool = True) -> CompiledMatcher:
    """A matcher whose artist ids are the names themselves."""
    return compile_matcher([ListedName(name, name) for name in names], misspellings)


def found(engine: CompiledMatcher, text: str, kind: str = "caption") -> list[tuple[str, str, str]]:
    """(artist, mention as written, form) of every match."""
    return [(match.artist_id, text[match.start : match.end], match.form) for match in engine.find(text, kind)]
