"""Texts beside, around and inside a sample that name a listed artist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise

from auditor.checks.interface import Context, Examined, Subject
from auditor.checks.mentions import Mention, best_of, name_finding
from auditor.checks.options import AuditOptions
from auditor.model import Finding, Text
from auditor.names.interface import NameMatch, NameMatcher
from auditor.thresholds import Thresholds

RULE_OF_KIND = {
    "caption": "name.caption",
    "file-name": "name.path",
    "folder-name": "name.path",
    "member-name": "name.path",
    "config": "name.config",
    "tag": "name.model-header",
    "metadata": "name.creator",
    "prompt": "origin.ai-prompted-with-listed-name",
}


def examine(subject: Subject, context: Context, options: AuditOptions) -> Examined:
    """The texts of a sample, as a check. See `examine_texts`."""
    sample = subject.sample
    found = examine_texts(sample.path, subject.content, sample.texts, context, options.thresholds)
    return Examined(tuple(found))


def examine_texts(
    path: str, content: str | None, texts: Iterable[Text], context: Context, thresholds: Thresholds
) -> Iterator[Finding]:
    """Yield one finding per rule, place and artist: the best-scoring mention, with a count of the others.

    `content` is the picture's file SHA-256 in hex, or None for texts that belong to no picture.
    """
    if context.names is None:
        return
    mentions: dict[tuple[str, str, str], list[Mention]] = {}
    for text, matches in _found(texts, context.names, thresholds.name_review):
        if text.seams and matches:
            matches = said_by_whole(text, matches, context.names, thresholds.name_review)
        for match in matches:
            if match.score >= thresholds.name_review:
                key = RULE_OF_KIND[text.kind], text.owner or path, match.artist_id
                mentions.setdefault(key, []).append(mention_in(text, match))
    for (rule, place, named), found in mentions.items():
        artist, index = context.artists[named]
        yield name_finding(rule, place, content, best_of(found), len(found) - 1, artist, index, thresholds)


def mention_in(text: Text, match: NameMatch) -> Mention:
    """A name in a text of the data set."""
    return Mention(text.value, text.source, match, text.line, text.trained, text.remark)


def said_by_whole(
    text: Text, matches: tuple[NameMatch, ...], names: NameMatcher, floor: float
) -> tuple[NameMatch, ...]:
    """Of the names in a composed caption those that it says more clearly than any of its parts by itself."""
    edges = (0, *text.seams, len(text.value))
    parts = [text.value[start:end] for start, end in pairwise(edges)]
    best: dict[str, float] = {}
    for found in names.find_many(parts, text.kind, floor):
        for match in found:
            best[match.artist_id] = max(best.get(match.artist_id, 0.0), match.score)
    return tuple(match for match in matches if match.score > best.get(match.artist_id, 0.0))


def _found(texts: Iterable[Text], names: NameMatcher, floor: float) -> Iterator[tuple[Text, tuple[NameMatch, ...]]]:
    """Each text and the names in it, in order. The header of a model can hold a hundred thousand short texts."""
    for kind, together in groupby(texts, key=lambda text: text.kind):
        group = list(together)
        yield from zip(group, names.find_many([text.value for text in group], kind, floor), strict=True)
