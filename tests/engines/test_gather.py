"""Samples in handfuls: every item once, in order, and few bytes at a time."""

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
def test_handfuls_hold_every_item_once(items: list[Sample | SampleOutcome], size: int, most: int) -> None:
    before, gather.HANDFUL_BYTES = gather.HANDFUL_BYTES, most
    try:
        found = list(gather.handfuls(items, size))
    finally:
        gather.HANDFUL_BYTES = before
    assert [item for handful in found for item in handful] == items
    for handful in found:
        assert 1 <= len(handful) <= size
        assert sum(map(gather.held_bytes, handful[:-1])) < most
