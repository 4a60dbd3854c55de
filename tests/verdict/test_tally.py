"""Outcomes in, one report out: nothing lost, order irrelevant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.checks.examine import lower_untrained
from auditor.errors import Incomplete
from auditor.model import Finding
from auditor.outcome import Report, SampleOutcome, Skip, Source
from auditor.report.json import render
from auditor.verdict.tally import Tally, build_report, dataset_digest, sorted_findings
from auditor.verdict.wording import full_message


def report_of(outcomes: list[SampleOutcome], listed: int | None = None) -> Report:
    tally = Tally()
    for outcome in outcomes:
        tally.add(outcome)
    return build_report(
        tally,
        listed=len(outcomes) if listed is None else listed,
        sources=(Source("set", "flat"),),
        indexes=(),
        thresholds=(),
        checks_run=("names", "copies"),
        checks_skipped=(),
        notes=(),
        fail_on="high",
    )


def finding(sample: str, rule: str = "copy.exact", severity: str = "high", fingerprint: str = "0" * 64) -> Finding:
    return Finding(rule, severity, sample, "message", fingerprint)  # type: ignore[arg-type]


@st.composite
def outcomes(draw: st.DrawFn) -> list[SampleOutcome]:
    made = []
    for number in range(draw(st.integers(0, 12))):
        path = f"{number}.png"
        skip = draw(st.sampled_from([None, "truncated", "not-a-picture"]))
        findings = tuple(
            finding(path, fingerprint=f"{value:064}") for value in draw(st.lists(st.integers(0, 3), max_size=3))
        )
        made.append(SampleOutcome(path, findings, Skip(path, skip, "why") if skip else None, content_sha256="ab"))
    return made


@given(outcomes(), st.randoms())
def test_order_does_not_matter_and_nothing_is_lost(made: list[SampleOutcome], random) -> None:  # type: ignore[no-untyped-def]
    first = report_of(made)
    shuffled = list(made)
    random.shuffle(shuffled)
    assert render(report_of(shuffled)) == render(first)
    assert first.coverage.seen == len(made)
    assert first.coverage.seen == first.coverage.audited + sum(count for _, count in first.coverage.skipped)
    assert {(f.sample, f.fingerprint) for f in first.findings} == {
        (f.sample, f.fingerprint) for o in made for f in o.findings
    }


def test_a_lost_sample_gives_no_report() -> None:
    with pytest.raises(Incomplete, match="2 samples were listed, 1 came back"):
        report_of([SampleOutcome("a.png")], listed=2)


def test_an_unread_carrier_is_counted_and_a_read_one_is_not() -> None:
    unread = SampleOutcome("config.toml", skip=Skip("config.toml", "unreadable", "no permission"), counted=False)
    read = SampleOutcome("10_folder", counted=False, texts=1)
    coverage = report_of([unread, read, SampleOutcome("a.png", texts=2)]).coverage
    assert (coverage.seen, coverage.audited, coverage.texts) == (2, 1, 3)
    assert coverage.skipped == (("unreadable", 1),)


def test_untrained_findings_are_lowered_and_say_so() -> None:
    from dataclasses import replace

    lowered = lower_untrained(replace(finding("a"), trained=False), "a dot-file")
    assert lowered.severity == "medium"
    assert full_message(lowered).endswith("Carried in the dataset, but not trained (a dot-file).")
    assert lower_untrained(finding("a"), None) == finding("a")


def test_equal_findings_are_kept_once_and_severity_comes_first() -> None:
    rows = [finding("b", severity="low"), finding("a", fingerprint="1" * 64), finding("b", severity="low")]
    assert [(f.sample, f.severity) for f in sorted_findings(rows)] == [("a", "high"), ("b", "low")]


def test_dataset_digest_depends_on_paths_and_contents_alone() -> None:
    pairs = [("a", "1"), ("b", "2")]
    assert dataset_digest(pairs) == dataset_digest(reversed(pairs))
    assert dataset_digest(pairs) != dataset_digest([("a", "2"), ("b", "1")])
    assert len(dataset_digest([("\udcff", "1")])) == 64
