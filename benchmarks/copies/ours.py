"""The project's own tiers on the bench's material, through the same functions that a scan calls."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from auditor.checks.copies.regions import candidates as region_candidates
from auditor.checks.copies.regions.candidates import PLAIN
from auditor.checks.copies.regions.looks import CLOSER, FIRST, SHEET, RegionOptions
from auditor.checks.copies.regions.matches import examine_regions
from auditor.imaging.perceptual import whole_views
from auditor.imaging.pixels import decode, grey
from auditor.imaging.regions import calibration, sharing
from auditor.imaging.regions.features import INDEX, Look, RegionFeatures, describe, look
from auditor.imaging.regions.sheets import put_together
from auditor.index.search.hamming import CodeSet
from auditor.index.search.region_search import RegionSearch, open_region_searcher
from auditor.index.search.region_store import RegionRows, RegionSource
from auditor.thresholds import DEFAULT
from benchmarks.copies.material import Material, Query, folder


@dataclass(frozen=True, slots=True)
class Answer:
    """What one tool says of one query: the works it names, with how sure it is (larger is surer)."""

    query: Query
    works: tuple[tuple[int, float, str], ...]
    """(row of the work, score, grade)"""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Hashed:
    """All works, hashed."""

    regions: RegionSearch
    pdq: CodeSet
    pdq_works: np.ndarray


def hashed_works(material: Material) -> Hashed:
    """Hash every work; region features are kept on disk so that a second run starts at once."""
    features, codes, owners = [], [], []
    for row, path in enumerate(material.works):
        picture = decode(path.read_bytes())
        features.append(_stored(folder() / "features" / f"{row:05d}.npz", picture.rgb))
        for view in whole_views(picture):
            if view.quality >= DEFAULT.pdq_quality:
                codes.append(view.pdq[0])
                owners.append(row)
    return Hashed(searcher(features), CodeSet(np.stack(codes)), np.array(owners))


def searcher(features: Sequence[RegionFeatures]) -> RegionSearch:
    """A region search over features, in memory."""
    rows = RegionRows(
        counts=np.array([len(one) for one in features]),
        sizes=np.array([(one.width, one.height) for one in features]),
        codes=np.concatenate([one.codes for one in features]),
        x=np.concatenate([one.x for one in features]),
        y=np.concatenate([one.y for one in features]),
        scale=np.concatenate([one.scale for one in features]),
        angle=np.concatenate([one.angle for one in features]),
    )
    return open_region_searcher([RegionSource("bench", np.arange(len(features)), lambda: [rows])], None)


def _stored(path: Path, rgb: np.ndarray) -> RegionFeatures:
    if path.exists():
        with np.load(path, allow_pickle=False) as held:
            return RegionFeatures(
                *(held[name] for name in ("codes", "x", "y", "scale", "angle")), *held["size"].tolist()
            )
    found = describe(grey(rgb, INDEX.long_side))
    path.parent.mkdir(parents=True, exist_ok=True)
    size = np.array([found.width, found.height])
    np.savez(path, codes=found.codes, x=found.x, y=found.y, scale=found.scale, angle=found.angle, size=size)
    return found


def answers(queries: Iterable[Query], hashed: Hashed, options: RegionOptions) -> Iterator[dict[str, Answer]]:
    """For each query, the answers of the whole tier alone, the region tier alone, and both."""
    for query in queries:
        picture = decode(query.path.read_bytes())
        start = time.process_time()
        whole = _whole(picture, hashed)
        middle = time.process_time()
        matches = examine_regions(picture.rgb, hashed.regions, options, (picture.width, picture.height))
        end = time.process_time()
        region = tuple((match.work, float(match.match.probability or 0), match.grade) for match in matches)
        both = {work: (work, score, grade) for work, score, grade in region}
        both |= {work: (work, 1.0, "high") for work, score, grade in whole if grade == "high"}
        yield {
            "whole": Answer(query, whole, middle - start),
            "regions": Answer(query, region, end - middle),
            "auditor": Answer(query, tuple(both.values()), end - start),
        }


def _whole(picture: object, hashed: Hashed) -> tuple[tuple[int, float, str], ...]:
    best: dict[int, int] = {}
    for view in whole_views(picture):  # type: ignore[arg-type]
        if view.quality < DEFAULT.pdq_quality:
            continue
        _, rows, distances = hashed.pdq.within(view.pdq, DEFAULT.pdq_loose)
        for row, distance in zip(rows.tolist(), distances.tolist(), strict=True):
            work = int(hashed.pdq_works[row])
            best[work] = min(best.get(work, 256), distance)
    return tuple(
        (work, 1 - distance / 256, "high" if distance <= DEFAULT.pdq_tight else "weak")
        for work, distance in best.items()
    )


def measured(
    queries: Iterable[Query], hashed: Hashed, looks: Sequence[Look] = (FIRST, CLOSER, SHEET)
) -> Iterator[dict]:
    """What verification measures of every candidate, for the calibration: no decision is taken here."""
    for query in queries:
        rgb = decode(query.path.read_bytes()).rgb
        for number, how in enumerate(looks if put_together(grey(rgb, FIRST.long_side)) else looks[:-1]):
            features = look(grey(rgb, how.long_side), how)
            cast = region_candidates.ballot(features, PLAIN, hashed.regions, thorough=number > 0)
            for one in region_candidates.candidates(cast, hashed.regions, 3, 8):
                rest = sharing.rest(one.evidence, one.side, one.work_side)
                yield {
                    "path": query.path.name,
                    "edit": query.edit,
                    "kind": query.kind,
                    "source": query.work,
                    "half": query.half,
                    "look": number,
                    "work": one.work,
                    "mirrored": one.variant.mirrored,
                    "inliers": one.evidence.fit.inliers,
                    "values": calibration.measurements(one.evidence, one.side, one.work_side).tolist(),
                    "expected": rest.expected,
                    "outside": rest.outside,
                }
