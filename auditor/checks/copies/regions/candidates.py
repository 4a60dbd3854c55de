"""From a picture's region hashes to the works that may be in it, with the evidence for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from auditor.checks.interface import FeatureHits, RegionSearcher
from auditor.imaging.regions import descriptors, geometry, guided
from auditor.imaging.regions.descriptors import LocalFeatures
from auditor.imaging.regions.features import encode, positions
from auditor.imaging.regions.geometry import Correspondences
from auditor.imaging.regions.guided import Evidence, Side

MAX_BITS = 36
"""Features further apart than this many of 128 bits do not vote."""
NEIGHBOURS = 3
MOST_RANKED = 64
"""Works with the most votes that are remembered; no look verifies more."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One way a picture may have been changed that leaves its features in other bins."""

    mirrored: bool
    negative: bool


PLAIN = (Variant(False, False), Variant(True, False))
NEGATIVE = (Variant(False, True), Variant(True, True))


@dataclass(frozen=True, slots=True)
class RegionCandidate:
    """A work that may be in the picture."""

    work: int
    variant: Variant
    votes: int
    evidence: Evidence
    side: Side
    """The picture as this variant sees it."""
    work_side: Side


@dataclass(frozen=True, slots=True)
class Ballot:
    """What a search said of one picture."""

    sides: tuple[Side, ...]
    variants: tuple[Variant, ...]
    hits: FeatureHits
    first_query: NDArray[np.intp]
    """(variants + 1,) the first row of `hits.query` of each variant, and the number of all."""
    ranked: tuple[tuple[int, int, int], ...]
    """(votes, variant number, work), best first: near features weigh more, so that chance votes do not add up."""


def vary(features: LocalFeatures, variant: Variant) -> LocalFeatures:
    """The features as they would be without the variant's change."""
    if variant.mirrored:
        features = descriptors.mirrored(features)
    return descriptors.inverted(features) if variant.negative else features


def ballot(
    features: LocalFeatures,
    variants: Sequence[Variant],
    searcher: RegionSearcher,
    thorough: bool = True,
    negatives: float = 1.0,
) -> Ballot:
    """Look the features up under each variant, and count for each work how many of them are near one of its own.

    Of the features, which come strongest first, the share `negatives` is looked up as if the picture were a negative.
    """
    fewer = _strongest(features, negatives)
    sides = tuple(_side(fewer if variant.negative else features, variant) for variant in variants)
    first_query = np.cumsum([0, *(len(side.codes) for side in sides)])
    if not first_query[-1]:
        return Ballot(sides, tuple(variants), FeatureHits.none(), first_query, ())
    hits = searcher.nearest(np.concatenate([side.codes for side in sides]), NEIGHBOURS, MAX_BITS, thorough)
    return Ballot(sides, tuple(variants), hits, first_query, _rank(hits, first_query))


def _strongest(features: LocalFeatures, share: float) -> LocalFeatures:
    """The first features, which are the strongest."""
    kept = round(len(features.points) * share)
    return replace(features, points=features.points[:kept], descriptors=features.descriptors[:kept])


def _side(features: LocalFeatures, variant: Variant) -> Side:
    """The picture as a variant sees it."""
    one = encode(vary(features, variant))
    return Side.of(one.codes, positions(one), (features.width, features.height))


def _rank(hits: FeatureHits, first_query: NDArray[np.intp]) -> tuple[tuple[int, int, int], ...]:
    if not len(hits.query):
        return ()
    works, queries = int(hits.work.max()) + 1, int(first_query[-1])
    pair = (_variants(hits, first_query) * works + hits.work) * queries + hits.query
    nearest_first = np.lexsort((hits.bits, pair))
    pair, once = np.unique(pair[nearest_first], return_index=True)
    weight = ((MAX_BITS + 1 - hits.bits[nearest_first][once]) / (MAX_BITS + 1)) ** 2
    owners, start, votes = np.unique(pair // queries, return_index=True, return_counts=True)
    order = np.argsort(-np.add.reduceat(weight, start), kind="stable")[:MOST_RANKED]
    return tuple(
        (int(votes[place]), int(owners[place]) // works, int(owners[place]) % works) for place in order.tolist()
    )


def _variants(hits: FeatureHits, first_query: NDArray[np.intp]) -> NDArray[np.intp]:
    """Which variant each hit belongs to."""
    return np.searchsorted(first_query, hits.query, side="right") - 1


def candidates(cast: Ballot, searcher: RegionSearcher, least_votes: int, at_most: int) -> list[RegionCandidate]:
    """Verify the works with the most votes, at most `at_most` of them."""
    chosen = [one for one in cast.ranked[:at_most] if one[0] >= least_votes]
    if not chosen:
        return []
    variants = _variants(cast.hits, cast.first_query)
    rows = [np.flatnonzero((cast.hits.work == work) & (variants == number)) for _, number, work in chosen]
    found = []
    # Most works have their votes by chance: one pass over all of them tells which are worth the closer check.
    sizes = [len(own) for own in rows]
    pairs = _pairs(cast, np.concatenate(rows))
    own = np.split(np.arange(sum(sizes)), np.cumsum(sizes)[:-1])
    agreeing = geometry.agreeing(pairs, sizes)
    for (votes, number, work), part, most in zip(chosen, own, agreeing, strict=True):
        evidence = _verified(cast.sides[number], pairs.take(part), work, searcher) if most >= least_votes else None
        if evidence is not None:
            found.append(RegionCandidate(work, cast.variants[number], votes, *evidence))
    return found


def _pairs(cast: Ballot, rows: NDArray[np.intp]) -> Correspondences:
    sides = np.concatenate([side.positions for side in cast.sides])
    return Correspondences(sides[cast.hits.query[rows]], cast.hits.place[rows], cast.hits.bits[rows])


def _verified(
    side: Side, pairs: Correspondences, work: int, searcher: RegionSearcher
) -> tuple[Evidence, Side, Side] | None:
    fit = geometry.verify(pairs)
    if fit is None:
        return None
    work_side = Side.of(*searcher.features(work), searcher.size(work))
    evidence = guided.look_again(side, work_side, fit)
    return None if evidence is None else (evidence, side, work_side)


def seen_again(candidate: RegionCandidate, features: LocalFeatures) -> RegionCandidate | None:
    """The candidate with other features of the same picture, matched by the transform that is known; None where too
    few lie at their place."""
    side = _side(features, candidate.variant)
    evidence = guided.look_again(side, candidate.work_side, candidate.evidence.fit)
    return None if evidence is None else replace(candidate, evidence=evidence, side=side)
