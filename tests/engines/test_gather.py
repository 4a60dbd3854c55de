"""Samples in groups: every item once, in order, and few bytes at a time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from auditor.engines import gather
from auditor.model import BytesPayload, Sample
from auditor.outcome import SampleOutcome

ITEMS = st.lists(
    st.one_of(
        st.builds(SampleOutcome, st.text("ab", max_size=3)),
        st.builds(lambda size: Sample("s", BytesPayload(bytes(size))), st.integers(0, 300)),
        st.just(Sample("texts", None)),
    ),
    max_size=60,
)


@given(items=ITEMS, size=st.integers(1, 20), most=st.integers(1, 500))
def test_groups_hold_every_item_once(items: list[Sample | SampleOutcome], size: int, most: int) -> None:
    before, gather.GROUP_BYTES = gather.GROUP_BYTES, most
    try:
        found = list(gather.groups(items, size))
    finally:
        gather.GROUP_BYTES = before
    assert [item for group in found for item in group] == items
    for group in found:
        assert 1 <= len(group) <= size
        assert sum(map(gather.held_bytes, group[:-1])) < most
