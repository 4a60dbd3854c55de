"""A toy engine: the samples from last to first, in this process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.engines.interface import OpenAuditor
from auditor.model import Sample
from auditor.outcome import SampleOutcome

USED: list[int] = []


class Backwards:
    def run(
        self, samples: Iterable[Sample | SampleOutcome], open_auditor: OpenAuditor, jobs: int
    ) -> Iterator[SampleOutcome]:
        auditor = open_auditor()
        waiting = list(samples)
        USED.append(len(waiting))
        for item in reversed(waiting):
            yield item if isinstance(item, SampleOutcome) else auditor(item)
