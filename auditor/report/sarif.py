"""SARIF 2.1.0 for code scanning, inside the limits that GitHub sets: a location on every result, at most 5,000 results.

A picture stands in a location without `region`: with one, uploaders read the whole file to hash its lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from auditor.model import Finding, Severity
from auditor.outcome import Report
from auditor.report.grouping import rule_name, sentence, urgency
from auditor.report.interface import DEFAULT_CONTEXT, RenderContext
from auditor.report.json import dumps, to_value
from auditor.report.locations import Location, as_uri, below_repository, main_location, related_location
from auditor.report.text import NO_PROOF, plural, visible
from auditor.rules import BY_ID

MAX_RESULTS = 5_000
MAX_NOTIFICATIONS = 500
MAX_TEXT = 1_000
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: dict[Severity, str] = {"high": "error", "medium": "warning", "low": "note"}
_BASE = "DATASET"


def render(report: Report, context: RenderContext = DEFAULT_CONTEXT) -> str:
    """Write one SARIF run; the most urgent 5,000 findings, and how many were cut."""
    ordered = sorted(report.findings, key=urgency)
    kept = ordered[:MAX_RESULTS]
    rules = sorted({finding.rule for finding in kept})
    places = {rule: number for number, rule in enumerate(rules)}
    value = to_value(report)
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": report.tool_name,
                "version": report.tool_version,
                "rules": [_rule(rule) for rule in rules],
            }
        },
        "invocations": [_invocation(report, len(ordered) - len(kept))],
        "columnKind": "unicodeCodePoints",
        "results": [_result(report, finding, places[finding.rule]) for finding in kept],
        "properties": {
            "verdict": value["verdict"],
            "coverage": value["coverage"],
            "indexes": value["indexes"],
            "thresholds": value["thresholds"],
            "limits": NO_PROOF,
        },
    }
    if below_repository(report, "x") is None:
        run["originalUriBaseIds"] = {_BASE: _base(report)}
    return dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


def _base(report: Report) -> dict[str, Any]:
    path = report.dataset.path.replace("\\", "/").rstrip("/") + "/"
    if not path.startswith("/") and not re.match(r"[A-Za-z]:/", path):
        return {"description": {"text": "The dataset's folder."}}
    return {"uri": "file:///" + as_uri(path.lstrip("/"))}


def _rule(rule: str) -> dict[str, Any]:
    known = BY_ID.get(rule)
    name = rule_name(rule)
    text = known.help if known else f"The rule {rule} of a later version."
    level = _LEVELS[known.severity] if known else "warning"
    return {
        "id": rule,
        "name": "".join(part.capitalize() for part in re.split(r"[.-]", rule)),
        "shortDescription": {"text": name},
        "fullDescription": {"text": text},
        "help": {"text": text, "markdown": f"**{name}** (`{rule}`)\n\n{text}"},
        "defaultConfiguration": {"level": level},
        "properties": {
            "tags": ["provenance", rule.partition(".")[0]],
            "precision": "high" if level == "error" else "medium",
            "problem.severity": {"error": "error", "warning": "warning", "note": "recommendation"}[level],
        },
    }


def _result(report: Report, finding: Finding, place: int) -> dict[str, Any]:
    message = sentence(finding)[:MAX_TEXT] or rule_name(finding.rule)
    related = related_location(finding)
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": place,
        "level": _LEVELS[finding.severity],
        "message": {"text": message},
        "locations": [{"physicalLocation": _physical(report, main_location(finding))}],
    }
    if related is not None:
        told = {"text": "The picture that the finding is about."}
        result["relatedLocations"] = [{"id": 1, "physicalLocation": _physical(report, related), "message": told}]
    result["partialFingerprints"] = {
        "primaryLocationLineHash": f"{finding.fingerprint[:16]}:1",
        "auditorFingerprint/v1": finding.fingerprint,
    }
    if finding.waived:
        result["suppressions"] = [
            {"kind": "external", "status": "accepted", "justification": "Covered by a waiver that a person recorded."}
        ]
    result["properties"] = _properties(finding)
    return result


def _properties(finding: Finding) -> dict[str, Any]:
    told: dict[str, Any] = {"sample": visible(finding.sample), "trained": finding.trained}
    if finding.artist is not None:
        told["artist"] = visible(finding.artist.name)
    if finding.work is not None:
        told["work"] = visible(finding.work.name or finding.work.id)
    if finding.match is not None:
        told["tier"] = finding.match.tier
    if finding.text is not None:
        told["score"] = finding.text.score
        told["reason"] = visible(finding.text.reason)
    return told


def _physical(report: Report, location: Location) -> dict[str, Any]:
    path = below_repository(report, location.path)
    artifact = {"uri": as_uri(location.path), "uriBaseId": _BASE} if path is None else {"uri": as_uri(path)}
    physical: dict[str, Any] = {"artifactLocation": artifact}
    if location.line is not None:
        region = {"startLine": location.line}
        if location.columns is not None:
            region["startColumn"], region["endColumn"] = location.columns
        physical["region"] = region
    return physical


def _invocation(report: Report, cut: int) -> dict[str, Any]:
    notes = [_notification(report, f"{skip.reason}: {skip.detail}", skip.sample) for skip in report.skips]
    told = notes[:MAX_NOTIFICATIONS]
    if len(notes) > len(told):
        told.append(
            {
                "level": "warning",
                "message": {"text": f"{plural(len(notes) - len(told), 'more file')} could not be audited."},
            }
        )
    if cut:
        text = f"{plural(cut, 'less urgent result was', 'less urgent results were')} cut; the JSON report holds all."
        told.append({"level": "warning", "message": {"text": text}})
    return {
        "executionSuccessful": report.verdict.result != "incomplete",
        "toolExecutionNotifications": told,
        "toolConfigurationNotifications": list(_not_run(report)),
    }


def _not_run(report: Report) -> Iterable[dict[str, Any]]:
    for skip in report.coverage.checks_skipped:
        yield {"level": "note", "message": {"text": f"Not checked: {visible(skip.check)}. {visible(skip.reason)}"}}


def _notification(report: Report, text: str, sample: str) -> dict[str, Any]:
    location = {"physicalLocation": _physical(report, Location(sample))}
    return {"level": "warning", "message": {"text": visible(text)[:MAX_TEXT]}, "locations": [location]}
