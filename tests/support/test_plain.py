"""What becomes JSON comes back as it was, with lone surrogates and bytes."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.checks.options import AuditOptions
from auditor.metadata.policies import parse_policies
from auditor.model import (
    BytesPayload,
    Caption,
    FilePayload,
    Finding,
    Match,
    Note,
    Sample,
    SlicePayload,
    Text,
    TextMatch,
)
from auditor.outcome import SampleOutcome, Skip
from auditor.run.job import Job
from auditor.support.plain import from_plain, to_plain
from auditor.thresholds import Thresholds

TEXTS = st.text(st.characters(), max_size=20)  # lone surrogates too: file names have them
PAYLOADS = st.one_of(
    st.none(),
    st.builds(FilePayload, TEXTS, st.none() | st.integers(0, 10)),
    st.builds(SlicePayload, TEXTS, st.integers(0), st.integers(0)),
    st.builds(BytesPayload, st.binary(max_size=40)),
)
SAMPLES = st.builds(
    Sample,
    TEXTS,
    PAYLOADS,
    captions=st.lists(st.builds(Caption, TEXTS, TEXTS, st.none() | st.integers(0))).map(tuple),
    texts=st.lists(st.builds(Text, TEXTS, TEXTS, st.none() | st.integers(0), trained=st.booleans())).map(tuple),
    trained=st.booleans(),
    kind=st.sampled_from(["picture", "model", "carrier"]),
    sidecars=st.lists(st.tuples(TEXTS, st.binary(max_size=20)), max_size=2).map(tuple),
    notes=st.lists(st.builds(Note, TEXTS, TEXTS), max_size=2).map(tuple),
    skip=st.none() | TEXTS,
)


def there_and_back(value: object) -> object:
    text = json.dumps(to_plain(value))
    assert text.isascii()
    return from_plain(type(value), json.loads(text))


@given(SAMPLES)
def test_samples(sample: Sample) -> None:
    assert there_and_back(sample) == sample


@given(TEXTS, st.booleans(), st.integers(0, 256), st.floats(0, 1))
def test_outcomes(text: str, flag: bool, number: int, part: float) -> None:
    finding = Finding(
        "copy.whole",
        "high",
        text,
        text,
        "f",
        match=Match("whole", number, mirrored=flag, sample_region=(0.0, part, 1.0, 1.0), sample_size=(1, 2)),
        text=TextMatch(text, 0, 1, text, None, part, "exact", text),
        trained=flag,
        details=((text, text),),
        listed_in=(text, None),
    )
    outcome = SampleOutcome(text, (finding,), Skip(text, "r", text) if flag else None, flag, not flag, text)
    assert there_and_back(outcome) == outcome


def test_a_job_with_policies() -> None:
    bundle = {"schema": "auditor-policies/1", "headers": {"https://a.example/x.png": {"X-Robots-Tag": "noai"}}}
    policies = parse_policies(json.dumps(bundle))
    options = AuditOptions(Thresholds(pdq_tight=11), frozenset({"copies", "names"}), policies)
    job = Job(("/i",), ("d",), options, date(2026, 1, 2), last_ended=date(2026, 1, 1))
    assert there_and_back(job) == job


def test_defaults_are_not_written() -> None:
    assert to_plain(Sample("a", FilePayload("/a"))) == {"path": "a", "payload": {"path": "/a"}}


@pytest.mark.parametrize("data", [{}, {"path": "a"}, {"path": "a", "payload": None, "colour": "red"}])
def test_another_shape_is_an_error(data: object) -> None:
    with pytest.raises(ValueError, match="Sample"):
        from_plain(Sample, data)


def test_what_has_no_plain_form_is_refused() -> None:
    with pytest.raises(TypeError, match="object"):
        to_plain((object(),))
