"""The seam of the checks, and the views of an opened index that they search.

A check is pure: values in, findings out. What touches files (the index, the dataset) is handed in behind
the protocols below.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from auditor.imaging.hash_kind import HashKind
from auditor.model import Artist, Finding, Sample, Work
from auditor.names.interface import NameMatcher

if TYPE_CHECKING:  # what decodes pictures is imported by the processes that audit, and by no other
    from auditor.imaging.pixels import Picture
    from auditor.metadata.values import FileMetadata


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

    def only_by_pixels(self, width: int, height: int) -> bool:
        """Whether any work of this size has a pixel digest, and lacks PDQ or pHash (the kinds made of every view)."""
        ...

    @property
    def kinds(self) -> tuple[HashKind, ...]:
        """The kinds of hashes that any searched work has, in the order of trust; no other need be computed."""
        ...

    def by_hash(self, kind: str, codes: NDArray[np.uint8], radius: int) -> tuple[WorkHit, ...]:
        """Works whose hash of this kind is within `radius` bits of any of the codes, shape (n, bytes of the kind).

        The nearest stored view of each work counts. Sorted by query, distance, work.
        """
        ...

    def listed(self, work: int) -> ListedWork:
        """Who and what a row is."""
        ...


@dataclass(frozen=True, slots=True)
class FeatureHits:
    """Stored features near those of a picture; all arrays have one row per pair."""

    query: NDArray[np.intp]
    """(m,) row of the code that was looked up."""
    work: NDArray[np.int64]
    """(m,) row of the work, valid for `CopySearcher.listed`."""
    bits: NDArray[np.int32]
    """(m,) Hamming distance."""
    place: NDArray[np.float32]
    """(m, 4) position in the work: x, y, diameter as fractions of its longer side, direction in radians."""

    @staticmethod
    def none() -> FeatureHits:
        """No pair."""
        return FeatureHits(
            np.zeros(0, np.intp), np.zeros(0, np.int64), np.zeros(0, np.int32), np.zeros((0, 4), np.float32)
        )


class RegionSearcher(Protocol):
    """The region hashes of all opened indexes. Works have the rows that `CopySearcher.listed` knows.

    Withdrawn works and works whose preference is `allowed` are never returned.
    """

    def nearest(self, codes: NDArray[np.uint8], k: int, bits: int, thorough: bool = True) -> FeatureHits:
        """For each code (n, 16) the k nearest features of every index, those within `bits` bits.

        Without `thorough` a quarter of the time is spent, and about a third of the pairs is missed.
        """
        ...

    def features(self, work: int) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        """All features of a work: codes (m, 16) and positions (m, 4); empty for a work without regions."""
        ...

    def size(self, work: int) -> tuple[int, int]:
        """Width and height of a work in pixels; only the proportion is used."""
        ...


@dataclass(frozen=True, slots=True)
class Context:
    """What checks look things up in. Nothing here changes during a scan."""

    copies: CopySearcher | None
    names: NameMatcher | None
    artists: dict[str, tuple[Artist, str]] = field(default_factory=dict)
    """Artist key as the matcher returns it -> (artist, index name)."""
    regions: RegionSearcher | None = None
    """None where no opened index holds region hashes."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a check looks at: one sample, and what was read of it once for all checks."""

    sample: Sample
    content: str | None
    """SHA-256 of the picture's file, in hex; None where there are no bytes."""
    data: bytes = b""
    """The bytes of the picture's file; empty for the checks of a sample's place."""
    picture: Picture | None = None
    """The decoded picture; None where it cannot be decoded, and for the checks of a sample's place."""
    metadata: FileMetadata | None = None
    """What the file says of itself; None where no check asks for it."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What one check gave."""

    findings: tuple[Finding, ...] = ()
    """Those of a check of the picture alone have an empty `sample`, to be filled in."""
    too_plain: bool = False
    """The picture has too little detail for what the check compares."""
    problem: tuple[str, str] | None = None
    """(reason, detail) where the check could not finish: the sample then counts as skipped."""
