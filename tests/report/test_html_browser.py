"""The page in a headless Chromium: what a reader sees and does."""

from __future__ import annotations

import base64
import io
import json
import os
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from auditor.outcome import Report
from auditor.report import html
from auditor.report.interface import Preview, RenderContext
from tests.report import examples

pytest.importorskip("websocket", reason="the package websocket-client drives the browser")
from tests.report.axe import axe_source
from tests.report.browser import BINARY, Page, browser

pytestmark = pytest.mark.skipif(BINARY is None, reason="no Chromium here: install the package chromium")
CARDS = "document.querySelectorAll('.card').length"
AXE = (
    "axe.run().then((result) => result.violations.map((row) =>"
    " [row.impact, row.id, row.nodes.map((node) => node.html + node.failureSummary)]))"
)
SHOWN = "document.getElementById('shown').textContent"


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with browser() as opened:
        opened.size(1280, 900)
        yield opened


@pytest.fixture(scope="module")
def pictures() -> dict[str, Preview]:
    from PIL import Image

    def preview(width: int, height: int, blurred: bool) -> Preview:
        buffer = io.BytesIO()
        picture = Image.linear_gradient("L").resize((width // 16, height // 16)).convert("RGB")
        picture.save(buffer, "JPEG")
        uri = "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()
        return Preview(uri, width, height, blurred)

    return {
        "10_mira/keep.png": preview(1024, 768, True),
        "10_mira/detail.png": preview(768, 768, False),
        "10_mira/b.png": preview(512, 768, True),
    }


def show(page: Page, folder: Path, report: Report, previews: dict[str, Preview] | None = None) -> Path:
    context = RenderContext(today=date(2026, 4, 1), previews=previews or {})
    path = folder / "report.html"
    path.write_text(html.render(report, context), encoding="utf-8")
    page.open(path)
    return path


def pick(page: Page, name: str, value: str) -> None:
    page.run(
        f"(() => {{ const field = document.getElementById({json.dumps(name)}); field.value = {json.dumps(value)};"
        " field.dispatchEvent(new Event('input', {bubbles: true})); })()"
    )
    page.settle()


def test_no_error_no_request_and_all_findings(page: Page, tmp_path: Path, pictures: dict[str, Preview]) -> None:
    path = show(page, tmp_path, examples.full(), pictures)
    assert page.problems() == []
    assert page.requests() == [path.as_uri()]
    assert page.run(SHOWN) == "All 9 findings"
    assert page.run(CARDS) == 8
    headings = page.run("[...document.querySelectorAll('.group h2 bdi')].map((node) => node.textContent)")
    assert headings == ["Mira Vale", "Oskar Zieliński", "No artist named"]


def test_filters_and_search(page: Page, tmp_path: Path) -> None:
    show(page, tmp_path, examples.full())
    pick(page, "artist", "oskar-zielinski")
    assert page.run(SHOWN) == "3 of 9 findings"
    pick(page, "rule", "copy.whole")
    assert page.run(SHOWN) == "1 of 9 findings"
    page.run("document.getElementById('reset').click()")
    page.settle()
    assert page.run(SHOWN) == "All 9 findings"
    page.run("document.querySelector('.chip.high input').click()")
    page.settle()
    assert page.run(SHOWN) == "4 of 9 findings"
    page.run("document.querySelector('.chip.high input').click(); document.getElementById('search').focus()")
    page.type("ZIELINSKY manner")
    page.settle()
    assert page.run(SHOWN) == "1 of 9 findings"
    page.type(" nowhere")
    page.settle()
    assert page.run("document.querySelector('.note').textContent") == "No finding fits these filters."


@pytest.mark.parametrize(
    ("order", "first"), [("severity", "High"), ("folder", "10_mira"), ("rule", "Caption names a listed artist")]
)
def test_order(page: Page, tmp_path: Path, order: str, first: str) -> None:
    show(page, tmp_path, examples.full())
    pick(page, "order", order)
    assert page.run("document.querySelector('.group h2 bdi').textContent") == first
    assert page.run("document.querySelectorAll('.finding').length") == 9


def test_the_region_is_drawn_on_the_picture_and_on_the_works_frame(
    page: Page, tmp_path: Path, pictures: dict[str, Preview]
) -> None:
    show(page, tmp_path, examples.full(), pictures)
    pick(page, "rule", "copy.region")
    drawn = page.run(
        "['sample', 'work'].map((kind) => { const plate = document.querySelector(`.plate.${kind}`);"
        " const view = plate.querySelector('svg').viewBox.baseVal; const box = plate.querySelector('.box');"
        " const at = (name) => Number(box.getAttribute(name));"
        " return [view.width / view.height, at('x') / view.width, at('y') / view.height,"
        " (at('x') + at('width')) / view.width, (at('y') + at('height')) / view.height]; })"
    )
    assert drawn[0] == pytest.approx([1.0, 0.05, 0.1, 0.95, 1.0])
    assert drawn[1] == pytest.approx([1920 / 1080, 0.02, 0.03, 0.62, 0.63])
    assert page.run("document.querySelector('.plate.work image')") is None
    corner = page.run("document.querySelector('.plate.sample .corner').getAttribute('d')")
    assert corner.startswith("M228 24h-22")  # mirrored: the work's upper left corner lies at the upper right
    assert "upper left of “Ash Keep”, enlarged 2.1×" in page.run("document.querySelector('.sentence').textContent")
    pick(page, "rule", "copy.exact")
    assert "blur" in page.run("document.querySelector('.plate.sample image').style.filter")


def test_the_span_of_a_caption_is_marked_with_its_reason(page: Page, tmp_path: Path) -> None:
    show(page, tmp_path, examples.full())
    pick(page, "rule", "name.caption")
    marks = page.run("[...document.querySelectorAll('mark')].map((node) => node.textContent)")
    assert marks == ["mira_vale", "Zielinsky"]
    assert page.run("document.querySelector('.why').textContent") == "Joined by an underscore."


def test_hostile_texts_are_inert(page: Page, tmp_path: Path) -> None:
    path = show(page, tmp_path, examples.hostile())
    assert page.problems() == []
    assert page.requests() == [path.as_uri()]
    assert page.run("document.scripts.length") == 2
    assert page.run("document.querySelectorAll('main b, main i, #findings script').length") <= 12
    sentence = page.run("document.querySelector('.sentence').textContent")
    assert "</script><script>alert(1)</script>" in sentence
    assert "\\x1b[31mred" in sentence
    assert "\\u202egnp" in sentence
    assert "\U0001f9d1\u200d\U0001f3a8" in sentence
    assert page.run("/[\\u202a-\\u202e\\u0000-\\u0008]/.test(document.body.innerText)") is False


def test_five_thousand_findings_are_drawn_bit_by_bit_and_filtered(page: Page, tmp_path: Path) -> None:
    show(page, tmp_path, examples.many(5_000))
    assert page.run(SHOWN) == "All 5,000 findings"
    assert 0 < page.run(CARDS) < 500
    pick(page, "artist", "artist-07")
    assert page.run(SHOWN) == "125 of 5,000 findings"
    pick(page, "artist", "")
    page.run("window.scrollTo(0, document.body.scrollHeight)")
    page.settle()
    assert page.run(CARDS) > 40


def test_keyboard_alone_reaches_everything(page: Page, tmp_path: Path) -> None:
    show(page, tmp_path, examples.full())
    seen = []
    for _ in range(24):
        page.key("Tab")
        seen.append(
            page.run(
                "(() => { const node = document.activeElement; return node.id || node.name || node.dataset.print ||"
                " node.className || node.tagName.toLowerCase(); })()"
            )
        )
    for target in ("skip", "theme", "search", "artist", "rule", "order", "severity"):
        assert target in seen
    assert any(len(name) == 64 for name in seen)
    page.run("document.getElementById('findings').focus()")
    for place in (0, 1):
        page.key("j")
        assert page.run("[...document.querySelectorAll('.card')].indexOf(document.activeElement)") == place
    page.key("k")
    assert page.run("[...document.querySelectorAll('.card')].indexOf(document.activeElement)") == 0


def test_choosing_findings_gives_one_command(page: Page, tmp_path: Path) -> None:
    show(page, tmp_path, examples.full())
    page.run("[...document.querySelectorAll('[data-print]')].slice(0, 2).forEach((node) => node.click())")
    assert page.run("document.getElementById('basket').hidden") is False
    assert page.run("document.getElementById('chosen').textContent") == "2 findings chosen"
    command = page.run("waiveCommand([...state.chosen].sort())")
    assert command.startswith("auditor waive JSON-REPORT-OF-THIS-SCAN ")
    assert command.count(" ") >= 6
    # the choice outlives a change of the filters
    pick(page, "order", "rule")
    assert page.run("document.querySelectorAll('[data-print]:checked').length") == 2


def test_alike_findings_are_one_card_that_opens_to_all(page: Page, tmp_path: Path) -> None:
    show(page, tmp_path, examples.alike(96, examples.full()))
    assert page.problems() == []
    assert page.run(SHOWN) == "All 105 findings"
    assert page.run(CARDS) == 9
    assert page.run("document.querySelectorAll('.samples li').length") == 3
    assert page.run("document.querySelector('.samples summary').textContent") == "and 93 more"
    command = page.run("document.querySelector('.samples').parentNode.querySelector('[data-copy]').dataset.copy")
    assert sum(len(word) == 16 for word in command.split()) == 96
    page.run("document.querySelector('.samples summary').click()")
    page.settle()
    assert page.run("document.querySelectorAll('.samples li').length") == 96
    page.run("document.querySelector('.samples').parentNode.querySelector('[data-print]').click()")
    assert page.run("document.getElementById('chosen').textContent") == "96 findings chosen"
    page.run("document.getElementById('search').focus()")
    page.type("more/00")
    page.settle()
    assert page.run(SHOWN) == "10 of 105 findings"
    assert page.run("document.querySelector('.samples summary').textContent") == "and 7 more"
    kept = os.environ.get("AUDITOR_TEST_ARTEFACTS")
    if kept:
        Path(kept).mkdir(parents=True, exist_ok=True)
        page.run("document.querySelector('.samples').closest('.card').scrollIntoView({behavior: 'instant'})")
        page.settle()
        page.picture(Path(kept) / "report-alike.png")


def test_more_alike_than_a_shell_takes_are_waived_by_artist(page: Page, tmp_path: Path) -> None:
    show(page, tmp_path, examples.alike(150))
    command = page.run("document.querySelector('[data-copy]').dataset.copy")
    assert "--artist mira-vale --rule name.caption --reason" in command
    assert page.run('shellWord("a\'; rm -r $HOME")') == "'a'\\''; rm -r $HOME'"


def test_printing_opens_what_is_alike(page: Page, tmp_path: Path) -> None:
    show(page, tmp_path, examples.alike(96))
    assert page.pdf().startswith(b"%PDF")
    assert page.run("document.querySelectorAll('.samples li').length") == 96


def test_copying_is_said(page: Page, tmp_path: Path) -> None:
    show(page, tmp_path, examples.full())
    page.run("document.querySelector('[data-copy]').click()")
    page.settle()
    assert page.run("document.getElementById('said').textContent") in {
        "Copied.",
        "The browser did not allow copying.",
    }


def test_theme_switch(page: Page, tmp_path: Path) -> None:
    page.media("light")
    show(page, tmp_path, examples.full())
    light = page.run("getComputedStyle(document.body).backgroundColor")
    page.run("document.getElementById('theme').click(); document.getElementById('theme').click()")
    assert page.run("document.getElementById('theme').textContent") == "Theme: dark"
    dark = page.run("getComputedStyle(document.body).backgroundColor")
    assert light != dark
    page.run("document.getElementById('theme').click()")
    assert page.run("getComputedStyle(document.body).backgroundColor") == light


def test_printing_shows_every_finding(page: Page, tmp_path: Path) -> None:
    show(page, tmp_path, examples.many(300))
    data = page.pdf()
    assert data.startswith(b"%PDF")
    assert page.run(CARDS) == 300
    assert data.count(b"/Type /Page\n") + data.count(b"/Type /Page ") + data.count(b"/Type/Page") > 20


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 400])
def test_screenshots_and_no_sideways_scrolling(
    page: Page, tmp_path: Path, pictures: dict[str, Preview], width: int, scheme: str
) -> None:
    page.size(width, 1600)
    page.media(scheme)
    show(page, tmp_path, examples.full(), pictures)
    page.settle()
    shot = tmp_path / f"report-{width}-{scheme}.png"
    assert len(page.picture(shot)) > 20_000
    assert page.run("document.documentElement.scrollWidth <= document.documentElement.clientWidth") is True
    kept = os.environ.get("AUDITOR_TEST_ARTEFACTS")
    if kept:
        Path(kept).mkdir(parents=True, exist_ok=True)
        shutil.copy(shot, Path(kept) / shot.name)
    page.size(1280, 900)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(page: Page, tmp_path: Path, pictures: dict[str, Preview], scheme: str) -> None:
    source = axe_source()
    if source is None:
        pytest.skip("axe-core is neither cached nor to be had from npm")
    page.media(scheme)
    for make in (examples.full, examples.hostile, examples.clean, lambda: examples.alike(96)):
        show(page, tmp_path, make(), pictures)
        page.run(source + "; 0")
        found = page.run(AXE)
        assert [row for row in found if row[0] in {"serious", "critical"}] == []
