"""Copies of listed works: digests, then hashes of the whole picture, then parts of it, each only where it can add."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from auditor.checks.copies.hashes import (
    CopyCandidate,
    digest_candidates,
    hash_candidates,
    region_candidate,
    render,
    strongest_per_artist,
)
from auditor.checks.copies.regions.matches import bounded_by, examine_regions
from auditor.checks.interface import Context, CopySearcher, Examined, Subject
from auditor.checks.options import UNMATCHED_ROLES, AuditOptions
from auditor.errors import PictureError
from auditor.imaging.borders import may_be_bordered
from auditor.imaging.exact import pixel_sha256
from auditor.imaging.perceptual import whole_views
from auditor.imaging.pixels import Picture, decode
from auditor.imaging.views import WholeView
from auditor.model import Finding, Sample
from auditor.thresholds import Thresholds


@dataclass(frozen=True, slots=True)
class _Whole:
    """What a picture as a whole matches."""

    candidates: tuple[CopyCandidate, ...]
    too_plain: bool
    problem: tuple[str, str] | None = None
    """Why its pixels could not be digested, though a work may have equal ones."""


def examine(subject: Subject, context: Context, options: AuditOptions) -> Examined:
    """The works that a picture is a copy of, or holds a part of.

    The same file is found even where it cannot be decoded. Parts are looked for where no whole match is certain.
    """
    copies = searcher_for(subject.sample, context, options)
    if copies is None or subject.content is None:
        return Examined()
    same_file = tuple(digest_candidates(copies.by_file_sha256(bytes.fromhex(subject.content)), "exact"))
    picture = subject.picture
    if picture is None:
        return Examined(_findings(same_file, copies, subject.content, None))
    whole = _whole_picture(picture, same_file, subject.data, copies, context, options)
    candidates = whole.candidates
    if whole.problem is None:
        candidates = _with_parts(picture, candidates, context, options)
    size = (picture.width, picture.height)
    return Examined(_findings(candidates, copies, subject.content, size), whole.too_plain, whole.problem)


def searcher_for(sample: Sample, context: Context, options: AuditOptions) -> CopySearcher | None:
    """What the sample's picture is compared with; None where it is compared with nothing."""
    return context.copies if sample.role not in UNMATCHED_ROLES and "copies" in options.checks else None


def decode_for(sample: Sample, data: bytes, context: Context, options: AuditOptions) -> Picture:
    """Decode as much of a picture as its comparisons need.

    Raises:
        PictureError: it cannot be decoded.
    """
    copies = searcher_for(sample, context, options)
    if copies is None:
        return decode(data, full=False, colour=True)
    grey = _suffices_grey(copies, context, options)
    return decode(data, full=copies.only_by_pixels, colour=may_be_bordered if grey else True)


def _findings(
    candidates: Iterable[CopyCandidate], copies: CopySearcher, content: str, size: tuple[int, int] | None
) -> tuple[Finding, ...]:
    strongest = strongest_per_artist(candidates, copies)
    return tuple(render(candidate, listed, others, content, size) for candidate, listed, others in strongest)


def _suffices_grey(copies: CopySearcher, context: Context, options: AuditOptions) -> bool:
    """Whether nothing that is looked for needs colours, apart from borders: most hashes are made of luminance."""
    colour = any(kind.compared is not None and kind.compared.colour for kind in copies.kinds)
    return not colour and (context.regions is None or "regions" not in options.checks)


def _whole_picture(
    picture: Picture,
    known: tuple[CopyCandidate, ...],
    data: bytes,
    copies: CopySearcher,
    context: Context,
    options: AuditOptions,
) -> _Whole:
    """What the pixels and their hashes match, beside the candidates known already."""
    thresholds = options.thresholds
    views = whole_views(picture, rounded=_suffices_grey(copies, context, options))
    too_plain = all(view.quality < thresholds.pdq_quality for view in views)
    alike = hash_candidates(picture, views, copies, thresholds)
    size = (picture.width, picture.height)
    problem = None
    same_pixels: tuple[CopyCandidate, ...] = ()
    may_match = alike or not _hashes_suffice(picture, views, thresholds) or copies.only_by_pixels(*size)
    if may_match and copies.has_size(*size):
        try:
            full = picture if picture.full else decode(data)
            same_pixels = tuple(digest_candidates(copies.by_pixel_sha256(pixel_sha256(full)), "pixels"))
        except PictureError as error:  # there is not the memory to decode all its pixels
            problem = (error.reason, error.detail)
    return _Whole(_with_new(_with_new(known, same_pixels), alike), too_plain and problem is None, problem)


def _hashes_suffice(picture: Picture, views: Sequence[WholeView], thresholds: Thresholds) -> bool:
    """Whether the hashes would have found a work with equal pixels: those have nearly equal hashes, of one kind at
    least. To decode and digest all pixels takes longer than all else that looks for copies of the whole."""
    same = thresholds.pdq_same_pixels if picture.full else thresholds.pdq_same_reduced
    return (
        views[0].quality >= thresholds.pdq_quality
        and thresholds.pdq_loose >= same
        and thresholds.phash_alone >= thresholds.phash_same_pixels
    )


def _with_new(known: tuple[CopyCandidate, ...], found: Iterable[CopyCandidate]) -> tuple[CopyCandidate, ...]:
    """What is known, and what a weaker tier found of works that no stronger tier has found."""
    works = {candidate.work for candidate in known}
    return (*known, *(candidate for candidate in found if candidate.work not in works))


def _with_parts(
    picture: Picture, candidates: tuple[CopyCandidate, ...], context: Context, options: AuditOptions
) -> tuple[CopyCandidate, ...]:
    """Add the works of which a part is found. Where a whole match is certain, the picture is explained by it."""
    if context.regions is None or context.copies is None or "regions" not in options.checks:
        return candidates
    if any(candidate.severity == "high" for candidate in candidates):
        return candidates
    bounds = bounded_by(options.thresholds)
    matches = examine_regions(picture.rgb, context.regions, bounds, (picture.width, picture.height))
    found = [region_candidate(match, context.copies) for match in matches]
    # The same work by a weak whole match and by its parts: the stronger says more.
    strong = {candidate.work for candidate in found if candidate.severity == "high"}
    weak = {candidate.work for candidate in candidates}
    kept = [candidate for candidate in candidates if candidate.work not in strong]
    return (*kept, *(item for item in found if item.severity == "high" or item.work not in weak))
