"""What the ledger lets through: every unit once, with as many outcomes as samples were listed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.engines.spark import next_size
from auditor.engines.wire import RESULTS, UNITS, Failure, Ledger, no_results, unit_batch
from auditor.errors import CheckCrashed, Incomplete
from auditor.outcome import SampleOutcome, Skip
from tests.engines.killing import audit

Change = Callable[[list[pa.RecordBatch]], list[pa.RecordBatch]]


def run(counts: Iterable[int], change: Change = lambda results: results) -> tuple[list[SampleOutcome], int]:
    """Units of so many samples, through a change of what comes back."""
    ledger = Ledger()
    sent = list(ledger.sent(unit_batch(number, "ok", str(count)) for number, count in enumerate(counts)))
    assert all(batch.schema == UNITS for batch in sent)
    found = [outcome for batch in change([audit(batch) for batch in sent]) for outcome in ledger.accept(batch)]
    ledger.finish()
    return found, ledger.listed


@given(st.lists(st.integers(0, 20), max_size=8), st.randoms())
def test_every_outcome_comes_back_in_any_order(counts: list[int], random: object) -> None:
    def shuffle(results: list[pa.RecordBatch]) -> list[pa.RecordBatch]:
        random.shuffle(results)  # type: ignore[attr-defined]
        return results

    found, listed = run(counts, shuffle)
    assert len(found) == listed == sum(counts)
    assert {outcome.sample for outcome in found} == {f"{u}/{n}" for u, count in enumerate(counts) for n in range(count)}


def test_a_batch_may_be_split_between_its_rows() -> None:
    found, listed = run([5, 3], lambda results: [batch.slice(n, 1) for batch in results for n in range(len(batch))])
    assert len(found) == listed == 8


CHANGES: dict[str, Change] = {
    "a unit is lost": lambda results: results[:-1],
    "a unit comes twice": lambda results: [*results, results[0]],
    "an outcome is lost": lambda results: [results[0].slice(1), *results[1:]],
    "the closing row is lost": lambda results: [results[0].slice(0, len(results[0]) - 1), *results[1:]],
    "a unit was never sent": lambda results: [*results, audit(unit_batch(99, "ok", "0"))],
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_nothing_short_is_accepted(change: Change) -> None:
    with pytest.raises(Incomplete, match=r"Run (it|the scan) again"):
        run([4, 4, 4], change)


def test_a_crashed_check_is_named() -> None:
    ledger = Ledger()
    list(ledger.sent([unit_batch(0, "", "")]))
    results = no_results()
    results.fail(0, Failure("ValueError: broken", "the trace", "a/b.png"))
    with pytest.raises(CheckCrashed, match=r"a/b\.png.*broken") as caught:
        list(ledger.accept(results.batch()))
    assert "the trace" in str(caught.value)


def test_a_failed_unit_gives_no_report() -> None:
    ledger = Ledger()
    list(ledger.sent([unit_batch(0, "", "")]))
    results = no_results()
    results.fail(0, Failure("IndexMissing: /not/here", "trace"))
    with pytest.raises(Incomplete, match="IndexMissing: /not/here"):
        list(ledger.accept(results.batch()))


def test_columns_hold_ascii_json() -> None:
    results = no_results()
    results.outcome(7, SampleOutcome("a\udcff.png", skip=Skip("a\udcff.png", "truncated", "…")))
    results.close(7, 1)
    batch = results.batch()
    assert batch.schema == RESULTS
    text = batch.column("outcome")[0].as_py()
    assert text.isascii()
    assert json.loads(text)["sample"] == "a\udcff.png"
    assert batch.column("listed").to_pylist() == [None, 1]


def test_units_are_sent_lazily() -> None:
    taken: list[int] = []

    def endless() -> Iterator[pa.RecordBatch]:
        for number in range(1000):
            taken.append(number)
            yield unit_batch(number, "", "")

    sent = Ledger().sent(endless())
    next(sent)
    next(sent)
    assert len(taken) == 2


@pytest.mark.parametrize(
    ("size", "seconds", "then"), [(2, 1, 4), (16, 1, 16), (4, 60, 4), (4, 500, 2), (1, 500, 1), (12, 10, 16)]
)
def test_waves_of_spark_take_about_a_minute(size: int, seconds: float, then: int) -> None:
    assert next_size(size, seconds) == then
