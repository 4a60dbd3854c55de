"""What an audit of one sample depends on besides its bytes and the indexes: no more than plain values.

Apart from `examine`, because the process that only hands samples out needs none of what decodes and compares pictures.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from auditor.checks import table
from auditor.metadata.policies import Policies
from auditor.model import Sample
from auditor.thresholds import DEFAULT, Thresholds

UNMATCHED_ROLES = frozenset({"mask"})
"""A mask is made from the picture it belongs to: as a copy it says nothing new."""


@dataclass(frozen=True, slots=True)
class AuditOptions:
    """What to look for, and how sure to be."""

    thresholds: Thresholds = DEFAULT
    checks: frozenset[str] = field(default_factory=table.every)
    """Names of the checks that are asked for, rows of `checks.table`."""
    policies: Policies | None = None
    """Cached policies of the sites that the pictures came from."""
    guessed: bool = False
    """The layout was chosen by the tool: what it leaves out keeps its full severity."""


def dependence(sample: Sample) -> str:
    """What `examine_picture` depends on besides the bytes and the context, as a short text for a cache key."""
    digest = hashlib.sha256()
    for name, data in sample.sidecars:
        digest.update(f"{len(name)} {name} {len(data)} ".encode("utf-8", "surrogatepass") + data)
    mark = "m" if sample.role in UNMATCHED_ROLES else ""
    return f"{mark}{digest.hexdigest()[:16]}" if sample.sidecars else mark
