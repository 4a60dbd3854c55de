"""Checks a statement against a dataset and a day. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from auditor.attest.agree import allowed, decided
from auditor.attest.statement import Stated, digest_of_policy
from auditor.attest.subject import Subject, first_difference


def problems(stated: Stated, found: Subject, today: date) -> Iterator[str]:
    """Yield what keeps the statement from holding, the most important first; nothing where it holds."""
    yield from _content(stated, found)
    yield from _agrees(stated)
    for name, until in stated.indexes:
        if _passed(until, today):
            yield f"the index {name} expired on {(until or '')[:10]}: audit again with its newest version"
    for subject, until in stated.waivers:
        if _passed(until, today):
            yield f"the waiver for {subject[:12]} held until {(until or '')[:10]}"
    if stated.result != "pass":
        yield f"the verdict stated is {stated.result}, not pass"


def _content(stated: Stated, found: Subject) -> Iterator[str]:
    if Subject(stated.files).digest != stated.digest:
        yield "the statement's list of files does not give its own digest: it was tampered with"
    elif found.digest != stated.digest:
        yield f"the dataset is not the one stated: {first_difference(stated.files, found) or 'its order differs'}"


def _agrees(stated: Stated) -> Iterator[str]:
    """What in the statement does not follow from the rest of it."""
    follows = decided(dict(stated.counts), stated.seen, stated.audited, stated.fail_on)
    if not allowed(stated.result, follows):
        yield f"it states the verdict {stated.result}, and {follows} follows from its own numbers: it was tampered with"
    if stated.seen != stated.audited + stated.skipped:
        yield "its coverage does not add up: it was tampered with"
    if digest_of_policy(stated.fail_on, dict(stated.overrides), dict(stated.thresholds)) != stated.policy_digest:
        yield "its policy does not give its own digest: it was tampered with"


def _passed(until: str | None, today: date) -> bool:
    if until is None:
        return False
    try:
        return date.fromisoformat(until[:10]) < today
    except ValueError:
        return True  # a date that cannot be read cannot be relied on
