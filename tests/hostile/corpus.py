"""Builds the hostile corpus: `python -m tests.hostile.corpus DIR`. Every file is made by code, the same every time."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from tests.hostile import pictures, places


def files() -> Iterator[tuple[str, bytes]]:
    """(path, bytes) of every file, folders by kind."""
    groups = {
        "mutated": pictures.mutated(40),
        "bombs": pictures.bombs(),
        "metadata": chain(pictures.metadata(), pictures.tiff_loops()),
        "polyglots": pictures.polyglots(),
        "archives": chain(places.tars(), places.zips()),
        "models": places.models(),
        "side": places.side_files(),
        "names": ((name, places.PICTURE) for name in places.NAMES),
    }
    for folder, made in groups.items():
        for name, data in made:
            yield f"{folder}/{name}", data


def build(root: Path) -> int:
    """Write the corpus below `root` and return how many files and file-system tricks it has."""
    count = 0
    for path, data in files():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        count += 1
    (root / "tricks").mkdir(parents=True)
    return count + places.tricks(root / "tricks")


if __name__ == "__main__":
    sys.stdout.write(f"{build(Path(sys.argv[1]))} files\n")
