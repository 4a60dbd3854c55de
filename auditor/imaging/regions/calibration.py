"""How sure a verified candidate is a true copy: a logistic regression over what the verification measured.

`benchmarks/copies/calibrate.py` fits the coefficients on half of the bench's pictures; docs/benchmarks.md tells of the
result on the other half. The numbers below are its output.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from auditor.imaging.regions.guided import Evidence, Side

VERSION = "regions-probability@2"
NAMES = ("inliers", "ratio", "residual", "bits", "area", "alike")
INTERCEPT = 10.885
WEIGHTS = (4.375, 2.506, -5.264, -4.585, 0.612, -3.797)
ALIKE_BITS = 24
"""Two features of one picture whose codes differ in no more bits look alike (dots, corners of a pattern)."""
ALIKE_AT_MOST = 128


def probability(evidence: Evidence, sample: Side, work: Side) -> float:
    """Probability, 0 to 1, that the work or a part of it is really in the picture."""
    score = INTERCEPT + float(np.dot(WEIGHTS, measurements(evidence, sample, work)))
    return 1 / (1 + math.exp(-max(-40.0, min(40.0, score))))


def measurements(evidence: Evidence, sample: Side, work: Side) -> NDArray[np.float64]:
    """What the regression looks at, in the order of `NAMES`.

    - inliers: natural logarithm of the distinct inliers, each counted less the more of them look alike;
    - ratio: natural logarithm of inliers over the pairs that could have been found;
    - residual: root mean square error in hundredths of the picture's longer side;
    - bits: mean distance of the inliers' codes in units of 10 bits;
    - area: natural logarithm of the inliers' hull, the smaller share of the picture's and of the work's area;
    - alike: share of inliers that look like another one.
    """
    alike = _alike(evidence)
    count = evidence.fit.inliers
    return np.array(
        [
            math.log(max(count * (1 - alike), 1.0)),
            math.log(max(evidence.ratio, 1e-3)),
            min(evidence.fit.residual * 100, 2.0),
            evidence.bits / 10,
            math.log(max(_hull(evidence, sample, work), 1e-4)),
            alike,
        ]
    )


def _alike(evidence: Evidence) -> float:
    """Share of inliers whose code nearly equals an earlier inlier's."""
    codes = evidence.codes[:ALIKE_AT_MOST]
    if len(codes) < 2:
        return 0.0
    distance = np.unpackbits(codes[:, None, :] ^ codes[None, :, :], axis=2).sum(axis=2)
    earlier = np.tril(np.ones((len(codes), len(codes)), bool), -1)
    return float(np.mean(np.any((distance <= ALIKE_BITS) & earlier, axis=1)))


def _hull(evidence: Evidence, sample: Side, work: Side) -> float:
    rows = evidence.fit.rows
    shares = []
    for points, side in ((evidence.pairs.sample, sample), (evidence.pairs.work, work)):
        hull = cv2.convexHull(np.ascontiguousarray(points[rows, :2]).reshape(-1, 1, 2))
        shares.append(float(cv2.contourArea(hull)) / (side.width * side.height))
    return min(shares)
