"""The shipped word and name tables, loaded once when first asked for (`data/README.md` says where they come from)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources

_COMMONEST = 2_000


def _lines(name: str) -> Iterator[str]:
    text = resources.files("auditor.names").joinpath("data", name).read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))


@cache
def words() -> Mapping[str, int]:
    """Lower-case English word -> SCOWL level, 10 (commonest) to 70 (rare)."""
    found: dict[str, int] = {}
    for line in _lines("words.txt"):
        level, _, members = line.partition(" ")
        found.update(dict.fromkeys(members.split(), int(level)))
    return found


@cache
def given_names() -> Mapping[str, int]:
    """Given name -> rank, 0 is the commonest."""
    return {name: rank for rank, name in enumerate(_lines("given_names.txt"))}


@cache
def frequent_surnames() -> frozenset[str]:
    """Surnames that many people bear, in many countries."""
    return frozenset(_lines("frequent_surnames.txt"))


@cache
def commonest_surnames() -> frozenset[str]:
    """The surnames that most people bear: the head of the census."""
    return frozenset(itertools.islice(_lines("frequent_surnames.txt"), _COMMONEST))


@cache
def surnames() -> frozenset[str]:
    """All known surnames."""
    return frequent_surnames() | frozenset(_lines("rare_surnames.txt"))


@cache
def people() -> frozenset[str]:
    """Full names of known people, in small letters with single spaces."""
    return frozenset(_lines("people.txt"))


@cache
def places() -> frozenset[str]:
    """Names of places, in small letters with single spaces."""
    return frozenset(_lines("places.txt"))


@cache
def characters() -> frozenset[str]:
    """Names of figures of fiction and myth, in small letters with single spaces."""
    return frozenset(_lines("characters.txt"))


@cache
def look_alikes() -> Mapping[int, str]:
    """Code point of another script -> Latin letter that it looks like."""
    found: dict[int, str] = {}
    for line in _lines("look_alikes.txt"):
        latin, _, others = line.partition(" ")
        found.update({ord(other): latin for other in others})
    return found
