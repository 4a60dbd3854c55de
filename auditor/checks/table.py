"""The table of checks: what each looks for and what it needs. A new check is one file and one row here.

Reports say from this table, held against the opened indexes, which checks ran and which did not, and why; so do JUnit,
`auditor doctor` and the attestation. A check's module is imported by the processes that audit, and by no other.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from auditor.model import Finding
from auditor.outcome import CheckSkipped
from auditor.support import extras

Need = Literal["pictures", "works", "regions", "names"]


@dataclass(frozen=True, slots=True)
class Holdings:
    """What there is to compare with and to look at: what the needs of a check are held against."""

    works: bool
    """Some index holds hashes of whole pictures."""
    regions: bool
    """Some index holds region hashes."""
    names: bool
    """Some index lists a name."""
    extras: frozenset[str] = frozenset()
    """Optional packages (by import name) that what the indexes hold would need."""
    pictures: bool = True
    """The samples are pictures, and not texts alone."""


NOTHING_TO_COMPARE: Mapping[Need, str] = MappingProxyType(
    {
        "pictures": "only texts were given",
        "works": "no index holds picture hashes, so no picture was compared",
        "regions": "no index holds region hashes, so no picture was searched for parts of works",
        "names": "no index lists a name, so no text was searched",
    }
)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a check that an optional package brings."""

    name: str
    """As a report says it."""
    package: str
    """Import name of the package."""
    unread: str = ""
    """What files carry that is not read without it, in words. Empty: only what an index holds can need it."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check."""

    home: str
    """`module:function`. The function takes a `checks.interface.Subject`, a `Context` and the `AuditOptions`, and gives
    a `checks.interface.Examined`. It touches nothing outside, and raises on no input."""
    rules: tuple[str, ...]
    """Ids or families (`copy`) of the rules whose findings it makes. An id outranks a family of another check."""
    needs: tuple[Need, ...] = ()
    metadata: bool = False
    """It reads what the file says of itself."""
    place: bool = False
    """False: it looks at the picture's bytes alone, and what it finds is kept by content. True: it looks at what
    depends on the sample's place (its texts, its notes)."""
    within: str | None = None
    """The check that runs it: it needs that one's answer, and both share one reading of the picture."""
    parts: tuple[Part, ...] = ()
    """Parts that an optional package brings."""

    def load(self) -> Callable[..., object]:
        """The function."""
        module, _, name = self.home.partition(":")
        function: Callable[..., object] = getattr(importlib.import_module(module), name)
        return function


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "copies": Check(
            "auditor.checks.copies.compare:examine", ("copy",), ("pictures", "works"), parts=(Part("iscc", "iscc_lib"),)
        ),
        "regions": Check(
            "auditor.checks.copies.compare:examine",
            ("copy.region", "copy.region-weak", "copy.shares-part"),
            ("pictures", "works", "regions"),
            within="copies",
        ),
        "signals": Check(
            "auditor.checks.signals:examine",
            ("signal",),
            ("pictures",),
            metadata=True,
            parts=(Part("signals: C2PA", "c2pa", "a C2PA manifest that was not read"),),
        ),
        "origin": Check(
            "auditor.checks.origin:examine", ("origin", "name.creator", "name.metadata"), ("pictures",), metadata=True
        ),
        "names": Check("auditor.checks.names:examine", ("name",), ("names",), place=True),
        "integrity": Check("auditor.checks.integrity:examine", ("integrity", "dataset"), ("pictures",), place=True),
    }
)
"""In the order in which they run."""


def every() -> frozenset[str]:
    """The names of all checks."""
    return frozenset(CHECKS)


def of_pictures() -> frozenset[str]:
    """The checks that look at the bytes of a picture: `--names-only` leaves them out."""
    return frozenset(name for name, check in CHECKS.items() if not check.place)


def check_of(rule: str) -> str | None:
    """The check that makes the findings of a rule; None for rules of no check (waivers)."""
    exact = next((name for name, check in CHECKS.items() if rule in check.rules), None)
    family = rule.partition(".")[0]
    return exact or next((name for name, check in CHECKS.items() if family in check.rules), None)


def ran(asked: Iterable[str], holdings: Holdings) -> tuple[str, ...]:
    """The checks that ran, of those that were asked for, sorted: each had all that it needs."""
    return tuple(sorted(name for name in asked if name in CHECKS and _lack(name, holdings) is None))


def not_run(
    asked: frozenset[str],
    holdings: Holdings,
    why: str = "it was not asked for",
    found: Iterable[Finding] | None = None,
) -> tuple[CheckSkipped, ...]:
    """What did not run: each check or part of one, with its reason.

    Args:
        asked: names of the checks that were asked for.
        holdings: what there was to compare with.
        why: the reason for the others.
        found: the findings of the scan, to say how many files were not read for want of a package; None before a scan.
    """
    return (*_whole(asked, holdings, why), *_parts(asked, holdings, None if found is None else tuple(found)))


def _whole(asked: frozenset[str], holdings: Holdings, why: str) -> Iterator[CheckSkipped]:
    for name in sorted(CHECKS):
        if name not in asked:
            yield CheckSkipped(name, why)
        elif (lack := _lack(name, holdings)) is not None:
            yield CheckSkipped(name, lack)


def _lack(name: str, holdings: Holdings) -> str | None:
    """What a check needs and there is not, in words."""
    return next((NOTHING_TO_COMPARE[need] for need in CHECKS[name].needs if not getattr(holdings, need)), None)


def _parts(asked: frozenset[str], holdings: Holdings, found: tuple[Finding, ...] | None) -> Iterator[CheckSkipped]:
    for name in ran(asked, holdings):
        for part in CHECKS[name].parts:
            if extras.available(part.package) or not (part.unread or part.package in holdings.extras):
                continue
            reason = extras.missing_message(part.package)
            if found is not None and part.unread:
                count = sum(("reason", "extra-missing") in finding.details for finding in found)
                carry = "file of this set carries" if count == 1 else "files of this set carry"
                reason += f" ({count} {carry} {part.unread})"
            yield CheckSkipped(part.name, reason)
