"""The table of the kinds of hashes: a new kind is one file that computes it, and one row here.

Everything that names no kind reads this table: the columns of works.parquet, the spool of a build, what is searched,
merging and comparing lists, index.json, opinions about hashes, opt-out lists, and the check of copies.

Region hashes are no row. They are not one code a work but some hundreds, each with a place; they lie in a file of
their own, are searched through a tree, and a hit is no answer but a hypothesis that geometry must confirm.
"""

from __future__ import annotations

from auditor.imaging.hash_kind import Comparison, HashKind

SHA256 = HashKind(
    name="sha256",
    algorithm="sha256@1",
    title="SHA-256",
    plural="file digests",
    length=32,
    several=True,
)
PIXEL_SHA256 = HashKind(
    name="pixel_sha256",
    algorithm="pixels@1",
    title="SHA-256 of the pixels",
    plural="pixel digests",
    length=32,
)
PDQ = HashKind(
    name="pdq",
    algorithm="pdq@1",
    title="PDQ",
    plural="PDQ hashes",
    length=32,
    module="auditor.imaging.pdq",
    compared=Comparison(
        reach="pdq_loose",
        alone="pdq_loose",
        certain="pdq_tight",
        oriented=True,
        colour=False,
    ),
    in_views=True,
    advice=(("tight", "pdq_tight"), ("loose", "pdq_loose")),
)
PHASH = HashKind(
    name="phash",
    algorithm="phash@1",
    title="pHash",
    plural="pHash hashes",
    length=8,
    module="auditor.imaging.imagehash_form",
    compared=Comparison(
        reach="phash_tight",
        alone="phash_alone",
        confirms=True,
        oriented=True,
        colour=False,
    ),
    in_views=True,
    advice=(("alone", "phash_alone"),),
)
ISCC = HashKind(
    name="iscc",
    algorithm="iscc-image@0",
    title="ISCC Image-Code",
    plural="ISCC codes",
    length=8,
    module="auditor.imaging.iscc",
    compared=Comparison(
        reach="phash_alone",
        alone="phash_alone",
    ),
    text=True,
    asked=True,
    extra="iscc_lib",
)

KINDS: tuple[HashKind, ...] = (SHA256, PIXEL_SHA256, PDQ, PHASH, ISCC)
"""In the order in which they are trusted: where several find a work, the first says how."""


def kinds() -> tuple[HashKind, ...]:
    """Every kind, in the order of trust."""
    return KINDS


def named(name: str) -> HashKind:
    """The kind of this name.

    Raises:
        KeyError: there is none.
    """
    return next((kind for kind in KINDS if kind.name == name), None) or _none(name)


def compared() -> tuple[HashKind, ...]:
    """The kinds that are near or far, and not only equal or different."""
    return tuple(kind for kind in KINDS if kind.compared is not None)


def made_for(asked: tuple[str, ...]) -> tuple[HashKind, ...]:
    """The kinds that a build makes of the whole picture beside digests and the hashes of views."""
    return tuple(kind for kind in KINDS if kind.module and not kind.in_views and (not kind.asked or kind.name in asked))


def _none(name: str) -> HashKind:
    raise KeyError(f"no kind of hash is called {name!r}")
