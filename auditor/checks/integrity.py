"""What a reader noted about a sample that is no match: unsafe members, unreadable captions, caches, missing files."""

from __future__ import annotations

from auditor.checks.interface import Context, Examined, Subject
from auditor.checks.options import AuditOptions
from auditor.fingerprint import fingerprint
from auditor.model import Finding, Note, Sample
from auditor.rules import BY_ID


def examine(subject: Subject, context: Context, options: AuditOptions) -> Examined:
    """One finding per note. A note about a sample without bytes is identified by its path: the place is what it is
    about."""
    sample = subject.sample
    return Examined(tuple(_finding(sample, note, subject.content or f"path:{sample.path}") for note in sample.notes))


def _finding(sample: Sample, note: Note, about: str) -> Finding:
    rule = BY_ID[note.rule]
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        sample=sample.path,
        message=note.message,
        fingerprint=fingerprint(rule.id, about, "", note.message),
    )
