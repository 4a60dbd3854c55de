"""How closely a picture is looked at: a cheap glance first, and closer looks only where one finds a reason.

Most pictures of a training folder show no listed work, and a glance tells. Every further look is taken for a reason
that the one before it found: pairs of features that agree on one place, straight edges as sheets have them, or too
few features to tell.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from auditor.checks.copies.regions import candidates as region_candidates
from auditor.checks.copies.regions.candidates import NEGATIVE, PLAIN, RegionCandidate, Variant
from auditor.checks.interface import RegionSearcher
from auditor.imaging.pixels import grey
from auditor.imaging.regions import calibration, overlap, sharing
from auditor.imaging.regions.descriptors import LocalFeatures
from auditor.imaging.regions.features import Look, look
from auditor.imaging.regions.overlap import Rectangle
from auditor.imaging.regions.sheets import put_together
from auditor.thresholds import DEFAULT

GLANCE = Look(192, 160, thorough=False)
FIRST = Look(256, 300, thorough=False)
FAINT = Look(256, 300)
CLOSER = Look(448, 600)
SHEET_GLANCE = Look(512, 900, cells=5)
SHEET = Look(800, 1800, cells=5)
CONTACT_SHEET = Look(1024, 2600, cells=6)
WHOLE_FRAME = Look(640, 1200, cells=5)
PIECE_GLANCE = Look(288, 320, thorough=False)
PIECE = Look(448, 600)
PIECE_FRAME = Look(448, 700, cells=5)


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
    glance: Look = GLANCE
    first: Look = FIRST
    faint: Look = FAINT
    """How to look at a picture with fewer features than `few_features`."""
    closer: Look = CLOSER
    sheet_glance: Look = SHEET_GLANCE
    """How closely to look at what may be put together from several pictures, where the glance found nothing."""
    sheet: Look = SHEET
    """The same, where something was found."""
    contact_sheet: Look = CONTACT_SHEET
    """How closely to look again where a closer look was taken and `many` works or more are sure."""
    whole_frame: Look = WHOLE_FRAME
    """How closely to look at the place of a work of which a part was found: is the rest there too?"""
    confirmed: int = 8
    """So many works of which a part was found are compared once more."""
    many: int = 4
    few_features: int = 100
    """A picture with fewer features at a glance gets the faint look."""
    negative_features: float = 0.4
    """Such a share of the features is looked up as if the picture were a negative, in the first looks."""
    votes: int = 3
    """A work with fewer voting features is not verified."""
    works: int = 16
    """At most so many works are verified in the first look."""
    more_works: int = 40
    """At most so many works are verified in a closer look."""
    always_closer: bool = False
    """Take the closer look at every picture."""
    glance_and_first: bool = False
    """Take no look beyond the glance and the first one, for the many pieces of a banner."""


DEFAULT_OPTIONS = RegionOptions()


def for_pieces(options: RegionOptions) -> RegionOptions:
    """The effort for one of many pieces of a picture: together they take as long as a sheet or two."""
    return replace(
        options, glance=PIECE_GLANCE, first=PIECE, whole_frame=PIECE_FRAME, confirmed=1, glance_and_first=True
    )


def probability(candidate: RegionCandidate) -> float:
    """How sure it is that the candidate's work is in the picture, 0 to 1."""
    return calibration.probability(candidate.evidence, candidate.side, candidate.work_side)


def find(rgb: NDArray[np.uint8], searcher: RegionSearcher, options: RegionOptions) -> list[RegionCandidate]:
    """Every candidate that the looks at one picture (h, w, 3) gave; a work may come more than once."""
    small = grey(rgb, FIRST.long_side)
    glanced = look(small, options.glance)
    if options.glance_and_first:
        if not _hint(glanced, searcher, options):
            return []
        return _first_look(look(grey(rgb, options.first.long_side), options.first), False, False, searcher, options)[0]
    composed = put_together(small)
    sparse = len(glanced.points) < options.few_features
    features = look(small, options.faint) if sparse else None
    within: list[RegionCandidate] = []
    if not options.always_closer and not _hint(glanced, searcher, options):
        within = _plain(rgb, searcher, options, options.sheet_glance) if composed else []
        if not within and (features is None or not _hint(features, searcher, options, thorough=True)):
            return []
    if features is None:
        features = look(small, options.first)
    found, how = _first_look(features, composed, sparse, searcher, options)
    found += within
    if how is not None:
        found += _closer_look(rgb, searcher, options, how)
        if len(_sure(found, options)) >= options.many:
            found += _plain(rgb, searcher, options, options.contact_sheet)
    return found


def confirm(candidate: RegionCandidate, rgb: NDArray[np.uint8], options: RegionOptions) -> RegionCandidate:
    """The candidate, seen more closely if then the rest of the work is there too.

    Lettering, a busy corner or the rest of a sheet takes the places of the strongest features, and what is left of a
    copy then looks like another picture. Here features are taken from everywhere in the place where the whole work
    would lie, and compared with this one work.
    """
    frame = overlap.whole_overlap(
        candidate.evidence, candidate.side, candidate.work_side, candidate.variant.mirrored
    ).sample_region
    seen = region_candidates.seen_again(candidate, _look_into(rgb, frame, options.whole_frame))
    if seen is None or seen.evidence.fit.inliers < candidate.evidence.fit.inliers:
        return candidate
    return seen if probability(seen) >= options.high and not is_part(seen, options) else candidate


def is_part(candidate: RegionCandidate, options: RegionOptions) -> bool:
    """Whether only a part of the work was found, in a picture that goes on otherwise."""
    return probability(candidate) >= options.high and sharing.shares_part(
        sharing.rest(candidate.evidence, candidate.side, candidate.work_side)
    )


def _look_into(rgb: NDArray[np.uint8], frame: Rectangle, how: Look) -> LocalFeatures:
    """Features of a rectangle of the picture (fractions of its sides), told in the picture's own pixels."""
    height, width = rgb.shape[:2]
    left, top = min(math.floor(frame[0] * width), width - 1), min(math.floor(frame[1] * height), height - 1)
    right, bottom = max(left + 1, math.ceil(frame[2] * width)), max(top + 1, math.ceil(frame[3] * height))
    part = np.ascontiguousarray(rgb[top:bottom, left:right])
    found = look(grey(part, how.long_side), how)
    points = found.points.copy()
    points[:, :3] *= part.shape[1] / found.width
    points[:, :2] += (left, top)
    return LocalFeatures(points, found.descriptors, width, height)


def _first_look(
    features: LocalFeatures, composed: bool, sparse: bool, searcher: RegionSearcher, options: RegionOptions
) -> tuple[list[RegionCandidate], Look | None]:
    """Candidates of the first look, and how to look again where it left a question open."""
    found = _candidates(features, PLAIN, searcher, options.votes, options.works)
    if not _sure(found, options):
        fewer = options.negative_features
        found += _candidates(features, NEGATIVE, searcher, options.votes, options.works // 2, negatives=fewer)
    if composed:
        return found, options.sheet
    sure = _sure(found, options)
    doubtful = any(probability(one) >= options.doubt for one in found if one.work not in sure)
    closely = doubtful or (sparse and not sure) or options.always_closer
    return found, options.closer if closely else None


def _hint(features: LocalFeatures, searcher: RegionSearcher, options: RegionOptions, thorough: bool = False) -> bool:
    """Whether any work has features that agree on a place in the picture."""
    every, fewer = PLAIN + NEGATIVE, options.negative_features
    return bool(_candidates(features, every, searcher, options.votes, options.works, thorough, negatives=fewer))


def _closer_look(
    rgb: NDArray[np.uint8], searcher: RegionSearcher, options: RegionOptions, how: Look
) -> list[RegionCandidate]:
    # A sheet has many features, and a negative in a sheet is rare: four variants would cost half a second.
    if how.cells > 1:
        return _plain(rgb, searcher, options, how)
    features = look(grey(rgb, how.long_side), how)
    return _candidates(features, PLAIN + NEGATIVE, searcher, options.votes, options.more_works)


def _plain(
    rgb: NDArray[np.uint8], searcher: RegionSearcher, options: RegionOptions, how: Look
) -> list[RegionCandidate]:
    features = look(grey(rgb, how.long_side), how)
    return _candidates(features, PLAIN, searcher, options.votes, options.more_works)


def _candidates(
    features: LocalFeatures,
    variants: Sequence[Variant],
    searcher: RegionSearcher,
    least_votes: int,
    at_most: int,
    thorough: bool = True,
    negatives: float = 1.0,
) -> list[RegionCandidate]:
    cast = region_candidates.ballot(features, variants, searcher, thorough, negatives)
    return region_candidates.candidates(cast, searcher, least_votes, at_most)


def _sure(found: Sequence[RegionCandidate], options: RegionOptions) -> set[int]:
    return {candidate.work for candidate in found if probability(candidate) >= options.high}
