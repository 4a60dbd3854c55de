"""The report as one self-contained page: no external request, safe under its own content security policy.

The head (verdict, coverage) is plain HTML; the findings are JSON inside the page that its script draws as text
nodes, so nothing from the dataset is ever read as markup. Style and script are the files in `page/`.
"""

from __future__ import annotations

import base64
import hashlib
import shlex
from importlib import resources
from string import Template
from typing import Any

from auditor.model import Finding
from auditor.outcome import Report, Waiver
from auditor.report.grouping import alike, headline, rule_name, work_name
from auditor.report.html_head import escaped, head
from auditor.report.interface import DEFAULT_CONTEXT, RenderContext
from auditor.report.json import dumps, finding_value
from auditor.report.text import NO_PROOF, excerpt, visible
from auditor.verdict.waivers import covers

SCRIPTS = ("plates.js", "cards.js", "groups.js", "page.js")
AROUND = 300
"""Characters of a caption shown on either side of a name."""
_MATCH_KEYS = (
    "tier",
    "distance",
    "inliers",
    "mirrored",
    "rotation",
    "sampleRegion",
    "workRegion",
    "probability",
    "sampleSize",
    "workSize",
)


def render(report: Report, context: RenderContext = DEFAULT_CONTEXT) -> str:
    """Write the page. Pictures are shown only where `context.previews` brings them."""
    style = _piece("style.css")
    script = "\n".join(_piece(name) for name in SCRIPTS)
    generator = f"{report.tool_name} {report.tool_version}"
    policy = (
        "default-src 'none'; img-src data:; "
        f"style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'"
    )
    return Template(_piece("page.html")).substitute(
        policy=policy,
        generator=escaped(generator),
        title=escaped(f"Provenance audit: {report.verdict.result}"),
        style=style,
        head=head(report, context),
        proof=escaped(NO_PROOF),
        data=_data(report, context),
        script=script,
    )


def _piece(name: str) -> str:
    return resources.files("auditor.report").joinpath("page", name).read_text(encoding="utf-8").strip()


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _data(report: Report, context: RenderContext) -> str:
    findings = [_finding(finding) for finding in report.findings]
    for row, finding in zip(findings, report.findings, strict=True):
        waiver = next((waiver for waiver in report.waivers if finding.waived and covers(waiver, finding)), None)
        if waiver is not None:
            row["waiver"] = _waiver_sentence(waiver)
    group_of = {id(finding): place for place, group in enumerate(alike(report.findings)) for finding in group.findings}
    for row, finding in zip(findings, report.findings, strict=True):
        row["alike"] = group_of[id(finding)]
    samples = {finding.sample for finding in report.findings}
    previews = {
        visible(sample): {
            "uri": preview.data_uri,
            "width": preview.width,
            "height": preview.height,
            "blurred": preview.blurred,
        }
        for sample, preview in context.previews.items()
        if sample in samples
    }
    # `<` would let a caption end the script element; JSON can write it as an escape
    waive = f"auditor waive {shlex.quote(visible(context.json_report))}" if context.json_report else None
    return dumps({"findings": findings, "previews": previews, "waive": waive}).replace("<", "\\u003c")


def _waiver_sentence(waiver: Waiver) -> str:
    until = f" until {waiver.until}" if waiver.until else ""
    evidence = f" Evidence: {waiver.evidence}" if waiver.evidence else ""
    return visible(f"Waived by {waiver.by}{until}: {waiver.reason}{evidence}")


def _finding(finding: Finding) -> dict[str, Any]:
    row: dict[str, Any] = {
        "fingerprint": finding.fingerprint,
        "rule": finding.rule,
        "ruleName": rule_name(finding.rule),
        "severity": finding.severity,
        "sample": visible(finding.sample),
        "message": headline(finding),
        "waived": finding.waived,
        "trained": finding.trained,
    }
    work = work_name(finding)
    if finding.artist is not None:
        row["artistId"] = visible(finding.artist.id)
        row["artist"] = visible(finding.artist.name or finding.artist.id)
    if work is not None:
        row["work"] = visible(work)
    if finding.index is not None:
        row["index"] = visible(finding.index)
    if finding.details:
        row["details"] = {visible(key): visible(value) for key, value in finding.details}
    if finding.match is not None:
        match = finding_value(finding)["match"]
        row["match"] = {key: match[key] for key in _MATCH_KEYS if match[key] is not None}
    if finding.text is not None:
        row["text"] = {
            "parts": excerpt(finding.text.value, finding.text.start, finding.text.end, AROUND),
            "source": visible(finding.text.source),
            "line": finding.text.line,
            "score": round(float(finding.text.score), 4),
            "form": visible(finding.text.form),
            "reason": visible(finding.text.reason),
        }
    return row
