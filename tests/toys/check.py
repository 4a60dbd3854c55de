"""A toy check: says of every picture that it was here."""

from __future__ import annotations

from auditor.checks.interface import Context, Examined, Subject
from auditor.checks.options import AuditOptions
from auditor.fingerprint import fingerprint
from auditor.model import Finding

RULE = "toy.any"


def examine(subject: Subject, context: Context, options: AuditOptions) -> Examined:
    identity = fingerprint(RULE, subject.content or "")
    return Examined((Finding(RULE, "medium", "", "A toy was here.", identity),))
