"""Inputs in which a piece is repeated many thousand times: where the time grows with the square of the length, these
show it, while the fuzzer itself rarely makes an input long enough."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path

GROWN = 60_000
"""Bytes of a grown input, about."""
LONGEST_SEED = GROWN // 10
"""Bytes of an input that is worth growing: of a longer one the length would be measured that it has already."""
SLOW = 5.0
"""Processor seconds, under instrumentation, from which a grown input is a finding."""
_PIECES = (1, 1, 2, 3, 5, 8, 13, 30, 60, 200)


def grown(data: bytes, chance: random.Random) -> bytes:
    """The input with one piece of it repeated up to about `GROWN` bytes."""
    start = chance.randrange(len(data))
    piece = data[start : start + chance.choice(_PIECES)]
    return data[:start] + piece * (GROWN // len(piece)) + data[start + len(piece) :]


def search(
    harness: Callable[[bytes], None], seeds: Sequence[bytes], seconds: float, tried: Path, chance: random.Random
) -> bytes | None:
    """The first grown input that takes too long, None where none does in the time given.

    Each input is written to `tried` before it is read, so that it is there if the process ends over it.
    """
    until = time.monotonic() + seconds
    seeds = [seed for seed in seeds if 0 < len(seed) <= LONGEST_SEED]
    while seeds and time.monotonic() < until:
        data = grown(chance.choice(seeds), chance)
        tried.write_bytes(data)
        started = time.process_time()
        harness(data)
        if time.process_time() - started > SLOW:
            return data
    tried.unlink(missing_ok=True)
    return None
