"""One sample after the other, in this process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.engines.interface import OpenAuditor
from auditor.model import Sample, SampleOutcome


class SerialEngine:
    """The reference engine."""

    def run(self, samples: Iterable[Sample], open_auditor: OpenAuditor, jobs: int = 1) -> Iterator[SampleOutcome]:
        """Yield one outcome per sample in the order of the samples. `jobs` is not used."""
        auditor = open_auditor()
        for sample in samples:
            yield auditor(sample)
