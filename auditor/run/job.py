"""What a worker needs to know to audit samples, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from auditor.checks.options import AuditOptions
from auditor.engines import table as engines
from auditor.support.extras import EXTRAS, available
from auditor.version import __version__, code_digest


@dataclass(frozen=True, slots=True)
class Job:
    """Everything a worker needs to know to open its auditor; plain values, so that it can be sent to it."""

    index_paths: tuple[str, ...]
    index_digests: tuple[str, ...]
    options: AuditOptions
    today: date
    last_ended: date | None = field(kw_only=True)
    """What of `today` results depend on: see `index.days.last_ended`."""
    cache_folder: str | None = None
    """Where results are kept between scans; None = nowhere."""
    derived_folder: str | None = None
    """Where structures derived from an index are kept, for all workers to map; None = in each one's memory."""
    prepared_folder: str | None = None
    """Where such structures may lie already."""

    @property
    def key(self) -> str:
        """Names everything but the picture that a result depends on."""
        extras = sorted(name for name in EXTRAS if name not in engines.packages() and available(name))
        # A set has another order in every process.
        options = (self.options.thresholds, sorted(self.options.checks), self.options.policies, self.options.guessed)
        return repr((__version__, self.index_digests, options, self.last_ended, code_digest(), extras))
