"""Works that an index knows by ISCC Image-Code: 64 bits, so weak evidence that asks for review only."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.checks.copies import Candidate, shown_title
from auditor.checks.interface import CopySearcher
from auditor.extras import available
from auditor.imaging.iscc import ALGORITHM, BITS, image_bits
from auditor.imaging.perceptual import WholeView
from auditor.imaging.pixels import Picture
from auditor.model import Match
from auditor.thresholds import Thresholds


def iscc_candidates(
    picture: Picture, views: Sequence[WholeView], searcher: CopySearcher, thresholds: Thresholds
) -> tuple[Candidate, ...]:
    """Works whose Image-Code is as near as a pHash that counts alone (`phash_alone`, of 64 bits).

    Empty where no work carries a code, where the extra [iscc] is missing, and for pictures too plain to be hashed.
    """
    plain = all(view.quality < thresholds.pdq_quality for view in views)
    if plain or not searcher.has_iscc or not available("iscc_lib"):
        return ()
    nearest: dict[int, int] = {}
    for hit in searcher.by_iscc(image_bits(picture), thresholds.phash_alone):
        nearest[hit.work] = min(hit.distance, nearest.get(hit.work, hit.distance))
    return tuple(_candidate(work, distance, searcher) for work, distance in sorted(nearest.items()))


def _candidate(work: int, distance: int, searcher: CopySearcher) -> Candidate:
    title = shown_title(searcher.listed(work).work)
    sentence = f"looks like *{title}* (ISCC Image-Code distance {distance} of {BITS} bits)"
    return Candidate(work, "copy.similar", "medium", Match("whole", distance=distance, algorithm=ALGORITHM), sentence)
