"""Ten thousand photos, and an index of ten thousand works: real ones, and more that are grown from their hashes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
from PIL import Image, ImageEnhance, ImageOps

from auditor.index.format.schema import REGIONS_SCHEMA, WORKS_SCHEMA
from auditor.index.making.content import Content, Segment, content_of
from auditor.index.making.versions import create
from auditor.index.opening.store import open_index
from auditor.index.search.region_columns import prepare
from auditor.support import folders
from benchmarks import corpus, measure
from benchmarks.copies_whole.scene import auditor

WORKS = 10_000
REAL = 1_000
SEED = 21
SIZE = (500, 400)
FLIPPED = 0.25
"""Part of the bits that a grown hash differs in: far beyond every bound, so that grown works match nothing."""
TODAY = date(2026, 1, 1)


def folder() -> Path:
    """Where it is kept between runs."""
    return corpus.work_folder() / "scale"


DISTINCT = 10_000
"""Beyond so many photos each is there again under another name: that takes as long when nothing is kept of them."""


def photos(count: int) -> Path:
    """`count` photos of 500 × 400: cuts of the unrelated photos in slightly other light. Links to one common store."""
    store, target = folder() / "store", folder() / f"photos-{count}"
    store.mkdir(parents=True, exist_ok=True)
    target.mkdir(exist_ok=True)
    sources = corpus.unrelated("photo")
    missing = [number for number in range(min(count, DISTINCT)) if not (store / _name(number)).exists()]
    by_source = [[n for n in missing if n % len(sources) == start] for start in range(len(sources))]
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(partial(_write, store, sources), [numbers for numbers in by_source if numbers], chunksize=8))
    for number in range(count):
        if not (target / _name(number)).exists():
            os.link(store / _name(number % DISTINCT), target / _name(number))
    return target


def _name(number: int) -> str:
    return f"{number:06d}.jpg"


def _write(store: Path, sources: tuple[corpus.Picture, ...], numbers: list[int]) -> None:
    """Every cut that is made of one source."""
    whole = Image.fromarray(corpus.load(sources[numbers[0] % len(sources)], 1200))
    for number in numbers:
        random = np.random.default_rng((SEED, number))
        width, height = whole.size
        part = float(random.uniform(0.6, 0.95))
        left, top = random.uniform(0, 1 - part, 2)
        box = (left * width, top * height, (left + part) * width, (top + part) * height)
        cut = ImageOps.fit(whole.crop(tuple(map(int, box))), SIZE, Image.Resampling.LANCZOS)
        cut = ImageEnhance.Brightness(cut).enhance(float(random.uniform(0.85, 1.15)))
        cut.save(store / _name(number), quality=90)


def indexes() -> tuple[Path, Path]:
    """(with region hashes, without), 10,000 works each; built once, and prepared as `auditor index build` does it."""
    found = []
    for name, options in (("regions", []), ("plain", ["--no-regions"])):
        target = folder() / f"index-{name}"
        if not (target / "index.json").exists() and not target.exists():
            real = folder() / f"real-{name}"
            if not real.exists():
                done = measure.run(auditor("index", "build", str(_artists()), "--out", str(real), *options))
                if done.code:
                    raise SystemExit(f"the index was not built: {done.output}")
            create(target, grown(content_of(open_index(real)), WORKS), today=TODAY)
        found.append(target)
    prepare(open_index(found[0]), folders.derived(folders.user_cache()))
    return found[0], found[1]


def _artists() -> Path:
    place = folder() / "artists"
    every = corpus.works()
    for number in np.random.default_rng(SEED).choice(len(every), REAL, replace=False):
        work = every[number]
        target = place / work.artist / (work.name + Path(work.path).suffix)
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            os.link(work.path, target)
    return place


def grown(content: Content, count: int) -> Content:
    """More works with the structure of the real ones: as many features at the same places, other hashes."""
    segments, have = list(content.segments), sum(map(len, content.segments))
    generation = 0
    while have < count:
        generation += 1
        for segment in content.segments:
            taken = min(len(segment), count - have)
            if taken:
                segments.append(_other(segment, taken, generation))
                have += taken
    return Content(content.artists, tuple(segments), content.feedback)


def _other(segment: Segment, count: int, generation: int) -> Segment:
    works = segment.works.slice(0, count)
    random = np.random.default_rng((SEED, generation))
    names = {f"{name}-{generation}": name for name in works.column("work_id").to_pylist()}
    columns = {name: works.column(name) for name in WORKS_SCHEMA.names}
    columns["work_id"] = pa.array(list(names))
    columns["sha256"] = pa.array([[random.bytes(32)] for _ in names], WORKS_SCHEMA.field("sha256").type)
    columns["views"] = pa.nulls(count, WORKS_SCHEMA.field("views").type)
    for name in ("pixel_sha256", "pdq", "phash"):
        kind = WORKS_SCHEMA.field(name).type
        columns[name] = pa.array([_flip(cell, random) for cell in works.column(name).to_pylist()], kind)
    table = pa.table(columns, schema=WORKS_SCHEMA)
    if segment.regions is None:
        return Segment(table)
    return Segment(table, partial(_regions, segment.regions, count, generation))


def _flip(code: bytes | None, random: np.random.Generator) -> bytes | None:
    if code is None:
        return None
    mask = np.packbits(random.random(len(code) * 8) < FLIPPED)
    return bytes(np.frombuffer(code, np.uint8) ^ mask)


def _regions(real: Callable[[], Iterable[pa.Table]], count: int, generation: int) -> Iterable[pa.Table]:
    random = np.random.default_rng((SEED, generation, 1))
    left = count
    for table in real():
        if not left:
            return
        rows = table.slice(0, left).combine_chunks()
        left -= len(rows)
        hashes = [[_flip(code, random) for code in row or ()] for row in rows.column("hashes").to_pylist()]
        columns = {name: rows.column(name) for name in REGIONS_SCHEMA.names}
        columns["work_id"] = pa.array([f"{name}-{generation}" for name in rows.column("work_id").to_pylist()])
        columns["hashes"] = pa.array(hashes, REGIONS_SCHEMA.field("hashes").type)
        yield pa.table(columns, schema=REGIONS_SCHEMA)
