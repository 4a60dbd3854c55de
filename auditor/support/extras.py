"""The one place that looks for optional packages, so that a missing one is named with its extra."""

from __future__ import annotations

import importlib
import importlib.util
from types import ModuleType

from auditor.errors import MissingExtra

EXTRAS: dict[str, tuple[str, str]] = {
    "cryptography": ("sign", "Signing and checking signatures"),
    "c2pa": ("c2pa", "Reading C2PA manifests"),
    "iscc_lib": ("iscc", "Matching ISCC codes"),
    "ray": ("ray", "The Ray engine"),
    "pyspark": ("spark", "The Spark engine"),
}
"""import name -> (extra, purpose)"""


def available(package: str) -> bool:
    """Say whether the optional package can be imported (it is not imported)."""
    return importlib.util.find_spec(package) is not None


def missing_message(package: str) -> str:
    """One sentence that names the extra, for a report's list of checks that did not run."""
    extra, purpose = EXTRAS[package]
    return str(MissingExtra(package, extra, purpose))


def require(package: str) -> ModuleType:
    """Import an optional package.

    Raises:
        MissingExtra: it is not installed; the message names the extra that brings it.
    """
    extra, purpose = EXTRAS[package]
    try:
        return importlib.import_module(package)
    except ImportError as error:
        raise MissingExtra(package, extra, purpose) from error
