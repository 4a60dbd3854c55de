"""The texts and lists that names are measured on. Evaluation data stay where they are; nothing is copied."""

from __future__ import annotations

import json
import os
import random
import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(os.environ.get("AUDITOR_NAMES_DATA", Path(__file__).resolve().parents[3] / "shared" / "data" / "names"))
COMMON = ("Prince", "Will", "Hope", "Rose", "Ross", "Kim", "Angel", "Robin", "Sky", "Grey", "Rain", "Tiger")
"""Names that are ordinary words, put into every list."""


@dataclass(frozen=True, slots=True)
class Window:
    """Words of a real prompt with one half of a known name."""

    text: str
    artist: str
    label: bool
    """A misspelling of the artist; else somebody or something else."""


def texts(name: str) -> list[str]:
    """The column `text` of one file."""
    return [json.loads(line)["text"] for line in (FOLDER / name).read_text("utf-8").splitlines()]


def windows() -> list[Window]:
    """The hand-labelled windows."""
    rows = (json.loads(line) for line in (FOLDER / "misspellings_dev.jsonl").read_text("utf-8").splitlines())
    return [Window(row["window"], row["artist"], row["label"]) for row in rows]


def artists() -> list[str]:
    """All names of the list."""
    return [line.strip() for line in (FOLDER / "artists.txt").read_text("utf-8").splitlines() if line.strip()]


def small_list(seed: int = 4) -> list[str]:
    """3,000 names and the common ones."""
    return random.Random(seed).sample(artists(), 3_000) + list(COMMON)


def large_list(size: int, seed: int = 1) -> list[str]:
    """Made-up full names from the parts of real ones, half with surnames that are no words."""
    rng = random.Random(seed)
    pairs = [name.split() for name in artists() if len(name.split()) == 2]
    given, family = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    parts = "ka lo mi ra ten sko vic bar dun hol per gan ri os tu ev al mo".split()
    found: set[str] = set()
    while len(found) < size:
        made = "".join(rng.choice(parts) for _ in range(rng.randint(2, 4))).title()
        found.add(f"{rng.choice(given)} {rng.choice(family) if rng.random() < 0.5 else made}")
    return sorted(found)


def full_names(count: int, seed: int = 3) -> list[str]:
    """Names of two or three words and seven letters or more, for disguises."""
    pattern = re.compile(r"[A-Za-z]+( [A-Za-z]+){1,2}")
    pool = [name for name in artists() if pattern.fullmatch(name) and len(name.replace(" ", "")) >= 7]
    return random.Random(seed).sample(pool, count)
