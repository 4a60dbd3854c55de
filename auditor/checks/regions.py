"""The region tier: which works, or parts of works, a picture holds, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from auditor.checks import region_candidates
from auditor.checks.interface import RegionSearcher
from auditor.checks.region_candidates import NEGATIVE, PLAIN, Candidate
from auditor.checks.region_words import RegionFacts, region_sentence
from auditor.imaging import calibration, overlap, sharing
from auditor.imaging.pixels import grey
from auditor.imaging.regions import ALGORITHM, Look, look
from auditor.imaging.sheets import FULL, straight_edges
from auditor.model import Match
from auditor.thresholds import DEFAULT, Thresholds

Grade = Literal["high", "weak", "shares-part"]
RULES: dict[Grade, str] = {
    "high": "copy.region",
    "weak": "copy.region-weak",
    "shares-part": "copy.shares-part",
}


FIRST = Look(256, 300, thorough=False)
CLOSER = Look(448, 600)
SHEET = Look(800, 1800, cells=5)
CONTACT_SHEET = Look(1024, 2600, cells=6)


@dataclass(frozen=True, slots=True)
class RegionOptions:
    """Bounds and effort of the region tier. The defaults are what docs/benchmarks.md measures."""

    high: float = DEFAULT.region_high
    """Probability from which a match is graded high."""
    weak: float = DEFAULT.region_review
    """Probability from which a match is reported at all."""
    doubt: float = 0.02
    """Probability from which a match that is not high asks for a closer look."""
    least_inliers: int = DEFAULT.region_inliers
    """Fewer distinct inliers are never graded high."""
    first: Look = FIRST
    closer: Look = CLOSER
    sheet: Look = SHEET
    """How closely to look at what may be put together from several pictures."""
    contact_sheet: Look = CONTACT_SHEET
    """How closely to look at what holds `many` works or more."""
    many: int = 4
    few_features: int = 150
    """A picture with fewer features in the first look gets the closer look."""
    negative_features: int = 120
    """So many features are looked up as if the picture were a negative, in the first look."""
    votes: int = 3
    """A work with fewer voting features is not verified."""
    works: int = 16
    """At most so many works are verified in the first look."""
    more_works: int = 40
    """At most so many works are verified in a closer look."""
    always_closer: bool = False
    """Take the closer look at every picture."""


DEFAULT_OPTIONS = RegionOptions()


def bounded_by(thresholds: Thresholds) -> RegionOptions:
    """The default effort with the bounds of a scan."""
    return replace(
        DEFAULT_OPTIONS,
        high=thresholds.region_high,
        weak=thresholds.region_review,
        least_inliers=thresholds.region_inliers,
    )


@dataclass(frozen=True, slots=True)
class RegionMatch:
    """One work found in a picture."""

    work: int
    """Row of the work, valid for `CopySearcher.listed`."""
    grade: Grade
    match: Match
    facts: RegionFacts

    @property
    def rule(self) -> str:
        """Id of the rule that this match is reported under."""
        return RULES[self.grade]

    def sentence(self, title: str) -> str:
        """The match in words, beginning in lower case, without a full stop."""
        return region_sentence(self.facts, title, self.grade)


def examine_regions(
    rgb: NDArray[np.uint8],
    searcher: RegionSearcher,
    options: RegionOptions = DEFAULT_OPTIONS,
    size: tuple[int, int] | None = None,
) -> tuple[RegionMatch, ...]:
    """Find the works that a picture (h, w, 3) uint8 shows, wholly or in part; the most probable first.

    A first look at a small size decides most pictures. A closer look, which also tries the negative, is taken where
    the first left a question open: a work with votes that was not confirmed, or one that was confirmed weakly.
    `size` is the picture's width and height where `rgb` was decoded at a reduced size.
    """
    found, how = _first_look(rgb, searcher, options)
    if how is not None:
        found += _closer_look(rgb, searcher, options, how)
        if len({one.work for one in found if _probability(one) >= options.high}) >= options.many:
            found += _closer_look(rgb, searcher, options, options.contact_sheet)
    height, width = rgb.shape[:2]
    matches = [_matched(candidate, options, size or (width, height), searcher) for candidate in _best(found)]
    kept = [match for match in matches if match is not None]
    return tuple(sorted(kept, key=lambda match: (-(match.match.probability or 0), match.work)))


def _first_look(
    rgb: NDArray[np.uint8], searcher: RegionSearcher, options: RegionOptions
) -> tuple[list[Candidate], Look | None]:
    """Candidates of the first look, and how to look again where it left a question open."""
    small = grey(rgb, options.first.long_side)
    features = look(small, options.first)
    cast = region_candidates.ballot(features, PLAIN, searcher, thorough=False)
    found = region_candidates.candidates(cast, searcher, options.votes, options.works)
    sure = {candidate.work for candidate in found if _probability(candidate) >= options.high}
    if not sure:
        strongest = replace(
            features,
            points=features.points[: options.negative_features],
            descriptors=features.descriptors[: options.negative_features],
        )
        cast = region_candidates.ballot(strongest, NEGATIVE, searcher, thorough=False)
        found += region_candidates.candidates(cast, searcher, options.votes, options.works // 2)
        sure = {candidate.work for candidate in found if _probability(candidate) >= options.high}
    if straight_edges(small) >= FULL:
        return found, options.sheet
    doubtful = any(_probability(one) >= options.doubt for one in found if one.work not in sure)
    sparse = not sure and len(features.points) < options.few_features
    return found, options.closer if doubtful or sparse or options.always_closer else None


def _closer_look(
    rgb: NDArray[np.uint8], searcher: RegionSearcher, options: RegionOptions, how: Look
) -> list[Candidate]:
    # A sheet has many features, and a negative in a sheet is rare: four variants would cost half a second.
    sheet = how.cells > 1
    variants = PLAIN if sheet else PLAIN + NEGATIVE
    cast = region_candidates.ballot(look(grey(rgb, how.long_side), how), variants, searcher, thorough=not sheet)
    return region_candidates.candidates(cast, searcher, options.votes, options.more_works)


def _probability(candidate: Candidate) -> float:
    return calibration.probability(candidate.evidence, candidate.side, candidate.work_side)


def _best(found: Iterable[Candidate]) -> list[Candidate]:
    """One candidate per work, the most probable."""
    best: dict[int, tuple[float, Candidate]] = {}
    for candidate in found:
        probability = _probability(candidate)
        known = best.get(candidate.work)
        if known is None or probability > known[0]:
            best[candidate.work] = (probability, candidate)
    return [candidate for _, candidate in best.values()]


def _matched(
    candidate: Candidate, options: RegionOptions, size: tuple[int, int], searcher: RegionSearcher
) -> RegionMatch | None:
    probability = _probability(candidate)
    if probability < options.weak:
        return None
    evidence, sample, work = candidate.evidence, candidate.side, candidate.work_side
    grade = _grade(candidate, probability, options)
    bounds = overlap.matched_overlap if grade == "shares-part" else overlap.whole_overlap
    common = bounds(evidence, sample, work, candidate.variant.mirrored)
    width, height = searcher.size(candidate.work)
    scale = common.scale * max(size) / max(width, height) if min(width, height) > 1 else None
    facts = RegionFacts(
        work_region=common.work_region,
        sample_region=common.sample_region,
        work_share=common.work_share,
        sample_share=common.sample_share,
        mirrored=candidate.variant.mirrored,
        negative=candidate.variant.negative,
        rotation=common.rotation,
        scale=scale,
    )
    match = Match(
        "region",
        inliers=evidence.fit.inliers,
        mirrored=candidate.variant.mirrored,
        rotation=round(common.rotation) % 360,
        sample_region=common.sample_region,
        work_region=common.work_region,
        probability=round(probability, 4),
        scale=None if scale is None else round(scale, 3),
        algorithm=ALGORITHM,
        view="negative" if candidate.variant.negative else None,
    )
    return RegionMatch(candidate.work, grade, match, facts)


def _grade(candidate: Candidate, probability: float, options: RegionOptions) -> Grade:
    if probability < options.high or candidate.evidence.fit.inliers < options.least_inliers:
        return "weak"
    if sharing.shares_part(sharing.rest(candidate.evidence, candidate.side, candidate.work_side)):
        return "shares-part"
    return "high"
