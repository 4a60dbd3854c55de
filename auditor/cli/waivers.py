"""`auditor waivers`: look after the waivers file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from auditor.cli.console import say, tell
from auditor.cli.inputs.files import read_report
from auditor.cli.inputs.paths import write_file
from auditor.cli.inputs.settings import read_waivers, waivers_file
from auditor.verdict.waivers import expired, prune, render_waivers

_FILE = click.option(
    "--waivers",
    "path",
    type=click.Path(path_type=Path),
    envvar="AUDITOR_WAIVERS",
    help="The waivers file. Default: that of the configuration, else waivers.jsonl.",
)


@click.group()
def waivers() -> None:
    """Look after recorded waivers and licences."""


@waivers.command(name="list")
@_FILE
def list_command(path: Path | None) -> int:
    """Print every waiver: its subject, its last day, who decided and why."""
    today = datetime.now(UTC).date()
    file = waivers_file(path)
    if path is None and not file.exists():
        say(f"No waiver is recorded: there is no {file}. `auditor waive` makes it.")
        return 0
    recorded = read_waivers(file)
    if not recorded:
        say(f"No waiver is recorded in {file}.")
    for waiver in recorded:
        subject = waiver.fingerprint[:12] if waiver.fingerprint else f"artist {waiver.artist}"
        state = "expired" if expired(waiver, today) else "holds"
        until = f"{state} until {waiver.until}" if waiver.until else "holds for good"
        tell(f"{subject}  {waiver.rule or 'all rules'}  {until}  {waiver.by}: {waiver.reason}")
    return 0


@waivers.command(name="prune")
@click.argument("report", metavar="REPORT", type=click.Path(path_type=Path))
@_FILE
@click.option("--expired", "drop_expired", is_flag=True, help="Also remove those whose last day has passed.")
@click.option("--dry-run", is_flag=True, help="Say what would go, change nothing.")
def prune_command(report: Path, path: Path | None, drop_expired: bool, dry_run: bool) -> int:
    """Remove waivers that cover no finding of REPORT, the JSON report of a scan of the whole set."""
    named, path = path, waivers_file(path)
    if named is None and not path.exists():
        say(f"No waiver is recorded, so there is nothing to remove: there is no {path}.")
        return 0
    known = read_waivers(path)
    today = datetime.now(UTC).date()
    kept = prune(known, read_report(report).findings, today, keep_expired=not drop_expired)
    for waiver in known:
        if waiver not in kept:
            subject = waiver.fingerprint[:12] if waiver.fingerprint else f"artist {waiver.artist}"
            say(f"removed: {subject} by {waiver.by}: {waiver.reason}")
    if not dry_run and len(kept) < len(known):
        write_file(path, render_waivers(kept))
    say(f"{len(known) - len(kept)} of {len(known)} {'would be ' if dry_run else ''}removed from {path}.")
    return 0
