"""Small indexes, pictures and hypothesis strategies that the tests of this room share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
from hypothesis import strategies as st
from PIL import Image

from auditor.imaging.regions.features import RegionFeatures
from auditor.index.format.schema import (
    HASH_KINDS,
    OPINIONS,
    PREFERENCES,
    STATEMENT_KINDS,
    VERIFICATIONS,
    Feedback,
    Preferences,
    View,
    WorkRecord,
)
from auditor.index.format.tables import works_table
from auditor.index.making.content import Content, Segment
from auditor.index.making.versions import NO_LABEL, Label, create
from auditor.index.opening.store import Index, open_index
from auditor.index.search.region_columns import features_table
from auditor.model import Artist, Statement

TODAY = date(2026, 3, 1)

letters = st.characters(exclude_categories=["Cs", "Cc"])
texts = st.text(letters, min_size=1, max_size=20).filter(lambda text: text.strip() == text)
days = st.dates(date(1990, 1, 1), date(2050, 1, 1)).map(date.isoformat)
maybe = st.none()


def binary(size: int) -> st.SearchStrategy[bytes]:
    return st.binary(min_size=size, max_size=size)


preferences = st.builds(Preferences, *(st.none() | st.sampled_from(PREFERENCES) for _ in range(3)))
statements = st.builds(Statement, st.sampled_from(STATEMENT_KINDS), maybe | days, maybe | texts, maybe | texts)
views = st.builds(View, st.sampled_from(["trimmed", "exif-ignored"]), binary(32), st.integers(0, 100), binary(8))


@st.composite
def artists(draw: st.DrawFn, identity: str) -> Artist:
    aliases = draw(st.lists(texts, max_size=3, unique=True))
    kinds = draw(st.lists(st.sampled_from(["handle", "native", "tag", "alias"]), min_size=3, max_size=3))
    return Artist(
        id=identity,
        names=tuple(draw(st.lists(texts, min_size=1, max_size=2, unique=True))),
        aliases=tuple(aliases),
        alias_kinds=tuple(kinds[: len(aliases)]),
        ambiguous=tuple(draw(st.lists(texts, max_size=2, unique=True))),
        statements=tuple(draw(st.lists(statements, max_size=2))),
        verification=draw(st.sampled_from(VERIFICATIONS)),
        preference=draw(st.sampled_from(PREFERENCES)),
        expires=draw(maybe | days),
    )


@st.composite
def works(draw: st.DrawFn, identity: str, artist: str) -> WorkRecord:
    return WorkRecord(
        work_id=identity,
        artist_id=artist,
        title=draw(maybe | texts),
        uri=draw(maybe | texts),
        width=draw(maybe | st.integers(0, 2**32 - 1)),
        height=draw(maybe | st.integers(0, 2**32 - 1)),
        sha256=tuple(draw(st.lists(binary(32), max_size=2, unique=True))),
        pixel_sha256=draw(maybe | binary(32)),
        pdq=draw(maybe | binary(32)),
        pdq_quality=draw(maybe | st.integers(0, 100)),
        phash=draw(maybe | binary(8)),
        views=tuple(draw(st.lists(views, max_size=2))),
        iscc=draw(maybe | texts),
        preference=draw(preferences),
        declared=draw(maybe | days),
        expires=draw(maybe | days),
        policy=draw(maybe | texts),
    )


feedback = st.sampled_from(HASH_KINDS).flatmap(
    lambda kind: st.builds(
        Feedback,
        st.just(kind),
        binary({"phash": 8, "iscc": 8}.get(kind, 32)),
        st.sampled_from(OPINIONS),
        maybe | texts,
        maybe | texts,
        maybe | days,
    )
)


@st.composite
def contents(draw: st.DrawFn, tombstones: bool = True) -> Content:
    """Two artists with a few works each; some may be tombstones."""
    people = [draw(artists(f"artist-{i}")) for i in range(2)]
    if tombstones and draw(st.booleans()):
        people[1] = Artist(people[1].id, people[1].names[:1], status="withdrawn", status_date=draw(maybe | days))
    listed = [draw(works(f"work-{number}", f"artist-{number % 2}")) for number in range(draw(st.integers(0, 4)))]
    if tombstones and listed and draw(st.booleans()):
        gone = listed[-1]
        listed[-1] = WorkRecord(gone.work_id, gone.artist_id, status="false-match", status_note=draw(maybe | texts))
    opinions = draw(st.lists(feedback, max_size=2, unique=True))
    return content(people, listed, opinions)


def content(people: Sequence[Artist], listed: Sequence[WorkRecord], opinions: Sequence[Feedback] = ()) -> Content:
    return Content(tuple(people), (Segment(works_table(listed)),), tuple(opinions))


def record(seed: int, artist: str = "a", **more: object) -> WorkRecord:
    """A work with random hashes."""
    rng = np.random.default_rng(seed)
    values: dict[str, object] = {
        "work_id": f"{seed:024x}",
        "artist_id": artist,
        "title": f"picture {seed}",
        "width": 400,
        "height": 300 + seed,
        "sha256": (rng.bytes(32),),
        "pixel_sha256": rng.bytes(32),
        "pdq": rng.bytes(32),
        "pdq_quality": 100,
        "phash": rng.bytes(8),
    }
    return WorkRecord(**{**values, **more})  # type: ignore[arg-type]


def features(seed: int, count: int = 5) -> RegionFeatures:
    """Random region hashes."""
    rng = np.random.default_rng(seed)
    return RegionFeatures(
        codes=rng.integers(0, 256, (count, 16), dtype=np.uint8),
        x=rng.integers(0, 65536, count, dtype=np.uint16),
        y=rng.integers(0, 65536, count, dtype=np.uint16),
        scale=rng.integers(0, 256, count, dtype=np.uint8),
        angle=rng.integers(0, 256, count, dtype=np.uint8),
        width=1,
        height=1,
    )


def with_regions(works: Sequence[WorkRecord]) -> Segment:
    """A segment whose works have region hashes; that of the n-th is `features(n)`."""
    table = features_table([work.work_id for work in works], [features(i) for i in range(len(works))])
    return Segment(works_table(works), lambda: iter([table]))


def person(identity: str = "a", name: str = "Ash Varga", **more: object) -> Artist:
    return Artist(identity, (name,), **more)  # type: ignore[arg-type]


def make_index(
    folder: Path,
    people: Sequence[Artist] = (Artist("a", ("Ash Varga",)),),
    listed: Sequence[WorkRecord] = (),
    opinions: Sequence[Feedback] = (),
    label: Label = NO_LABEL,
    today: date = TODAY,
) -> Index:
    create(folder, content(people, listed, opinions), today=today, label=label)
    return open_index(folder)


def picture(seed: int, size: tuple[int, int] = (200, 160)) -> Image.Image:
    """A picture with detail, different for each seed."""
    rng = np.random.default_rng(seed)
    small = Image.fromarray(rng.integers(0, 256, (10, 12, 3), dtype=np.uint8))
    return small.resize(size, Image.Resampling.BICUBIC)


def gallery(folder: Path, artist: str, count: int, first: int = 0) -> Path:
    """A folder of pictures named after an artist."""
    home = folder / artist
    home.mkdir(parents=True, exist_ok=True)
    for number in range(first, first + count):
        picture(number).save(home / f"picture-{number}.png")
    return home
