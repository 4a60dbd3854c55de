"""The seam of the exchange formats: one file a format, one row of `FORMATS`.

A reader takes a stream of bytes and fills a `Sink`; a writer takes an opened index and a text stream. Each counts
what the other side's form has no place for, so that nothing is lost silently.
"""

from __future__ import annotations

import difflib
import importlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import BinaryIO, Protocol, TextIO

from auditor.errors import UsageError
from auditor.index.exchange.sink import Sink
from auditor.index.opening.store import Index


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the user says of a list that does not say it itself."""

    artist: str = "Unknown artist"
    """Display name of the artist that hashes are listed under where the list names none."""
    hash: str = "phash"
    """What an imagehash list holds: phash, dhash, ahash, whash."""


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """How to write a list."""

    regions: bool = True
    """Carry region hashes where the form has a place for them."""
    previous: Mapping[str, str | int] | None = None
    """Version and SHA-256 of the list that this one follows."""


@dataclass(slots=True)
class Dropped:
    """What could not be carried, by what it is."""

    counts: Counter[str] = field(default_factory=Counter)

    def add(self, what: str, count: int = 1) -> None:
        """Count something that is left behind; `what` reads on from a number, as in `12 titles`."""
        if count:
            self.counts[what] += count

    def sentences(self) -> tuple[str, ...]:
        """`12 titles`, sorted."""
        return tuple(f"{count:,} {what}" for what, count in sorted(self.counts.items()))


class Exchange(Protocol):
    """One format: a module with these two functions."""

    def read(self, stream: BinaryIO, sink: Sink, options: ReadOptions) -> None:
        """Read a list into the sink.

        Raises:
            ListError: a line is not of the format; the message says which line and why.
        """
        ...

    def write(self, index: Index, stream: TextIO, options: WriteOptions) -> Dropped:
        """Write the active entries of an index, and return what could not be carried."""
        ...


@dataclass(frozen=True, slots=True)
class ExchangeFormat:
    """One row of the table of formats."""

    module: str
    """Imported when the format is used."""
    help: str

    def load(self) -> Exchange:
        """The module, which has `read` and `write`."""
        return importlib.import_module(self.module)


FORMATS: Mapping[str, ExchangeFormat] = MappingProxyType(
    {
        "optout-list": ExchangeFormat(
            "auditor.index.exchange.optout_list", "optout-list/0.1, JSON lines: carries everything"
        ),
        "threatexchange": ExchangeFormat("auditor.index.exchange.threatexchange", "lines 'pdq <64 hex>'"),
        "pdq-csv": ExchangeFormat("auditor.index.exchange.pdq_csv", "CSV: hash,quality,id,artist,title"),
        "imagehash": ExchangeFormat(
            "auditor.index.exchange.imagehash_list", "pHash in hex, a line each, or CSV with a file"
        ),
        "sha256sum": ExchangeFormat("auditor.index.exchange.sha256sum", "lines of sha256sum"),
        "tdmai": ExchangeFormat("auditor.index.exchange.tdmai", "TDM·AI and TDMRep declarations by ISCC, JSON"),
        "names-csv": ExchangeFormat(
            "auditor.index.exchange.names_csv", "CSV: artist,alias,statement,declared,source,status"
        ),
    }
)


def format_of(name: str) -> ExchangeFormat:
    """The row of this name.

    Raises:
        UsageError: there is none.
    """
    if name in FORMATS:
        return FORMATS[name]
    near = difflib.get_close_matches(name, FORMATS, n=1)
    hint = f"Did you mean {near[0]!r}?" if near else f"Choose one of {', '.join(FORMATS)}."
    raise UsageError(f"No exchange format is called {name!r}. {hint}")
