"""What opened indexes hold, as the table of checks asks for it."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.checks.table import Holdings
from auditor.index.format.hash_kinds import kinds
from auditor.index.opening.store import Index


def holdings(indexes: Sequence[Index]) -> Holdings:
    """What there is to compare with in all of them together. Reads their notes only, no data file."""
    listed = {name for index in indexes for name in index.manifest.hashes}
    return Holdings(
        works=any(index.info.works for index in indexes),
        regions=any(index.has_regions for index in indexes),
        names=any(index.info.artists for index in indexes),
        extras=frozenset(kind.extra for kind in kinds() if kind.extra is not None and kind.algorithm in listed),
    )
