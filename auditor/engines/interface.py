"""The seam of the engines: who maps the audit over the samples."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Protocol, runtime_checkable

from auditor.model import Sample
from auditor.outcome import SampleOutcome

Auditor = Callable[[Sample], SampleOutcome]
"""Audits one sample; never raises on bad input."""
OpenAuditor = Callable[[], Auditor]
"""Opens the indexes and gives an Auditor. Called once in every worker, so it must survive pickling."""


@runtime_checkable
class Preparing(Protocol):
    """What an Auditor may also be, if it is faster when it has seen several samples at once."""

    def prepare(self, samples: Iterable[Sample]) -> None:
        """Look at samples that will be audited next. It changes nothing of what is found, and may raise."""
        ...


def look_ahead(auditor: object, samples: Iterable[Sample]) -> None:
    """Let an auditor prepare. What goes wrong then goes wrong again, and is said, when its sample is audited."""
    if isinstance(auditor, Preparing):
        with suppress(Exception):
            auditor.prepare(samples)


class Engine(Protocol):
    """Runs an auditor over samples."""

    def run(
        self, samples: Iterable[Sample | SampleOutcome], open_auditor: OpenAuditor, jobs: int
    ) -> Iterator[SampleOutcome]:
        """Yield exactly one outcome per sample, in any order, in bounded memory. An outcome that stands among the
        samples, because it was known before, is passed on.

        Raises:
            CheckCrashed: a check raised.
            Incomplete: a worker was lost in a way that cannot be pinned on one sample.
        """
        ...
