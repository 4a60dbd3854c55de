"""Texts beside, around and inside a sample that name a listed artist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from auditor.checks.interface import Context
from auditor.checks.listing import eased, remarks_text
from auditor.fingerprint import fingerprint
from auditor.model import Artist, Finding, Reference, Severity, Text, TextMatch
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
_WHERE = {
    "name.caption": "caption",
    "name.path": "name of a file or folder",
    "name.config": "configuration",
    "name.model-header": "model header",
    "name.creator": "metadata",
    "origin.ai-prompted-with-listed-name": "prompt",
}


@dataclass(frozen=True, slots=True)
class Mention:
    """One match in one text."""

    text: Text
    match: NameMatch


def examine_texts(
    path: str, content: str | None, texts: Iterable[Text], context: Context, thresholds: Thresholds
) -> Iterator[Finding]:
    """Yield one finding per rule, place and artist: the best-scoring mention, with a count of the others.

    `content` is the picture's file SHA-256 in hex, or None for texts that belong to no picture.
    """
    if context.names is None:
        return
    mentions: dict[tuple[str, str, str], list[Mention]] = {}
    for text, matches in _found(texts, context.names):
        rule = RULE_OF_KIND[text.kind]
        place = text.owner or path
        for match in matches:
            if match.score >= thresholds.name_review:
                mentions.setdefault((rule, place, match.artist_id), []).append(Mention(text, match))
    for (rule, place, key), found in mentions.items():
        best = max(found, key=lambda m: (m.text.trained, m.match.score))
        artist, index = context.artists[key]
        yield name_finding(rule, place, content, best, len(found) - 1, artist, index, thresholds)


def _found(texts: Iterable[Text], names: NameMatcher) -> Iterator[tuple[Text, tuple[NameMatch, ...]]]:
    """Each text and the names in it, in order. The header of a model can hold a hundred thousand short texts."""
    for kind, together in groupby(texts, key=lambda text: text.kind):
        group = list(together)
        yield from zip(group, names.find_many([text.value for text in group], kind), strict=True)


def name_finding(
    rule: str,
    place: str,
    content: str | None,
    mention: Mention,
    others: int,
    artist: Artist,
    index: str,
    thresholds: Thresholds,
) -> Finding:
    """Render a mention as a finding."""
    text, match = mention.text, mention.match
    display = artist.names[0]
    written = text.value[match.start : match.end]
    more = f", and {others} more mention{'s' if others > 1 else ''}" if others else ""
    said = (*artist.remarks, *((text.remark,) if text.remark is not None else ()))
    return Finding(
        rule=rule,
        severity=eased(grade(match.score, thresholds), artist.preference),
        sample=place,
        message=f"The {_WHERE[rule]} names {display}: “{written}”{more}. {match.reason}{remarks_text(said)}",
        fingerprint=fingerprint(rule, content or f"text:{text.value}", artist.id),
        artist=Reference(artist.id, display),
        text=TextMatch(
            text.value, match.start, match.end, text.source, text.line, match.score, match.form, match.reason
        ),
        trained=text.trained,
        index=index,
    )


def grade(score: float, thresholds: Thresholds) -> Severity:
    """High where the score blocks, else medium."""
    return "high" if score >= thresholds.name_block else "medium"
