from __future__ import annotations

import struct
import zlib

import pytest

from benchmarks.qt_resources import members


def resource(files: dict[str, tuple[bytes, bool]], version: int = 3) -> bytes:
    """A resource file with one folder `art` that holds the files: name -> (content, compressed)."""
    names, where, payload, places = b"", {}, b"", {}
    for name in ("", "art", *files):
        where[name] = len(names)
        names += struct.pack(">HI", len(name), 0) + name.encode("utf-16-be")
    for name, (content, packed) in files.items():
        places[name] = len(payload)
        body = struct.pack(">I", len(content)) + zlib.compress(content) if packed else content
        payload += struct.pack(">I", len(body)) + body
    stamp = bytes(8) if version >= 2 else b""
    tree = struct.pack(">IHII", 0, 2, 1, 1) + stamp
    tree += struct.pack(">IHII", where["art"], 2, len(files), 2) + stamp
    for name, (_, packed) in files.items():
        tree += struct.pack(">IHHHI", where[name], 1 if packed else 0, 0, 0, places[name]) + stamp
    head = 24
    offsets = (head, head + len(tree), head + len(tree) + len(payload))
    return b"qres" + struct.pack(">IIII", version, *offsets) + bytes(4) + tree + payload + names


@pytest.mark.parametrize("version", [1, 2, 3])
def test_stored_and_compressed_members_are_read(version: int) -> None:
    files = {"a.webp": (b"RIFF....", False), "ö.png": (b"\x89PNG" * 50, True)}
    found = dict(members(resource(files, version)))
    assert found == {f"art/{name}": content for name, (content, _) in files.items()}


def test_other_files_are_refused() -> None:
    with pytest.raises(ValueError, match="not a Qt resource file"):
        list(members(b"PK\x03\x04"))
