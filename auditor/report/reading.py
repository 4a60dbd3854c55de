"""A JSON report back into values, so that any report can be written again without a new scan.

Every field is checked: a report may have come from anywhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from auditor.errors import ReportError
from auditor.model import SEVERITIES, Finding, Match, Reference, Severity, TextMatch
from auditor.outcome import CheckSkipped, Coverage, DatasetInfo, IndexInfo, Report, Skip, Source, Verdict, Waiver
from auditor.verdict.wording import without_rest

SCHEMA = "auditor-report/1"
MAX_BYTES = 512 * 1024 * 1024

_RULE = re.compile(r"[a-z]+\.[a-z0-9-]+")
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")

T = TypeVar("T")
_MISSING: Any = object()


class _Node:
    """One JSON object, with its place for error messages."""

    def __init__(self, value: Any, place: str) -> None:
        if not isinstance(value, dict):
            raise ReportError(f"Not an {SCHEMA} report: {place} should be an object. Write it with -o json.")
        self.value = value
        self.place = place

    def get(self, key: str, kind: type[T] | tuple[type[T], ...], default: Any = _MISSING) -> T:
        """The value of a key, of the right type; `default` also stands in for null."""
        found = self.value.get(key)
        if found is None and default is not _MISSING:
            return default  # type: ignore[no-any-return]
        if not isinstance(found, kind) or (isinstance(found, bool) and kind is not bool):
            raise ReportError(f"Not an {SCHEMA} report: {self.place}.{key} is missing or of the wrong type.")
        return found

    def shaped(self, key: str, pattern: re.Pattern[str]) -> str:
        """A text that matches the pattern as a whole, so that it can stand anywhere in a report."""
        found = self.get(key, str)
        if not pattern.fullmatch(found):
            raise ReportError(f"Not an {SCHEMA} report: {self.place}.{key} is not of the form {pattern.pattern}.")
        return found

    def choice(self, key: str, options: tuple[T, ...]) -> T:
        found = self.value.get(key)
        if found not in options:
            raise ReportError(
                f"Not an {SCHEMA} report: {self.place}.{key} should be one of {', '.join(map(str, options))}."
            )
        return options[options.index(found)]

    def node(self, key: str) -> _Node:
        return _Node(self.value.get(key), f"{self.place}.{key}")

    def optional(self, key: str, make: Callable[[_Node], T]) -> T | None:
        return None if self.value.get(key) is None else make(self.node(key))

    def items(self, key: str, default: Any = _MISSING) -> list[_Node]:
        rows = self.get(key, list, default)
        return [_Node(row, f"{self.place}.{key}[{number}]") for number, row in enumerate(rows)]

    def texts(self, key: str) -> tuple[str, ...]:
        rows = self.get(key, list, [])
        if not all(isinstance(row, str) for row in rows):
            raise ReportError(f"Not an {SCHEMA} report: {self.place}.{key} should hold texts only.")
        return tuple(rows)

    def numbers(self, key: str, count: int) -> Any:
        """A tuple of `count` numbers, or None."""
        rows = self.value.get(key)
        if rows is None:
            return None
        if not isinstance(rows, list) or len(rows) != count or not all(_is_number(row) for row in rows):
            raise ReportError(f"Not an {SCHEMA} report: {self.place}.{key} should hold {count} numbers.")
        return tuple(rows)

    def pairs(self, key: str, kind: type[T] | tuple[type[T], ...]) -> tuple[tuple[str, T], ...]:
        node = _Node(self.value.get(key) or {}, f"{self.place}.{key}")
        return tuple((name, node.get(name, kind)) for name in node.value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def parse(text: str) -> Report:
    """Read a JSON report.

    Raises:
        ReportError: the text is no JSON, or no report of this version of the format.
    """
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise ReportError(
            f"The report is not JSON ({error}). Write it with: auditor scan … -o json=report.json"
        ) from error
    root = _Node(value, "report")
    found = root.get("schema", str, "")
    if found != SCHEMA:
        raise ReportError(_other_version(found))
    tool, dataset, verdict = root.node("tool"), root.node("dataset"), root.node("verdict")
    return Report(
        tool_name=tool.get("name", str),
        tool_version=tool.get("version", str),
        indexes=tuple(_index(node) for node in root.items("indexes")),
        dataset=DatasetInfo(
            tuple(_source(node) for node in dataset.items("sources", [])) or (_source(dataset),),
            dataset.get("digest", str),
        ),
        coverage=_coverage(root.node("coverage")),
        thresholds=tuple((name, float(number)) for name, number in root.pairs("thresholds", (int, float))),
        verdict=Verdict(
            verdict.choice("result", ("pass", "fail", "incomplete")),
            verdict.choice("failOn", ("none", "medium", "high")),
            tuple((severity, verdict.node("counts").get(severity, int, 0)) for severity in SEVERITIES),
            tuple((name, _severity(verdict, name, value)) for name, value in verdict.pairs("overrides", str)),
            verdict.texts("requires"),
        ),
        findings=tuple(_finding(node) for node in root.items("findings")),
        skips=tuple(
            Skip(node.get("sample", str), node.get("reason", str), node.get("detail", str, ""))
            for node in root.items("skips", [])
        ),
        waivers=tuple(_waiver(node) for node in root.items("waivers", [])),
    )


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a JSON number")


def _other_version(found: str) -> str:
    if re.fullmatch(r"auditor-report/\d+", found):
        return f"The report's format is {found}; this version reads {SCHEMA}. Upgrade the tool, or scan again."
    return f'This is no audit report (no "schema": "{SCHEMA}"). Write one with: auditor scan … -o json=report.json'


def _severity(node: _Node, name: str, value: str) -> Severity:
    for severity in SEVERITIES:
        if value == severity:
            return severity
    raise ReportError(f"Not an {SCHEMA} report: {node.place}.overrides.{name} should be high, medium or low.")


def _waiver(node: _Node) -> Waiver:
    return Waiver(
        fingerprint=node.get("fingerprint", str, None),
        rule=node.get("rule", str, None),
        reason=node.get("reason", str),
        by=node.get("by", str),
        created=node.get("created", str),
        until=node.get("until", str, None),
        evidence=node.get("evidence", str, None),
        artist=node.get("artist", str, None),
    )


def _index(node: _Node) -> IndexInfo:
    return IndexInfo(
        name=node.get("name", str),
        digest=node.get("digest", str),
        version=node.get("version", int),
        artists=node.get("artists", int),
        works=node.get("works", int),
        issued=node.get("issued", str, None),
        expires=node.get("expires", str, None),
        signature=node.get("signature", str, None),
    )


def _coverage(node: _Node) -> Coverage:
    return Coverage(
        seen=node.get("seen", int),
        audited=node.get("audited", int),
        skipped=node.pairs("skipped", int),
        too_plain=node.get("tooPlain", int, 0),
        texts=node.get("texts", int, 0),
        not_trained=node.get("notTrained", int, 0),
        missing=node.get("missing", int, 0),
        left_out=tuple((row.get("rule", str), row.get("count", int)) for row in node.items("leftOut", [])),
        checks_run=node.texts("checksRun"),
        checks_skipped=tuple(
            CheckSkipped(row.get("check", str), row.get("reason", str)) for row in node.items("checksSkipped", [])
        ),
        notes=node.texts("notes"),
    )


def _source(node: _Node) -> Source:
    return Source(node.get("path", str), node.get("layout", str), node.pairs("options", str))


def _finding(node: _Node) -> Finding:
    listed = node.optional("listedIn", lambda row: (row.get("source", str), row.get("line", int, None)))
    found = Finding(
        rule=node.shaped("rule", _RULE),
        severity=node.choice("severity", SEVERITIES),
        sample=node.get("sample", str),
        message="",
        fingerprint=node.shaped("fingerprint", _FINGERPRINT),
        artist=node.optional("artist", lambda row: Reference(row.get("id", str), row.get("name", str))),
        work=node.optional("work", lambda row: Reference(row.get("id", str), row.get("title", str, ""))),
        match=node.optional("match", _match),
        text=node.optional("text", _text),
        waived=node.get("waived", bool),
        trained=node.get("trained", bool, True),
        index=node.get("index", str, None),
        details=node.pairs("details", str),
        listed_in=listed,
        remarks=node.texts("remarks"),
        not_trained_because=node.get("notTrainedBecause", str, None),
        left_out_by_guess=node.get("leftOutByGuess", bool, False),
    )
    return replace(found, message=without_rest(node.get("message", str), found))


def _match(node: _Node) -> Match:
    return Match(
        tier=node.choice("tier", ("exact", "pixels", "whole", "region")),
        distance=node.get("distance", int, None),
        inliers=node.get("inliers", int, None),
        mirrored=node.get("mirrored", bool, False),
        rotation=node.get("rotation", int, 0),
        sample_region=node.numbers("sampleRegion", 4),
        work_region=node.numbers("workRegion", 4),
        probability=node.get("probability", (int, float), None),
        scale=node.get("scale", (int, float), None),
        algorithm=node.get("algorithm", str, None),
        view=node.get("view", str, None),
        sample_size=node.numbers("sampleSize", 2),
        work_size=node.numbers("workSize", 2),
    )


def _text(node: _Node) -> TextMatch:
    return TextMatch(
        value=node.get("value", str),
        start=node.get("start", int),
        end=node.get("end", int),
        source=node.get("source", str),
        line=node.get("line", int, None),
        score=node.get("score", (int, float)),
        form=node.get("form", str),
        reason=node.get("reason", str),
    )
