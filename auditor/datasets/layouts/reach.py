"""Whether a layout reaches every picture of a folder, before it is taken on a guess."""

from __future__ import annotations

import itertools

from auditor.datasets import shards
from auditor.datasets.interface import Layout, LayoutOptions
from auditor.datasets.reading.shard import Shard
from auditor.errors import DatasetError
from auditor.model import Sample

MOST_LISTED = 20_000
"""Samples that are listed to find one that the layout leaves out; beyond, what is left out is told in the report."""
OF_THE_TRAINER = frozenset({"reg", "val", "mask", "control"})
"""Roles of pictures that a trainer knows of, whether or not it trains on them."""


def left_out(layout: Layout, path: str, options: LayoutOptions) -> str | None:
    """The first picture that the layout would leave out, with the reason, as half a sentence; None where it would
    leave out none of the first `MOST_LISTED`, or where it cannot list the folder."""
    try:
        for item in itertools.islice(shards.plan(layout, path, options), MOST_LISTED):
            if isinstance(item, Shard):
                if item.reason is not None and item.role not in OF_THE_TRAINER:
                    return f"'{item.relative}' ({item.reason})"
            elif _is_left_out(item):
                return f"'{item.path}' ({item.reason})"
    except DatasetError:
        return None
    return None


def _is_left_out(sample: Sample) -> bool:
    picture = sample.kind == "picture" and sample.payload is not None and sample.skip != "video"
    return picture and not sample.trained and sample.role not in OF_THE_TRAINER
