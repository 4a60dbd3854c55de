"""Opens the indexes of a scan: the named ones, or the shipped list of names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from auditor.cli.console import say
from auditor.cli.inputs.config import Config
from auditor.cli.seen import refuse_older
from auditor.errors import IndexUntrusted
from auditor.index.format.preferences import is_expired
from auditor.index.opening.shipped import public_statements
from auditor.index.opening.store import Index, open_index
from auditor.index.opening.trust import parse_trusted


def open_for_scan(paths: Sequence[Path], trust: Sequence[str], config: Config, today: date) -> tuple[Index, ...]:
    """Open every index, check what the policy asks of it, and warn of those that have expired. With keys to trust, an
    older version than one that was verified before is refused.

    Raises:
        IndexProblem: one is missing, damaged, too new, or not as the policy asks.
        UsageError: a key cannot be read.
    """
    if not paths:
        shipped = public_statements()
        say(
            f"No --index was given, so names are compared with the shipped list '{shipped.name}' "
            "(people who objected in public), and no picture is compared with anything."
        )
        paths = (shipped,)
    keys = tuple(parse_trusted(text) for text in trust)
    opened = tuple(open_index(path, trusted=keys) for path in paths)
    for index in opened:
        _check(index, config, today)
    if keys:
        refuse_older(opened)
    return opened


def _check(index: Index, config: Config, today: date) -> None:
    name = index.info.name
    if config.require_signature and not (index.signature or "").startswith("verified:"):
        raise IndexUntrusted(
            f"The index '{name}' is not signed by a trusted key, and {config.source} asks for it "
            "(require-signature). Name the key with --trust, or get a signed index."
        )
    if is_expired(index.manifest.expires, today):
        if config.require_unexpired:
            raise IndexUntrusted(
                f"The index '{name}' expired on {index.manifest.expires}, and {config.source} asks for one that "
                "has not (require-unexpired). Get a newer version from its publisher."
            )
        say(f"Warning: the index '{name}' expired on {index.manifest.expires}. Get a newer version if there is one.")
