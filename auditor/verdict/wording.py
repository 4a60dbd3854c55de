"""The message of a finding, put together from its facts when it is shown. Nothing edits or searches a message."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from auditor.model import Finding


def full_message(finding: Finding) -> str:
    """All that a finding says in running text: what was found, why, and what a reader must know beside it."""
    why = finding.text.reason if finding.text is not None else ""
    return " ".join(part for part in (finding.message, why, *_beside(finding)) if part)


def short_message(finding: Finding) -> str:
    """The same without the reason of a text match, for reports that give the reason in a place of its own."""
    return " ".join(part for part in (finding.message, *_beside(finding)) if part)


def _beside(finding: Finding) -> Iterator[str]:
    yield from finding.remarks
    if not finding.trained:
        why = f" ({finding.not_trained_because})" if finding.not_trained_because else ""
        if finding.left_out_by_guess:
            yield f"The layout that was guessed would leave it out{why}; the grade is not lowered for a guess."
        else:
            yield f"Carried in the dataset, but not trained{why}."


def without_rest(message: str, finding: Finding) -> str:
    """The inverse of `full_message`: what was found, from a message and the other facts of its finding.

    Reports of earlier versions keep some of these facts in the message alone; of such a message all is kept but the
    reason, which stands in its own place too.
    """
    rest = full_message(replace(finding, message=""))
    if not rest:
        return message
    if message == rest:
        return ""
    if message.endswith(" " + rest):
        return message[: -len(rest) - 1]
    why = finding.text.reason if finding.text is not None else ""
    return f" {message} ".replace(f" {why} ", " ", 1).strip() if why else message
