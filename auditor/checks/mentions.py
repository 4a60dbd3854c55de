"""The one renderer of name findings: the same evidence gets the same grade and the same words wherever it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

from auditor.checks.listing import eased
from auditor.fingerprint import fingerprint
from auditor.model import Artist, Finding, Reference, Severity, TextMatch
from auditor.names.interface import NameMatch
from auditor.thresholds import Thresholds

VALUE_LIMIT = 4_000
"""Characters of a text around a name that a finding carries."""
SAID = MappingProxyType(
    {
        "name.caption": "The caption names",
        "name.path": "The name of a file or folder names",
        "name.config": "The configuration names",
        "name.model-header": "The model header names",
        "name.creator": "The metadata names",
        "origin.ai-prompted-with-listed-name": "The prompt names",
    }
)
"""Rule -> how a finding of it begins, for a text beside the picture."""
SAID_OF_FILE = MappingProxyType(
    {
        "origin.ai-prompted-with-listed-name": "The prompt that made this picture names",
        "name.creator": "The file credits",
        "name.metadata": "The file's description names",
    }
)
"""The same for a text inside the picture's file."""
REVIEW_ONLY = frozenset({"name.metadata"})
"""Rules that are never graded high: a description may speak of anybody."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A listed name in a text."""

    value: str
    """The text."""
    source: str
    """Where it stands."""
    match: NameMatch
    """The name in it; its span counts code points of `value`."""
    line: int | None = None
    trained: bool = True
    """False for a text that is carried and that the trainer would not use."""
    remark: str | None = None
    """A sentence that a finding about this text must carry."""
    in_file: bool = False
    """The text stands inside the picture's file."""


def best_of(mentions: Sequence[Mention]) -> Mention:
    """The mention that a finding shows: a trained one before others, then the highest score, then the first."""
    return max(mentions, key=lambda mention: (mention.trained, mention.match.score))


def name_finding(
    rule: str,
    sample: str,
    about: str | None,
    mention: Mention,
    others: int,
    artist: Artist,
    index: str,
    thresholds: Thresholds,
) -> Finding:
    """Render what one text says of one artist.

    Args:
        rule: id of the rule.
        sample: path to report; empty where it is filled in later.
        about: SHA-256 of the picture's file in hex, which identifies the finding; None for texts of no picture.
        mention: the best mention.
        others: how many more mentions there are.
        artist: who is named.
        index: name of the index that lists the artist.
        thresholds: from which score a name is graded high.
    """
    match = mention.match
    display = artist.names[0]
    said, place = (SAID_OF_FILE[rule], f" in {mention.source}") if mention.in_file else (SAID[rule], "")
    written = mention.value[match.start : match.end]
    more = f", and {others} more mention{'s' if others > 1 else ''}" if others else ""
    value, start, end = around(mention.value, match.start, match.end)
    return Finding(
        rule=rule,
        severity=grade(rule, match.score, artist.preference, thresholds),
        sample=sample,
        message=f"{said} {display}{place}: “{written}”{more}.",
        fingerprint=fingerprint(rule, about or f"text:{mention.value}", artist.id),
        artist=Reference(artist.id, display),
        text=TextMatch(value, start, end, mention.source, mention.line, match.score, match.form, match.reason),
        trained=mention.trained,
        index=index,
        remarks=(*artist.remarks, *((mention.remark,) if mention.remark is not None else ())),
    )


def grade(rule: str, score: float, preference: str, thresholds: Thresholds) -> Severity:
    """High where the score blocks, else medium; a listing under conditions, and a mere description, ask for review."""
    severity: Severity = "high" if score >= thresholds.name_block and rule not in REVIEW_ONLY else "medium"
    return eased(severity, preference)


def around(value: str, start: int, end: int) -> tuple[str, int, int]:
    """Cut a long text around a span of it, and move the span along."""
    if len(value) <= VALUE_LIMIT:
        return value, start, end
    first = max(0, min(start - VALUE_LIMIT // 2, len(value) - VALUE_LIMIT))
    return value[first : max(first + VALUE_LIMIT, end)], start - first, end - first
