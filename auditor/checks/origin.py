"""Pictures made by generative models, the names in the prompts that made them, and the names the file credits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.checks.interface import Context, Examined, Subject
from auditor.checks.mentions import Mention, best_of, name_finding
from auditor.checks.options import AuditOptions
from auditor.fingerprint import fingerprint
from auditor.imaging.pixels import ALPHA_DROPPED, Picture
from auditor.metadata.read import with_stealth
from auditor.metadata.values import FileMetadata, Generation, MetadataText
from auditor.model import Finding, Severity
from auditor.names.interface import NameMatcher
from auditor.thresholds import DEFAULT, Thresholds

AI_OUTPUT = "origin.ai-output"
PROMPTED = "origin.ai-prompted-with-listed-name"
CREATOR = "name.creator"
DESCRIBED = "name.metadata"
SEARCH_LIMIT = 200_000
"""Characters of one file that are searched for names: bounds the time a hostile file can take."""
_MATCH_KIND = {PROMPTED: "prompt", CREATOR: "metadata", DESCRIBED: "metadata"}


LOSSY = frozenset(("JPEG", "MPO"))
"""Formats whose pixels cannot carry hidden bits."""


def with_hidden_metadata(metadata: FileMetadata, picture: Picture) -> FileMetadata:
    """Add generation metadata that is hidden in a decoded picture's pixels; the same object where there is none.

    Costs a few microseconds where there is none. Never raises.
    """
    if picture.format in LOSSY or not picture.full:
        return metadata
    upright = picture.exif_orientation == 1
    stored = dict(picture.alternatives).get(ALPHA_DROPPED, picture.rgb) if upright else None
    return with_stealth(metadata, stored, picture.alpha)


def examine(subject: Subject, context: Context, options: AuditOptions) -> Examined:
    """Who or what made the picture, as a check. See `examine_origin`."""
    if subject.metadata is None or subject.content is None:
        return Examined()
    return Examined(tuple(examine_origin(subject.content, subject.metadata, context, options.thresholds)))


def examine_origin(
    content: str, metadata: FileMetadata, context: Context, thresholds: Thresholds = DEFAULT
) -> Iterator[Finding]:
    """Yield whether a model made the picture, and listed names in its prompts, credits and descriptions.

    Args:
        content: SHA-256 of the file in hex, which identifies the findings.
        metadata: as `metadata.read.read_metadata` gives it.
        context: its name matcher is used, where there is one.
        thresholds: from which score a name is reported, and graded high.

    The findings' `sample` is empty, to be filled in. Never raises on any metadata.
    """
    generation = metadata.generation
    if generation.writers or generation.source_types:
        yield _ai_output(content, generation)
    if context.names is None:
        return
    credits = (*metadata.of_kind("creator"), *metadata.of_kind("rights"))
    for rule, texts in (
        (PROMPTED, generation.positive),
        (CREATOR, credits),
        (DESCRIBED, metadata.of_kind("description")),
    ):
        for key, found in _mentions(context.names, rule, texts, thresholds).items():
            artist, index = context.artists[key]
            yield name_finding(rule, "", content, best_of(found), len(found) - 1, artist, index, thresholds)


def _ai_output(content: str, generation: Generation) -> Finding:
    """Render what says that a model made the picture."""
    evidence = [f"layout of {writer}" for writer in generation.writers]
    evidence += [f"{kind.value.rsplit('/', 1)[-1]} in {kind.where}" for kind in generation.source_types]
    wholly = bool(generation.writers) or any(kind.made == "wholly" for kind in generation.source_types)
    severity: Severity = "medium"
    if wholly:
        what = "The file says that a generative model made it"
    elif generation.is_ai:
        what = "The file says that a generative model made a part of it"
    else:
        what = "The file says that an algorithm made it, not a trained model (hence low)"
        severity = "low"
    details = [("evidence", "; ".join(evidence))]
    if generation.positive:
        details.append(("prompt", generation.positive[0].value[:500]))
    return Finding(
        rule=AI_OUTPUT,
        severity=severity,
        sample="",
        message=f"{what}: {'; '.join(dict.fromkeys(evidence))[:500]}.",
        fingerprint=fingerprint(AI_OUTPUT, content),
        details=tuple(details),
    )


def _mentions(
    names: NameMatcher, rule: str, texts: Iterable[MetadataText], thresholds: Thresholds
) -> dict[str, list[Mention]]:
    """Return the mentions per artist, in the order of the texts; equal texts are searched once."""
    found: dict[str, list[Mention]] = {}
    seen: set[str] = set()
    left = SEARCH_LIMIT
    for text in texts:
        searched = (text.value if text.searched is None else text.searched)[:left]
        if not searched or searched in seen:
            continue
        seen.add(searched)
        left -= len(searched)
        for match in names.find(searched, _MATCH_KIND[rule], thresholds.name_review):
            if match.score >= thresholds.name_review:
                found.setdefault(match.artist_id, []).append(Mention(text.value, text.source, match, in_file=True))
    return found
