"""Find copies of opted-out artists' works, and their names, in a training set before a model is released.

>>> import auditor
>>> report = auditor.scan("my-dataset", ["my-index"])  # doctest: +SKIP
>>> report.verdict.result, report.coverage.audited  # doctest: +SKIP
('fail', 12)

Names are imported when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from auditor.version import __version__

if TYPE_CHECKING:
    from auditor.api import ScanOptions as ScanOptions
    from auditor.api import load_index as load_index
    from auditor.api import scan as scan
    from auditor.errors import AuditorError as AuditorError
    from auditor.index.opening.store import Index as Index
    from auditor.model import Artist as Artist
    from auditor.model import Finding as Finding
    from auditor.model import Match as Match
    from auditor.model import TextMatch as TextMatch
    from auditor.model import Work as Work
    from auditor.outcome import Coverage as Coverage
    from auditor.outcome import Report as Report
    from auditor.outcome import Skip as Skip
    from auditor.outcome import Verdict as Verdict

_HOME = {
    "load_index": "auditor.api",
    "scan": "auditor.api",
    "ScanOptions": "auditor.api",
    "AuditorError": "auditor.errors",
    "Index": "auditor.index.opening.store",
    "Artist": "auditor.model",
    "Coverage": "auditor.outcome",
    "Finding": "auditor.model",
    "Match": "auditor.model",
    "Report": "auditor.outcome",
    "Skip": "auditor.outcome",
    "TextMatch": "auditor.model",
    "Verdict": "auditor.outcome",
    "Work": "auditor.model",
}

__all__ = [  # noqa: RUF022 - sorted as a reader looks for them: functions first
    "load_index",
    "scan",
    "ScanOptions",
    "Report",
    "Finding",
    "Match",
    "TextMatch",
    "Coverage",
    "Skip",
    "Verdict",
    "Index",
    "Artist",
    "Work",
    "AuditorError",
    "__version__",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'auditor' has no attribute '{name}'")
    return getattr(importlib.import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
