"""JSON reports from files, and the findings in them that a user names."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from auditor.errors import ReportError, UsageError
from auditor.model import Finding
from auditor.outcome import Report
from auditor.report.reading import MAX_BYTES, parse
from auditor.support import reading

MIN_PREFIX = 8
CONFIGURATIONS = frozenset({".toml", ".json", ".jsonl", ".yaml", ".yml"})


def read_report(path: Path) -> Report:
    """Read a JSON report.

    Raises:
        ReportError: it is missing, too large or no report.
    """
    return parse(report_bytes(path).decode("utf-8", "replace"))


def report_bytes(path: Path) -> bytes:
    """The bytes of a report file.

    Raises:
        ReportError: it cannot be read, or is larger than any report.
    """
    try:
        return reading.read_bytes(path, MAX_BYTES)
    except OSError as error:
        hint = "Write one with: auditor scan … -o json=report.json"
        raise ReportError(f"{path}: cannot be read ({error.strerror}). {hint}") from error


def dataset_root(report: Report) -> Path:
    """The folder (or the one file) of the data set: a trainer's configuration stands for its own folder, and several
    paths for the deepest folder that holds them all.

    Raises:
        UsageError: several paths have no folder in common.
    """
    from auditor.datasets.layouts.several import common_root

    if len(report.dataset.sources) > 1:
        try:
            return common_root(report.dataset)
        except ValueError as error:
            raise UsageError(
                f"{report.dataset.shown}: these paths have no folder in common ({error}). Scan each path by itself."
            ) from error
    return _place_of(report.dataset.path)


def dataset_parts(report: Report) -> tuple[str, ...]:
    """What of `dataset_root` the report is about, relative to it and sorted: empty where one path was scanned, which
    is all of it."""
    if len(report.dataset.sources) == 1:
        return ()
    root = dataset_root(report)
    places = (os.path.relpath(_place_of(source.path), root) for source in report.dataset.sources)
    return tuple(sorted({Path(place).as_posix() for place in places}))


def _place_of(path: str) -> Path:
    """A scanned path; the folder of a trainer's configuration in its stead."""
    place = Path(path)
    return place.parent if place.suffix.lower() in CONFIGURATIONS and not place.is_dir() else place


def moved_to(report: Report, place: Path) -> Report:
    """The report of a data set that lies somewhere else now.

    Raises:
        UsageError: the report is about several paths.
    """
    if len(report.dataset.sources) > 1:
        raise UsageError(
            f"--dataset {place}: the report is about {len(report.dataset.sources)} paths, and one folder cannot stand "
            "for them. Run this where the scan was run, or scan each path by itself."
        )
    source = replace(report.dataset.sources[0], path=str(place))
    return replace(report, dataset=replace(report.dataset, sources=(source,)))


def find_fingerprints(report: Report, words: tuple[str, ...]) -> tuple[Finding, ...]:
    """One finding for each word, a fingerprint or the beginning of one (at least eight digits).

    Raises:
        UsageError: none or several findings fit.
    """
    by_print = {finding.fingerprint: finding for finding in report.findings}
    found = []
    for word in words:
        if len(word) < MIN_PREFIX:
            raise UsageError(f"{word}: give at least {MIN_PREFIX} digits of a fingerprint, as the report shows them.")
        fits = [row for fingerprint, row in by_print.items() if fingerprint.startswith(word.lower())]
        if not fits:
            raise UsageError(f"{word}: no finding of the report has this fingerprint. Look it up in the report.")
        if len(fits) > 1:
            raise UsageError(f"{word}: {len(fits)} findings begin like this. Give more digits.")
        found.append(fits[0])
    return tuple(found)
