"""The JSON report, format `auditor-report/1`: the contract that other tools and the other reports stand on.

Deterministic: keys in the order below, floats rounded to six places, one finding a line. The JSON Schema
is the file `report-1.schema.json` beside this one.
"""

from __future__ import annotations

import json
import re
from importlib import resources
from typing import Any

from auditor.model import SEVERITIES, Finding, Match, Rectangle, Reference, TextMatch
from auditor.outcome import Coverage, DatasetInfo, IndexInfo, Report, Source, Verdict, Waiver
from auditor.report.interface import DEFAULT_CONTEXT, RenderContext
from auditor.report.reading import SCHEMA, parse
from auditor.verdict.wording import full_message

__all__ = ["LISTS", "SCHEMA", "dumps", "parse", "render", "schema", "to_value"]

LISTS = ("findings", "skips", "waivers")
"""Keys whose rows are written one a line, after the others."""
_SURROGATE = re.compile("[\ud800-\udfff]")


def render(report: Report, context: RenderContext = DEFAULT_CONTEXT) -> str:
    """Write the report as JSON text with a newline at its end. Equal reports give equal bytes."""
    value = to_value(report)
    head = {key: part for key, part in value.items() if key not in LISTS}
    body = dumps(head, indent=2).rstrip().removesuffix("}").rstrip()
    rows = [body]
    for key in LISTS:
        lines = ",\n".join("    " + dumps(row) for row in value[key])
        rows.append(f'  "{key}": [\n{lines}\n  ]' if lines else f'  "{key}": []')
    return ",\n".join(rows) + "\n}\n"


def dumps(value: Any, indent: int | None = None) -> str:
    """JSON text that any UTF-8 writer accepts: lone surrogates (bytes of odd file names) stay escaped.

    Raises:
        ValueError: the value holds NaN or an infinity, which JSON does not have.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)
    return _SURROGATE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the report."""
    text = resources.files("auditor.report").joinpath("report-1.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def to_value(report: Report) -> dict[str, Any]:
    """The report as plain dicts and lists, keys in the order of the contract."""
    return {
        "schema": SCHEMA,
        "tool": {"name": report.tool_name, "version": report.tool_version},
        "indexes": [_index(index) for index in report.indexes],
        "dataset": _dataset(report.dataset),
        "coverage": _coverage(report.coverage),
        "thresholds": {name: _number(value) for name, value in report.thresholds},
        "verdict": _verdict(report.verdict),
        "findings": [finding_value(finding) for finding in report.findings],
        "skips": [{"sample": skip.sample, "reason": skip.reason, "detail": skip.detail} for skip in report.skips],
        "waivers": [_waiver(waiver) for waiver in report.waivers],
    }


def finding_value(finding: Finding) -> dict[str, Any]:
    """One finding as the contract writes it."""
    listed = finding.listed_in
    return {
        "fingerprint": finding.fingerprint,
        "rule": finding.rule,
        "severity": finding.severity,
        "sample": finding.sample,
        "message": full_message(finding),
        "artist": _named(finding.artist, "name"),
        "work": _named(finding.work, "title"),
        "match": None if finding.match is None else _match(finding.match),
        "text": None if finding.text is None else _text(finding.text),
        "waived": finding.waived,
        "trained": finding.trained,
        "index": finding.index,
        "listedIn": None if listed is None else {"source": listed[0], "line": listed[1]},
        "details": dict(finding.details),
        **_beside(finding),
    }


def _beside(finding: Finding) -> dict[str, Any]:
    """What the message says beside what was found; left out where it says nothing more."""
    remarks: dict[str, Any] = {"remarks": list(finding.remarks)} if finding.remarks else {}
    because = finding.not_trained_because
    reason = {} if because is None else {"notTrainedBecause": because}
    return {**remarks, **reason, **({"leftOutByGuess": True} if finding.left_out_by_guess else {})}


def _index(index: IndexInfo) -> dict[str, Any]:
    return {
        "name": index.name,
        "digest": index.digest,
        "version": index.version,
        "artists": index.artists,
        "works": index.works,
        "issued": index.issued,
        "expires": index.expires,
        "signature": index.signature,
    }


def _dataset(dataset: DatasetInfo) -> dict[str, Any]:
    return {
        "path": dataset.path,
        "layout": dataset.layout,
        "digest": dataset.digest,
        "options": dict(dataset.options),
        **({"sources": [_source(item) for item in dataset.sources]} if len(dataset.sources) > 1 else {}),
    }


def _source(source: Source) -> dict[str, Any]:
    return {"path": source.path, "layout": source.layout, "options": dict(source.options)}


def _coverage(coverage: Coverage) -> dict[str, Any]:
    return {
        "seen": coverage.seen,
        "audited": coverage.audited,
        "skipped": dict(coverage.skipped),
        "tooPlain": coverage.too_plain,
        "texts": coverage.texts,
        "notTrained": coverage.not_trained,
        "missing": coverage.missing,
        "leftOut": [{"rule": rule, "count": count} for rule, count in coverage.left_out],
        "checksRun": list(coverage.checks_run),
        "checksSkipped": [{"check": skip.check, "reason": skip.reason} for skip in coverage.checks_skipped],
        "notes": list(coverage.notes),
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    counts = dict(verdict.counts)
    return {
        "result": verdict.result,
        "failOn": verdict.fail_on,
        "counts": {severity: counts.get(severity, 0) for severity in SEVERITIES},
        "overrides": dict(verdict.overrides),
        **({"requires": list(verdict.requires)} if verdict.requires else {}),
    }


def _waiver(waiver: Waiver) -> dict[str, Any]:
    return {
        "fingerprint": waiver.fingerprint,
        "artist": waiver.artist,
        "rule": waiver.rule,
        "reason": waiver.reason,
        "by": waiver.by,
        "created": waiver.created,
        "until": waiver.until,
        "evidence": waiver.evidence,
    }


def _named(reference: Reference | None, key: str) -> dict[str, str] | None:
    return None if reference is None else {"id": reference.id, key: reference.name}


def _match(match: Match) -> dict[str, Any]:
    return {
        "tier": match.tier,
        "distance": match.distance,
        "inliers": match.inliers,
        "mirrored": match.mirrored,
        "rotation": match.rotation,
        "sampleRegion": _rectangle(match.sample_region),
        "workRegion": _rectangle(match.work_region),
        "probability": None if match.probability is None else _number(match.probability),
        "scale": None if match.scale is None else _number(match.scale),
        "algorithm": match.algorithm,
        "view": match.view,
        "sampleSize": None if match.sample_size is None else list(match.sample_size),
        "workSize": None if match.work_size is None else list(match.work_size),
    }


def _text(text: TextMatch) -> dict[str, Any]:
    return {
        "value": text.value,
        "start": text.start,
        "end": text.end,
        "source": text.source,
        "line": text.line,
        "score": _number(text.score),
        "form": text.form,
        "reason": text.reason,
    }


def _rectangle(rectangle: Rectangle | None) -> list[float] | None:
    return None if rectangle is None else [_number(side) for side in rectangle]


def _number(value: float) -> float:
    rounded = round(float(value), 6)
    return int(rounded) if rounded.is_integer() else rounded
