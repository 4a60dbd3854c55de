"""The engines by name. A new engine is one file and one row here; it is imported when it is first used."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class EngineRow:
    """One engine."""

    home: str
    """`module:class`; the class is made without arguments."""
    maps_batches: bool = False
    """True: an `engines.wire.BatchEngine`, which maps a function over Arrow batches of whole units of work.
    False: an `engines.interface.Engine`, which is given the samples."""
    package: str | None = None
    """The optional package that it runs on, by its import name; None where it needs none."""


ENGINES: Mapping[str, EngineRow] = MappingProxyType(
    {
        "serial": EngineRow("auditor.engines.serial:SerialEngine"),
        "processes": EngineRow("auditor.engines.processes:ProcessesEngine"),
        "ray": EngineRow("auditor.engines.ray:RayEngine", maps_batches=True, package="ray"),
        "spark": EngineRow("auditor.engines.spark:SparkEngine", maps_batches=True, package="pyspark"),
    }
)


def names() -> tuple[str, ...]:
    """Every name that `--engine` takes; `auto` is one process for a few pictures and several for more."""
    return ("auto", *ENGINES)


def maps_batches(name: str) -> bool:
    """Whether the engine of this name is given whole units of work; `auto` is not."""
    return name in ENGINES and ENGINES[name].maps_batches


def open_engine(name: str) -> Any:
    """Make the engine of that name.

    Raises:
        MissingExtra: its package is not installed. There is no fallback.
    """
    module, _, attribute = ENGINES[name].home.partition(":")
    return getattr(importlib.import_module(module), attribute)()


def packages() -> frozenset[str]:
    """Optional packages that decide where the work runs, and nothing of what it finds."""
    return frozenset(row.package for row in ENGINES.values() if row.package is not None)
