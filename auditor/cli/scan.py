"""`auditor scan`: the main job."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import click

from auditor.cli.console import progress
from auditor.cli.deliver import deliver
from auditor.cli.inputs import (
    fail_on_option,
    index_option,
    layout_options,
    output_option,
    parse_outputs,
    parse_pairs,
)
from auditor.model import FailOn


@click.command()
@click.argument("paths", metavar="PATH…", nargs=-1, required=True, type=click.Path(path_type=Path))
@index_option
@layout_options
@output_option
@fail_on_option
@click.option("--names-only", is_flag=True, help="Search texts for names; compare no picture.")
@click.option("--jobs", "-j", type=click.IntRange(0), default=0, help="Worker processes; 0 = one per core.")
def scan(
    paths: tuple[Path, ...],
    index_paths: tuple[Path, ...],
    layout: str,
    layout_values: tuple[str, ...],
    outputs: tuple[str, ...],
    fail_on: str,
    names_only: bool,
    jobs: int,
) -> int:
    """Audit the training set at PATH against indexes of opted-out works.

    PATH is a training folder, a trainer's configuration file, an archive, a picture or a finished LoRA.
    The report says what was found, how sure it is, and what could not be checked.

    \b
    auditor scan my-dataset --index indexes/demo
    auditor scan my-dataset -i demo -o terminal -o json=report.json -o html=report.html
    auditor scan my-dataset -i demo --layout kohya -L caption_extension=.txt

    Exit codes: 0 pass, 1 a finding violates --fail-on, 2 could not run, 3 nothing or not everything was
    audited, 130 interrupted.
    """
    from auditor.api import ScanOptions
    from auditor.api import scan as run_scan

    targets = parse_outputs(outputs)
    options = ScanOptions(
        layout=layout,
        layout_options=parse_pairs(layout_values),
        fail_on=cast(FailOn, fail_on),
        names_only=names_only,
        jobs=jobs,
    )
    with progress("Auditing") as advance:
        report = run_scan(paths[0] if len(paths) == 1 else paths, index_paths, options, advance)
    return deliver(report, targets)
