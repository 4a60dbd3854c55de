"""Pictures made by generative models, the names in the prompts that made them, and the names the file credits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from auditor.checks.interface import Context
from auditor.checks.listing import remarks_text
from auditor.checks.names import grade
from auditor.fingerprint import fingerprint
from auditor.imaging.pixels import ALPHA_DROPPED, Picture
from auditor.metadata.read import with_stealth
from auditor.metadata.values import FileMetadata, Generation, MetadataText
from auditor.model import Finding, Reference, Severity, TextMatch
from auditor.names.interface import NameMatch, NameMatcher
from auditor.thresholds import DEFAULT, Thresholds

AI_OUTPUT = "origin.ai-output"
PROMPTED = "origin.ai-prompted-with-listed-name"
CREATOR = "name.creator"
DESCRIBED = "name.metadata"
SEARCH_LIMIT = 200_000
"""Characters of one file that are searched for names: bounds the time a hostile file can take."""
VALUE_LIMIT = 4_000
"""Characters of a text around a name that a finding carries."""
_MATCH_KIND = {PROMPTED: "prompt", CREATOR: "metadata", DESCRIBED: "metadata"}


LOSSY = frozenset(("JPEG", "MPO"))
"""Formats whose pixels cannot carry hidden bits."""


@dataclass(frozen=True, slots=True)
class _Mention:
    text: MetadataText
    match: NameMatch


def with_hidden_metadata(metadata: FileMetadata, picture: Picture) -> FileMetadata:
    """Add generation metadata that is hidden in a decoded picture's pixels; the same object where there is none.

    Costs a few microseconds where there is none. Never raises.
    """
    if picture.format in LOSSY or not picture.full:
        return metadata
    upright = picture.exif_orientation == 1
    stored = dict(picture.alternatives).get(ALPHA_DROPPED, picture.rgb) if upright else None
    return with_stealth(metadata, stored, picture.alpha)


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
        for artist_key, found in _mentions(context.names, rule, texts, thresholds).items():
            yield _named(rule, content, found, artist_key, context, thresholds)


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
) -> dict[str, list[_Mention]]:
    """Return the mentions per artist, in the order of the texts; equal texts are searched once."""
    found: dict[str, list[_Mention]] = {}
    seen: set[str] = set()
    left = SEARCH_LIMIT
    for text in texts:
        searched = (text.value if text.searched is None else text.searched)[:left]
        if not searched or searched in seen:
            continue
        seen.add(searched)
        left -= len(searched)
        for match in names.find(searched, _MATCH_KIND[rule]):
            if match.score >= thresholds.name_review:
                found.setdefault(match.artist_id, []).append(_Mention(text, match))
    return found


def _window(value: str, start: int, end: int) -> tuple[str, int, int]:
    """Cut a long text around a span, and move the span along."""
    if len(value) <= VALUE_LIMIT:
        return value, start, end
    first = max(0, min(start - VALUE_LIMIT // 2, len(value) - VALUE_LIMIT))
    return value[first : max(first + VALUE_LIMIT, end)], start - first, end - first


def _named(
    rule: str, content: str, found: list[_Mention], artist_key: str, context: Context, thresholds: Thresholds
) -> Finding:
    """Render the best mention of one artist, with a count of the others."""
    best = max(found, key=lambda mention: mention.match.score)
    text, match = best.text, best.match
    artist, index = context.artists[artist_key]
    display = artist.names[0]
    written = text.value[match.start : match.end]
    others = len(found) - 1
    more = f", and {others} more mention{'s' if others > 1 else ''}" if others else ""
    what = {
        PROMPTED: "The prompt that made this picture names",
        CREATOR: "The file credits",
        DESCRIBED: "The file's description names",
    }[rule]
    severity = grade(match.score, thresholds) if rule != DESCRIBED else "medium"
    value, start, end = _window(text.value, match.start, match.end)
    return Finding(
        rule=rule,
        severity=severity,
        sample="",
        message=f"{what} {display} in {text.source}: “{written}”{more}. {match.reason}{remarks_text(artist.remarks)}",
        fingerprint=fingerprint(rule, content, artist.id),
        artist=Reference(artist.id, display),
        text=TextMatch(value, start, end, text.source, None, match.score, match.form, match.reason),
        index=index,
    )
