"""What travels between a driver and the workers of a batch engine: Arrow columns that hold JSON, never a pickle.

A unit of work is one row: a shard to be listed by the worker, or a group of samples. A unit comes back as one row
per outcome and one closing row with the number of samples that were listed. `Ledger` holds the two against each
other, so that a lost or doubled unit ends the run instead of shortening the report.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import pyarrow as pa

from auditor.errors import CheckCrashed, Incomplete
from auditor.outcome import SampleOutcome
from auditor.support.plain import from_plain, to_plain

UNITS = pa.schema(
    [
        pa.field("unit", pa.int64()),
        # What every unit needs to know (indexes, thresholds), the same for all units of a run.
        pa.field("job", pa.string()),
        pa.field("work", pa.string()),
    ]
)
RESULTS = pa.schema(
    [
        pa.field("unit", pa.int64()),
        pa.field("outcome", pa.string()),
        # Only in the row that closes a unit: how many samples the worker listed.
        pa.field("listed", pa.int64()),
        # Only in the row that closes a unit: the files it was read from, as JSON; null where that cannot be relied on.
        pa.field("files", pa.string()),
        # Only where the unit could not be done: why, as a `Failure`.
        pa.field("failure", pa.string()),
    ]
)

AuditBatch = Callable[[pa.RecordBatch], pa.RecordBatch]
"""Units (schema UNITS) in, results (schema RESULTS) out. A plain function of a module: workers import it."""


class BatchEngine(Protocol):
    """Maps a function over record batches, on this machine or on many."""

    def run(self, units: Iterable[pa.RecordBatch], audit: AuditBatch, jobs: int) -> Iterator[pa.RecordBatch]:
        """Yield the results of every unit, in any order, in bounded memory.

        Raises:
            Incomplete: the engine could not start, or gave up on a unit.
        """
        ...


@dataclass(frozen=True, slots=True)
class Failure:
    """A unit that could not be done."""

    error: str
    """One line."""
    trace: str
    sample: str | None = None
    """The sample whose check raised; None where the unit as a whole failed."""


def unit_batch(unit: int, job: str, work: str) -> pa.RecordBatch:
    """One unit as a batch of one row."""
    return pa.RecordBatch.from_pydict({"unit": [unit], "job": [job], "work": [work]}, schema=UNITS)


@dataclass(slots=True)
class Results:
    """Rows of a result batch in the making."""

    units: list[int]
    outcomes: list[str | None]
    listed: list[int | None]
    files: list[str | None]
    failures: list[str | None]

    def outcome(self, unit: int, outcome: SampleOutcome) -> None:
        """Add one outcome."""
        self._row(unit, outcome=_text(outcome))

    def close(self, unit: int, listed: int, files: str | None = None) -> None:
        """End a unit that was done."""
        self._row(unit, listed=listed, files=files)

    def fail(self, unit: int, failure: Failure) -> None:
        """End a unit that could not be done."""
        self._row(unit, failure=_text(failure))

    def batch(self) -> pa.RecordBatch:
        """The rows as a batch of schema RESULTS."""
        columns = {
            "unit": self.units,
            "outcome": self.outcomes,
            "listed": self.listed,
            "files": self.files,
            "failure": self.failures,
        }
        return pa.RecordBatch.from_pydict(columns, schema=RESULTS)

    def _row(
        self,
        unit: int,
        outcome: str | None = None,
        listed: int | None = None,
        files: str | None = None,
        failure: str | None = None,
    ) -> None:
        self.units.append(unit)
        self.outcomes.append(outcome)
        self.listed.append(listed)
        self.files.append(files)
        self.failures.append(failure)


def no_results() -> Results:
    """No rows yet."""
    return Results([], [], [], [], [])


def _text(value: Any) -> str:
    return json.dumps(to_plain(value), separators=(",", ":"))


Closed = Callable[[int, list[str], str | None], None]
"""Takes a unit that came back whole, its outcomes as JSON, and the files it was read from."""


class Ledger:
    """What was sent and what came back. `closed` is told of every unit that came back whole."""

    def __init__(self, closed: Closed | None = None) -> None:
        self.closed = closed
        self.listed = 0
        """Samples that the workers listed, of the units that came back."""
        self._open: dict[int, int] = {}
        self._texts: dict[int, list[str]] = {}

    def sent(self, units: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Hand units on and remember them."""
        for batch in units:
            self._open.update(dict.fromkeys(batch.column("unit").to_pylist(), 0))
            yield batch

    def accept(self, batch: pa.RecordBatch) -> Iterator[SampleOutcome]:
        """Yield the outcomes of a batch of results.

        Raises:
            CheckCrashed: a check raised on a sample.
            Incomplete: a unit failed, came twice, or gave another number of outcomes than it listed samples.
        """
        for row in _rows(batch):
            unit = row["unit"]
            if row["failure"] is not None:
                _raise(from_plain(Failure, json.loads(row["failure"])))
            if unit not in self._open:
                raise Incomplete(f"Unit {unit} came back twice or was never sent, so no report is given. Run it again.")
            if row["outcome"] is not None:
                self._open[unit] += 1
                if self.closed is not None:
                    self._texts.setdefault(unit, []).append(row["outcome"])
                yield from_plain(SampleOutcome, json.loads(row["outcome"]))
            elif self._open.pop(unit) != row["listed"]:
                raise Incomplete(f"Unit {unit} gave another number of outcomes than it listed samples. Run it again.")
            else:
                self.listed += row["listed"]
                if self.closed is not None:
                    self.closed(unit, self._texts.pop(unit, []), row["files"])

    def finish(self) -> None:
        """Check that every unit came back.

        Raises:
            Incomplete: some did not.
        """
        if self._open:
            raise Incomplete(f"{len(self._open)} units of work were lost, so no report is given. Run the scan again.")


def _rows(batch: pa.RecordBatch) -> Iterator[dict[str, Any]]:
    names: Sequence[str] = RESULTS.names
    columns = [batch.column(name).to_pylist() for name in names]
    for values in zip(*columns, strict=True):
        yield dict(zip(names, values, strict=True))


def _raise(failure: Failure) -> None:
    if failure.sample is not None:
        raise CheckCrashed(failure.sample, failure.error, failure.trace)
    raise Incomplete(f"A worker could not do its part, so no report is given: {failure.error}")
