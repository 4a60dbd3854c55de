"""What a picture's views and their hashes are, as values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class WholeView:
    """One reading of a picture, hashed."""

    name: str
    """whole | trimmed | exif-ignored | alpha-dropped"""
    pdq: NDArray[np.uint8]
    """(8, 32): `pdq@1` in each of `ORIENTATIONS`; row 0 is the picture as it is, and what an index stores."""
    quality: int
    """PDQ's quality, 0 to 100. Below `Thresholds.pdq_quality` the picture is too plain for a hash to tell it from
    others."""
    phash: NDArray[np.uint8]
    """(8, 8): `phash@1` in each of `ORIENTATIONS`."""
