"""Waivers and licences: recorded decisions that a finding is allowed. Pure: text and values in, values out.

A waivers file is JSON Lines, sorted, one decision a line, so that adding one changes one line. A waiver names
the fingerprint of one finding; a licence names an artist and covers every finding about that artist.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from auditor.errors import ConfigError
from auditor.fingerprint import fingerprint
from auditor.model import Finding
from auditor.outcome import Report, Waiver
from auditor.rules import BY_ID
from auditor.verdict.gate import Overrides, regrade, verdict
from auditor.verdict.tally import sorted_findings

KEYS = ("fingerprint", "artist", "rule", "reason", "by", "created", "until", "evidence")
REQUIRED = ("reason", "by", "created")
_FINGERPRINT = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True, slots=True)
class Waived:
    """What applying waivers gave."""

    findings: tuple[Finding, ...]
    """Those that came in, some now waived, and one more for each expired or unused waiver."""
    used: tuple[Waiver, ...]
    """Waivers that cover at least one finding."""


def parse_waivers(text: str, name: str = "waivers.jsonl") -> tuple[Waiver, ...]:
    """Read a waivers file; empty lines are allowed.

    Raises:
        ConfigError: a line is malformed; the message names the line and what to do.
    """
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            found.append(_parse_line(line, f"{name}:{number}"))
    return tuple(found)


def render_waivers(waivers: Iterable[Waiver]) -> str:
    """Write a waivers file: one line each, sorted, keys in a fixed order, equal ones kept once."""
    lines = {_line(waiver) for waiver in waivers}
    return "".join(sorted(line + "\n" for line in lines))


def apply_waivers(
    findings: Iterable[Finding], waivers: Sequence[Waiver], today: date, name: str = "waivers.jsonl"
) -> Waived:
    """Mark what is waived; add a finding for every waiver that has expired or covers nothing.

    `name` is how the waivers file is called in those findings.
    """
    valid = [waiver for waiver in waivers if not expired(waiver, today)]
    single = {waiver.fingerprint: waiver for waiver in valid if waiver.fingerprint is not None}
    licences = [waiver for waiver in valid if waiver.artist is not None]
    used: set[Waiver] = set()
    marked = []
    for finding in findings:
        covering = single.get(finding.fingerprint) or next((row for row in licences if covers(row, finding)), None)
        if covering is not None:
            used.add(covering)
        marked.append(replace(finding, waived=covering is not None))
    for waiver in waivers:
        if expired(waiver, today):
            marked.append(_expired_finding(waiver, name))
        elif waiver not in used:
            marked.append(_unused_finding(waiver, name))
    return Waived(tuple(marked), tuple(waiver for waiver in dict.fromkeys(waivers) if waiver in used))


def settle(
    report: Report,
    waivers: Sequence[Waiver],
    overrides: Overrides,
    today: date,
    name: str = "waivers.jsonl",
) -> Report:
    """Apply the user's severities, then the waivers, to a report, and decide its verdict again, by the same gate and
    with the same checks required."""
    graded = regrade(report.findings, overrides)
    waived = apply_waivers(graded, waivers, today, name)
    findings = sorted_findings(waived.findings)
    stated = report.verdict
    decided = verdict(findings, report.coverage, stated.fail_on, stated.requires, overrides.items())
    return replace(report, findings=findings, waivers=waived.used, verdict=decided)


def prune(
    waivers: Iterable[Waiver], findings: Sequence[Finding], today: date, *, keep_expired: bool = True
) -> tuple[Waiver, ...]:
    """Return the waivers that cover one of the findings; expired ones stay unless the caller says otherwise."""
    prints = {finding.fingerprint for finding in findings}
    kept = []
    for waiver in waivers:
        if expired(waiver, today):
            needed = keep_expired
        elif waiver.fingerprint is not None:
            needed = waiver.fingerprint in prints
        else:
            needed = any(covers(waiver, finding) for finding in findings)
        if needed:
            kept.append(waiver)
    return tuple(kept)


def covers(waiver: Waiver, finding: Finding) -> bool:
    """Say whether a waiver or licence is about this finding, whatever the date."""
    if waiver.fingerprint is not None:
        return waiver.fingerprint == finding.fingerprint
    if finding.artist is None or waiver.artist != finding.artist.id:
        return False
    return waiver.rule is None or finding.rule == waiver.rule or finding.rule.startswith(waiver.rule + ".")


def expired(waiver: Waiver, today: date) -> bool:
    """Say whether the waiver's last day has passed."""
    return waiver.until is not None and date.fromisoformat(waiver.until) < today


def _subject(waiver: Waiver) -> str:
    if waiver.fingerprint is not None:
        return waiver.fingerprint
    return f"artist:{waiver.artist}:{waiver.rule or ''}"


def _about(waiver: Waiver) -> str:
    what = f"the finding {waiver.fingerprint[:12]}" if waiver.fingerprint else f"the artist {waiver.artist}"
    return f"{what} (by {waiver.by}: {waiver.reason})"


def _expired_finding(waiver: Waiver, name: str) -> Finding:
    rule = BY_ID["waiver.expired"]
    message = (
        f"The waiver for {_about(waiver)} held until {waiver.until}. Renew it with evidence, or remove what it covered."
    )
    return Finding(rule.id, rule.severity, name, message, fingerprint(rule.id, "waiver", _subject(waiver)))


def _unused_finding(waiver: Waiver, name: str) -> Finding:
    rule = BY_ID["waiver.unused"]
    message = f"The waiver for {_about(waiver)} covers no finding of this scan. `auditor waivers prune` removes it."
    return Finding(rule.id, rule.severity, name, message, fingerprint(rule.id, "waiver", _subject(waiver)))


def _line(waiver: Waiver) -> str:
    values = {key: getattr(waiver, key) for key in KEYS}
    return json.dumps({key: value for key, value in values.items() if value is not None}, ensure_ascii=True)


def _parse_line(line: str, place: str) -> Waiver:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ConfigError(
            f"{place}: not JSON ({error}). Each line is one object; `auditor waive` writes it."
        ) from error
    if not isinstance(value, dict):
        raise ConfigError(f"{place}: each line is one JSON object; `auditor waive` writes it.")
    for key, text in value.items():
        if key not in KEYS:
            near = difflib.get_close_matches(key, KEYS, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else f" The keys are {', '.join(KEYS)}."
            raise ConfigError(f"{place}: there is no key {key!r}.{hint}")
        if not isinstance(text, str) and text is not None:
            raise ConfigError(f"{place}: {key} should be text.")
    for key in REQUIRED:
        if not value.get(key):
            raise ConfigError(
                f"{place}: {key} is missing. A waiver says its reason, who decided (by), and when (created)."
            )
    texts: dict[str, Any] = {key: value.get(key) or None for key in KEYS}
    return check(Waiver(**texts), place)


def check(waiver: Waiver, place: str = "the waiver") -> Waiver:
    """Return the waiver if its subject and its dates are well-formed.

    Raises:
        ConfigError: they are not.
    """
    if (waiver.fingerprint is None) == (waiver.artist is None):
        raise ConfigError(f"{place}: name either the fingerprint of a finding or an artist (for a licence).")
    if waiver.fingerprint is not None and not _FINGERPRINT.match(waiver.fingerprint):
        raise ConfigError(f"{place}: a fingerprint is 64 hex digits, as the JSON report writes it.")
    for key in ("created", "until"):
        text = getattr(waiver, key)
        if text is not None and _date(text) is None:
            raise ConfigError(f"{place}: {key} is {text!r}; write a date such as 2027-12-31.")
    return waiver


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
