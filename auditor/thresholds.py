"""Every bound that decides a grade, in one place, versioned, and stated in every report."""

from __future__ import annotations

from dataclasses import dataclass, fields

VERSION = 1
"""Raised whenever a default below changes."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Decision bounds. Distances are Hamming distances in bits."""

    pdq_tight: int = 31
    """PDQ, of 256: at most this is `copy.whole`."""
    pdq_loose: int = 50
    """PDQ, of 256: at most this is `copy.similar`, or `copy.whole` where pHash agrees."""
    phash_tight: int = 6
    """pHash, of 64: at most this agrees with a loose PDQ match."""
    phash_alone: int = 4
    """pHash, of 64: at most this is `copy.similar` without PDQ."""
    pdq_quality: int = 50
    """Pictures of lower PDQ quality are too plain to be matched by perceptual hash."""
    pdq_same_pixels: int = 16
    """PDQ, of 256: the most by which the hashes of equal pixels differ, when other machines or programs made them."""
    pdq_same_reduced: int = 32
    """The same where one was made of pixels that were decoded at reduced size, or of a JPEG's luminance alone."""
    phash_same_pixels: int = 4
    """pHash, of 64: the same for pHashes. Of stripes and plaids most bits of PDQ are rounding noise: those are found by
    pHash."""
    region_high: float = 0.9
    """Probability from which a match of the region tier is `copy.region` or `copy.shares-part`."""
    region_review: float = 0.5
    """Probability from which a match of the region tier is reported at all."""
    region_inliers: int = 5
    """A match of the region tier with fewer distinct inliers is never graded high."""
    name_block: float = 0.8
    """Score from which a name is graded high."""
    name_review: float = 0.5
    """Score from which a name is reported at all."""

    def items(self) -> tuple[tuple[str, float], ...]:
        """(name, value) pairs for the report, sorted by name, with the version of the table."""
        pairs = [(item.name, getattr(self, item.name)) for item in fields(self)]
        return tuple(sorted([*pairs, ("version", VERSION)]))


DEFAULT = Thresholds()


@dataclass(frozen=True, slots=True)
class NameBounds:
    """Upper bounds of a name's score where its spelling or its place leaves doubt, and lengths that say too little.

    The scores themselves stand in the table of `auditor.names.judging.scoring`.
    """

    block: float = DEFAULT.name_block
    review: float = DEFAULT.name_review
    split: float = 0.75
    """A comma inside the name, or its letters split otherwise."""
    turned: float = 0.85
    """Surname first or middle name left out, where the words say nothing else."""
    turned_common: float = 0.7
    """The same with common words."""
    slip_cued: float = 0.9
    """Misspelt behind a phrase such as "art by"."""
    slip_sure: float = 0.84
    """Misspelt as nobody spells another word, beside an unmistakable half."""
    slip: float = 0.7
    """Misspelt otherwise."""
    single_slip_cued: float = 0.82
    """A name of one word, misspelt, behind a phrase such as "art by"."""
    single_slip: float = 0.6
    """The same behind a weaker cue."""
    surname_cued: float = 0.82
    surname: float = 0.6
    surname_slip: float = 0.7
    initials_cued: float = 0.86
    initials: float = 0.78
    """Initials and a surname that is no other word or name."""
    initials_common: float = 0.66
    reading: float = 0.75
    """Han, kana or Hangul whose reading is the listed name; other people's names read alike."""
    word_cued: float = 0.7
    """An everyday word behind "in the style of": a style more often than an artist."""
    piece: float = 0.7
    """A name of one word beside an unknown word in one tag."""
    short_letters: int = 3
    """Letters up to which a name alone says too little."""
    short_native: int = 2
    """Characters up to which a name in its own script says too little."""


NAMES = NameBounds()
