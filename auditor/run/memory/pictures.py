"""What earlier scans found, between the listing of samples and the engine."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from auditor.checks.options import dependence
from auditor.engines.gather import groups
from auditor.engines.interface import look_ahead
from auditor.model import BytesPayload, FilePayload, Payload, Sample
from auditor.outcome import PictureResult, SampleOutcome
from auditor.run.memory.store import FileState, ResultCache, state_of

OUT_OF_MEMORY = "out-of-memory"
"""The one skip that says something of the machine and not of the picture: it is not kept."""
LOOKED_UP = 64
"""Samples that are looked up together."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was true of a sample's bytes just before they were read."""

    extra: str
    name: str = ""
    state: FileState | None = None
    looked_ns: int = 0


class Recaller(Protocol):
    """What audits the texts of samples whose pictures were examined before."""

    def from_result(self, sample: Sample, result: PictureResult) -> SampleOutcome:
        """Put together what a sample's bytes gave and what its texts give."""
        ...


class Memory:
    """Looks samples up in the cache and keeps what they gave. Without a cache it knows nothing."""

    def __init__(self, cache: ResultCache | None, open_auditor: Callable[[], Recaller]) -> None:
        self._cache = cache
        self._open_auditor = open_auditor
        self._seen: dict[str, _Seen] = {}
        self.recalled = 0
        """Pictures whose result an earlier scan left."""
        self.examined = 0
        """Pictures that were read and examined."""

    def look_up(self, samples: Iterable[Sample]) -> Iterator[Sample | SampleOutcome]:
        """The outcome of each sample whose bytes were examined before, and the other samples as they are."""
        if self._cache is None:
            yield from samples
            return
        for together in groups(samples, LOOKED_UP):
            results = [self._recalled(sample) for sample in together]
            if any(results):
                auditor = self._open_auditor()
                look_ahead(auditor, (sample for sample, result in zip(together, results, strict=True) if result))
            for sample, result in zip(together, results, strict=True):
                yield sample if result is None else auditor.from_result(sample, result)

    def _recalled(self, sample: Sample) -> PictureResult | None:
        """What the bytes of a sample gave when they were examined before, or None."""
        payload = sample.payload
        if self._cache is None or payload is None or sample.skip is not None:
            return None
        seen = _look(payload, dependence(sample))
        if seen is None:
            return None
        if isinstance(payload, BytesPayload):
            content: str | None = hashlib.sha256(payload.data).hexdigest()
        else:
            content = self._cache.content_of(seen.name, seen.state) if seen.state is not None else None
        result = self._cache.result(content, seen.extra) if content is not None else None
        if result is None:
            self._seen[sample.path] = seen
            return None
        self.recalled += 1
        return result

    def keep(self, outcome: SampleOutcome) -> None:
        """Remember what an examined sample gave. An outcome that was recalled is known already."""
        seen = self._seen.pop(outcome.sample, None)
        if self._cache is None or seen is None:
            return
        self.examined += 1
        if outcome.picture is None or (outcome.skip is not None and outcome.skip.reason == OUT_OF_MEMORY):
            return
        if seen.state is not None:
            content = outcome.picture.content_sha256
            self._cache.remember_file(seen.name, seen.state, content, seen.looked_ns)
        self._cache.remember_result(outcome.picture, seen.extra)

    def close(self) -> None:
        """Close the cache."""
        if self._cache is not None:
            self._cache.close()


def _look(payload: Payload, extra: str) -> _Seen | None:
    if isinstance(payload, BytesPayload):
        return _Seen(extra)
    state = state_of(payload.path)
    if state is None:
        return None
    part = "" if isinstance(payload, FilePayload) else f"\0{payload.offset}+{payload.size}"
    name = os.path.abspath(payload.path) + part  # noqa: PTH100
    return _Seen(extra, name, state, time.time_ns())
