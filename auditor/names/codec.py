"""A compiled matcher as bytes and back, without pickle: a JSON head and flat arrays.

Layout: magic, SHA-256 of what follows, length of the head (8 bytes, little-endian), the head (JSON, UTF-8), then the
arrays at offsets of 8. The automata are rebuilt from their sorted patterns, which is quicker than reading them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditor.names.finding.exact import ExactSearch, Patterns
from auditor.names.finding.fuzzy import FuzzySearch, FuzzyTables
from auditor.names.listing.surfaces import Surface
from auditor.names.matcher import CompiledMatcher

FORMAT = 2
"""Raised with every change of the layout, of the tables or of how names are taken apart."""
_MAGIC = b"auditor-names\x00" + FORMAT.to_bytes(2, "little")
_HEAD_AT = len(_MAGIC) + 32


def dumps(matcher: CompiledMatcher) -> bytes:
    """Everything that `loads` needs; equal matchers give equal bytes."""
    listed = matcher.surfaces
    exact = matcher.exact
    arrays: dict[str, NDArray[Any]] = {}
    head: dict[str, Any] = {
        "artists": [surface.artist_id for surface in listed],
        "listed": [surface.listed for surface in listed],
        "spaced": [surface.spaced for surface in listed],
        "camel": {str(n): surface.camel for n, surface in enumerate(listed) if surface.camel},
        "native": {str(n): surface.native for n, surface in enumerate(listed) if surface.native},
        "kinds": {str(n): surface.kind for n, surface in enumerate(listed) if surface.kind != "name"},
        "ambiguous": [n for n, surface in enumerate(listed) if surface.ambiguous],
        "derived": {str(n): surface.derived for n, surface in enumerate(listed) if surface.derived},
        "everyday": {word: list(languages) for word, languages in matcher.everyday.items()},
        "patterns": {},
        "fuzzy": None,
    }
    for name, patterns in (("spaced", exact.spaced), ("letters", exact.letters), ("native", exact.native)):
        head["patterns"][name] = list(patterns.texts)
        arrays[f"{name}.first"], arrays[f"{name}.owners"] = patterns.first, patterns.owners
    if matcher.fuzzy is not None:
        built = matcher.fuzzy.built
        head["fuzzy"] = {"words": list(built.words), "initials": {str(n): text for n, text in built.initials.items()}}
        arrays |= {"forms": built.forms, "links": built.links, "ends": built.ends}
    return _pack(head, arrays)


def loads(data: bytes | memoryview) -> CompiledMatcher:
    """A matcher from `dumps`. Arrays stay views of `data`.

    Raises:
        ValueError: the bytes are of another format or damaged; compile the list again.
    """
    try:
        return _assemble(*_unpack(memoryview(data)))
    except (KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        raise ValueError(f"the compiled names lack a part ({error})") from error


def _assemble(head: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> CompiledMatcher:
    camel, native, kinds, ambiguous = head["camel"], head["native"], head["kinds"], frozenset(head["ambiguous"])
    derived = head["derived"]
    everyday = {word: tuple(languages) for word, languages in head["everyday"].items()}
    listed = tuple(
        Surface(
            artist,
            name,
            spaced,
            camel.get(str(n), ""),
            native.get(str(n), ""),
            kinds.get(str(n), "name"),
            n in ambiguous,
            derived.get(str(n), ""),
        )
        for n, (artist, name, spaced) in enumerate(zip(head["artists"], head["listed"], head["spaced"], strict=True))
    )
    exact = ExactSearch(
        *(_patterns(head["patterns"][name], name, arrays, len(listed)) for name in ("spaced", "letters", "native"))
    )
    if head["fuzzy"] is None:
        return CompiledMatcher(listed, exact, None, everyday)
    words: list[str] = head["fuzzy"]["words"]
    links, ends = arrays["links"].reshape(-1, 3), arrays["ends"].reshape(-1, 2)
    _check(links[:, :2], len(words))
    _check(links[:, 2], len(listed))
    _check(ends[:, 0], len(words))
    _check(ends[:, 1], len(listed))
    initials = {int(number): text for number, text in head["fuzzy"]["initials"].items()}
    return CompiledMatcher(
        listed,
        exact,
        FuzzySearch(listed, FuzzyTables(words, arrays["forms"], links, ends, initials), everyday),
        everyday,
    )


def _patterns(texts: Sequence[str], name: str, arrays: dict[str, NDArray[Any]], surfaces: int) -> Patterns:
    first, owners = arrays[f"{name}.first"], arrays[f"{name}.owners"]
    if len(first) != len(texts) + 1 or int(first[-1]) != len(owners) or bool((np.diff(first) < 0).any()):
        raise ValueError("the patterns of the compiled names do not fit")
    _check(owners, surfaces)
    return Patterns(tuple(texts), first, owners)


def _check(numbers: NDArray[Any], count: int) -> None:
    if numbers.size and not 0 <= int(numbers.min()) <= int(numbers.max()) < count:
        raise ValueError("the compiled names refer to entries that are not there")


def _pack(head: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> bytes:
    blocks: list[bytes] = []
    places: dict[str, tuple[str, int, int]] = {}
    at = 0
    for name, array in arrays.items():
        raw = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<")).tobytes()
        places[name] = (array.dtype.newbyteorder("<").str, at, len(raw))
        blocks.append(raw + bytes(-len(raw) % 8))
        at += len(blocks[-1])
    text = json.dumps(head | {"arrays": places}, separators=(",", ":"), sort_keys=True).encode("ascii")
    text += b" " * (-(len(text) + _HEAD_AT + 8) % 8)
    body = len(text).to_bytes(8, "little") + text + b"".join(blocks)
    return _MAGIC + hashlib.sha256(body).digest() + body


def _unpack(data: memoryview) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    if bytes(data[: len(_MAGIC)]) != _MAGIC:
        raise ValueError("the compiled names are of another version")
    body = data[_HEAD_AT:]
    if hashlib.sha256(body).digest() != bytes(data[len(_MAGIC) : _HEAD_AT]):
        raise ValueError("the compiled names are damaged")
    length = int.from_bytes(body[:8], "little")
    head = json.loads(bytes(body[8 : 8 + length]))
    blocks = body[8 + length :]
    arrays: dict[str, NDArray[Any]] = {}
    for name, (kind, at, size) in head["arrays"].items():
        if kind not in ("<i4", "<u8") or at < 0 or at + size > len(blocks):
            raise ValueError("an array of the compiled names does not fit")
        arrays[name] = np.frombuffer(blocks[at : at + size], dtype=np.dtype(kind))
    return head, arrays
