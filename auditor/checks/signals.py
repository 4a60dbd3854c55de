"""Machine-readable reservations, reservations in words, and what kept them from being read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.checks.interface import Context, Examined, Subject
from auditor.checks.options import AuditOptions
from auditor.fingerprint import fingerprint
from auditor.metadata.natural import find_reservation
from auditor.metadata.policies import Policies
from auditor.metadata.values import FileMetadata, MetadataNote, MetadataText, Reservation
from auditor.model import Finding, Severity, TextMatch
from auditor.rules import BY_ID

RULE_OF_MEANING = {
    "prohibited": "signal.prohibited",
    "constrained": "signal.constrained",
    "review": "signal.review",
    "allowed": "signal.context",
}
_STRENGTH = ("prohibited", "constrained", "review", "allowed")
_VERB = {"prohibited": "reserves", "constrained": "puts conditions on", "review": "reserves", "allowed": "allows"}
_LICENCE_WORDS = ("creativecommons.org", "creative commons", "public domain", "cc0", "cc by", "cc-by")
_WORDS_KINDS = frozenset(("rights", "licence", "description", "other"))
ABSENCE_OF_SIGNALS = (
    "A file without a reservation proves nothing: most tools drop XMP and C2PA when they save a picture. Audit the "
    "originals where you can."
)
VALUE_LIMIT = 2_000
"""Characters of one raw value that a finding carries."""
WORDS_LIMIT = 5
"""Reservations in words of one file that are reported one by one."""


def examine(subject: Subject, context: Context, options: AuditOptions) -> Examined:
    """What the file says of itself, as a check. See `examine_signals`."""
    if subject.metadata is None or subject.content is None:
        return Examined()
    return Examined(tuple(examine_signals(subject.content, subject.metadata, options.policies)))


def examine_signals(content: str, metadata: FileMetadata, policies: Policies | None = None) -> Iterator[Finding]:
    """Yield what the file reserves, states as context, and what of its metadata could not be read.

    Args:
        content: SHA-256 of the file in hex, which identifies the findings.
        metadata: as `metadata.read.read_metadata` gives it.
        policies: cached policies of the sites the pictures came from, evaluated by the address in a sidecar.

    The findings' `sample` is empty, to be filled in. Never raises on any metadata.
    """
    stated = metadata.reservations + (policies.evaluate(metadata.url) if policies is not None else ())
    failed = any(note.reason == "signature-failed" for note in metadata.notes)
    for group in _groups(stated):
        yield _reservation(content, group, failed)
    yield from _draft(content, stated)
    yield from _in_words(content, metadata.texts)
    yield from _licences(content, metadata.texts)
    yield from _notes(content, metadata.notes)


def _groups(stated: Iterable[Reservation]) -> list[list[Reservation]]:
    """Put together what one carrier says in one vocabulary (strongest first), and what several carriers repeat."""
    carriers: dict[tuple[str, str], list[Reservation]] = {}
    for item in stated:
        carriers.setdefault((item.vocabulary, item.where), []).append(item)
    merged: dict[tuple[str, ...], list[Reservation]] = {}
    for group in carriers.values():
        group.sort(key=lambda item: _STRENGTH.index(item.meaning))
        first = group[0]
        merged.setdefault((first.meaning, first.vocabulary, first.field, _short(first.value)), []).extend(group)
    return list(merged.values())


def _short(value: str) -> str:
    """Return the code at the end of a vocabulary address, in one form for equal statements."""
    short = value.strip().rstrip("/").rsplit("/", 1)[-1]
    return short.upper() if short[:4].upper() == "DMI-" else short


def _finding(
    rule: str,
    content: str,
    message: str,
    detail: str,
    details: Iterable[tuple[str, str]] = (),
    severity: Severity | None = None,
    text: TextMatch | None = None,
) -> Finding:
    return Finding(
        rule=rule,
        severity=severity or BY_ID[rule].severity,
        sample="",
        message=message,
        fingerprint=fingerprint(rule, content, "", detail),
        text=text,
        details=tuple(sorted({(key, value[:VALUE_LIMIT]) for key, value in details if value})),
    )


def _reservation(content: str, group: list[Reservation], signature_failed: bool) -> Finding:
    first = group[0]
    rule = RULE_OF_MEANING[first.meaning]
    places = ", ".join(dict.fromkeys(item.where for item in group))
    verb = _VERB[first.meaning] if first.value != "not read" else "speaks about"
    message = f"The file {verb} {first.scope} ({first.vocabulary} {first.field} = {_short(first.value)}), in {places}."
    if first.vocabulary in ("HTTP header", "AIPREF") or first.where.startswith("cached"):
        message = message.replace("The file", "The site it came from", 1)
    if first.constraint:
        message += f" Conditions: {first.constraint[:300]}"
    if first.meaning == "allowed":
        message += " Shown as context only."
    signed = any(item.where.startswith("C2PA") for item in group)
    if signed and signature_failed:
        message += " The signature over it does not verify."
    entries = "; ".join(dict.fromkeys(f"{item.field} = {item.value}" for item in group))
    detail = "\0".join((first.vocabulary, first.field, _short(first.value)))
    details = (
        ("constraint", first.constraint or ""),
        ("entries", entries),
        ("field", first.field),
        ("value", first.value),
        ("vocabulary", first.vocabulary),
        ("where", places),
    )
    return _finding(rule, content, message, detail, details)


def _draft(content: str, stated: Iterable[Reservation]) -> Iterator[Finding]:
    for value in dict.fromkeys(_short(item.value) for item in stated if item.draft):
        message = f"The reservation {value} uses a draft vocabulary that was later renamed."
        yield _finding("signal.draft-vocabulary", content, message, value, (("value", value),))


def _in_words(content: str, texts: Iterable[MetadataText]) -> Iterator[Finding]:
    seen: set[str] = set()
    for text in texts:
        span = find_reservation(text.value) if text.kind in _WORDS_KINDS else None
        if span is None or text.value in seen or len(seen) >= WORDS_LIMIT:
            continue
        seen.add(text.value)
        start, end = span
        reason = "It states in words that AI training is not wanted."
        match = TextMatch(
            text.value[: max(VALUE_LIMIT, end)], start, end, text.source, None, 1.0, "natural-language", reason
        )
        message = f"{text.source} states a reservation in words: “{text.value[start:end][:200]}”."
        details = (("field", text.source), ("value", text.value))
        yield _finding("signal.natural-language", content, message, text.value, details, text=match)


def _licences(content: str, texts: Iterable[MetadataText]) -> Iterator[Finding]:
    for text in dict.fromkeys(texts):
        named = text.kind == "rights" and any(word in text.value.casefold() for word in _LICENCE_WORDS)
        if text.kind == "licence" or named:
            message = f"{text.source} states: “{text.value[:200]}”. Shown as context only."
            details = (("field", text.source), ("value", text.value))
            yield _finding("signal.context", content, message, f"{text.source}\0{text.value}", details)


def _notes(content: str, notes: Iterable[MetadataNote]) -> Iterator[Finding]:
    grouped: dict[str, list[MetadataNote]] = {}
    for note in notes:
        grouped.setdefault(note.reason, []).append(note)
    for reason, items in grouped.items():
        first = items[0]
        details = (("detail", first.detail), ("reason", reason), ("where", ", ".join(item.where for item in items)))
        if reason == "signature-failed":
            message = f"A C2PA manifest is present and does not verify: {first.detail}."
            yield _finding("signal.signature-failed", content, message, "", details)
        elif reason == "remote-manifest":
            message = f"A manifest on the network is referred to and was not fetched: {first.detail}."
            yield _finding("signal.remote-manifest", content, message, "", details)
        else:
            more = f" (and {len(items) - 1} more places)" if len(items) > 1 else ""
            message = f"Metadata was not read in full: {first.where}: {first.detail}{more}."
            yield _finding("integrity.metadata-unreadable", content, message, reason, details)
