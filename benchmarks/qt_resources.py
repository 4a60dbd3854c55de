"""Read a Qt binary resource file (`.rcc`), the container in which one package keeps its photos.

Layout as Qt's resource compiler writes it: magic `qres`, then big-endian version and the offsets of the tree, the data
and the names; tree nodes of 14 bytes (22 from version 2 on, with a time stamp).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

COMPRESSED = 1
DIRECTORY = 2


def members(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield (path, content) of every stored or zlib-compressed member.

    Raises:
        ValueError: not a Qt resource file.
    """
    if data[:4] != b"qres":
        raise ValueError("not a Qt resource file")
    version, tree, payload, names = struct.unpack_from(">IIII", data, 4)
    size = 22 if version >= 2 else 14
    stack = [(0, "")]
    while stack:
        node, parent = stack.pop()
        name_at, flags = struct.unpack_from(">IH", data, tree + node * size)
        name = _name(data, names + name_at) if node else ""
        path = f"{parent}/{name}" if parent else name
        if flags & DIRECTORY:
            count, first = struct.unpack_from(">II", data, tree + node * size + 6)
            stack.extend((first + step, path) for step in range(count))
            continue
        at = payload + struct.unpack_from(">I", data, tree + node * size + 10)[0]
        (length,) = struct.unpack_from(">I", data, at)
        content = data[at + 4 : at + 4 + length]
        if flags & COMPRESSED:
            content = zlib.decompress(content[4:])
        yield path, content


def _name(data: bytes, at: int) -> str:
    (length,) = struct.unpack_from(">H", data, at)
    return data[at + 6 : at + 6 + 2 * length].decode("utf-16-be")
