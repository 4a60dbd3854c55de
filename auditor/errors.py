"""The errors a caller can meet.

AuditorError                     exit code 2 unless said otherwise
├── UsageError                   the call's words are off
├── ConfigError                  a configuration file is off
├── DatasetError                 the dataset cannot be listed (missing, no permission, malformed config)
├── IndexProblem                  base of what can be wrong with an index
│   ├── IndexMissing             no index at that path
│   ├── IndexCorrupt             a file is damaged, truncated or does not match its digest
│   ├── IndexVersionUnknown      written by a newer version of the format
│   └── IndexUntrusted           signature, key or version chain is not what was pinned
├── ReportError                  a report cannot be read or written
├── MissingExtra                 an optional package is not installed; the message names the extra
├── CheckCrashed                 a check raised on a sample: a bug, with the sample's path and the traceback
└── Incomplete                   a shard or worker was lost, so no report may be given
PictureError                     raised inside the imaging room only; becomes a counted skip, never an exit code

Every message says what to do next.
"""

from __future__ import annotations


class AuditorError(Exception):
    """Base of every error that ends a command; `str()` is one or two plain sentences."""

    exit_code = 2


class UsageError(AuditorError):
    """The call's words are off."""


class ConfigError(AuditorError):
    """A configuration file is off."""


class DatasetError(AuditorError):
    """The dataset cannot be listed."""


class IndexProblem(AuditorError):
    """Something is wrong with an index."""


class IndexMissing(IndexProblem):
    """No index at that path."""


class IndexCorrupt(IndexProblem):
    """A file of the index is damaged."""


class IndexVersionUnknown(IndexProblem):
    """The index was written by a newer version of the format."""


class IndexUntrusted(IndexProblem):
    """Signature, key or version chain is not what was pinned."""


class ReportError(AuditorError):
    """A report cannot be read or written."""


class MissingExtra(AuditorError):
    """An optional package is not installed."""

    def __init__(self, package: str, extra: str, purpose: str) -> None:
        super().__init__(
            f"{purpose} needs the package '{package}'. Install it with: pip install 'provenance-auditor[{extra}]'"
        )
        self.package = package
        self.extra = extra


class Incomplete(AuditorError):
    """A shard or worker was lost; a short report is never given."""


class CheckCrashed(AuditorError):
    """A check raised on a sample: a bug of this tool."""

    def __init__(self, sample: str, error: str, trace: str) -> None:
        super().__init__(f"a check crashed on {sample!r}: {error}. This is a bug: please report it with\n{trace}")


class PictureError(Exception):
    """A picture cannot be audited. `reason` is the stable key that coverage counts."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
