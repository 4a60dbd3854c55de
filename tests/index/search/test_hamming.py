from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.index.search.hamming import CodeSet, within_reference


@st.composite
def cases(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, int]:
    """Codes that lie near each other, so that radii matter."""
    width = draw(st.sampled_from([8, 16, 32]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    centres = rng.integers(0, 256, (draw(st.integers(1, 3)), width), dtype=np.uint8)

    def near(count: int) -> np.ndarray:
        base = centres[rng.integers(0, len(centres), count)]
        flips = np.packbits(rng.random((count, width * 8)) < rng.random() * 0.3, axis=1)
        return base ^ flips

    return near(draw(st.integers(0, 40))), near(draw(st.integers(0, 6))), draw(st.integers(0, width * 8))


@settings(deadline=None, max_examples=60)
@given(cases())
def test_the_fast_search_agrees_with_comparing_one_by_one(case: tuple[np.ndarray, np.ndarray, int]) -> None:
    codes, queries, radius = case
    fast = CodeSet(codes).within(queries, radius)
    slow = within_reference(codes, queries, radius)
    for ours, theirs in zip(fast, slow, strict=True):
        assert ours.tolist() == theirs.tolist()


def test_the_radius_is_included() -> None:
    code = np.zeros((1, 32), np.uint8)
    query = code.copy()
    query[0, 0] = 0b1110_0000
    assert CodeSet(code).within(query, 3)[2].tolist() == [3]
    assert CodeSet(code).within(query, 2)[2].tolist() == []
    assert CodeSet(code).within(query, -1)[2].tolist() == []


def test_queries_that_are_no_contiguous_array() -> None:
    codes = np.arange(64, dtype=np.uint8).reshape(8, 8)
    queries = np.asfortranarray(codes)[::2]
    query, row, distance = CodeSet(codes).within(queries, 0)
    assert (query.tolist(), row.tolist(), distance.tolist()) == ([0, 1, 2, 3], [0, 2, 4, 6], [0, 0, 0, 0])


def test_nothing_in_nothing() -> None:
    empty = np.zeros((0, 32), np.uint8)
    assert len(CodeSet(empty)) == 0
    assert CodeSet(empty).within(np.zeros((1, 32), np.uint8), 5)[0].tolist() == []
    assert CodeSet(np.zeros((1, 32), np.uint8)).within(empty, 5)[0].tolist() == []
