"""What a listed name may look like: the surfaces that are searched for one entry of the list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from auditor.names.interface import ListedName
from auditor.names.reading.fold import fold_name, is_unspaced, squeeze_native
from auditor.names.reading.views import spaced_form

_PARENTHESIS = re.compile(r"\s*[(\[{]([^()\[\]{}]*)[)\]}]\s*")
_QUOTED = re.compile(r"\s[\"“«‘']([^\"”»’']{2,})[\"”»’']\s")
_LAST_FIRST = re.compile(r"^([^,]+),\s*([^,\d][^,]*)(?:,.*\d.*)?$")
_SUFFIX = re.compile(r",?\s+(?:jr|sr|junior|senior|ii|iii|iv|phd|md)\.?$", re.IGNORECASE)
_MIDDLE_INITIALS = re.compile(r"(?<=\w{2})(?:\s+[^\W\d_]\.?)+\s+(?=\w{2})")
_OTHER_SCRIPT = re.compile(r"[\u1100-\u11ff\u3005-\u318f\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff・]+")
_LATIN_FROM = 4
"""Letters from which the Latin part of a name in two scripts is a name by itself."""
_QUALIFIERS = frozenset({"style", "artist", "artwork", "art", "medium", "artists"})
_NO_LETTERS = str.maketrans("", "", " 0123456789")
_LONGEST = 200
"""Characters of a listed name that are used; longer entries are no names."""

PARTICLES = frozenset(
    (
        "van von der den de del della di da dos das du la le ten ter zu zur zum des les los las am "
        "im op af av al el bin ibn ben o mac mc st san y e"
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
    derived: str = ""
    """What was left out of or added to the listed name, in words; empty where nothing was."""

    @property
    def is_tag(self) -> bool:
        """Listed as one word without a capital, as artist tags are."""
        return " " not in self.spaced and self.listed.islower()

    @property
    def letters(self) -> str:
        """Form in the letters-only view."""
        return self.spaced.translate(_NO_LETTERS)


def surfaces(names: Iterable[ListedName]) -> tuple[Surface, ...]:
    """All surfaces of a list, sorted, without repeats. Entries without any letter or digit give none."""
    found: dict[tuple[str, str, str], Surface] = {}
    for name in names:
        for spelling, derived in spellings(name.name):
            surface = _surface(name, spelling, derived)
            if surface is None:
                continue
            key = (surface.artist_id, surface.spaced, surface.native)
            known = found.get(key)
            if known is None or (surface.ambiguous and not known.ambiguous):
                found[key] = surface
    return tuple(sorted(found.values(), key=lambda surface: (surface.spaced, surface.native, surface.artist_id)))


def spellings(name: str) -> Iterator[tuple[str, str]]:
    """(spelling, what was changed) of the name itself and of what a list packs into one entry.

    `Last, First`, `Name (handle)`, `Name, Jr.`, `First M. Last`, and a name in two scripts.
    """
    name = name[:_LONGEST].strip()
    inside = [part.strip() for part in _PARENTHESIS.findall(name)]
    bare = _PARENTHESIS.sub(" ", name).strip()
    if inside and bare:
        yield bare, ""
        for part in inside:
            yield from _inside(bare, part)
    else:
        yield name, ""
    base = bare or name
    swapped = _LAST_FIRST.match(base)
    if swapped and not _SUFFIX.search(base):
        base = f"{swapped.group(2).strip()} {swapped.group(1).strip()}"
        yield base, ""
    shortened = _SUFFIX.sub("", base)
    if shortened != base and " " in shortened:
        yield shortened, "without its suffix"
        base = shortened
    quoted = _QUOTED.search(base)
    if quoted:
        yield _QUOTED.sub(" ", base), "without its nickname"
        yield quoted.group(1), ""
    without = _MIDDLE_INITIALS.sub(" ", base)
    if without != base:
        yield without, "without its middle initial"
    latin = _OTHER_SCRIPT.sub(" ", base).strip() if not base.isascii() else base
    if latin != base and len(latin) >= _LATIN_FROM and any(map(is_unspaced, base)):
        yield latin, "in Latin letters"
        yield from ((part, "") for part in _OTHER_SCRIPT.findall(base) if len(part) > 1)


def _inside(bare: str, part: str) -> Iterator[tuple[str, str]]:
    """A handle in brackets; or the given names that the initials before it stand for (`H. R. (Hans Ruedi) Giger`)."""
    *given, last = bare.replace(".", ". ").split()
    words = part.split()
    if given and [w[0].lower() for w in given] == [w[0].lower() for w in words] and len(given[0].rstrip(".")) == 1:
        yield f"{part} {last}", "with its given names written out"
    elif part.casefold() not in _QUALIFIERS and len(part) >= 4 and not any(c.isdigit() for c in part):
        yield part, ""


def _surface(name: ListedName, spelling: str, derived: str) -> Surface | None:
    unspaced = not spelling.isascii() and any(map(is_unspaced, spelling))
    native = squeeze_native(spelling) if unspaced else ""
    folded = "" if native else fold_name(spelling)
    spaced = spaced_form(folded.lower())
    camel = spaced_form(folded)
    if not spaced and not native:
        return None
    different = camel if camel != spaced else ""
    said = name.name if derived else spelling
    return Surface(name.artist_id, said, spaced, different, native, name.kind, name.ambiguous, derived)
