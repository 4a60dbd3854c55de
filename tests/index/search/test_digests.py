from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from auditor.index.search.digests import DigestSet, find_reference

few = st.sampled_from([bytes(32), bytes(31) + b"\1", b"\xff" * 32, b"\xff" * 8 + bytes(24), bytes(8) + b"\1" * 24])


def arrays(digests: list[bytes]) -> tuple[np.ndarray, np.ndarray]:
    codes = np.frombuffer(b"".join(digests), np.uint8).reshape(-1, 32)
    return codes, np.arange(len(digests))[::-1].copy()


@given(st.lists(few | st.binary(min_size=32, max_size=32), max_size=30), few | st.binary(min_size=32, max_size=32))
def test_the_fast_search_agrees_with_comparing_one_by_one(digests: list[bytes], other: bytes) -> None:
    codes, rows = arrays(digests)
    found = DigestSet(codes, rows)
    assert len(found) == len(digests)
    for digest in [*digests, other]:
        assert found.find(digest) == find_reference(codes, rows, digest)


def test_digests_of_another_length_are_found_nowhere() -> None:
    found = DigestSet(*arrays([bytes(32)]))
    assert found.find(b"") == ()
    assert found.find(bytes(31)) == ()
    assert found.find(bytes(33)) == ()


def test_one_row_with_two_equal_digests_counts_once() -> None:
    codes, _ = arrays([bytes(32), bytes(32)])
    assert DigestSet(codes, np.array([7, 7])).find(bytes(32)) == (7,)
