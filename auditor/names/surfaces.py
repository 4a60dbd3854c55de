"""What a listed name may look like: the surfaces that are searched for one entry of the list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from auditor.names.fold import fold_name, is_unspaced, squeeze_native
from auditor.names.interface import ListedName
from auditor.names.views import spaced_form

_PARENTHESIS = re.compile(r"\s*[(\[{]([^()\[\]{}]*)[)\]}]\s*")
_QUOTED = re.compile(r"\s[\"“«‘']([^\"”»’']{2,})[\"”»’']\s")
_LAST_FIRST = re.compile(r"^([^,]+),\s*([^,\d][^,]*)(?:,.*\d.*)?$")
_SUFFIX = re.compile(r",?\s+(?:jr|sr|junior|senior|ii|iii|iv|phd|md)\.?$", re.IGNORECASE)
_QUALIFIERS = frozenset({"style", "artist", "artwork", "art", "medium", "artists"})
_NO_LETTERS = str.maketrans("", "", " 0123456789")
_LONGEST = 200
"""Characters of a listed name that are used; longer entries are no names."""

PARTICLES = frozenset(
    (
        "van von der den de del della di da dos das du la le ten ter zu zur af av al el bin ibn ben o mac mc st san y e"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Surface:
    """One spelling under which an artist is listed."""

    artist_id: str
    listed: str
    """As the list says it."""
    spaced: str
    """Form in the spaced view, in small letters, without the outer spaces."""
    camel: str = ""
    """Form in the spaced view when written with the list's capitals (`McBess`), where that differs."""
    native: str = ""
    """Characters of a name in a script without spaces, else empty."""
    kind: str = "name"
    ambiguous: bool = False
    """The list itself says that this surface needs a cue."""

    @property
    def has_ideographs(self) -> bool:
        """Written with Han characters, whose romanised reading (Chinese, Japanese ...) is not known."""
        return any(character >= "\u3400" for character in self.native)

    @property
    def letters(self) -> str:
        """Form in the letters-only view."""
        return self.spaced.translate(_NO_LETTERS)


def surfaces(names: Iterable[ListedName]) -> tuple[Surface, ...]:
    """All surfaces of a list, sorted, without repeats. Entries without any letter or digit give none."""
    found: dict[tuple[str, str, str], Surface] = {}
    for name in names:
        for spelling in spellings(name.name):
            surface = _surface(name, spelling)
            if surface is None:
                continue
            key = (surface.artist_id, surface.spaced, surface.native)
            known = found.get(key)
            if known is None or (surface.ambiguous and not known.ambiguous):
                found[key] = surface
    return tuple(sorted(found.values(), key=lambda surface: (surface.spaced, surface.native, surface.artist_id)))


def spellings(name: str) -> Iterator[str]:
    """The name itself, and what a list packs into one entry: `Last, First`, `Name (handle)`, `Name, Jr.`."""
    name = name[:_LONGEST].strip()
    inside = [part.strip() for part in _PARENTHESIS.findall(name)]
    bare = _PARENTHESIS.sub(" ", name).strip()
    if inside and bare:
        yield bare
        for part in inside:
            if part.casefold() not in _QUALIFIERS and len(part) >= 4 and not any(c.isdigit() for c in part):
                yield part
    else:
        yield name
    base = bare or name
    swapped = _LAST_FIRST.match(base)
    if swapped and not _SUFFIX.search(base):
        yield f"{swapped.group(2).strip()} {swapped.group(1).strip()}"
    shortened = _SUFFIX.sub("", base)
    if shortened != base and " " in shortened:
        yield shortened
    quoted = _QUOTED.search(base)
    if quoted:
        yield _QUOTED.sub(" ", base)
        yield quoted.group(1)


def _surface(name: ListedName, spelling: str) -> Surface | None:
    folded = fold_name(spelling)
    spaced = spaced_form(folded.lower())
    camel = spaced_form(folded)
    unspaced = not spelling.isascii() and any(map(is_unspaced, spelling))
    native = squeeze_native(spelling) if unspaced else ""
    if not spaced and not native:
        return None
    different = camel if camel != spaced else ""
    return Surface(name.artist_id, spelling, spaced, different, native, name.kind, name.ambiguous)
