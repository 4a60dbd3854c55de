"""Reports of any content, for property tests."""

from __future__ import annotations

import json

from hypothesis import strategies as st

from auditor.model import SEVERITIES, Finding, Match, Reference, TextMatch
from auditor.outcome import CheckSkipped, Coverage, DatasetInfo, IndexInfo, Report, Skip, Source, Verdict, Waiver

# What a reader of files can hand on: any text that JSON can carry (a high surrogate before a low one is one character).
texts = st.text(st.characters(codec=None), max_size=12).map(lambda text: json.loads(json.dumps(text)))
words = st.text("abcdefgh", min_size=1, max_size=6)
hexes = st.text("0123456789abcdef", min_size=64, max_size=64)
fractions = st.integers(0, 1000).map(lambda value: value / 1000)
rectangles = st.none() | st.tuples(fractions, fractions, fractions, fractions)
sizes = st.none() | st.tuples(st.integers(0, 9999), st.integers(0, 9999))
maybe_text = st.none() | texts
counts = st.integers(0, 10_000)


def pairs(values: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[tuple[str, object], ...]]:
    return st.dictionaries(texts, values, max_size=3).map(lambda found: tuple(found.items()))


references = st.none() | st.builds(Reference, texts, texts)
matches = st.none() | st.builds(
    Match,
    tier=st.sampled_from(["exact", "pixels", "whole", "region"]),
    distance=st.none() | counts,
    inliers=st.none() | counts,
    mirrored=st.booleans(),
    rotation=st.sampled_from([0, 90, 180, 270]),
    sample_region=rectangles,
    work_region=rectangles,
    probability=st.none() | fractions,
    scale=st.none() | st.integers(1, 5000).map(lambda value: value / 100),
    algorithm=maybe_text,
    view=maybe_text,
    sample_size=sizes,
    work_size=sizes,
)
spans = st.none() | st.builds(
    TextMatch,
    value=texts,
    start=st.integers(0, 20),
    end=st.integers(0, 20),
    source=texts,
    line=st.none() | st.integers(1, 99),
    score=fractions,
    form=texts,
    reason=texts,
)
findings = st.builds(
    Finding,
    rule=st.sampled_from(["copy.exact", "copy.region", "name.caption", "signal.prohibited", "later.rule-9"]),
    severity=st.sampled_from(SEVERITIES),
    sample=texts,
    message=texts.map(lambda text: text + "."),
    fingerprint=hexes,
    artist=references,
    work=references,
    match=matches,
    text=spans,
    waived=st.booleans(),
    trained=st.booleans(),
    index=maybe_text,
    details=pairs(texts),
    listed_in=st.none() | st.tuples(texts, st.none() | st.integers(1, 99)),
)
indexes = st.builds(IndexInfo, texts, texts, counts, counts, counts, maybe_text, maybe_text, maybe_text)
coverages = st.builds(
    Coverage,
    seen=counts,
    audited=counts,
    skipped=pairs(counts),
    too_plain=counts,
    texts=counts,
    not_trained=counts,
    missing=counts,
    left_out=st.lists(st.tuples(texts, counts), max_size=3).map(tuple),
    checks_run=st.lists(texts, max_size=3).map(tuple),
    checks_skipped=st.lists(st.builds(CheckSkipped, texts, texts), max_size=2).map(tuple),
    notes=st.lists(texts, max_size=2).map(tuple),
)
reports = st.builds(
    Report,
    tool_name=words,
    tool_version=words,
    indexes=st.lists(indexes, max_size=2).map(tuple),
    dataset=st.builds(
        DatasetInfo,
        st.lists(
            st.builds(Source, texts, texts, pairs(texts).map(lambda rows: tuple(sorted(rows)))), min_size=1, max_size=3
        ).map(tuple),
        texts,
    ),
    coverage=coverages,
    thresholds=pairs(fractions),
    verdict=st.builds(
        Verdict,
        st.sampled_from(["pass", "fail", "incomplete"]),
        st.sampled_from(["none", "medium", "high"]),
        st.tuples(counts, counts, counts).map(lambda row: tuple(zip(SEVERITIES, row, strict=True))),
        pairs(st.sampled_from(SEVERITIES)),
    ),
    findings=st.lists(findings, max_size=4).map(tuple),
    skips=st.lists(st.builds(Skip, texts, texts, texts), max_size=2).map(tuple),
    waivers=st.lists(
        st.builds(Waiver, maybe_text, maybe_text, texts, texts, texts, maybe_text, maybe_text, maybe_text), max_size=2
    ).map(tuple),
)
