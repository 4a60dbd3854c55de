"""Hostile indexes, statements, waivers, reports and lists: what a stranger may hand to any command but `scan`.

Every one is made by code from sound files, the same every time.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from auditor.index.format.manifest import MANIFEST
from auditor.index.format.schema import DATA_FILES
from tests.hostile.mutations import MUTATIONS

Files = dict[str, bytes]
DEEP = "[" * 100_000
LONG = "9" * 6_000
NUMBERS: tuple[Any, ...] = (-1, 0, 2**63, 10**30, 1e308, True, None, "7", [], {}, "\x1b[2J", "\ud800")
"""What stands where a number or a text belongs."""


def mutated(sound: bytes, name: str, count: int) -> Iterator[tuple[str, bytes]]:
    """`count` damaged versions of the bytes of a file."""
    for number in range(count):
        chance = random.Random(f"{name}{number}")
        data = MUTATIONS[number % len(MUTATIONS)](sound, chance) or b"\0"
        yield f"{name}-{number:02}", data


def odd_texts(sound: bytes) -> Iterator[tuple[str, bytes]]:
    """JSON that is too deep, too long, of another encoding, or none."""
    yield "empty", b""
    yield "deep", DEEP.encode()
    yield "deep-object", b'{"a":' * 50_000
    yield "digits", b'{"version": ' + LONG.encode() + b"}"
    yield "nan", b'{"version": NaN, "schema": Infinity}'
    yield "utf16", sound.decode("utf-8", "replace").encode("utf-16")
    yield "bom", b"\xef\xbb\xbf" + sound
    yield "nul", sound.replace(b'"', b'\0"', 3)
    yield "list", b"[]"
    yield "null", b"null"
    yield "text", b'"\x1b[2J"'
    yield "twice", sound + sound
    yield "surrogate", sound.replace(b'": "', b'": "\\ud800', 4)
    yield "binary", bytes(range(256)) * 40


def odd_values(sound: bytes, seed: str, count: int) -> Iterator[tuple[str, bytes]]:
    """A JSON document with one value replaced by something that does not belong there."""
    document = json.loads(sound)
    places = list(_places(document))
    for number in range(count):
        chance = random.Random(f"{seed}{number}")
        path, value = chance.choice(places), chance.choice(NUMBERS)
        changed = json.loads(sound)
        part = changed
        for key in path[:-1]:
            part = part[key]
        if chance.random() < 0.2:
            del part[path[-1]]
        else:
            part[path[-1]] = value
        yield f"value-{number:02}", json.dumps(changed).encode()


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from _places(item, (*path, key))


def with_digest(manifest: bytes) -> bytes:
    """The manifest as its writer writes it, with the digest that its values give."""
    document = json.loads(manifest)
    document.pop("digest", None)
    canonical = _canonical(document)
    document["digest"] = hashlib.sha256(canonical).hexdigest()
    return _canonical(document)


def _canonical(document: Any) -> bytes:
    return (json.dumps(document, indent=1, sort_keys=True, ensure_ascii=True) + "\n").encode()


def indexes(sound: Files) -> Iterator[tuple[str, Files]]:
    """Damaged copies of an index: as they are, and with a manifest that vouches for the damage."""
    for name in sound:
        for kind, data in mutated(sound[name], name, 8):
            yield f"raw-{kind}", {**sound, name: data}
            if name in DATA_FILES:
                yield f"vouched-{kind}", _vouched({**sound, name: data})
        yield f"without-{name}", {key: data for key, data in sound.items() if key != name}
        yield f"empty-{name}", {**sound, name: b""}
    for kind, data in odd_texts(sound[MANIFEST]):
        yield f"manifest-{kind}", {**sound, MANIFEST: data}
    for kind, data in odd_values(sound[MANIFEST], "manifest", 60):
        yield f"manifest-{kind}", {**sound, MANIFEST: with_digest(data)}
    document = json.loads(sound[MANIFEST])
    for name in ("../outside.parquet", "/etc/passwd", "index.json", "con"):
        changed = {**document, "files": {**document["files"], name: document["files"]["works.parquet"]}}
        yield f"file-{name.replace('/', '_')}", {**sound, MANIFEST: with_digest(json.dumps(changed).encode())}


def _vouched(files: Files) -> Files:
    document = json.loads(files[MANIFEST])
    for name, entry in document["files"].items():
        entry["bytes"], entry["sha256"] = len(files[name]), hashlib.sha256(files[name]).hexdigest()
    return {**files, MANIFEST: with_digest(json.dumps(document).encode())}


def documents(sound: bytes, name: str, count: int = 30) -> Iterator[tuple[str, bytes]]:
    """Damaged copies of one JSON document: a report, a statement, a line of waivers."""
    yield from mutated(sound, name, 16)
    yield from odd_texts(sound)
    yield from odd_values(sound, name, count)


def read_index(folder: Path) -> Files:
    """The files of an index."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def write_index(folder: Path, files: Files) -> Path:
    """Put the files of an index into a new folder."""
    folder.mkdir(parents=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder
