"""What there is to know of one kind of hash. The rows stand in `auditor.index.format.hash_kinds`.

The form of a row lies here, below checks and index, because both read it: the index makes, stores and searches the
hash, the check of copies compares and grades it, and neither names a kind. A row names the module that computes the
hash, so that who only asks what there is loads nothing that decodes pictures.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from auditor.thresholds import Thresholds

if TYPE_CHECKING:
    from auditor.imaging.pixels import Picture, Pixels
    from auditor.imaging.views import WholeView


class Computing(Protocol):
    """The file of a kind of hash: a module with these functions; the last two only where the column holds text."""

    def made(self, view: WholeView, pixels: Pixels) -> bytes:
        """The code that an index stores of a view of a picture: the hashed view, and its pixels, uint8 (h, w, 3)."""
        ...

    def codes(self, picture: Picture, views: Sequence[WholeView]) -> NDArray[np.uint8]:
        """The codes to look up for a picture, uint8 (n, length), given those of its views that are not too plain.

        Where the kind is `oriented`, 8 rows for each view, in the order of `pdq.ORIENTATIONS`.
        """
        ...

    def text_of(self, code: bytes) -> str:
        """The text that stands for a code."""
        ...

    def code_of_text(self, text: str) -> bytes:
        """The code of a text; empty for text that is no such hash."""
        ...


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a hit is worth. Bounds are names of fields of `Thresholds`, in bits of Hamming distance."""

    reach: str
    """Works farther away are not looked up."""
    alone: str
    """Up to this a hit is a finding, `copy.similar` at least, though no other kind agrees."""
    certain: str | None = None
    """Up to this a hit is `copy.whole`. None: never by itself."""
    confirms: bool = False
    """A hit within reach raises what another kind found to `copy.whole`."""
    oriented: bool = False
    """The codes tell how the work was turned or mirrored."""
    colour: bool = True
    """The codes need colours; where no kind does, only the luminance of a picture is decoded."""

    def rule(self, distance: int, confirmed: bool, thresholds: Thresholds) -> str | None:
        """The rule that a hit gives; None where it is too far away to count by itself."""
        if distance > bound(thresholds, self.alone):
            return None
        certain = self.certain is not None and distance <= bound(thresholds, self.certain)
        return "copy.whole" if certain or confirmed else "copy.similar"


@dataclass(frozen=True, slots=True)
class HashKind:
    """One row: everything that the index and the check of copies know of a kind of hash."""

    name: str
    """Also the column of works.parquet, the kind of an opinion, and in camelCase the key in an opt-out list."""
    algorithm: str
    """Versioned name, as index.json and reports say it: `pdq@1`."""
    title: str
    """As a sentence says it: `PDQ`."""
    plural: str
    """As counts say it: `PDQ hashes`."""
    length: int
    """In bytes."""
    module: str | None = None
    """The file that computes it, a `Computing`. None for digests, which are made of the file or of all pixels."""
    compared: Comparison | None = None
    """None for digests, which are equal or not."""
    in_views: bool = False
    """Also made of the further views of a work, and not searched for works that are too plain."""
    several: bool = False
    """A work may have several: its column is a list."""
    text: bool = False
    """The column holds text; otherwise bytes."""
    asked: bool = False
    """Made only where the builder of an index asks for it."""
    extra: str | None = None
    """Import name of a package that is needed to make it, a key of `auditor.support.extras.EXTRAS`."""
    advice: tuple[tuple[str, str], ...] = ()
    """(name in index.json, field of `Thresholds`): bounds that a reader of the index may start from."""

    @property
    def bits(self) -> int:
        """Length in bits."""
        return self.length * 8

    def load(self) -> Computing:
        """The module that computes it.

        Raises:
            TypeError: it is a digest, which has none.
        """
        if self.module is None:
            raise TypeError(f"{self.name} is a digest: it is not made of a view of a picture")
        return cast(Computing, importlib.import_module(self.module))


def bound(thresholds: Thresholds, name: str) -> int:
    """The bound of this name, in bits."""
    return int(getattr(thresholds, name))
