"""What a listing asks of every finding about it, whichever check made the finding."""

from __future__ import annotations

from auditor.model import Severity


def eased(severity: Severity, preference: str) -> Severity:
    """A listing that allows training under conditions asks for review: a person must read them."""
    return "medium" if preference == "constrained" and severity == "high" else severity
