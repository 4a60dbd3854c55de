"""`auditor report`: a report in other formats, without a new scan."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from auditor.cli.deliver import deliver
from auditor.cli.inputs.files import moved_to, read_report
from auditor.cli.inputs.paths import output_option, parse_outputs
from auditor.cli.outputs.previews import with_previews
from auditor.report.interface import RenderContext


@click.command()
@click.argument("source", metavar="FROM.json", type=click.Path(path_type=Path))
@output_option
@click.option("--dataset", type=click.Path(path_type=Path), help="Where the dataset lies now, for previews in HTML.")
@click.option("--thumbnails", is_flag=True, help="Put readable pictures into the HTML report, not blurred ones.")
def report(source: Path, outputs: tuple[str, ...], dataset: Path | None, thumbnails: bool) -> int:
    """Write the JSON report FROM.json again in other formats.

    \b
    auditor report report.json -o html=report.html -o sarif=report.sarif
    auditor report report.json -o markdown

    The exit code is 0 whatever the verdict: the gate is the scan's.
    """
    targets = parse_outputs(outputs)
    loaded = read_report(source)
    if dataset is not None:
        loaded = moved_to(loaded, dataset)
    base = RenderContext(today=datetime.now(UTC).date(), json_report=str(source))
    context = with_previews(base, loaded, targets, thumbnails=thumbnails)
    deliver(loaded, targets, context)
    return 0
