"""The public Python API, which the command line itself uses: `load_index` and `scan`."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from auditor.audit import ALL_CHECKS, PICTURE_CHECKS, AuditOptions, audit_sample, examine_picture
from auditor.checks.interface import Context
from auditor.checks.signals import skipped_checks
from auditor.datasets.detect import ChosenLayout, choose
from auditor.datasets.interface import LayoutOptions
from auditor.datasets.payload import read
from auditor.engines.interface import Auditor, Engine
from auditor.engines.processes import ProcessesEngine
from auditor.engines.serial import SerialEngine
from auditor.errors import PictureError, UsageError
from auditor.index.names import listed_artists, listed_names
from auditor.index.search import open_searcher
from auditor.index.store import Index, open_index
from auditor.merge import Tally, build_report
from auditor.model import CheckSkipped, FailOn, Report, Sample, SampleOutcome, Skip
from auditor.names.matcher import compile_matcher
from auditor.thresholds import DEFAULT, Thresholds

SERIAL_BELOW = 64
"""Starting worker processes costs about as much as auditing this many pictures."""
MAX_FILE_BYTES = 1 << 30

Progress = Callable[[int, int | None], None]
"""Called with (samples done, total or None)."""


@dataclass(frozen=True, slots=True)
class ScanOptions:
    """How to scan, apart from the dataset and the indexes."""

    layout: str = "auto"
    """How the trainer reads the folder; `auto` chooses and says why."""
    layout_options: Mapping[str, str] = field(default_factory=dict)
    """Options of the layout by the trainer's own names."""
    fail_on: FailOn = "high"
    """Lowest severity that makes the verdict `fail`."""
    jobs: int = 0
    """Worker processes; 0 = one per available core, 1 = no worker processes."""
    thresholds: Thresholds = DEFAULT
    names_only: bool = False
    """Compare no picture; search texts only."""
    today: date | None = None
    """The day that decides what has expired; None = the current day (UTC)."""


def load_index(path: str | os.PathLike[str]) -> Index:
    """Open an index folder.

    Raises:
        IndexMissing, IndexCorrupt, IndexVersionUnknown: with what to do next.
    """
    return open_index(path)


def scan(
    dataset: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    indexes: Sequence[Index | str | os.PathLike[str]],
    options: ScanOptions | None = None,
    progress: Progress | None = None,
) -> Report:
    """Audit a dataset (or several as one) against indexes and return the report.

    Raises:
        DatasetError: the dataset cannot be listed.
        IndexProblem: an index cannot be used.
        UsageError: an option does not fit.
        Incomplete: samples were lost on the way; a short report is never given.
    """
    options = options or ScanOptions()
    if not indexes:
        raise UsageError("No index was given: name at least one index folder.")
    opened = tuple(item if isinstance(item, Index) else open_index(item) for item in indexes)
    today = options.today or datetime.now(UTC).date()
    checks = ALL_CHECKS - PICTURE_CHECKS if options.names_only else ALL_CHECKS
    audit_options = AuditOptions(options.thresholds, checks)
    chosen = _choose(dataset, options)
    open_auditor = partial(open_local_auditor, tuple(str(index.path) for index in opened), audit_options, today)
    tally = Tally()
    listed = _Counter(_samples(chosen))
    jobs = options.jobs or available_cores()
    first = list(itertools.islice(listed, SERIAL_BELOW))
    engine: Engine = SerialEngine() if jobs == 1 or len(first) < SERIAL_BELOW else ProcessesEngine()
    total = chosen[0].count_hint if len(chosen) == 1 else None
    for outcome in engine.run(itertools.chain(first, listed), open_auditor, jobs):
        tally.add(outcome)
        if progress is not None:
            progress(tally.outcomes, total)
    return build_report(
        tally,
        listed=listed.value,
        dataset_path=", ".join(item.path for item in chosen),
        layout=", ".join(dict.fromkeys(item.name for item in chosen)),
        layout_options=tuple(sorted(options.layout_options.items())),
        indexes=tuple(index.info for index in opened),
        thresholds=options.thresholds.items(),
        checks_run=tuple(checks),
        checks_skipped=tuple(_not_run(checks, opened)),
        notes=tuple(dict.fromkeys(note for item in chosen for note in item.notes)),
        fail_on=options.fail_on,
    )


def available_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def open_local_auditor(paths: Sequence[str], options: AuditOptions, today: date) -> Auditor:
    """Open the indexes and return a function that audits one sample. Called in every worker process."""
    opened = [open_index(path, check_files=False) for path in paths]
    pictures = bool(options.checks & {"copies"})
    context = Context(
        copies=open_searcher(opened, today, options.thresholds.pdq_quality) if pictures else None,
        names=compile_matcher(listed_names(opened, today)),
        artists=listed_artists(opened, today),
    )

    def audit(sample: Sample) -> SampleOutcome:
        if sample.payload is None or sample.skip is not None:
            return audit_sample(sample, None, None, context, options)
        try:
            data = read(sample.payload, MAX_FILE_BYTES)
        except PictureError as error:
            return audit_sample(sample, None, Skip(sample.path, error.reason, error.detail), context, options)
        return audit_sample(sample, examine_picture(sample, data, context, options), None, context, options)

    return audit


class _Counter:
    """An iterator that counts, so that what came back can be compared with what was listed."""

    def __init__(self, items: Iterable[Sample]) -> None:
        self._items = iter(items)
        self.value = 0

    def __iter__(self) -> Iterator[Sample]:
        return self

    def __next__(self) -> Sample:
        item = next(self._items)
        self.value += 1
        return item


def _choose(
    dataset: str | os.PathLike[str] | Sequence[str | os.PathLike[str]], options: ScanOptions
) -> tuple[ChosenLayout, ...]:
    paths = [dataset] if isinstance(dataset, str | os.PathLike) else list(dataset)
    layout_options = LayoutOptions(dict(options.layout_options))
    return tuple(choose(str(Path(path)), options.layout, layout_options) for path in paths)


def _samples(chosen: Sequence[ChosenLayout]) -> Iterator[Sample]:
    """The samples of all datasets. With several, paths are led by the path that was given."""
    if len(chosen) == 1:
        yield from chosen[0].samples()
        return
    for item in chosen:
        for sample in item.samples():
            texts = tuple(
                replace(text, owner=_under(item.path, text.owner)) if text.owner is not None else text
                for text in sample.texts
            )
            yield replace(sample, path=_under(item.path, sample.path), texts=texts)


def _under(dataset: str, path: str) -> str:
    """`set` + `a.png` -> `set/a.png`; a picture that was named itself stays as it was named."""
    return dataset if Path(dataset).name == path and not Path(dataset).is_dir() else f"{dataset}/{path}"


def _not_run(checks: frozenset[str], opened: Sequence[Index]) -> Iterator[CheckSkipped]:
    for check in sorted(ALL_CHECKS - checks):
        yield CheckSkipped(check, "only names were asked for (--names-only)")
    if "copies" in checks and not any(index.info.works for index in opened):
        yield CheckSkipped("copies", "no index holds picture hashes, so no picture was compared")
    if "signals" in checks:
        yield from skipped_checks()
