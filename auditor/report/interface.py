"""The seam of the reports: a report in, text (or bytes) out. One row of `RENDERERS` and one file a format."""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from auditor.errors import UsageError
from auditor.outcome import Report


@dataclass(frozen=True, slots=True)
class Preview:
    """A small picture of a sample, made where the dataset can be read."""

    data_uri: str
    """`data:image/jpeg;base64,…`"""
    width: int
    """Pixels of the picture it was made from, orientation applied."""
    height: int
    blurred: bool
    """True unless the user asked for readable thumbnails."""


@dataclass(frozen=True, slots=True)
class RenderContext:
    """What a renderer may use besides the report. Every field may be left out."""

    today: date | None = None
    """To say how old an index is; without it no age is given."""
    previews: Mapping[str, Preview] = field(default_factory=lambda: MappingProxyType({}))
    """Sample path -> preview; only the HTML report shows them."""
    width: int = 100
    """Columns of the terminal report when it is written to a file."""
    json_report: str | None = None
    """Where the same report is kept as JSON, for commands that the page offers; None where it is not known."""


DEFAULT_CONTEXT = RenderContext()
Render = Callable[[Report, RenderContext], "str | bytes"]


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write a report."""

    module: str
    """Module whose `render(report, context)` writes it; imported when first used."""
    help: str
    binary: bool = False

    def render(self, report: Report, context: RenderContext = DEFAULT_CONTEXT) -> str | bytes:
        """Write the report: str for text formats, bytes for binary ones."""
        result: str | bytes = importlib.import_module(self.module).render(report, context)
        return result


RENDERERS: Mapping[str, Format] = MappingProxyType(
    {
        "terminal": Format("auditor.report.terminal", "for reading in a terminal (the default)"),
        "json": Format("auditor.report.json", "the whole report, the contract other tools read"),
        "sarif": Format("auditor.report.sarif", "SARIF 2.1.0 for code scanning"),
        "junit": Format("auditor.report.junit", "JUnit XML for test dashboards"),
        "markdown": Format("auditor.report.markdown", "for job summaries and pull-request comments"),
        "github": Format("auditor.report.github", "workflow commands that annotate a GitHub run"),
        "html": Format("auditor.report.html", "one self-contained page to look through and decide"),
        "csv": Format("auditor.report.csv", "a row per finding"),
        "parquet": Format("auditor.report.parquet", "a row per finding, typed", binary=True),
        "dataset-card": Format("auditor.report.dataset_card", "a block for a Hugging Face dataset card"),
    }
)


@dataclass(frozen=True, slots=True)
class Output:
    """One `-o FORMAT[=FILE]`."""

    format: str
    path: str | None
    """None is standard output."""


def parse_output(value: str) -> Output:
    """Read `FORMAT` or `FORMAT=FILE`; `FORMAT=-` is standard output.

    Raises:
        UsageError: the format is unknown, or a binary format has no file.
    """
    name, separator, path = value.partition("=")
    if name not in RENDERERS:
        near = difflib.get_close_matches(name, RENDERERS, n=1)
        hint = f"did you mean {near[0]}?" if near else f"choose one of {', '.join(RENDERERS)}."
        raise UsageError(f"-o {value}: no report format is called {name!r}; {hint}")
    if separator and not path:
        raise UsageError(f"-o {value}: name a file after the equals sign, or leave the equals sign out.")
    target = None if path in {"", "-"} else path
    if RENDERERS[name].binary and target is None:
        raise UsageError(f"-o {name} is a binary format: write it to a file with -o {name}=FILE.{name}")
    return Output(name, target)
