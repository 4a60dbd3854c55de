"""Lay out what the main job needs: a folder per artist, an index of it, and training folders with known contents."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from auditor.imaging.perceptual import whole_views
from auditor.imaging.pixels import decode
from benchmarks import corpus, edits, measure
from benchmarks.corpus import Picture

WORKS = 1000
SEED = 20
LONG_SIDE = 1600
"""Works are edited from at most this size, as a trainer downloads them."""


@dataclass(frozen=True, slots=True)
class Copy:
    """An edited copy of a listed work in a training folder."""

    file: str
    edit: str
    work: Picture


@dataclass(frozen=True, slots=True)
class Scene:
    """What is laid out."""

    folder: Path
    works: tuple[Picture, ...]
    index: Path
    """With region hashes."""
    plain_index: Path
    """Without."""


def auditor(*arguments: str) -> list[str]:
    """The command line of this checkout."""
    return [sys.executable, str(Path(__file__).resolve().parents[2] / "cli.py"), *arguments]


def lay_out() -> tuple[Scene, measure.Measured]:
    """Choose 1,000 works, link them into a folder per artist, and build both indexes anew."""
    folder = corpus.work_folder() / "whole"
    shutil.rmtree(folder, ignore_errors=True)
    every = corpus.works()
    chosen = np.random.default_rng(SEED).choice(len(every), WORKS, replace=False)
    works = tuple(every[number] for number in sorted(chosen))
    for work in works:
        target = folder / "artists" / work.artist / (work.name + Path(work.path).suffix)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.link(work.path, target)
    scene = Scene(folder, works, folder / "index", folder / "plain-index")
    built = None
    for index, options in ((scene.plain_index, ["--no-regions"]), (scene.index, [])):
        built = measure.run(auditor("index", "build", str(folder / "artists"), "--out", str(index), *options))
        if built.code:
            raise SystemExit(f"the index was not built: {built.output}")
    assert built is not None
    return scene, built


def write_copies(folder: Path, works: tuple[Picture, ...], names: tuple[str, ...]) -> tuple[Copy, ...]:
    """Write an edited copy per (work, edit) pair, as a trainer would name files: by number."""
    folder.mkdir(parents=True, exist_ok=True)
    others = corpus.unrelated("photo")
    fillers = [corpus.load(picture, 400) for picture in others[:: len(others) // 9][:9]]
    copies = []
    for number, (work, name) in enumerate((work, name) for work in works for name in names):
        copies.append(_write_copy(folder, number, work, name, fillers))
    return tuple(copies)


def write_mixed(folder: Path, works: tuple[Picture, ...], names: tuple[str, ...]) -> tuple[Copy, ...]:
    """One copy per work, the edits in turn."""
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(_write_copy(folder, number, work, names[number % len(names)], []) for number, work in enumerate(works))


def _write_copy(folder: Path, number: int, work: Picture, name: str, fillers: list[edits.Pixels]) -> Copy:
    edited = edits.apply(name, corpus.load(work, LONG_SIDE), work.name, fillers)
    file = f"{number:05d}{edited.suffix}"
    (folder / file).write_bytes(edited.data)
    return Copy(file, name, work)


def too_plain(work: Picture) -> bool:
    """Whether every view of the work is below the quality that hashes need."""
    return all(view.too_plain for view in whole_views(decode(Path(work.path).read_bytes())))


def link_unrelated(folder: Path, pictures: tuple[Picture, ...]) -> None:
    """Put unrelated pictures beside the copies, as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, picture in enumerate(pictures):
        os.link(picture.path, folder / f"u{number:05d}{Path(picture.path).suffix}")


def write_photos(folder: Path, count: int) -> None:
    """Photos of 500 × 400 pixels as JPEG: the unrelated photos, and where those run out, other cuts of them."""
    folder.mkdir(parents=True, exist_ok=True)
    sources = corpus.unrelated("photo")
    for number in range(count):
        cut = ((0.5, 0.5), (0.1, 0.9), (0.9, 0.1))[number // len(sources)]
        pixels = corpus.load(sources[number % len(sources)], 1200)
        photo = ImageOps.fit(Image.fromarray(pixels), (500, 400), Image.Resampling.LANCZOS, centering=cut)
        photo.save(folder / f"{number:05d}.jpg", quality=90)
