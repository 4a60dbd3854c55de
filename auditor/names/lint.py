"""What a careful publisher would change in a list of names, with how to change it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from auditor.model import Artist
from auditor.names import tables
from auditor.names.ambiguity import Grade, judge
from auditor.names.interface import ListedName
from auditor.names.surfaces import Surface, surfaces

_ORGANISATION = frozenset(
    (
        "studio studios pictures animation entertainment games magazine museum gallery school collective university "
        "productions films company records press institute inc ltd llc corporation"
    ).split()
)
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class NameAdvice:
    """One name to look at."""

    rule: str
    """no-name | never-safe | needs-cue | fictional | place | organisation | same-name | inside-another"""
    artist_id: str
    name: str
    """As the list says it."""
    message: str
    fix: str
    """What to do about it."""


def lint_names(artists: Iterable[Artist]) -> tuple[NameAdvice, ...]:
    """Advice on the names and aliases of active artists, sorted by rule, artist and name. Linear in the list."""
    active = [artist for artist in artists if artist.status == "active"]
    listed = surfaces(name for artist in active for name in _listed(artist))
    advice = [*_nameless(active), *_same(listed), *_inside(listed)]
    for surface in listed:
        advice.extend(_single(surface))
    return tuple(sorted(set(advice), key=lambda item: (item.rule, item.artist_id, item.name, item.message)))


def _listed(artist: Artist) -> Iterator[ListedName]:
    ambiguous = frozenset(artist.ambiguous)
    for name in artist.names:
        yield ListedName(artist.id, name, "name", name in ambiguous)
    for alias in artist.aliases:
        yield ListedName(artist.id, alias, "alias", alias in ambiguous)


def _nameless(artists: Sequence[Artist]) -> Iterator[NameAdvice]:
    """Names and aliases without a letter or digit."""
    for artist in artists:
        for name in (*artist.names, *artist.aliases):
            if not surfaces([ListedName(artist.id, name)]):
                yield NameAdvice(
                    "no-name", artist.id, name, f"'{name}' has no letter or digit, so it is never found.", "Remove it."
                )


def _single(surface: Surface) -> Iterator[NameAdvice]:
    """What one surface is besides a name."""
    phrase = surface.spaced
    words = phrase.split()
    if phrase in tables.characters():
        yield _advice(
            "fictional", surface, "is a figure of fiction or myth", "Remove it, unless an artist works under this name."
        )
    elif phrase in tables.places():
        yield _advice("place", surface, "is also a place", "List the full name, or mark it as ambiguous.")
    if len(words) > 1 and _ORGANISATION & set(words):
        yield _advice(
            "organisation",
            surface,
            "looks like an organisation, not a person",
            "List the artists by name, where they asked for it.",
        )
    judgement = judge(surface)
    if judgement.grade is Grade.ORDINARY and not surface.ambiguous:
        yield _advice(
            "never-safe",
            surface,
            f"counts only behind a phrase such as 'art by', because {judgement.why}",
            "Add a full name, handle or tag that nobody writes by accident.",
        )
    elif judgement.grade is Grade.NAME_ONLY:
        yield _advice(
            "needs-cue",
            surface,
            f"counts only with a cue, because {judgement.why}",
            "Add the full name as well, if there is one.",
        )


def _same(listed: Sequence[Surface]) -> Iterator[NameAdvice]:
    """One spelling for several artists."""
    owners: dict[str, dict[str, Surface]] = defaultdict(dict)
    for surface in listed:
        owners[surface.native or surface.letters or surface.spaced].setdefault(surface.artist_id, surface)
    for group in owners.values():
        if len(group) < 2:
            continue
        ids = sorted(group)
        for artist_id, surface in group.items():
            others = [other for other in ids[: _SHOWN + 1] if other != artist_id]
            more = f" and {len(ids) - 1 - _SHOWN} more" if len(ids) > _SHOWN + 1 else ""
            yield NameAdvice(
                "same-name",
                artist_id,
                surface.listed,
                f"'{surface.listed}' is listed for {', '.join(others[:_SHOWN])}{more} as well.",
                "Merge the entries if they are one person; else mark the name as ambiguous in both.",
            )


def _inside(listed: Sequence[Surface]) -> Iterator[NameAdvice]:
    """A name that is a run of whole words of another artist's name."""
    by_words: dict[str, Surface] = {}
    for surface in listed:
        if surface.spaced:
            by_words.setdefault(surface.spaced, surface)
    for surface in listed:
        words = surface.spaced.split()
        if not 2 <= len(words) <= 6:
            continue
        for start in range(len(words)):
            for end in range(start + 1, len(words) + 1):
                inner = by_words.get(" ".join(words[start:end])) if end - start < len(words) else None
                if inner is not None and inner.artist_id != surface.artist_id:
                    yield NameAdvice(
                        "inside-another",
                        inner.artist_id,
                        inner.listed,
                        f"'{inner.listed}' is a part of '{surface.listed}' ({surface.artist_id}); the longer wins.",
                        "Nothing to do if both are meant; mark the shorter one as ambiguous if it is often misread.",
                    )


def _advice(rule: str, surface: Surface, message: str, fix: str) -> NameAdvice:
    return NameAdvice(rule, surface.artist_id, surface.listed, f"'{surface.listed}' {message}.", fix)
