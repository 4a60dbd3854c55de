"""Audits samples in worker processes, see `support.pool`.

A sample during which a worker dies or overruns its time becomes a counted skip, of which another worker still audits
the texts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from auditor.engines.gather import held_bytes
from auditor.engines.interface import OpenAuditor
from auditor.errors import AuditorError, CheckCrashed, Incomplete
from auditor.model import Sample
from auditor.outcome import SampleOutcome, Skip
from auditor.support.frames import Failure
from auditor.support.plain import from_plain, to_plain
from auditor.support.pool import MEMORY_LIMIT, SECONDS_PER_ITEM, Pool


class _Auditing:
    """Samples in, outcomes out: a `support.pool.Trade`."""

    def __init__(self, open_auditor: OpenAuditor) -> None:
        self.open_work: OpenAuditor = open_auditor
        self.encode: Callable[[SampleOutcome], Any] = to_plain
        self.decode: Callable[[Any], SampleOutcome] = partial(from_plain, SampleOutcome)
        self.name_of: Callable[[Sample], str] = path_of
        self.advice = "Run again with --engine serial to see why."
        self._lost: dict[str, Skip] = {}
        """Samples whose picture cost a worker, by path, and why."""

    def known(self, item: Sample | SampleOutcome) -> SampleOutcome | None:
        return item if isinstance(item, SampleOutcome) else None

    def size(self, item: Sample) -> int:
        return held_bytes(item)

    def answers(self, result: SampleOutcome, item: Sample) -> bool:
        return result.sample == item.path

    def done(self, result: SampleOutcome) -> SampleOutcome:
        """That of a sample without its picture says why it is without."""
        skip = self._lost.get(result.sample) if self._lost else None
        return result if skip is None else replace(result, skip=skip)

    def lost(self, item: Sample, reason: str, detail: str) -> Sample | SampleOutcome:
        """The sample without the picture that cost a worker. If its texts do the same, it is given up."""
        again = item.path not in self._lost
        skip = self._lost.setdefault(item.path, Skip(item.path, reason, detail))
        if again and item.payload is not None:
            return replace(item, payload=None)
        return SampleOutcome(item.path, skip=skip, counted=item.kind != "carrier", trained=item.trained)

    def failed(self, failure: Failure) -> BaseException:
        return CheckCrashed(failure.item, failure.error, failure.trace)

    def open_here(self) -> None:
        """Do what the worker failed to do, for the error that says what is wrong with an index."""
        try:
            self.open_work()
        except AuditorError:
            raise
        except Exception as error:
            raise Incomplete(f"The checks could not be opened: {type(error).__name__}: {error}") from error


class ProcessesEngine:
    """Maps over worker processes.

    `seconds_per_sample` bounds the time of one sample, `memory_limit` the bytes that a worker may allocate beyond
    those it has when its auditor is open (0 = no limit; it is the operating system that must know how).
    """

    def __init__(self, seconds_per_sample: float = SECONDS_PER_ITEM, memory_limit: int = MEMORY_LIMIT) -> None:
        self.seconds_per_sample = seconds_per_sample
        self.memory_limit = memory_limit

    def run(
        self, samples: Iterable[Sample | SampleOutcome], open_auditor: OpenAuditor, jobs: int
    ) -> Iterator[SampleOutcome]:
        """Yield one outcome per sample, in the order of completion.

        Raises:
            CheckCrashed: a check raised.
            Incomplete: workers cannot be started.
        """
        pool: Pool[Sample, SampleOutcome] = Pool(_Auditing(open_auditor), self.seconds_per_sample, self.memory_limit)
        return pool.run(samples, jobs)


def path_of(sample: Sample) -> str:
    """The name of a sample."""
    return sample.path
