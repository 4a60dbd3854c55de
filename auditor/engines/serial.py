"""One sample after the other, in this process."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator

from auditor.engines.interface import OpenAuditor
from auditor.errors import CheckCrashed
from auditor.model import Sample, SampleOutcome


class SerialEngine:
    """The reference engine."""

    def run(
        self, samples: Iterable[Sample | SampleOutcome], open_auditor: OpenAuditor, jobs: int = 1
    ) -> Iterator[SampleOutcome]:
        """Yield one outcome per sample in the order of the samples. `jobs` is not used."""
        auditor = open_auditor()
        for sample in samples:
            if isinstance(sample, SampleOutcome):
                yield sample
                continue
            try:
                outcome = auditor(sample)
            except Exception as error:
                trace = traceback.format_exc()
                raise CheckCrashed(sample.path, f"{type(error).__name__}: {error}", trace) from error
            yield outcome
