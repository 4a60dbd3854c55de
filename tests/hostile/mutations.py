"""Ways to damage the bytes of a sound file, each the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Callable

Mutation = Callable[[bytes, random.Random], bytes]


def truncate(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def flip_bits(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 4, 40))):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def flip_header(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(6):
        changed[chance.randrange(min(80, len(changed)))] = chance.randrange(256)
    return bytes(changed)


def blank_a_range(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    end = min(len(data), start + chance.randrange(1, 400))
    return data[:start] + bytes([chance.choice((0, 255))]) * (end - start) + data[end:]


def drop_a_range(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    return data[:start] + data[start + chance.randrange(1, 200) :]


def repeat_a_range(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    part = data[start : start + chance.randrange(1, 300)]
    return data[:start] + part * chance.choice((2, 50)) + data[start:]


def large_numbers(data: bytes, chance: random.Random) -> bytes:
    """Put extreme 32-bit numbers where lengths and offsets may stand."""
    changed = bytearray(data)
    for _ in range(3):
        place = chance.randrange(max(1, min(300, len(changed) - 4)))
        changed[place : place + 4] = chance.choice(
            (b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f", b"\0\0\0\0")
        )
    return bytes(changed)


def append_garbage(data: bytes, chance: random.Random) -> bytes:
    return data + chance.randbytes(chance.choice((1, 1000, 70_000)))


MUTATIONS: tuple[Mutation, ...] = (
    truncate,
    flip_bits,
    flip_header,
    blank_a_range,
    drop_a_range,
    repeat_a_range,
    large_numbers,
    append_garbage,
)
