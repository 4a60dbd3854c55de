from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.model import Finding
from auditor.outcome import Coverage, Report, Verdict
from auditor.report import grouping
from tests.report import examples
from tests.report.strategies import findings, reports


@given(reports)
@settings(max_examples=50, deadline=None)
def test_grouping_loses_nothing_and_counts_truly(report: Report) -> None:
    groups = grouping.by_artist(report.findings)
    spread = [finding for group in groups for finding in group.findings]
    assert sorted(map(repr, spread)) == sorted(map(repr, report.findings))
    keys = [None if group.artist is None else group.artist.id for group in groups]
    assert len(set(keys)) == len(keys)
    for group in groups:
        assert len({row.samples for row in group.rows}) == len(group.rows)
        assert group.samples == len({finding.sample for finding in group.findings})
    numbers = grouping.figures(report)
    assert sum(count for _, count in numbers.counts) + numbers.waived == len(report.findings)


def test_the_most_urgent_artist_comes_first_and_the_nameless_last() -> None:
    low = replace(examples.every_kind()[0], severity="low")
    high = replace(examples.every_kind()[5], severity="high")
    groups = grouping.by_artist([low, examples.every_kind()[8], high])
    assert [group.artist and group.artist.name for group in groups] == ["Oskar Zieliński", "Mira Vale", None]


def test_what_is_waived_comes_after_what_counts() -> None:
    waived = replace(examples.every_kind()[0], waived=True)
    counts = replace(examples.every_kind()[2], severity="low")
    ((only),) = grouping.by_artist([waived, counts])
    assert [finding.waived for finding in only.rows[0].findings] == [False, True]


def test_kinds_in_words() -> None:
    assert grouping.kinds(examples.full()) == (
        "3 copies or parts of listed works, 3 listed names, 1 statement of rights in a file, 1 note on the set"
    )
    assert grouping.kinds(examples.clean()) == ""
    later = replace(examples.every_kind()[0], rule="later.rule")
    assert grouping.kinds(examples.report_of((later,))) == "1 later"


def test_verdict_sentences() -> None:
    sentence = grouping.verdict_sentence
    assert sentence(examples.full()) == "8 findings in 7 samples, works or names of 2 artists."
    assert sentence(examples.clean()) == "Nothing in this set matches what the indexes list."
    nameless = replace(examples.report_of((examples.every_kind()[8],)))
    assert sentence(nameless) == "1 finding in 1 sample, none that fails the gate."
    verdict = Verdict("incomplete", "high", (("high", 0), ("medium", 0), ("low", 0)))
    missed = replace(examples.clean(), verdict=verdict, coverage=Coverage(5, 3, (("unreadable", 2),)))
    assert sentence(missed) == "2 of 5 pictures could not be audited, so this is no pass: unreadable 2."
    assert "nothing was audited" in sentence(replace(missed, coverage=Coverage(0, 0)))


def test_works_and_rules_without_a_name_are_called_by_their_id() -> None:
    nameless = replace(examples.every_kind()[0], work=replace(examples.KEEP, name=""))
    assert grouping.work_name(nameless) == "mira-vale/ash-keep"
    assert grouping.work_name(examples.every_kind()[2]) is None
    assert grouping.rule_name("later.rule") == "later.rule"
    assert grouping.rule_name("copy.exact") == "Exact copy of a listed work"


def _placed(kinds: list[Finding]) -> st.SearchStrategy[list[Finding]]:
    rows = st.tuples(st.sampled_from(kinds), st.sampled_from(["a/1.png", "a/2.png", "b/1.png"]))
    return st.lists(rows.map(lambda row: replace(row[0], sample=row[1])), max_size=12)


@given(st.lists(findings, min_size=1, max_size=3).flatmap(_placed))
@settings(max_examples=100, deadline=None)
def test_alike_findings_are_a_partition_in_stable_order(rows: list[Finding]) -> None:
    groups = grouping.alike(rows)
    spread = [finding for group in groups for finding in group.findings]
    assert Counter(map(id, spread)) == Counter(map(id, rows))
    places = {id(finding): place for place, finding in enumerate(rows)}
    assert [places[id(group.first)] for group in groups] == sorted(places[id(group.first)] for group in groups)
    for group in groups:
        inside = [places[id(finding)] for finding in group.findings]
        assert inside == sorted(inside)
        assert len({grouping.sameness(finding) for finding in group.findings}) == 1
    assert len({grouping.sameness(group.first) for group in groups}) == len(groups)


@given(findings, st.sampled_from(["other/p.png", "x.webp"]))
@settings(max_examples=50, deadline=None)
def test_only_the_sample_may_differ(row: Finding, sample: str) -> None:
    moved = replace(row, message="It is bad.", remarks=(), sample=sample, fingerprint="0" * 64)
    kept = replace(row, message="It is bad.", remarks=())
    assert len(grouping.alike([kept, moved])) == 1


BASE = replace(examples.every_kind()[2], message="The caption names Mira Vale.")
COPY = examples.every_kind()[0]


@pytest.mark.parametrize(
    "other",
    [
        replace(BASE, rule="name.path"),
        replace(BASE, severity="low"),
        replace(BASE, waived=True),
        replace(BASE, trained=False),
        replace(BASE, artist=examples.OSKAR),
        replace(BASE, index="private"),
        replace(BASE, message="The caption names Mira Vale, and 1 more mention."),
        replace(BASE, remarks=("The statement has ended.",)),
        replace(BASE, text=replace(BASE.text, end=BASE.text.end - 1)),  # type: ignore[union-attr,type-var]
        replace(BASE, details=(("field", "x"),)),
    ],
)
def test_what_is_said_otherwise_is_not_alike(other: Finding) -> None:
    assert len(grouping.alike([BASE, replace(other, sample="z.png")])) == 2


def test_copies_of_different_works_are_not_alike_and_of_one_work_are() -> None:
    again = replace(COPY, sample="z.png", fingerprint="0" * 64)
    assert len(grouping.alike([COPY, again])) == 1
    assert len(grouping.alike([COPY, replace(again, work=examples.HARBOUR)])) == 2


def test_the_path_inside_the_sentence_does_not_count() -> None:
    rows = [replace(COPY, sample=f"a/{n}.png", message=f"a/{n}.png is odd ({n}.png).") for n in range(5)]
    assert len(grouping.alike(rows)) == 1
    part = [replace(COPY, sample="10", message="There are 100."), replace(COPY, sample="11", message="There are 110.")]
    assert len(grouping.alike(part)) == 2


def test_ninety_six_captions_with_one_name_are_one_group_with_one_row() -> None:
    report = examples.alike(96)
    ((group),) = grouping.alike(report.findings)
    assert len(group.findings) == 96
    ((artist),) = grouping.by_artist(report.findings)
    assert [row.samples for row in artist.rows] == [group.samples]
    assert artist.samples == 96
