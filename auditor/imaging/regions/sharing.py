"""Telling a copy from two pictures that only share a part: the same figure before another background.

In a copy, matched features are spread over everything that both frames have in common. Where only a part is
shared, they end at its outline although both pictures go on, with features that find no partner. The hull of the
matches bounds the part; from the rate of matches inside it follows how many would be expected outside.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from auditor.imaging.regions.geometry import dense
from auditor.imaging.regions.guided import Evidence, Side

MARGIN = 0.03
"""The hull is widened by this much of the longer side, because features near an outline see beyond it."""
LEAST_EXPECTED = 12.0
"""So many matches must be missing outside the hull, by the rate inside, on both sides."""
LEAST_OUTSIDE = 0.4
"""So much of what both frames show must lie outside, by number of features, on both sides."""


@dataclass(frozen=True, slots=True)
class Rest:
    """What lies outside the matched part, the lesser of both sides."""

    expected: float
    """Matches that a copy would have there."""
    outside: float
    """Share of the comparable features that lie there, 0 to 1."""


def rest(evidence: Evidence, sample: Side, work: Side) -> Rest:
    """Measure both sides of a match and return the side where less lies outside."""
    rows = evidence.fit.rows
    sides = (
        _outside(evidence.pairs.sample[rows], sample.positions[evidence.seen_sample]),
        _outside(evidence.pairs.work[rows], work.positions[evidence.seen_work]),
    )
    return Rest(min(side.expected for side in sides), min(side.outside for side in sides))


def shares_part(measured: Rest) -> bool:
    """Whether the pictures share a part while the rest differs."""
    return measured.expected >= LEAST_EXPECTED and measured.outside >= LEAST_OUTSIDE


def _outside(matched: NDArray[np.float32], comparable: NDArray[np.float32]) -> Rest:
    if len(matched) < 3 or not len(comparable):
        return Rest(0.0, 0.0)
    matched = matched[dense(matched)]
    hull = cv2.convexHull(np.ascontiguousarray(matched[:, :2]).reshape(-1, 1, 2))
    distances = [cv2.pointPolygonTest(hull, (float(x), float(y)), True) for x, y in comparable[:, :2]]
    outside = int(np.count_nonzero(np.array(distances) < -MARGIN))
    inside = len(comparable) - outside
    return Rest(len(matched) / max(inside, 1) * outside, outside / len(comparable))
