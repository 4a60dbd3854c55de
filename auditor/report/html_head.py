"""The head of the HTML report: verdict, figures and coverage, readable without any script."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from auditor.outcome import IndexInfo, Report
from auditor.report.grouping import figures, kinds, notes, verdict_sentence
from auditor.report.interface import RenderContext
from auditor.report.text import NO_PROOF, age, days_since, number, plural, short_digest, signature, visible

MAX_NOTES = 30
_WARN = ' class="warn"'
_STAMPS = {"pass": "Pass", "fail": "Fail", "incomplete": "Incomplete"}


def escaped(text: str) -> str:
    """A stranger's text for the inside of an element or a quoted attribute."""
    return escape(visible(text))


def isolated(text: str) -> str:
    """The same, kept from turning its surroundings right to left."""
    return f"<bdi>{escaped(text)}</bdi>"


def head(report: Report, context: RenderContext) -> str:
    """The `<header>` of the page."""
    return "\n".join(
        [
            "<header>",
            '<div class="bar"><p>Provenance audit</p>',
            f'<p class="set">{isolated(report.dataset.shown)}</p>',
            '<button type="button" id="theme" class="quiet" value="auto">Theme: auto</button></div>',
            *_verdict(report),
            '<section class="cover" aria-labelledby="cover"><h2 id="cover">What was looked at</h2>',
            f'<dl class="facts">{"".join(_facts(report, context))}</dl>',
            "</section>",
            f'<p class="proof">{escaped(NO_PROOF)}</p>',
            "</header>",
        ]
    )


def _verdict(report: Report) -> Iterator[str]:
    numbers = figures(report)
    fail_on = report.verdict.fail_on
    gate = "the gate is off" if fail_on == "none" else f"the gate fails on {fail_on}"
    if fail_on == "medium":
        gate = "the gate fails on medium and high"
    yield '<div class="verdict"><div>'
    yield f'<p><span class="stamp {report.verdict.result}">{_STAMPS[report.verdict.result]}</span>'
    yield f"<span>{gate}</span></p>"
    yield f"<h1>{escaped(verdict_sentence(report))}</h1>"
    found = kinds(report)
    yield f'<p class="deck">{escaped(found)}</p></div>' if found else "</div>"
    yield '<dl class="tally">'
    for name, count in (*numbers.counts, ("waived", numbers.waived)):
        kind = name if count else "none"
        yield f'<div class="{kind}"><dt>{name}</dt><dd>{count:,}</dd></div>'
    yield "</dl></div>"


def _facts(report: Report, context: RenderContext) -> Iterator[str]:
    coverage = report.coverage
    skipped = coverage.seen - coverage.audited
    yield _fact("Pictures", f"{coverage.seen:,} seen, {coverage.audited:,} audited")
    reasons = [f"{isolated(reason)} {count:,}" for reason, count in coverage.skipped]
    yield _fact("Skipped", f"{skipped:,}" + (f": {', '.join(reasons)}" if reasons else ""), warn=skipped > 0)
    yield _fact("Too plain to match by hash", f"{coverage.too_plain:,}")
    yield _fact("Texts searched for names", f"{coverage.texts:,}")
    if coverage.not_trained:
        yield _fact("In the folder but not trained on", f"{coverage.not_trained:,}")
    if coverage.missing:
        yield _fact("Named but not there", f"{coverage.missing:,}", warn=True)
    if coverage.left_out:
        rules = "".join(f"<dd>{count:,} {isolated(rule)}</dd>" for rule, count in coverage.left_out)
        yield f'<div class="wide"><dt>Left out by the layout</dt>{rules}</div>'
    yield _fact("Layout", isolated(report.dataset.layout))
    ran = ", ".join(map(isolated, coverage.checks_run)) or "none"
    yield f'<div class="wide"><dt>Checks run</dt><dd>{ran}</dd></div>'
    if coverage.checks_skipped:
        rows = (f"<dd><b>{isolated(skip.check)}</b>: {isolated(skip.reason)}</dd>" for skip in coverage.checks_skipped)
        yield f'<div class="wide warn"><dt>Not checked</dt>{"".join(rows)}</div>'
    yield _indexes(report, context)
    limits = ", ".join(f"{isolated(name)} {number(value)}" for name, value in report.thresholds)
    yield f'<div class="wide"><dt>Thresholds</dt><dd>{limits or "none"}</dd></div>'
    overrides = ", ".join(f"{isolated(name)} → {severity}" for name, severity in report.verdict.overrides)
    if overrides:
        yield f'<div class="wide"><dt>Severities set by the policy</dt><dd>{overrides}</dd></div>'
    remarks = "".join(f"<dd>{isolated(note)}</dd>" for note in notes(report)[:MAX_NOTES])
    if remarks:
        yield f'<div class="wide"><dt>Notes</dt>{remarks}</div>'


def _fact(term: str, value: str, *, warn: bool = False) -> str:
    return f"<div><dt>{term}</dt><dd{_WARN if warn else ''}>{value}</dd></div>"


def _indexes(report: Report, context: RenderContext) -> str:
    rows = [f"<dd>{_index(index, context)}</dd>" for index in report.indexes]
    return f'<div class="wide"><dt>Indexes</dt>{"".join(rows) or "<dd>none was used</dd>"}</div>'


def _index(index: IndexInfo, context: RenderContext) -> str:
    late = index.expires is not None and (days_since(index.expires, context.today) or 0) > 0
    told = [
        f"<b>{isolated(index.name)}</b> version {index.version}",
        plural(index.artists, "artist"),
        plural(index.works, "work"),
        f"<span{_WARN if late else ''}>{escaped(age(index, context.today))}</span>",
        escaped(signature(index)),
        f'<span class="mono">{escaped(short_digest(index.digest))}</span>',
    ]
    return " · ".join(told)
