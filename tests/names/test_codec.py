from __future__ import annotations

import pytest

from auditor.names.codec import dumps, loads
from tests.names.listing import PEOPLE, matcher

TEXTS = ["art by greg rutkowsky", "alphonse_mucha, wlop, ross", "草間彌生", "h. giger", "a rose", "Mucha, Alphonse"]
NAMES = [*PEOPLE, "草間彌生", "McBess", "H. R. Giger"]


@pytest.mark.parametrize("misspellings", [True, False])
def test_a_matcher_comes_back_the_same(misspellings: bool) -> None:
    engine = matcher(NAMES, misspellings)
    data = dumps(engine)
    again = loads(memoryview(data))
    assert again.find_many(TEXTS) == engine.find_many(TEXTS)
    assert any(engine.find_many(TEXTS))
    assert dumps(again) == data


def test_an_empty_list_comes_back() -> None:
    assert loads(dumps(matcher([]))).find("anything") == ()


def test_equal_lists_in_another_order_give_equal_bytes() -> None:
    assert dumps(matcher(NAMES)) == dumps(matcher(reversed(NAMES)))


@pytest.mark.parametrize("at", [0, 15, 60, 500, -1])
def test_a_changed_byte_is_noticed(at: int) -> None:
    data = bytearray(dumps(matcher(NAMES)))
    data[at] ^= 1
    with pytest.raises(ValueError, match="compiled names"):
        loads(bytes(data))


@pytest.mark.parametrize("length", [0, 10, 40, 100, -1])
def test_a_cut_file_is_noticed(length: int) -> None:
    with pytest.raises(ValueError, match="compiled names"):
        loads(dumps(matcher(NAMES))[:length])
