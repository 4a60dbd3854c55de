"""One path or several as one data set: what each is read as, and their samples, also again from a report."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from auditor.datasets.interface import LayoutOptions
from auditor.datasets.layouts.detect import ChosenLayout, choose
from auditor.datasets.rebase import seen_from
from auditor.model import Sample
from auditor.outcome import DatasetInfo, Source


def choose_each(paths: Sequence[str], layout: str, options: Mapping[str, str]) -> tuple[ChosenLayout, ...]:
    """The layout of each path.

    Raises:
        DatasetError: a path cannot be read as a data set.
        UsageError: an option does not fit.
    """
    return tuple(choose(str(Path(path)), layout, LayoutOptions(dict(options))) for path in paths)


def sources_of(chosen: Sequence[ChosenLayout]) -> tuple[Source, ...]:
    """How a report states them."""
    return tuple(Source(item.path, item.name, tuple(sorted(item.options.values.items()))) for item in chosen)


def leads_of(sources: Sequence[Source] | Sequence[ChosenLayout]) -> tuple[str | None, ...]:
    """What leads the sample paths of each: nothing where there is one, else the folder that was given, or that a given
    file lies in."""
    if len(sources) == 1:
        return (None,)
    return tuple(folder_of(item.path) for item in sources)


def folder_of(path: str) -> str:
    """The path where it is a folder, else the folder it lies in."""
    return path if Path(path).is_dir() else str(Path(path).parent)


def samples_of(chosen: Sequence[ChosenLayout], leads: Sequence[str | None]) -> Iterator[Sample]:
    """The samples of all, each led by what leads its data set."""
    for item, lead in zip(chosen, leads, strict=True):
        for sample in item.samples():
            yield seen_from(lead, sample)


def listed_again(dataset: DatasetInfo) -> Iterator[Sample]:
    """The samples of a scan as its report names them.

    Raises:
        DatasetError: a path cannot be listed any more.
    """
    chosen = tuple(choose(item.path, item.layout, LayoutOptions(dict(item.options))) for item in dataset.sources)
    return samples_of(chosen, leads_of(dataset.sources))


def common_root(dataset: DatasetInfo) -> Path:
    """The folder that holds all of it: the data set's own, or the deepest one that several have in common.

    Raises:
        ValueError: they have none in common (two drives).
    """
    if len(dataset.sources) == 1:
        return Path(folder_of(dataset.path))
    return Path(os.path.commonpath([os.path.abspath(folder_of(item.path)) for item in dataset.sources]))  # noqa: PTH100


def below(root: Path, path: str) -> str:
    """A path of a sample of several data sets, which is seen from the working directory, as seen from `root`."""
    return Path(os.path.relpath(path, root)).as_posix()
