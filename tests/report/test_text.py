from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.outcome import IndexInfo
from auditor.report import grouping
from auditor.report import text as wording
from auditor.verdict.tally import ABSENCE
from auditor.verdict.wording import full_message
from tests.report import examples
from tests.report.examples import HOSTILE

ANY = st.text(st.characters(codec=None), max_size=60)


@given(ANY)
def test_nothing_that_moves_a_cursor_or_reorders_text_is_left(value: str) -> None:
    shown = wording.visible(value)
    for character in shown:
        assert unicodedata.category(character) not in {"Cc", "Cs", "Zl", "Zp"}
        assert unicodedata.bidirectional(character) not in {
            "LRE",
            "RLE",
            "PDF",
            "LRO",
            "RLO",
            "LRI",
            "RLI",
            "FSI",
            "PDI",
        }
    shown.encode("utf-8")
    assert wording.visible(shown) == shown


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b[31m", "\\x1b[31m"),
        ("a\nb\tc", "a\\nb\\tc"),
        ("\u202egnp", "\\u202egnp"),
        ("caf\udce9", "caf\\xe9"),
        ("\ud83d", "\\ud83d"),
        ("\U000e0041", "\\U000e0041"),
        ("ordinary – ünïcode 🧑‍🎨 مرحبا", "ordinary – ünïcode 🧑‍🎨 مرحبا"),
    ],
)
def test_spelling(raw: str, shown: str) -> None:
    assert wording.visible(raw) == shown


@given(ANY, st.integers(-5, 80), st.integers(-5, 80))
def test_an_excerpt_never_fails_and_keeps_the_span(value: str, start: int, end: int) -> None:
    before, inside, after = wording.excerpt(value, start, end, around=10)
    low = min(max(start, 0), len(value))
    high = min(max(end, low), len(value))
    assert inside == wording.visible(value[low:high])
    assert before.startswith("…") or before == wording.visible(value[:low])
    assert after.endswith("…") or after == wording.visible(value[high:])


def test_age_says_how_old_an_index_is() -> None:
    index = IndexInfo("a", "b", 1, 1, 1, "2026-01-01T10:00:00Z", "2026-02-01")
    assert wording.age(index, date(2026, 1, 1)) == "issued 2026-01-01, today, expires 2026-02-01"
    assert wording.age(index, date(2026, 1, 2)) == "issued 2026-01-01, 1 day ago, expires 2026-02-01"
    assert wording.age(index, date(2026, 2, 2)) == "issued 2026-01-01, 32 days ago, expired 2026-02-01"
    assert wording.age(index, None) == "issued 2026-01-01, expires 2026-02-01"
    assert wording.age(IndexInfo("a", "b", 1, 1, 1), date(2026, 1, 2)) == "no issue date"


def test_an_odd_date_is_shown_and_not_counted() -> None:
    shown = wording.age(IndexInfo("a", "b", 1, 1, 1, HOSTILE, "never"), date(2026, 1, 1))
    assert "\x1b" not in shown
    assert "ago" not in shown


def test_small_words() -> None:
    assert wording.plural(1, "copy", "copies") == "1 copy"
    assert wording.plural(1204, "copy", "copies") == "1,204 copies"
    assert wording.number(31.0) == "31"
    assert wording.number(0.85) == "0.85"
    assert wording.shorten("abcdef", 4) == "abc…"
    assert wording.shorten("abc", 4) == "abc"
    assert wording.short_digest("sha256:" + "ab" * 32) == "ab" * 6
    assert wording.signature(IndexInfo("a", "b", 1, 1, 1)) == "unsigned"
    assert wording.signature(IndexInfo("a", "b", 1, 1, 1, signature="verified:1f2e")) == "signature verified (1f2e)"
    assert wording.signature(IndexInfo("a", "b", 1, 1, 1, signature="unverified")) == "signature not verified"


def test_a_headline_leaves_out_the_reason_that_stands_beside_it() -> None:
    base = examples.every_kind()[2]
    assert base.text is not None
    told = replace(base, message="The caption names Mira Vale.")
    assert grouping.headline(told) == "The caption names Mira Vale."
    assert grouping.sentence(told) == f"The caption names Mira Vale. {base.text.reason}" == full_message(told)
    only = replace(base, message=base.text.reason)
    assert grouping.headline(only) == base.text.reason


def test_the_note_on_absence_is_not_said_twice() -> None:
    report = examples.full()
    coverage = replace(report.coverage, notes=("A note.", ABSENCE))
    assert grouping.notes(replace(report, coverage=coverage)) == ("A note.",)
