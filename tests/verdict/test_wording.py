"""The message of a finding is put together from its facts, and taken apart again."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from auditor.model import Finding, TextMatch
from auditor.verdict.wording import full_message, short_message, without_rest

WORDS = st.text("abc. (“”)é", min_size=1, max_size=12).map(str.strip).filter(bool)
"""Few letters, so that the same words often stand in several places."""
MATCHES = st.none() | st.builds(
    lambda reason: TextMatch("a text", 0, 1, "a.txt", None, 0.9, "exact", reason), st.just("") | WORDS
)


@st.composite
def findings(draw: st.DrawFn) -> Finding:
    trained = draw(st.booleans())
    return Finding(
        "name.caption", "high", "a.png", draw(WORDS), "f" * 64,
        text=draw(MATCHES),
        trained=trained,
        not_trained_because=None if trained else draw(st.none() | WORDS),
        remarks=tuple(draw(st.lists(WORDS, max_size=3))),
    )  # fmt: skip


@given(findings())
def test_what_was_found_comes_back_from_the_full_message(finding: Finding) -> None:
    assert without_rest(full_message(finding), finding) == finding.message


@given(findings())
def test_the_full_message_says_every_fact_and_the_short_one_all_but_the_reason(finding: Finding) -> None:
    full, short = full_message(finding), short_message(finding)
    assert full.startswith(finding.message)
    for fact in (*finding.remarks, finding.not_trained_because):
        assert fact is None or (fact in full and fact in short)
    reason = finding.text.reason if finding.text is not None else ""
    assert reason in full
    assert len(full) == len(short) + (len(reason) + 1 if reason else 0)
    assert ("not trained" in full) == (not finding.trained)


@given(findings())
def test_a_message_of_an_earlier_version_loses_nothing_but_the_reason(finding: Finding) -> None:
    """Earlier versions kept remarks, and why a sample is not trained, in the message alone."""
    old = full_message(finding)
    bare = replace(finding, remarks=(), trained=True, not_trained_because=None)
    kept = without_rest(old, bare)
    # read again and shown, no word of it is missing, and none is said twice
    assert sorted(full_message(replace(bare, message=kept)).split()) == sorted(old.split())


def test_an_old_message_keeps_its_remarks() -> None:
    match = TextMatch("by Ash Varga", 3, 12, "a.txt", None, 0.9, "exact", "It stands there.")
    now = Finding("name.caption", "high", "a.png", "", "f" * 64, text=match)
    old = "The caption names Ash Varga. It stands there. Use is constrained. Carried in the dataset, but not trained."
    kept = "The caption names Ash Varga. Use is constrained. Carried in the dataset, but not trained."
    assert without_rest(old, now) == kept
    assert without_rest("Only this.", replace(now, text=None)) == "Only this."
