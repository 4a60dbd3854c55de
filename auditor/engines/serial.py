"""One sample after the other, in this process."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator

from auditor.engines.gather import GROUP_SAMPLES, groups
from auditor.engines.interface import Auditor, OpenAuditor, look_ahead
from auditor.errors import CheckCrashed
from auditor.model import Sample
from auditor.outcome import SampleOutcome


class SerialEngine:
    """The reference engine."""

    def run(
        self, samples: Iterable[Sample | SampleOutcome], open_auditor: OpenAuditor, jobs: int = 1
    ) -> Iterator[SampleOutcome]:
        """Yield one outcome per sample in the order of the samples. `jobs` is not used."""
        auditor = open_auditor()
        for together in groups(samples, GROUP_SAMPLES):
            look_ahead(auditor, (item for item in together if isinstance(item, Sample)))
            for item in together:
                yield item if isinstance(item, SampleOutcome) else _audit(auditor, item)


def _audit(auditor: Auditor, sample: Sample) -> SampleOutcome:
    try:
        return auditor(sample)
    except Exception as error:
        raise CheckCrashed(sample.path, f"{type(error).__name__}: {error}", traceback.format_exc()) from error
