"""The seam of the checks, and the views of an opened index that they search.

A check is pure: values in, findings out. What touches files (the index, the dataset) is handed in behind
the protocols below.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from auditor.model import Artist, Finding, Sample, Work
from auditor.names.interface import NameMatcher


@dataclass(frozen=True, slots=True)
class WorkHit:
    """A work found by a hash."""

    work: int
    """Row of the work, valid for `CopySearcher.work`."""
    distance: int
    """Hamming distance in bits; 0 for a digest."""
    query: int = 0
    """Row of the query."""
    view: str = "whole"
    """Which stored view of the work matched."""


@dataclass(frozen=True, slots=True)
class ListedWork:
    """A work with its artist and the index that lists both."""

    work: Work
    artist: Artist
    index: str
    remarks: tuple[str, ...] = ()
    """Sentences a finding must carry: that use is constrained and where the conditions are, that the entry has
    expired."""


class CopySearcher(Protocol):
    """All opened indexes as one body of works. Rows are stable for the life of the object.

    Withdrawn works and works whose preference is `allowed` are never returned.
    """

    def by_file_sha256(self, digest: bytes) -> tuple[WorkHit, ...]:
        """Works with this SHA-256 (32 bytes) of the file."""
        ...

    def by_pixel_sha256(self, digest: bytes) -> tuple[WorkHit, ...]:
        """Works with this SHA-256 (32 bytes) of the normalised pixels."""
        ...

    def has_size(self, width: int, height: int) -> bool:
        """Say whether any work with a pixel digest has this size; if not, no pixel digest can match."""
        ...

    def by_pdq(self, codes: NDArray[np.uint8], radius: int) -> tuple[WorkHit, ...]:
        """Works within `radius` bits of any of the codes, shape (n, 32); sorted by query, distance, work."""
        ...

    def by_phash(self, codes: NDArray[np.uint8], radius: int) -> tuple[WorkHit, ...]:
        """Works within `radius` bits of any of the codes, shape (n, 8); sorted by query, distance, work."""
        ...

    def by_iscc(self, codes: NDArray[np.uint8], radius: int) -> tuple[WorkHit, ...]:
        """Works whose ISCC Image-Code (64 bits) is within `radius` bits of any code, shape (n, 8). Weak evidence."""
        ...

    @property
    def has_iscc(self) -> bool:
        """Whether any work carries an ISCC Image-Code; if not, none has to be computed."""
        ...

    def listed(self, work: int) -> ListedWork:
        """Who and what a row is."""
        ...


@dataclass(frozen=True, slots=True)
class Context:
    """What checks look things up in. Nothing here changes during a scan."""

    copies: CopySearcher | None
    names: NameMatcher | None
    artists: dict[str, tuple[Artist, str]] = field(default_factory=dict)
    """Artist key as the matcher returns it -> (artist, index name)."""


class Check(Protocol):
    """One check. `examine` never raises on bad input."""

    name: str

    def examine(self, sample: Sample, context: Context) -> Iterator[Finding]:
        """Yield what was found."""
        ...
