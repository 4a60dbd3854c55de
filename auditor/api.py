"""The public Python API, which the command line itself uses: `load_index` and `scan`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from auditor.checks import table as checks
from auditor.checks.options import AuditOptions
from auditor.checks.signals import ABSENCE_OF_SIGNALS
from auditor.datasets.layouts import several
from auditor.datasets.layouts.detect import ChosenLayout
from auditor.datasets.reading.count import pictures_below
from auditor.engines import table as engines
from auditor.engines.wire import Ledger
from auditor.errors import UsageError
from auditor.index.opening.days import last_ended
from auditor.index.opening.holdings import holdings
from auditor.index.opening.store import Index, open_index
from auditor.metadata.policies import Policies
from auditor.model import FailOn
from auditor.outcome import Report, SampleOutcome
from auditor.run import distributed
from auditor.run.job import Job
from auditor.run.memory.store import Notice
from auditor.run.pipeline import Counted, available_cores, outcomes
from auditor.thresholds import DEFAULT, Thresholds
from auditor.verdict.tally import Tally, build_report

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
    """Worker processes; 0 = one per available core."""
    engine: str = "auto"
    """`serial` (in this process), `processes`, `ray` or `spark`; `auto` is one worker process for a few pictures and
    `jobs` for more."""
    thresholds: Thresholds = DEFAULT
    requires: tuple[str, ...] = ()
    """Checks without which the verdict is no `pass`, though an index may hold nothing for them."""
    names_only: bool = False
    """Compare no picture; search texts only."""
    cache: str | os.PathLike[str] | None = None
    """Folder to keep results in between scans; None = keep nothing."""
    prepared: str | os.PathLike[str] | None = None
    """Folder in which `auditor index build` prepared searches; it is only looked in."""
    policies: Policies | None = None
    """Cached policies of the sites that the pictures came from."""
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
    notice: Notice = lambda _: None,
) -> Report:
    """Audit a dataset (or several as one) against indexes and return the report.

    `notice` is told what is no part of the report: trouble with the cache, and how much was taken from it.

    Raises:
        DatasetError: the dataset cannot be listed.
        IndexProblem: an index cannot be used.
        UsageError: an option does not fit.
        Incomplete: samples were lost on the way; a short report is never given.
    """
    options = options or ScanOptions()
    if not indexes:
        raise UsageError("No index was given: name at least one index folder.")
    if options.engine not in engines.names():
        raise UsageError(
            f"--engine {options.engine}: there is no such engine. There are: {', '.join(engines.names())}."
        )
    if unknown := sorted(set(options.requires) - checks.every()):
        raise UsageError(f"requires: there is no check {unknown[0]!r}. There are: {', '.join(sorted(checks.every()))}.")
    opened = tuple(item if isinstance(item, Index) else open_index(item) for item in indexes)
    today = options.today or datetime.now(UTC).date()
    asked = checks.every() - checks.of_pictures() if options.names_only else checks.every()
    held = holdings(opened)
    paths = [dataset] if isinstance(dataset, str | os.PathLike) else list(dataset)
    chosen = several.choose_each([os.fspath(path) for path in paths], options.layout, options.layout_options)
    job = Job(
        tuple(str(index.path) for index in opened),
        tuple(index.info.digest for index in opened),
        AuditOptions(options.thresholds, asked, options.policies, guessed=any(item.guessed for item in chosen)),
        today,
        last_ended=last_ended(opened, today),
        cache_folder=os.fspath(options.cache) if options.cache is not None else None,
        prepared_folder=os.fspath(options.prepared) if options.prepared is not None else None,
    )
    tally = Tally()
    listed, found = _started(chosen, job, options, notice)
    total = pictures_below([item.path for item in chosen]) if progress is not None else None
    for outcome in found:
        tally.add(outcome)
        if progress is not None:
            progress(tally.seen, None if total is None else max(total, tally.seen))
    if progress is not None:
        progress(tally.seen, tally.seen)
    return build_report(
        tally,
        listed=listed(),
        sources=several.sources_of(chosen),
        indexes=tuple(index.info for index in opened),
        thresholds=options.thresholds.items(),
        checks_run=checks.ran(asked, held),
        checks_skipped=checks.not_run(asked, held, "only names were asked for (--names-only)", tally.findings),
        notes=tuple(
            dict.fromkeys(
                (
                    *_said_paths(chosen),
                    *(note for item in chosen for note in item.notes),
                    *((ABSENCE_OF_SIGNALS,) if "signals" in asked else ()),
                )
            )
        ),
        fail_on=options.fail_on,
        requires=options.requires,
    )


def _started(
    chosen: Sequence[ChosenLayout], job: Job, options: ScanOptions, notice: Notice
) -> tuple[Callable[[], int], Iterator[SampleOutcome]]:
    """The outcomes to come, and what says, when they have come, how many samples were listed."""
    jobs = options.jobs or available_cores()
    leads = several.leads_of(chosen)
    if engines.maps_batches(options.engine):
        ledger = Ledger()
        engine = engines.open_engine(options.engine)
        found = distributed.distributed_outcomes(chosen, leads, job, engine, jobs, ledger, notice)
        return lambda: ledger.listed, found
    counter = Counted(several.samples_of(chosen, leads))
    return lambda: counter.value, outcomes(counter, job, jobs, options.engine, notice)


def _said_paths(chosen: Sequence[ChosenLayout]) -> Iterator[str]:
    """What several datasets were, for the coverage notes."""
    if len(chosen) > 1:
        shown = ", ".join(item.path for item in chosen[:10])
        more = f" and {len(chosen) - 10} more" if len(chosen) > 10 else ""
        yield f"{len(chosen)} paths were audited as one: {shown}{more}."
