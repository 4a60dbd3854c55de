"""The region tier: which works, or parts of works, a picture holds, and where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from auditor.checks.copies.regions import banner as region_banner
from auditor.checks.copies.regions import looks as region_looks
from auditor.checks.copies.regions.banner import Piece
from auditor.checks.copies.regions.candidates import RegionCandidate
from auditor.checks.copies.regions.looks import DEFAULT_OPTIONS, RegionOptions, for_pieces, probability
from auditor.checks.copies.regions.words import RegionFacts, region_sentence
from auditor.checks.interface import RegionSearcher
from auditor.imaging.regions import overlap
from auditor.imaging.regions.features import ALGORITHM
from auditor.model import Match
from auditor.thresholds import Thresholds

Grade = Literal["high", "weak", "shares-part"]
RULES: dict[Grade, str] = {
    "high": "copy.region",
    "weak": "copy.region-weak",
    "shares-part": "copy.shares-part",
}


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

    `size` is the picture's width and height where `rgb` was decoded at a reduced size.
    """
    width, height = size or (rgb.shape[1], rgb.shape[0])
    matches = _examine(rgb, searcher, options, (width, height))
    for piece in region_banner.pieces(width, height):
        found = _examine(piece.of(rgb), searcher, for_pieces(options), piece.size(width, height))
        matches += [_in_strip(match, piece) for match in found]
    return tuple(sorted(_fullest(matches), key=lambda match: (-(match.match.probability or 0), match.work)))


def _examine(
    rgb: NDArray[np.uint8], searcher: RegionSearcher, options: RegionOptions, size: tuple[int, int]
) -> list[RegionMatch]:
    best = _best(region_looks.find(rgb, searcher, options))
    parts = [number for number, one in enumerate(best) if region_looks.is_part(one, options)]
    for number in parts[: options.confirmed]:
        best[number] = region_looks.confirm(best[number], rgb, options)
    matches = [_matched(candidate, options, size, searcher) for candidate in best]
    return [match for match in matches if match is not None]


def _in_strip(match: RegionMatch, piece: Piece) -> RegionMatch:
    facts = piece.told_in_strip(match.facts)
    return replace(match, facts=facts, match=replace(match.match, sample_region=facts.sample_region))


def _fullest(matches: Sequence[RegionMatch]) -> Iterable[RegionMatch]:
    """One match per work: of the best grade, and of those the one that shows most of the work."""
    best: dict[int, RegionMatch] = {}
    for match in matches:
        known = best.get(match.work)
        if known is None or _fullness(match) > _fullness(known):
            best[match.work] = match
    return best.values()


def _fullness(match: RegionMatch) -> tuple[bool, bool, float, float]:
    return match.grade == "high", match.grade == "shares-part", match.facts.work_share, match.match.probability or 0.0


def _best(found: Iterable[RegionCandidate]) -> list[RegionCandidate]:
    """One candidate per work, the most probable; those of the surest work first."""
    best: dict[int, tuple[float, RegionCandidate]] = {}
    for candidate in found:
        sure = probability(candidate)
        known = best.get(candidate.work)
        if known is None or sure > known[0]:
            best[candidate.work] = (sure, candidate)
    surest = sorted(best.values(), key=lambda pair: (-pair[0], pair[1].work))
    return [candidate for _, candidate in surest]


def _matched(
    candidate: RegionCandidate, options: RegionOptions, size: tuple[int, int], searcher: RegionSearcher
) -> RegionMatch | None:
    sure = probability(candidate)
    if sure < options.weak:
        return None
    evidence, sample, work = candidate.evidence, candidate.side, candidate.work_side
    grade = _grade(candidate, sure, options)
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
        probability=round(sure, 4),
        scale=None if scale is None else round(scale, 3),
        algorithm=ALGORITHM,
        view="negative" if candidate.variant.negative else None,
    )
    return RegionMatch(candidate.work, grade, match, facts)


def _grade(candidate: RegionCandidate, sure: float, options: RegionOptions) -> Grade:
    if sure < options.high or candidate.evidence.fit.inliers < options.least_inliers:
        return "weak"
    return "shares-part" if region_looks.is_part(candidate, options) else "high"
