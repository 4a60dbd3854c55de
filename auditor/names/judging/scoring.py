"""Scores. `NAMES.block` and more is graded high, `NAMES.review` to that medium; what scores less is not reported.

| grade | no cue | weak cue | strong cue |
|---|---|---|---|
| distinctive | 0.90 | 0.95 | 0.97 |
| personal | 0.45 | 0.82 | 0.93 |
| name only | 0.30 | 0.70 | 0.88 |
| ordinary | 0.10 | 0.40 | 0.84 |

A spelling that leaves doubt lowers the result to its ceiling (`auditor.thresholds.NameBounds`).
"""

from __future__ import annotations

from auditor.names.judging.mention import Mention
from auditor.names.listing.ambiguity import Grade

_BASE: dict[Grade, tuple[float, float, float]] = {
    Grade.DISTINCTIVE: (0.90, 0.95, 0.97),
    Grade.PERSONAL: (0.45, 0.82, 0.93),
    Grade.NAME_ONLY: (0.30, 0.70, 0.88),
    Grade.ORDINARY: (0.10, 0.40, 0.84),
}
UNCUED = _BASE[Grade.NAME_ONLY][0]
"""The most that a name scores which needs a cue and has none."""


def score(mention: Mention) -> float:
    """The score of a mention, rounded to two places."""
    return round(min(_BASE[mention.grade][mention.cue.strength], mention.ceiling), 2)
