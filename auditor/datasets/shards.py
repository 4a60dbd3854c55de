"""Lists shards: files of many samples, each listed by itself."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator

from auditor.datasets.gathering.complete import Completer
from auditor.datasets.interface import Layout, LayoutOptions
from auditor.datasets.reading.shard import Shard
from auditor.model import Sample

READERS: dict[str, str] = {
    "tar": "auditor.datasets.layouts.webdataset:read_shard",
    "table": "auditor.datasets.reading.parquetfiles:read_shard",
    "rows": "auditor.datasets.layouts.img2dataset:read_rows",
}
"""Kind of shard -> module:function."""


def samples(shard: Shard) -> Iterator[Sample]:
    """Yield the samples of a shard in a stable order; a damaged one ends in a counted skip."""
    module, _, attribute = READERS[shard.kind].partition(":")
    read: Callable[[Shard], Iterator[Sample]] = getattr(importlib.import_module(module), attribute)
    complete = Completer()
    for sample in read(shard):
        yield from complete(sample)


def flatten(plan: Iterable[Sample | Shard]) -> Iterator[Sample]:
    """Yield the samples of a plan, those of its shards in their place."""
    for item in plan:
        if isinstance(item, Shard):
            yield from samples(item)
        else:
            yield item


def plan(layout: Layout, path: str, options: LayoutOptions) -> Iterator[Sample | Shard]:
    """Yield a dataset as shards where the layout has any, and as samples where not.

    Raises:
        DatasetError: the dataset as a whole cannot be listed.
    """
    planned = getattr(layout, "plan", None)
    found: Iterator[Sample | Shard] = planned(path, options) if planned else layout.samples(path, options)
    return found
