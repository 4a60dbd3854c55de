"""One sample in, one outcome out. Pure: values in, values out.

The work splits in two. `examine_picture` depends on nothing but the picture's bytes, its metadata side files, its
role and the context, so its result can be kept by content. `audit_sample` adds what depends on the sample's place:
its texts, its notes, and whether it would be trained.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from auditor.checks.copies import (
    Candidate,
    digest_candidates,
    hash_candidates,
    region_candidate,
    render,
    strongest_per_artist,
)
from auditor.checks.integrity import examine_notes
from auditor.checks.interface import Context, CopySearcher
from auditor.checks.names import examine_texts
from auditor.checks.origin import examine_origin, with_hidden_metadata
from auditor.checks.regions import bounded_by, examine_regions
from auditor.checks.signals import examine_signals
from auditor.errors import PictureError
from auditor.imaging.borders import may_be_bordered
from auditor.imaging.exact import pixel_sha256
from auditor.imaging.perceptual import WholeView, whole_views
from auditor.imaging.pixels import Picture, decode
from auditor.merge import lower_untrained, texts_digest
from auditor.metadata.read import read_metadata
from auditor.model import Finding, PictureResult, Sample, SampleOutcome, Skip
from auditor.options import UNMATCHED_ROLES, AuditOptions
from auditor.thresholds import Thresholds

SAME_PIXELS = 16
"""Bits of 256 by which the PDQ hashes of equal pixels may differ, when other machines or programs made them."""
SAME_REDUCED = 32
"""The same where one was made of pixels that were decoded at reduced size, or of a JPEG's luminance alone."""
SAME_PHASH = 4
"""Bits of 64 by which their pHashes may differ. Of stripes and plaids most bits of PDQ are rounding noise: those are
found by pHash."""


def examine_picture(sample: Sample, data: bytes, context: Context, options: AuditOptions) -> PictureResult:
    """Run every check that needs the picture's bytes. Findings carry an empty sample path, to be filled in."""
    digest = hashlib.sha256(data).digest()
    content = digest.hex()
    findings: list[Finding] = []
    problem: tuple[str, str] | None = None
    picture: Picture | None = None
    size: tuple[int, int] | None = None
    too_plain = False
    copies = context.copies if sample.role not in UNMATCHED_ROLES and "copies" in options.checks else None
    candidates = list(digest_candidates(copies.by_file_sha256(digest), "exact")) if copies is not None else []
    plain = copies is not None and _suffices_grey(copies, context, options)
    try:
        picture = decode(
            data,
            full=copies.only_by_pixels if copies is not None else False,
            colour=may_be_bordered if plain else True,
        )
        size = (picture.width, picture.height)
        if copies is not None:
            views = whole_views(picture, rounded=plain)
            too_plain = _whole_picture(picture, views, data, copies, candidates, options.thresholds)
            candidates = _with_regions(picture, candidates, context, options)
    except PictureError as error:
        problem = (error.reason, error.detail)
    if copies is not None:
        findings.extend(
            render(candidate, listed, others, content, size)
            for candidate, listed, others in strongest_per_artist(candidates, copies)
        )
    findings.extend(_metadata(sample, data, picture, content, context, options))
    return PictureResult(content, tuple(findings), too_plain, problem)


def _suffices_grey(copies: CopySearcher, context: Context, options: AuditOptions) -> bool:
    """Whether nothing that is looked for needs colours, apart from borders: most hashes are made of luminance."""
    colour = any(kind.compared is not None and kind.compared.colour for kind in copies.kinds)
    return not colour and (context.regions is None or "regions" not in options.checks)


def _whole_picture(
    picture: Picture,
    views: Sequence[WholeView],
    data: bytes,
    copies: CopySearcher,
    candidates: list[Candidate],
    thresholds: Thresholds,
) -> bool:
    """Add what the pixels and their hashes match; return whether the picture is too plain for hashes.

    Raises:
        PictureError: there is not the memory to decode all its pixels, where a digest of them is needed.
    """
    alike = hash_candidates(picture, views, copies, thresholds)
    size = (picture.width, picture.height)
    try:
        if copies.has_size(*size) and (alike or not _told(picture, views, thresholds) or copies.only_by_pixels(*size)):
            whole = picture if picture.full else decode(data)
            _add_new(candidates, digest_candidates(copies.by_pixel_sha256(pixel_sha256(whole)), "pixels"))
    finally:
        _add_new(candidates, alike)
    return all(view.quality < thresholds.pdq_quality for view in views)


def _told(picture: Picture, views: Sequence[WholeView], thresholds: Thresholds) -> bool:
    """Whether the hashes would have found a work with equal pixels: those have nearly equal hashes, of one kind at
    least. To decode and digest all pixels takes longer than all else that looks for copies of the whole."""
    return (
        views[0].quality >= thresholds.pdq_quality
        and thresholds.pdq_loose >= (SAME_PIXELS if picture.full else SAME_REDUCED)
        and thresholds.phash_alone >= SAME_PHASH
    )


def _add_new(candidates: list[Candidate], found: Iterable[Candidate]) -> None:
    """Add what a weaker tier found of works that no stronger tier has found."""
    known = {candidate.work for candidate in candidates}
    candidates.extend(candidate for candidate in found if candidate.work not in known)


def _with_regions(
    picture: Picture, candidates: list[Candidate], context: Context, options: AuditOptions
) -> list[Candidate]:
    """Add the works of which a part is found, unless a certain whole match makes the question idle."""
    if context.regions is None or context.copies is None or "regions" not in options.checks:
        return candidates
    if any(candidate.severity == "high" for candidate in candidates):
        return candidates
    bounds = bounded_by(options.thresholds)
    size = (picture.width, picture.height)
    matches = examine_regions(picture.rgb, context.regions, bounds, size)
    found = [region_candidate(match, context.copies) for match in matches]
    # The same work by a weak whole match and by its parts: the stronger says more.
    strong = {candidate.work for candidate in found if candidate.severity == "high"}
    weak = {candidate.work for candidate in candidates}
    kept = [candidate for candidate in candidates if candidate.work not in strong]
    return kept + [item for item in found if item.severity == "high" or item.work not in weak]


def _metadata(
    sample: Sample, data: bytes, picture: Picture | None, content: str, context: Context, options: AuditOptions
) -> Iterator[Finding]:
    """Judge what the file says of itself, also where its pixels cannot be decoded."""
    if not options.checks & {"signals", "origin"}:
        return
    metadata = read_metadata(data, sample.sidecars)
    if picture is not None:
        metadata = with_hidden_metadata(metadata, picture)
    if "signals" in options.checks:
        yield from examine_signals(content, metadata, options.policies)
    if "origin" in options.checks:
        yield from examine_origin(content, metadata, context, options.thresholds)


def audit_sample(
    sample: Sample, picture: PictureResult | None, problem: Skip | None, context: Context, options: AuditOptions
) -> SampleOutcome:
    """Put together what a sample's bytes and its place gave.

    `picture` is None where no bytes could be read (then `problem` says why) or where there are none to read.
    """
    if problem is None and sample.skip is not None:
        problem = Skip(sample.path, sample.skip, sample.reason or sample.skip)
    if problem is None and picture is not None and picture.problem is not None:
        problem = Skip(sample.path, *picture.problem)
    content = picture.content_sha256 if picture is not None else None
    findings: list[Finding] = []
    if picture is not None:
        findings += [replace(item, sample=sample.path, trained=sample.trained) for item in picture.findings]
    if "names" in options.checks:
        findings += examine_texts(sample.path, content, sample.texts, context, options.thresholds)
    if "integrity" in options.checks:
        findings += examine_notes(sample, content)
    admitted = _admitted_by(sample)
    return SampleOutcome(
        sample=sample.path,
        findings=tuple(lower_untrained(replace(item, listed_in=admitted), sample.reason) for item in findings),
        skip=problem,
        too_plain=picture is not None and picture.too_plain,
        counted=sample.kind != "carrier",
        content_sha256=content,
        texts_sha256=texts_digest(sample.texts),
        texts=len(sample.texts) if context.names is not None and "names" in options.checks else 0,
        trained=sample.trained,
        picture=picture,
    )


def _admitted_by(sample: Sample) -> tuple[str, int | None] | None:
    """The caption file or metadata row that a code-review report can point at."""
    for caption in sample.captions:
        if caption.line is not None:
            return caption.source, caption.line
    return None
