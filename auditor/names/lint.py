"""What a careful publisher would change in a list of names, with how to change it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from auditor.model import Artist
from auditor.names.interface import ListedName
from auditor.names.listing.ambiguity import LANGUAGES, Everyday, Grade, everyday_of, judge
from auditor.names.listing.readings import readings
from auditor.names.listing.surfaces import Surface, surfaces
from auditor.names.reading import tables
from auditor.names.reading.fold import is_other_script, is_unspaced

_ORGANISATION = frozenset(
    (
        "studio studios pictures animation entertainment games magazine museum gallery school collective university "
        "productions films company records press institute inc ltd llc corporation"
    ).split()
)
_SHOWN = 5
_LANGUAGES_SHOWN = 3
_CAPTION_WORDS = 12
"""Words of a caption, for estimates."""
_LEAST_SHOWN = 0.01
Uses = Mapping[str, Mapping[str, float]]
"""Word -> language -> uses in a thousand million words (`tables.frequencies`)."""


@dataclass(frozen=True, slots=True)
class NameAdvice:
    """One name to look at."""

    rule: str
    """no-name | never-safe | needs-cue | fictional | place | organisation | same-name | inside-another | reading"""
    artist_id: str
    name: str
    """As the list says it."""
    message: str
    fix: str
    """What to do about it."""
    false_alarms: tuple[tuple[str, float], ...] = ()
    """(language code, captions of a thousand in which the words stand without meaning the artist), the most first."""


def lint_names(artists: Iterable[Artist], with_readings: bool = False) -> tuple[NameAdvice, ...]:
    """Advice on the names and aliases of active artists, sorted by rule, artist and name. Linear in the list.

    `with_readings` adds a suggestion of how each artist may be written in other scripts.
    """
    active = [artist for artist in artists if artist.status == "active"]
    listed = surfaces(name for artist in active for name in _listed(artist))
    advice = [*_nameless(active), *_same(listed), *_inside(listed)]
    everyday = everyday_of(listed)
    uses = tables.frequencies({word for surface in listed for word in surface.spaced.split()})
    for surface in listed:
        advice.extend(_single(surface, everyday, uses))
    if with_readings:
        advice += [item for artist in active for item in _readings(artist)]
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


def _single(surface: Surface, everyday: Everyday, uses: Uses) -> Iterator[NameAdvice]:
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
    judgement = judge(surface, everyday)
    alarms = false_alarms(surface, uses)
    if judgement.grade is Grade.ORDINARY and not surface.ambiguous:
        yield _advice(
            "never-safe",
            surface,
            f"counts only behind a phrase such as 'art by', because {judgement.why}{_in_captions(alarms)}",
            "Add a full name, handle or tag that nobody writes by accident; --fix marks this one as needing a cue.",
            alarms,
        )
    elif judgement.grade is Grade.NAME_ONLY and not surface.ambiguous:
        yield _advice(
            "needs-cue",
            surface,
            f"counts only with a cue, because {judgement.why}{_in_captions(alarms)}",
            "Add the full name as well, if there is one; --fix marks this one as needing a cue.",
            alarms,
        )


def false_alarms(surface: Surface, uses: Uses) -> tuple[tuple[str, float], ...]:
    """(language, captions of a thousand that hold the words by chance) for the languages with any, the most first.

    A caption is taken for a dozen words; the words of a longer name are taken to be independent, side by side.
    """
    words = surface.spaced.split()
    found = {}
    for language in set.intersection(*(set(uses.get(word, ())) for word in words)) if words else ():
        share = _CAPTION_WORDS * math.prod(uses[word][language] / 1e9 for word in words)
        if share * 1000 >= _LEAST_SHOWN:
            found[language] = round(1000 * min(1.0, share), 2)
    return tuple(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def unsafe_names(artist: Artist) -> tuple[str, ...]:
    """The names and aliases of an artist that should be marked as needing a cue, in their order."""
    listed = surfaces(_listed(artist))
    everyday = everyday_of(listed)
    unsafe = {surface.listed for surface in listed if judge(surface, everyday).grade > Grade.PERSONAL}
    return tuple(name for name in (*artist.names, *artist.aliases) if name in unsafe)


def _in_captions(alarms: Sequence[tuple[str, float]]) -> str:
    if not alarms:
        return ""
    shown = [f"{number:g} in {LANGUAGES.get(code, code)}" for code, number in alarms[:_LANGUAGES_SHOWN]]
    return f"; of 1,000 captions that mean nobody it stands in about {', '.join(shown)}"


def _readings(artist: Artist) -> Iterator[NameAdvice]:
    """How an artist may be written in other scripts, unless the list says so already."""
    scripts = {_is_latin(name) for name in (*artist.names, *artist.aliases)}
    if len(scripts) != 1:
        return
    for script, reading in readings(artist.names[0]):
        line = f'aliases = [{{value = "{reading}", kind = "native"}}]'
        yield NameAdvice(
            "reading",
            artist.id,
            artist.names[0],
            f"'{artist.names[0]}' may be written '{reading}' in {script}; only the artist knows whether it is.",
            f"If it is right, add it to their artist.toml: {line}",
        )


def _is_latin(name: str) -> bool:
    return not is_other_script(name) and not any(map(is_unspaced, name))


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


def _advice(
    rule: str, surface: Surface, message: str, fix: str, alarms: tuple[tuple[str, float], ...] = ()
) -> NameAdvice:
    return NameAdvice(rule, surface.artist_id, surface.listed, f"'{surface.listed}' {message}.", fix, alarms)
