"""The shipped word and name tables, loaded once when first asked for (`data/README.md` says where they come from)."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Set
from functools import cache
from importlib import resources

_COMMONEST = 2_000
FOLDED = frozenset({"ru", "uk", "bg", "el"})
"""Languages whose tables hold words of another script, folded."""


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


@cache
def web() -> frozenset[str]:
    """Words that are written often enough to be something, though no dictionary has them."""
    return frozenset(word for line in _lines("web.txt") for word in line.split())


@cache
def vocabulary() -> Mapping[str, str]:
    """Word of the field (booru tags, cameras, brands, models, training, art) -> its section."""
    found: dict[str, str] = {}
    for line in _lines("vocabulary.txt"):
        section, _, members = line.partition(" ")
        for member in members.split():
            found.setdefault(member, section)
    return found


@cache
def famous() -> Mapping[str, tuple[str, bool]]:
    """Name of one word, or full name of an artist -> (whom it means, whether that is an artist)."""
    rows = (line.split("|") for line in _lines("famous.txt"))
    return {name: (full, kind == "artist") for name, full, kind in rows}


@cache
def function_words() -> Mapping[str, str]:
    """Frequent word of one language only -> the language."""
    found: dict[str, str] = {}
    for line in _lines("function_words.txt"):
        language, *members = line.split()
        found.update(dict.fromkeys(members, language))
    return found


@cache
def latin_function_words() -> frozenset[str]:
    """Those of languages that are written in Latin letters."""
    return frozenset(word for word, language in function_words().items() if language not in FOLDED)


@cache
def languages() -> tuple[str, ...]:
    """Languages with a table of everyday words, English excepted: `words` says more of it."""
    folder = resources.files("auditor.names").joinpath("data", "languages")
    names = (item.name.removesuffix(".txt") for item in folder.iterdir() if item.name.endswith(".txt"))
    return tuple(sorted(name for name in names if name != "en"))


def _frequencies(language: str) -> Iterator[tuple[float, list[str]]]:
    """(Zipf frequency, its words) of a language, the most frequent first."""
    path = resources.files("auditor.names").joinpath("data", "languages", f"{language}.txt")
    for line in path.read_text(encoding="utf-8").splitlines():
        value, _, members = line.partition(" ")
        yield float(value), members.split()


def _everyday(language: str) -> Iterator[str]:
    return (word for _, words in _frequencies(language) for word in words)


def frequencies(asked: Set[str]) -> dict[str, dict[str, float]]:
    """Word -> language -> uses in a thousand million words, for those of `asked` that are everyday in any language.

    Languages of other scripts are left out: their words are folded, and no caption writes them so.
    """
    found: dict[str, dict[str, float]] = {}
    for language in ("en", *languages()) if asked else ():
        if language in FOLDED:
            continue
        for value, words in _frequencies(language):
            for word in asked & set(words):
                found.setdefault(word, {})[language] = 10.0**value
    return found


@cache
def everyday(language: str) -> frozenset[str]:
    """Everyday words of a language as the engine folds them (zh, ja, ko: in their own script); empty if unknown."""
    return frozenset(_everyday(language)) if language in languages() else frozenset()


def everyday_languages(asked: Set[str], among: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Word -> languages of `among` in which it is everyday, for those of `asked` that are. Keeps no table in memory."""
    found: dict[str, list[str]] = {}
    for language in among if asked else ():
        for word in asked & set(_everyday(language)):
            found.setdefault(word, []).append(language)
    return {word: tuple(where) for word, where in found.items()}
