"""JUnit XML for test dashboards: a case per finding, per unreadable file, and per rule that found nothing.

failure = breaks the gate; error = could not be audited; skipped = waived, or its check did not run.
Alike findings stay cases of their own: a dashboard follows a case by its name from run to run, and groups change.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

from auditor.checks.table import check_of
from auditor.model import Finding
from auditor.outcome import Report
from auditor.report.grouping import rule_name, sentence, work_name
from auditor.report.interface import DEFAULT_CONTEXT, RenderContext
from auditor.report.text import NO_PROOF, number, visible
from auditor.rules import RULES
from auditor.verdict.gate import breaks_gate

Outcome = Literal["passed", "failure", "error", "skipped"]
# XML 1.0 has no way to write these, not even as references. Surrogates and controls are spelled out by
# `visible` before; this is for what is left.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class _Case:
    classname: str
    name: str
    outcome: Outcome
    message: str = ""
    body: str = ""


def render(report: Report, context: RenderContext = DEFAULT_CONTEXT) -> str:
    """Write one test suite. (classname, name) is unique."""
    cases = list(_unique([*_found(report), *_unread(report), *_clean(report)]))
    counts = Counter(case.outcome for case in cases)
    totals = (
        f'tests="{len(cases)}" failures="{counts["failure"]}" errors="{counts["error"]}" skipped="{counts["skipped"]}"'
    )
    name = _attribute(report.tool_name)
    suites = f'tests="{len(cases)}" failures="{counts["failure"]}" errors="{counts["error"]}"'
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f"<testsuites name={name} {suites}>",
        f'<testsuite name={name} {totals} time="0">',
        "<properties>",
        *(f"<property name={_attribute(key)} value={_attribute(value)}/>" for key, value in _properties(report)),
        "</properties>",
        *(_case(case) for case in cases),
        "</testsuite>",
        "</testsuites>",
    ]
    return "\n".join(lines) + "\n"


def _properties(report: Report) -> Iterator[tuple[str, str]]:
    coverage = report.coverage
    yield "version", report.tool_version
    yield "verdict", report.verdict.result
    yield "dataset", report.dataset.shown
    yield "seen", str(coverage.seen)
    yield "audited", str(coverage.audited)
    for reason, count in coverage.skipped:
        yield f"skipped: {reason}", str(count)
    yield "missing", str(coverage.missing)
    for rule, count in coverage.left_out:
        yield f"left out: {rule}", str(count)
    yield "checks run", ", ".join(coverage.checks_run)
    for skip in coverage.checks_skipped:
        yield f"not run: {skip.check}", skip.reason
    for index in report.indexes:
        yield f"index: {index.name}", f"version {index.version}, {index.digest}"
    for name, value in report.thresholds:
        yield f"threshold: {name}", number(value)
    yield "limits", NO_PROOF


def _found(report: Report) -> Iterator[_Case]:
    for finding in report.findings:
        name = f"{finding.sample} [{finding.fingerprint[:12]}]"
        if finding.waived:
            yield _Case(finding.rule, name, "skipped", f"Waived: {sentence(finding)}")
        elif breaks_gate(finding, report.verdict.fail_on):
            yield _Case(finding.rule, name, "failure", sentence(finding), _body(finding))
        else:
            yield _Case(finding.rule, name, "passed", "", f"{finding.severity}: {sentence(finding)}\n{_body(finding)}")


def _body(finding: Finding) -> str:
    lines = [f"{rule_name(finding.rule)} ({finding.severity})", f"sample: {visible(finding.sample)}"]
    if finding.artist is not None:
        lines.append(f"artist: {visible(finding.artist.name)}")
    if finding.work is not None:
        lines.append(f"work: {visible(work_name(finding) or '')}")
    if finding.text is not None:
        place = finding.text.source + (f":{finding.text.line}" if finding.text.line else "")
        lines.append(f"text: {visible(place)}: {visible(finding.text.value)}")
        lines.append(f"why: {visible(finding.text.reason)}")
    lines.append(f"fingerprint: {finding.fingerprint}")
    return "\n".join(lines)


def _unread(report: Report) -> Iterator[_Case]:
    for skip in report.skips:
        yield _Case("coverage", skip.sample, "error", f"{skip.reason}: {skip.detail}")
    if report.coverage.seen == 0:
        yield _Case("coverage", "the dataset", "error", "No picture was found, so nothing was audited.")


def _clean(report: Report) -> Iterator[_Case]:
    hit = {finding.rule for finding in report.findings}
    for rule in RULES:
        if rule.id in hit:
            continue
        check = check_of(rule.id)
        why = next((skip.reason for skip in report.coverage.checks_skipped if skip.check == check), None)
        if why is not None:
            yield _Case(rule.id, rule.name, "skipped", f"Not checked: {why}")
        elif check is None or check in report.coverage.checks_run:
            yield _Case(rule.id, rule.name, "passed")
        else:
            yield _Case(rule.id, rule.name, "skipped", f"Not checked: the check {check} did not run.")


def _unique(cases: list[_Case]) -> Iterator[_Case]:
    taken: Counter[tuple[str, str]] = Counter()
    for case in cases:
        # compare what will stand in the file: two odd names may be spelled alike
        key = (case.classname, visible(case.name))
        taken[key] += 1
        suffix = f" ({taken[key]})" if taken[key] > 1 else ""
        yield _Case(case.classname, key[1] + suffix, case.outcome, case.message, case.body)


def _case(case: _Case) -> str:
    head = f'<testcase classname={_attribute(case.classname)} name={_attribute(case.name)} time="0"'
    if case.outcome == "passed":
        return f"{head}><system-out>{_content(case.body)}</system-out></testcase>" if case.body else f"{head}/>"
    message = _attribute(case.message)
    if case.outcome == "skipped":
        return f"{head}><skipped message={message}/></testcase>"
    kind = _attribute(case.classname)
    return f"{head}><{case.outcome} type={kind} message={message}>{_content(case.body)}</{case.outcome}></testcase>"


def _attribute(value: str) -> str:
    return quoteattr(_ILLEGAL.sub("", visible(value)))


def _content(value: str) -> str:
    return escape(_ILLEGAL.sub("", value))
