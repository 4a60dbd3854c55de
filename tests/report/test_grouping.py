from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings

from auditor.outcome import Coverage, Report, Verdict
from auditor.report import grouping
from tests.report import examples
from tests.report.strategies import reports


@given(reports)
@settings(max_examples=50, deadline=None)
def test_grouping_loses_nothing_and_counts_truly(report: Report) -> None:
    groups = grouping.by_artist(report.findings)
    spread = [finding for group in groups for finding in group.findings]
    assert sorted(map(repr, spread)) == sorted(map(repr, report.findings))
    keys = [None if group.artist is None else group.artist.id for group in groups]
    assert len(set(keys)) == len(keys)
    for group in groups:
        assert len({row.sample for row in group.samples}) == len(group.samples)
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
    assert [finding.waived for finding in only.samples[0].findings] == [False, True]


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
    assert sentence(missed) == "2 of 5 pictures could not be audited, so this is no pass."
    assert "nothing was audited" in sentence(replace(missed, coverage=Coverage(0, 0)))


def test_works_and_rules_without_a_name_are_called_by_their_id() -> None:
    nameless = replace(examples.every_kind()[0], work=replace(examples.KEEP, name=""))
    assert grouping.work_name(nameless) == "mira-vale/ash-keep"
    assert grouping.work_name(examples.every_kind()[2]) is None
    assert grouping.rule_name("later.rule") == "later.rule"
    assert grouping.rule_name("copy.exact") == "Exact copy of a listed work"
