"""The files that every tool of the bench is given: works, edited copies of some of them, and unrelated pictures.

All of it is derived from `benchmarks.corpus` and kept in `.work/copies`. Sources are split into two halves by family,
so that pictures which share a part never stand on both sides: one half calibrates, the other is reported.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks import corpus, edits
from benchmarks.copies import hard
from benchmarks.edits import EditedPicture

LONGEST_SIDE = 1200
"""Works are brought to this long side, which is what a published picture has."""
SOURCES_PER_KIND = {"painting": 70, "photo": 43, "portrait": 60, "clipart": 60}
HARD_SOURCES_PER_KIND = {"painting": 24, "photo": 16, "portrait": 20, "clipart": 20}
FILLERS = 60
EditedBy = Callable[[str, NDArray[np.uint8], str, list[NDArray[np.uint8]]], EditedPicture]


@dataclass(frozen=True, slots=True)
class Query:
    """One picture that is looked up."""

    path: Path
    edit: str
    """Name of the edit, or `unrelated`."""
    kind: str
    work: int
    """Row of the work it was made from, -1 for an unrelated picture."""
    half: int
    """0 calibrates, 1 is reported."""


@dataclass(frozen=True, slots=True)
class Material:
    """Everything on disk."""

    works: tuple[Path, ...]
    kinds: tuple[str, ...]
    families: tuple[int, ...]
    packages: tuple[str, ...]
    queries: tuple[Query, ...]
    hard: tuple[Query, ...]
    unrelated: tuple[Query, ...]


def folder() -> Path:
    """Where the bench keeps what it derives."""
    return corpus.work_folder() / "copies"


def half_of(family: int) -> int:
    """Which half a family of pictures belongs to."""
    return hashlib.sha256(str(family).encode()).digest()[0] % 2


def prepare() -> Material:
    """Write what is not there yet. Deterministic; can be interrupted."""
    pictures, others = corpus.works(), corpus.unrelated()
    works = tuple(
        _saved(folder() / "works" / f"w{row:05d}.png", lambda picture=picture: corpus.load(picture, LONGEST_SIDE))
        for row, picture in enumerate(pictures)
    )
    unrelated = tuple(
        Query(
            _saved(
                folder() / "unrelated" / f"u{row:05d}.png", lambda picture=picture: corpus.load(picture, LONGEST_SIDE)
            ),
            "unrelated",
            picture.kind,
            -1,
            row % 2,
        )
        for row, picture in enumerate(others)
    )
    chosen = _chosen(pictures, SOURCES_PER_KIND)
    harder = _chosen(pictures, HARD_SOURCES_PER_KIND)
    fillers = [np.asarray(Image.open(query.path).convert("RGB")) for query in unrelated[:: len(unrelated) // FILLERS]]
    return Material(
        works=works,
        kinds=tuple(picture.kind for picture in pictures),
        families=tuple(picture.family for picture in pictures),
        packages=tuple(picture.package for picture in pictures),
        queries=_edited(chosen, pictures, works, edits.EDITS, edits.apply, fillers, "queries"),
        hard=_edited(harder, pictures, works, hard.EDITS, hard.apply, fillers, "hard"),
        unrelated=unrelated,
    )


def _chosen(pictures: tuple[corpus.Picture, ...], wanted: Mapping[str, int]) -> list[int]:
    random = np.random.default_rng(20240501)
    rows: list[int] = []
    for kind, count in wanted.items():
        of_kind = [row for row, picture in enumerate(pictures) if picture.kind == kind]
        rows += random.permutation(of_kind)[:count].tolist()
    return sorted(rows)


def _edited(
    rows: list[int],
    pictures: tuple[corpus.Picture, ...],
    works: tuple[Path, ...],
    table: Mapping[str, object],
    apply: EditedBy,
    fillers: list[NDArray[np.uint8]],
    name: str,
) -> tuple[Query, ...]:
    queries = []
    target = folder() / name
    target.mkdir(parents=True, exist_ok=True)
    for row in rows:
        picture = pictures[row]
        random = np.random.default_rng(row)
        around = [fillers[int(number)] for number in random.choice(len(fillers), 9, replace=False)]
        pixels = None
        for edit in table:
            there = sorted(target.glob(f"{row:05d}-{edit}.*"))
            if not there:
                pixels = np.asarray(Image.open(works[row]).convert("RGB")) if pixels is None else pixels
                edited = apply(edit, pixels, picture.name, around)
                path = target / f"{row:05d}-{edit}{edited.suffix}"
                path.write_bytes(edited.data)
                (target / f"{row:05d}-{edit}.json.region").write_text(json.dumps(edited.work_region))
                there = [path]
            path = next(item for item in there if not item.name.endswith(".region"))
            queries.append(Query(path, edit, picture.kind, row, half_of(picture.family)))
    return tuple(queries)


def _saved(path: Path, load: Callable[[], NDArray[np.uint8]]) -> Path:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial")
        Image.fromarray(load()).save(partial, "PNG", compress_level=1)
        partial.replace(path)
    return path
