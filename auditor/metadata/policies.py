"""A dataset-level bundle of policies that were cached when the pictures were fetched, evaluated by address, offline.

    {"schema": "auditor-policies/1",
     "headers": {"https://example.org/a.jpg": {"X-Robots-Tag": "noai, noimageai", "tdm-reservation": "1"}},
     "tdmrep":  {"https://example.org": [{"location": "/art/*", "tdm-reservation": 1, "tdm-policy": "https://..."}]},
     "robots":  {"https://example.org": "User-Agent: *\\nContent-Usage: train-ai=n\\n"}}

Every part may be left out. Sources: TDM Reservation Protocol (W3C community group); RFC 9309 for path patterns;
IETF AIPREF drafts for `Content-Usage`; X-Robots-Tag as sites write it (`noai`, `noimageai`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from auditor.metadata.values import Meaning, Reservation

SCHEMA = "auditor-policies/1"
PARTS = ("headers", "tdmrep", "robots")
_ROBOTS_TAGS: dict[str, tuple[Meaning, str]] = {
    "noai": ("prohibited", "use for training AI models"),
    "noimageai": ("prohibited", "use of pictures for training AI models"),
    "noml": ("prohibited", "use for training machine-learning models"),
    "noindex": ("review", "indexing"),
    "noimageindex": ("review", "indexing of pictures"),
}
_USAGE = re.compile(r"(?<![a-z-])([a-z][a-z-]*)\s*=\s*([yn])\b")
"""Looked for at the beginning of a word only, so that a long word costs its length, not the square of it."""
_USAGE_LABELS = {"train-ai": "training of AI models", "train-genai": "training of generative AI models"}


@dataclass(frozen=True, slots=True)
class Location:
    """One rule of a site for the paths that match a pattern."""

    pattern: str
    value: str
    policy: str | None = None


@dataclass(frozen=True, slots=True)
class Policies:
    """A parsed bundle. Sites are keyed by host (and port) in lower case, pages by their whole address."""

    headers: Mapping[str, tuple[tuple[str, str], ...]]
    tdmrep: Mapping[str, tuple[Location, ...]]
    usage: Mapping[str, tuple[Location, ...]]

    def evaluate(self, url: str | None) -> tuple[Reservation, ...]:
        """Return what the bundle says of the picture that came from this address. Never raises."""
        if not url:
            return ()
        host, path = _split(url)
        found = [
            *_from_headers(self.headers.get(_page(url), ()), path),
            *_from_tdmrep(self.tdmrep.get(host, ()), path),
            *_from_usage(self.usage.get(host, ()), path),
        ]
        return tuple(dict.fromkeys(found))


def _split(url: str) -> tuple[str, str]:
    """Return (host with port, path with query) of an address; a bare host is taken as one."""
    try:
        parts = urlsplit(url if "://" in url else f"//{url}")
    except ValueError:
        return "", "/"
    host = parts.netloc.rpartition("@")[2].casefold()
    for port in (":443", ":80"):
        host = host.removesuffix(port)
    return host, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _page(url: str) -> str:
    host, path = _split(url)
    return host + path


def matches(pattern: str, path: str) -> int:
    """Return how specific a path pattern of RFC 9309 is (its length) where it matches, else -1."""
    anchored = pattern.endswith("$")
    pieces = (pattern[:-1] if anchored else pattern).split("*")
    if not path.startswith(pieces[0]):
        return -1
    position = len(pieces[0])
    # Greedy left-most search is enough for `*` and takes linear time, unlike a regular expression.
    for piece in pieces[1:]:
        at = path.find(piece, position)
        if at < 0:
            return -1
        position = at + len(piece)
    if anchored and position != len(path) and not (len(pieces) > 1 and path.endswith(pieces[-1])):
        return -1
    return len(pattern)


def _usage(value: str) -> Iterator[tuple[str, Meaning]]:
    for label, flag in _USAGE.findall(value.casefold()):
        if label in _USAGE_LABELS:
            yield label, "prohibited" if flag == "n" else "allowed"


def _usage_reservations(value: str, where: str) -> Iterator[Reservation]:
    for label, meaning in _usage(value):
        yield Reservation("Content-Usage", "AIPREF", value.strip(), meaning, where, _USAGE_LABELS[label])


def _from_headers(headers: tuple[tuple[str, str], ...], path: str) -> Iterator[Reservation]:
    policy = next((value for name, value in headers if name == "tdm-policy"), None)
    for name, value in headers:
        if name == "x-robots-tag":
            # A directive may stand behind the name of one robot ("examplebot: noai"); it is a statement all the same.
            for directive in dict.fromkeys(re.findall(r"[a-z]+", value.casefold())):
                if directive in _ROBOTS_TAGS:
                    meaning, scope = _ROBOTS_TAGS[directive]
                    yield Reservation("X-Robots-Tag", "HTTP header", directive, meaning, "cached header", scope)
        elif name == "tdm-reservation":
            yield _tdm(value, policy, "cached header")
        elif name == "content-usage":
            yield from _usage_reservations(value, "cached header")


def _tdm(value: str, policy: str | None, where: str) -> Reservation:
    meaning: Meaning = {"1": "prohibited", "0": "allowed"}.get(value.strip(), "review")  # type: ignore[assignment]
    return Reservation("tdm-reservation", "TDMRep", value.strip(), meaning, where, "text and data mining", policy)


def _from_tdmrep(rules: tuple[Location, ...], path: str) -> Iterator[Reservation]:
    for rule in rules:
        # The protocol takes the first rule that matches.
        if matches(rule.pattern, path) >= 0:
            yield _tdm(rule.value, rule.policy, "cached tdmrep.json")
            return


def _from_usage(rules: tuple[Location, ...], path: str) -> Iterator[Reservation]:
    scored = [(score, rule) for rule in rules if (score := matches(rule.pattern, path)) >= 0]
    longest = max((score for score, _ in scored), default=-1)
    for score, rule in scored:
        if score == longest:
            yield from _usage_reservations(rule.value, "cached robots.txt")


def read_robots(text: str) -> tuple[Location, ...]:
    """Return the `Content-Usage` rules of a robots.txt that hold for every robot."""
    rules: list[Location] = []
    applies, in_agents = True, False
    for line in text.splitlines():
        name, _, value = line.partition("#")[0].partition(":")
        name, value = name.strip().casefold(), value.strip()
        if name == "user-agent":
            applies = (applies and in_agents) or value == "*"
            in_agents = True
        elif name:
            in_agents = False
            if name == "content-usage" and applies:
                first, _, rest = value.partition(" ")
                pattern, preference = (first, rest) if first.startswith("/") else ("/", value)
                rules.append(Location(pattern, preference.strip()))
    return tuple(rules)


def _headers(table: Mapping[str, Any]) -> dict[str, tuple[tuple[str, str], ...]]:
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for url, fields in table.items():
        if not isinstance(fields, Mapping):
            raise ValueError(f'"headers" of {url}: an object of header names and values is expected')
        pairs: list[tuple[str, str]] = []
        for name, value in fields.items():
            values = value if isinstance(value, list) else [value]
            pairs.extend((str(name).casefold(), str(item)) for item in values)
        found[_page(str(url))] = tuple(pairs)
    return found


def _tdmrep(table: Mapping[str, Any]) -> dict[str, tuple[Location, ...]]:
    found: dict[str, tuple[Location, ...]] = {}
    for origin, rules in table.items():
        items = rules if isinstance(rules, list) else [rules]
        if not all(isinstance(item, Mapping) and "location" in item for item in items):
            raise ValueError(f'"tdmrep" of {origin}: a list of objects with "location" is expected')
        found[_split(str(origin))[0]] = tuple(
            Location(
                str(item["location"]),
                str(int(value)) if isinstance(value := item.get("tdm-reservation", ""), bool) else str(value),
                None if item.get("tdm-policy") is None else str(item["tdm-policy"]),
            )
            for item in items
        )
    return found


def _robots(table: Mapping[str, Any]) -> dict[str, tuple[Location, ...]]:
    return {
        _split(str(origin))[0]: read_robots("\n".join(map(str, text)) if isinstance(text, list) else str(text))
        for origin, text in table.items()
    }


def parse_policies(text: str) -> Policies:
    """Parse a bundle.

    Raises:
        ValueError: it is not JSON, or a part has not the shape described above; the message says which.
    """
    try:
        value = json.loads(text)
    except RecursionError:
        raise ValueError("nested too deep") from None
    if not isinstance(value, Mapping):
        raise ValueError(f"an object with {', '.join(PARTS)} is expected")
    schema = value.get("schema", SCHEMA)
    if schema != SCHEMA:
        raise ValueError(f'schema {schema!r} is not known; "{SCHEMA}" is expected')
    unknown = set(value) - {"schema", "fetched", *PARTS}
    if unknown:
        raise ValueError(f"unknown part {sorted(map(str, unknown))[0]!r}; the parts are {', '.join(PARTS)}")
    tables = [value.get(part, {}) for part in PARTS]
    for part, table in zip(PARTS, tables, strict=True):
        if not isinstance(table, Mapping):
            raise ValueError(f'"{part}": an object keyed by address is expected')
    return Policies(_headers(tables[0]), _tdmrep(tables[1]), _robots(tables[2]))
