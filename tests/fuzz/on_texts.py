"""Harnesses of texts: the name engine, settings, decisions, reports, statements, and what is shown of hostile names."""

from __future__ import annotations

import functools
import html.parser
import json
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from auditor.attest.agree import disagreements
from auditor.attest.check import problems
from auditor.attest.statement import make_statement, read_statement, to_bytes
from auditor.attest.subject import Subject
from auditor.clean import manifest as clean_manifest
from auditor.cli.inputs.config import load_config
from auditor.errors import ConfigError
from auditor.model import Artist, Finding
from auditor.names.interface import ListedName
from auditor.names.lint import lint_names
from auditor.names.matcher import CompiledMatcher, compile_matcher
from auditor.outcome import Report, Skip, Source
from auditor.report.interface import DEFAULT_CONTEXT, RENDERERS
from auditor.report.json import render as to_json
from auditor.report.reading import parse
from auditor.report.text import visible
from auditor.verdict.gate import Overrides
from auditor.verdict.waivers import apply_waivers, parse_waivers, prune, render_waivers, settle
from tests.fuzz.harness import file, text_of
from tests.report import examples

TODAY = date(2026, 6, 1)
KINDS = ("caption", "file-name", "folder-name", "member-name", "config", "tag", "metadata", "prompt")
PEOPLE = (
    "Mirela Ashdown", "Tobias Quill", "Ash Varga", "Wassily Kandinsky", "J. M. W. Turner", "Élodie d'Août",
    "山田太郎", "ashvarga", "Aleksandr Ösp",
)  # fmt: skip
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@functools.cache
def matcher() -> CompiledMatcher:
    """A list of names of several kinds."""
    return compile_matcher([ListedName(f"artist-{number}", name) for number, name in enumerate(PEOPLE)])


def names(data: bytes) -> None:
    """The name engine on any text."""
    text = text_of(data)
    for found in matcher().find(text, KINDS[len(text) % len(KINDS)]):
        assert 0 <= found.start < found.end <= len(text)
        assert 0 <= found.score <= 1 and found.reason
    parts = [part[:200] for part in text.split("\n")[:20]]
    assert matcher().find_many(parts) == [matcher().find(part) for part in parts]


def listed_names(data: bytes) -> None:
    """Any names in a list, one a line: advice, compiling, and looking for each in a text that says it."""
    lines = [line[:120] for line in text_of(data).split("\n")[:12]]
    kinds = ("name", "alias", "handle", "native", "tag")
    listed = [ListedName(str(number), line, kinds[number % 5], number % 3 == 2) for number, line in enumerate(lines)]
    advice = [Artist(str(number), (line,), (line[::-1],), ("tag",)) for number, line in enumerate(lines)]
    for problem in lint_names(advice):
        assert problem
    engine = compile_matcher(listed)
    for line in lines:
        for found in engine.find(f"a castle, art by {line}"):
            assert found.end > found.start


def settings(data: bytes) -> None:
    """auditor.toml, and the same text in pyproject.toml."""
    for name in ("auditor.toml", "pyproject.toml"):
        path = Path(file(f"settings/{name}", data))
        try:
            assert load_config(path).source == path
        except ConfigError as error:
            assert str(error).strip()


def waivers(data: bytes) -> None:
    """A waivers file, applied to a report, and written again."""
    read = parse_waivers(text_of(data))
    written = render_waivers(read)
    assert set(parse_waivers(written)) == set(read)
    report = examples.full()
    apply_waivers(report.findings, read, TODAY)
    prune(read, report.findings, TODAY)
    settle(report, read, Overrides({}, {}), TODAY)


def report(data: bytes) -> None:
    """A JSON report in every format, and back."""
    value = parse(data.decode("utf-8", "replace"))
    assert parse(str(to_json(value, DEFAULT_CONTEXT))) == value
    rendered(value)
    for sentence in disagreements(value, TODAY):
        assert visible(sentence)


def shown(data: bytes) -> None:
    """A hostile text in every place of a report that a stranger's file can fill, in every format."""
    text = text_of(data)
    # What JSON cannot carry apart, a reader cannot hand on either.
    text = json.loads(json.dumps(text))
    base = examples.full()
    # The first finding that has a text, and the first two that have none: more say the same, slowly.
    chosen = sorted(base.findings, key=lambda finding: finding.text is None)
    rows = tuple(_filled(finding, text) for finding in (chosen[0], *chosen[-2:]))
    coverage = replace(base.coverage, notes=(text,), skipped=((text, 1),))
    skips = (Skip(text, "truncated", text),)
    rendered(
        replace(
            base,
            findings=rows,
            skips=skips,
            coverage=coverage,
            dataset=replace(base.dataset, sources=(Source(text, text),)),
        )
    )
    assert not CONTROLS.search(visible(text))


def _filled(finding: Finding, text: str) -> Finding:
    def named(value: object) -> object:
        return None if value is None else replace(value, name=text)  # type: ignore[type-var]

    return replace(
        finding,
        sample=text,
        message=text,
        artist=named(finding.artist),  # type: ignore[arg-type]
        work=named(finding.work),  # type: ignore[arg-type]
        text=None if finding.text is None else replace(finding.text, value=text, source=text),
        listed_in=(text, 1),
        details=((text, text),),
    )


class _Page(html.parser.HTMLParser):
    """The names of the elements and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[tuple[str, str]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {(tag, ""), *((tag, name) for name, _ in attrs)}


def _parts(page: str) -> set[tuple[str, str]]:
    reader = _Page()
    reader.feed(page)
    reader.close()
    return reader.found


@functools.cache
def _known_parts() -> frozenset[tuple[str, str]]:
    """What pages of harmless reports are made of."""
    pages: Iterable[Report] = (examples.full(), examples.clean(), examples.hostile(), examples.many(3))
    return frozenset(part for page in pages for part in _parts(str(RENDERERS["html"].render(page))))


def rendered(value: Report) -> None:
    """Every format of a report: what must be sound is sound, and nothing hidden reaches a terminal or a log."""
    for name, row in RENDERERS.items():
        out = row.render(value)
        if isinstance(out, bytes):
            continue
        if name in ("terminal", "github", "markdown"):
            hidden = CONTROLS.search(out)
            assert hidden is None, (name, hidden)
        if name == "sarif":
            json.loads(out)
        if name == "junit":
            ElementTree.fromstring(out)
        if name == "html":
            assert _parts(out) <= _known_parts(), _parts(out) - _known_parts()


def statement(data: bytes) -> None:
    """A statement of `auditor attest`, held against a dataset."""
    stated = read_statement(data)
    for reason in problems(stated, Subject((("a.png", "1" * 64),)), TODAY):
        assert visible(reason)


def statement_example() -> bytes:
    """A statement as the project writes it."""
    subject = Subject((("a.png", "1" * 64), ("a.txt", "2" * 64)))
    now = datetime(2026, 6, 1, tzinfo=UTC)
    return to_bytes(make_statement(examples.clean(), "e" * 64, subject, "castle", ("report.json",), now))


def clean_record(data: bytes) -> None:
    """The record of a clean-up."""
    path = Path(file("clean/manifest.json", data))
    found = clean_manifest.load(path.parent)
    assert not any(row.path.startswith("/") for row in (*found.moved, *found.rewritten))
