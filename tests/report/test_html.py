"""What can be said of the page without a browser; the rest is in test_html_browser.py."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings

from auditor.outcome import Report, Waiver
from auditor.report import html
from auditor.report.interface import Preview, RenderContext
from auditor.report.text import NO_PROOF
from tests.report import examples
from tests.report.golden import same_as_golden
from tests.report.strategies import reports


class Outline(HTMLParser):
    """Tags, attributes and the texts of script and style elements."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.raw: list[tuple[str, str]] = []
        self.text = ""
        self._inside: str | None = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in {"script", "style"}:
            self._inside = tag
            self.raw.append((tag, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = None

    def handle_data(self, data: str) -> None:
        if self._inside:
            tag, before = self.raw[-1]
            self.raw[-1] = (tag, before + data)
        else:
            self.text += data


def data_of(page: Outline) -> dict[str, object]:
    value: dict[str, object] = json.loads(page.raw[1][1])
    return value


@pytest.mark.parametrize("make", [examples.full, examples.hostile, examples.clean])
def test_the_page_has_its_three_elements_and_nothing_more(make: object) -> None:
    page = Outline(html.render(make()))  # type: ignore[operator]
    assert [tag for tag, _ in page.raw] == ["style", "script", "script"]
    scripts = [attributes for tag, attributes in page.tags if tag == "script"]
    assert scripts == [{"type": "application/json", "id": "data"}, {}]


@given(reports)
@settings(max_examples=30, deadline=None)
def test_no_content_ends_an_element_or_adds_one(report: Report) -> None:
    page = Outline(html.render(report))
    assert [tag for tag, _ in page.raw] == ["style", "script", "script"]
    rows = data_of(page)["findings"]
    assert isinstance(rows, list)
    assert [row["fingerprint"] for row in rows] == [finding.fingerprint for finding in report.findings]
    allowed = {"a", "b", "bdi", "body", "button", "code", "dd", "div", "dl", "dt", "fieldset", "footer", "form", "h1"}
    allowed |= {"h2", "head", "header", "html", "input", "kbd", "label", "legend", "main", "meta", "noscript", "option"}
    allowed |= {"output", "p", "script", "section", "select", "span", "style", "title"}
    assert {tag for tag, _ in page.tags} <= allowed


def test_nothing_points_outside() -> None:
    text = html.render(examples.full())
    page = Outline(text)
    for _, attributes in page.tags:
        assert not {"src", "srcset", "style", "onclick", "onload", "action"} & set(attributes)
        assert attributes.get("href", "#") in {"#", "#findings"}
    outside = re.findall(r"https?://[^\s\"'<>]+", text)
    assert set(outside) == {"http://www.w3.org/2000/svg"}
    assert "@import" not in text
    assert "url(" not in text


def test_the_policy_allows_exactly_this_style_and_script() -> None:
    page = Outline(html.render(examples.full()))
    policy = next(
        attributes["content"] or ""
        for tag, attributes in page.tags
        if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none'; img-src data:;")
    assert "unsafe" not in policy
    for tag, place in (("style", 0), ("script", 2)):
        digest = base64.b64encode(hashlib.sha256(page.raw[place][1].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_the_head_says_verdict_and_coverage_without_a_script() -> None:
    page = Outline(html.render(examples.full(), RenderContext(today=date(2026, 4, 1))))
    words = " ".join(page.text.split())
    for said in (
        "Fail",
        "8 findings in 7 samples",
        "12 seen, 11 audited",
        "truncated 1",
        "Reading C2PA manifests needs the package 'c2pa'.",
        "issued 2026-03-01, 31 days ago",
        "expired 2025-12-31",
        "copy.pdq.tight 31",
        NO_PROOF,
    ):
        assert said in words


def test_pictures_come_only_from_previews_of_samples_with_findings() -> None:
    context = RenderContext(
        previews={
            "10_mira/keep.png": Preview("data:image/jpeg;base64,AAAA", 640, 480, True),
            "unrelated.png": Preview("data:image/jpeg;base64,BBBB", 1, 1, False),
        }
    )
    text = html.render(examples.full(), context)
    assert "AAAA" in text
    assert "BBBB" not in text
    assert "data:image" not in html.render(examples.full())


def test_a_waiver_is_shown_with_who_and_why() -> None:
    waived = next(row for row in examples.every_kind() if row.waived)
    waiver = Waiver(waived.fingerprint, waived.rule, "Licence 17", "ana", "2026-01-01", "2027-12-31", "17.pdf")
    page = Outline(html.render(replace(examples.full(), waivers=(waiver,))))
    rows = data_of(page)["findings"]
    assert isinstance(rows, list)
    told = [row["waiver"] for row in rows if "waiver" in row]
    assert told == ["Waived by ana until 2027-12-31: Licence 17 Evidence: 17.pdf"]


def test_golden_head() -> None:
    text = html.render(examples.full(), RenderContext(today=date(2026, 4, 1)))
    same_as_golden("head.html", text[text.index("<header>") : text.index("</header>")] + "</header>\n")


def test_the_data_says_which_findings_are_alike() -> None:
    rows = data_of(Outline(html.render(examples.alike(96, examples.full()))))["findings"]
    assert isinstance(rows, list)
    assert [row["alike"] for row in rows] == [*range(9), *[9] * 96]
