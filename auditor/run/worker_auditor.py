"""Opened indexes and the checks on them: what audits samples in the process that it is in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import cv2

from auditor.checks.examine import audit_sample, examine_picture
from auditor.checks.interface import Context
from auditor.datasets.reading.payload import read
from auditor.errors import PictureError
from auditor.index.opening.names import listed_artists
from auditor.index.opening.store import Index, open_index
from auditor.index.search.columns import open_searcher
from auditor.index.search.matchers import open_matcher
from auditor.index.search.region_columns import prepare, region_sources
from auditor.index.search.region_search import open_region_searcher
from auditor.model import Sample
from auditor.names.remembered import RememberingMatcher
from auditor.outcome import PictureResult, SampleOutcome, Skip
from auditor.run.job import Job
from auditor.run.memory.pictures import OUT_OF_MEMORY

MAX_FILE_BYTES = 1 << 30


class LocalAuditor:
    """Audits samples in this process. What a job does not need is never opened."""

    def __init__(self, job: Job) -> None:
        self.job = job

    @cached_property
    def _indexes(self) -> tuple[Index, ...]:
        return tuple(open_index(path, check_files=False) for path in self.job.index_paths)

    @cached_property
    def _names(self) -> RememberingMatcher:
        return RememberingMatcher(open_matcher(self._indexes, self.job.today, self._derived))

    @cached_property
    def names_context(self) -> Context:
        """A context for the checks that read texts only."""
        return Context(copies=None, names=self._names, artists=listed_artists(self._indexes, self.job.today))

    @cached_property
    def context(self) -> Context:
        """The context for all checks."""
        options = self.job.options
        if "copies" not in options.checks:
            return self.names_context
        searcher = open_searcher(self._indexes, self.job.today, options.thresholds.pdq_quality)
        regions = None
        if "regions" in options.checks and (sources := region_sources(searcher)):
            regions = open_region_searcher(sources, self._derived, prepared=self._prepared)
        return replace(self.names_context, copies=searcher, regions=regions)

    def build_shared(self) -> None:
        """Make the files that several workers map, in the folder for what is derived from indexes."""
        _ = self.names_context
        if self._derived is not None and {"copies", "regions"} <= self.job.options.checks:
            for index in self._indexes:
                prepare(index, self._derived, self._prepared)

    @property
    def _derived(self) -> Path | None:
        return None if self.job.derived_folder is None else Path(self.job.derived_folder)

    @property
    def _prepared(self) -> Path | None:
        return None if self.job.prepared_folder is None else Path(self.job.prepared_folder)

    def prepare(self, samples: Iterable[Sample]) -> None:
        """Search the texts of some samples together, which will be audited next."""
        if "names" in self.job.options.checks:
            self._names.look_ahead((text.kind, text.value) for sample in samples for text in sample.texts)

    def __call__(self, sample: Sample) -> SampleOutcome:
        """Read and audit one sample."""
        options = self.job.options
        if sample.payload is None or sample.skip is not None:
            return audit_sample(sample, None, None, self.names_context, options)
        try:
            data = read(sample.payload, MAX_FILE_BYTES)
        except PictureError as error:
            problem = Skip(sample.path, error.reason, error.detail)
            return audit_sample(sample, None, problem, self.names_context, options)
        try:
            result = examine_picture(sample, data, self.context, options)
        except (MemoryError, cv2.error) as error:
            if not _lacks_memory(error):
                raise
            problem = Skip(sample.path, OUT_OF_MEMORY, "examining it takes more memory than there is for one picture")
            return audit_sample(sample, None, problem, self.names_context, options)
        return audit_sample(sample, result, None, self.names_context, options)

    def from_result(self, sample: Sample, result: PictureResult) -> SampleOutcome:
        """Audit a sample whose picture was examined before."""
        return audit_sample(sample, result, None, self.names_context, self.job.options)


def _lacks_memory(error: MemoryError | cv2.error) -> bool:
    return isinstance(error, MemoryError) or error.code == cv2.Error.StsNoMem
