"""What a reader noted about a sample that is no match: unsafe members, unreadable captions, caches, missing files."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.fingerprint import fingerprint
from auditor.model import Finding, Sample
from auditor.rules import BY_ID


def examine_notes(sample: Sample, content: str | None) -> Iterator[Finding]:
    """Yield one finding per note. `content` is the picture's file SHA-256 in hex, or None where there is no picture.

    A note about a sample without bytes is identified by its path: the place is what it is about.
    """
    for note in sample.notes:
        rule = BY_ID[note.rule]
        yield Finding(
            rule=rule.id,
            severity=rule.severity,
            sample=sample.path,
            message=note.message,
            fingerprint=fingerprint(rule.id, content or f"path:{sample.path}", "", note.message),
        )
