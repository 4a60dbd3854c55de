"""artist.toml: what an artist says of themselves and of single works. Every key is optional.

names = ["Ash Varga", "Ash V."]              # the first is shown
aliases = ["ashvarga", {value = "阿什", kind = "native"}]
ambiguous = ["Ash"]                          # counts only with a cue such as "art by"
preference = "prohibited"                    # prohibited | constrained | allowed
expires = 2030-12-31
[[statement]]
kind = "self"
date = 2026-01-31
title = "Please do not train on my work"
uri = "https://example.org/optout"
[works."keep/ash-keep.png"]                  # path inside the artist's folder
title = "Ash Keep"
uri = "https://example.org/ash-keep"
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from auditor.errors import ConfigError
from auditor.index.format.schema import (
    ALIAS_KINDS,
    NO_PREFERENCE,
    PREFERENCES,
    STATEMENT_KINDS,
    USES,
    VERIFICATIONS,
    Preferences,
)
from auditor.model import Artist, Statement
from auditor.support import reading, tomltext

FILE_NAME = "artist.toml"
MAX_BYTES = 4_000_000
_ARTIST_KEYS = (
    "id", "names", "aliases", "ambiguous", "preference", "verification", "expires", "statement", "works"
)  # fmt: skip
_WORK_KEYS = ("title", "uri", "preference", "declared", "expires", "policy")


@dataclass(frozen=True, slots=True)
class WorkNote:
    """What artist.toml says of one work."""

    title: str | None = None
    uri: str | None = None
    preference: Preferences = NO_PREFERENCE
    declared: str | None = None
    expires: str | None = None
    policy: str | None = None


NOTHING_SAID = WorkNote()


@dataclass(frozen=True, slots=True)
class ArtistNote:
    """What artist.toml says. `names` is empty where it names nobody: then the folder's name counts."""

    artist: Artist
    works: Mapping[str, WorkNote] = field(default_factory=lambda: MappingProxyType({}))


def read_artist_toml(path: Path) -> ArtistNote:
    """Read the file.

    Raises:
        ConfigError: it is no TOML, holds an unknown key, or a value that does not fit; the message says which.
    """
    try:
        raw = reading.read_bytes(path, MAX_BYTES)
        document = tomltext.loads(raw.decode("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigError(f"{path} cannot be read as TOML: {error}. Correct it or remove it.") from error
    return _Reader(path).note(document)


@dataclass(frozen=True, slots=True)
class _Reader:
    path: Path

    def note(self, document: dict[str, Any]) -> ArtistNote:
        self._known(document, _ARTIST_KEYS, "")
        names = self._texts(document.get("names", []), "names")
        aliases = [self._alias(item) for item in self._list(document.get("aliases", []), "aliases")]
        given = document.get("statement", [])
        rows = [given] if isinstance(given, dict) else self._list(given, "statement")
        statements = [self._statement(item) for item in rows]
        artist = Artist(
            id=self._text(document.get("id", ""), "id"),
            names=names,
            aliases=tuple(value for value, _ in aliases),
            alias_kinds=tuple(kind for _, kind in aliases),
            ambiguous=self._texts(document.get("ambiguous", []), "ambiguous"),
            statements=tuple(statements),
            verification=self._choice(document.get("verification", "none"), VERIFICATIONS, "verification"),
            preference=self._choice(document.get("preference", "prohibited"), PREFERENCES, "preference"),
            expires=self._date(document.get("expires"), "expires"),
        )
        works = document.get("works", {})
        if not isinstance(works, dict):
            raise self._wrong("works", "a table with a path for each work")
        return ArtistNote(artist, MappingProxyType({path: self._work(path, value) for path, value in works.items()}))

    def _work(self, path: str, value: Any) -> WorkNote:
        where = f"works.{path!r}"
        if not isinstance(value, dict):
            raise self._wrong(where, "a table")
        self._known(value, _WORK_KEYS, f"{where}.")
        return WorkNote(
            title=self._optional(value.get("title"), f"{where}.title"),
            uri=self._optional(value.get("uri"), f"{where}.uri"),
            preference=self._preferences(value.get("preference"), f"{where}.preference"),
            declared=self._date(value.get("declared"), f"{where}.declared"),
            expires=self._date(value.get("expires"), f"{where}.expires"),
            policy=self._optional(value.get("policy"), f"{where}.policy"),
        )

    def _preferences(self, value: Any, where: str) -> Preferences:
        if value is None:
            return NO_PREFERENCE
        if isinstance(value, str):
            return Preferences(generative_training=self._choice(value, PREFERENCES, where))
        if not isinstance(value, dict):
            raise self._wrong(where, "a word or a table")
        said = {key.replace("-", "_"): item for key, item in value.items()}
        self._known(said, USES, f"{where}.")
        return Preferences(**{use: self._choice(item, PREFERENCES, f"{where}.{use}") for use, item in said.items()})

    def _alias(self, item: Any) -> tuple[str, str]:
        if isinstance(item, str):
            return self._text(item, "aliases"), guess_kind(item)
        if not isinstance(item, dict):
            raise self._wrong("aliases", "a list of names, or of {value, kind}")
        self._known(item, ("value", "kind"), "aliases.")
        value = self._text(item.get("value"), "aliases.value")
        return value, self._choice(item.get("kind", guess_kind(value)), ALIAS_KINDS, "aliases.kind")

    def _statement(self, item: Any) -> Statement:
        if not isinstance(item, dict):
            raise self._wrong("statement", "a table: [[statement]]")
        self._known(item, ("kind", "date", "title", "uri"), "statement.")
        return Statement(
            kind=self._choice(item.get("kind", "self"), STATEMENT_KINDS, "statement.kind"),
            date=self._date(item.get("date"), "statement.date"),
            title=self._optional(item.get("title"), "statement.title"),
            uri=self._optional(item.get("uri"), "statement.uri"),
        )

    def _known(self, table: Mapping[str, Any], known: tuple[str, ...], prefix: str) -> None:
        for key in table:
            if key not in known:
                near = difflib.get_close_matches(key, known, n=1)
                hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}."
                raise ConfigError(f"{self.path}: {prefix}{key} is not known; {hint}")

    def _wrong(self, where: str, expected: str) -> ConfigError:
        return ConfigError(f"{self.path}: {where} must be {expected}.")

    def _list(self, value: Any, where: str) -> list[Any]:
        if not isinstance(value, list):
            raise self._wrong(where, "a list")
        return value

    def _texts(self, value: Any, where: str) -> tuple[str, ...]:
        texts = [self._text(item, where) for item in self._list(value, where)]
        if not all(texts):
            raise self._wrong(where, "a list without empty names")
        return tuple(dict.fromkeys(texts))

    def _text(self, value: Any, where: str) -> str:
        if not isinstance(value, str):
            raise self._wrong(where, "text in quotes")
        return value.strip()

    def _optional(self, value: Any, where: str) -> str | None:
        return None if value is None else self._text(value, where) or None

    def _choice(self, value: Any, known: tuple[str, ...], where: str) -> str:
        if value not in known:
            raise self._wrong(where, f"one of {', '.join(known)}, not {value!r}")
        return str(value)

    def _date(self, value: Any, where: str) -> str | None:
        if value is None:
            return None
        try:
            return (value if isinstance(value, date) else date.fromisoformat(str(value))).isoformat()[:10]
        except ValueError:
            raise self._wrong(where, "a day such as 2026-01-31") from None


def guess_kind(alias: str) -> str:
    """`native` for a name in another script than Latin, `handle` for one with @ or without capitals and spaces."""
    letters = [c for c in alias if c.isalpha()]
    if any("LATIN" not in unicodedata.name(c, "") for c in letters):
        return "native"
    if alias.startswith("@") or (alias == alias.lower() and " " not in alias):
        return "handle"
    return "alias"
