"""`auditor clean`: set aside what a report flags, and put it back."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import replace
from pathlib import Path
from typing import cast

import click

from auditor.clean import manifest as records
from auditor.clean.plan import Plan
from auditor.cli.console import say
from auditor.errors import UsageError
from auditor.model import FailOn
from auditor.outcome import Report
from auditor.report.text import plural, visible

SHOWN = 20


@click.command()
@click.argument("report", metavar="[REPORT]", required=False, type=click.Path(path_type=Path))
@click.option("--to", "folder", metavar="DIR", type=click.Path(path_type=Path), help="Where to put what is set aside.")
@click.option("--apply", "do_it", is_flag=True, help="Do it. Without this the plan is shown and nothing is touched.")
@click.option("--undo", metavar="DIR", type=click.Path(path_type=Path), help="Put back what was set aside in DIR.")
@click.option("--dataset", type=click.Path(path_type=Path), help="Where the dataset lies.")
@click.option(
    "--severity",
    type=click.Choice(["high", "medium"]),
    help="Lowest severity to set aside. Default: what the report's gate fails on.",
)
def clean(
    report: Path | None,
    folder: Path | None,
    do_it: bool,
    undo: Path | None,
    dataset: Path | None,
    severity: str | None,
) -> int:
    """Set aside the pictures that REPORT flags, with their captions, masks, caches and rows in listings.

    Nothing is deleted: everything goes to DIR with a manifest, and --undo DIR puts it back exactly. An interrupted
    run is finished by the same command or taken back by --undo.

    \b
    auditor clean report.json --to set-aside            the plan
    auditor clean report.json --to set-aside --apply
    auditor clean --undo set-aside --dataset my-dataset

    --undo shows the folder that it will write to and asks, unless --dataset names it.

    Exit code 3 if something flagged must be changed by hand.
    """
    if undo is not None:
        if report is not None or folder is not None or do_it:
            raise UsageError("--undo DIR stands alone: it needs no report.")
        return _undo(undo, dataset)
    if report is None or folder is None:
        raise UsageError("Name the JSON report and, with --to, a folder for what is set aside.")
    return _clean(report, folder, do_it, dataset, severity)


def _undo(folder: Path, dataset: Path | None) -> int:
    from auditor.clean.undo import undo

    if records.only_begun(folder):
        records.remove_unfinished(folder)
        folder.rmdir()
        say("Nothing had been set aside.")
        return 0
    manifest = records.load(folder)
    if dataset is not None:
        manifest = replace(manifest, dataset=str(dataset.resolve()))
    elif not _agreed(manifest):
        return 2
    restored = undo(manifest, folder)
    say(f"{plural(restored, 'file')} put back.")
    return 0


def _agreed(manifest: records.CleanUp) -> bool:
    """Show where files would be put, as the manifest says it, and ask: it may be a stranger's."""
    place = visible(manifest.dataset)
    if not sys.stdin.isatty():
        raise UsageError(f"Say where the files go: --dataset DIR. When they were set aside, the dataset was {place}")
    count = plural(len(manifest.moved) + len(manifest.rewritten), "file")
    agreed = click.confirm(f"Put {count} back into {place}?", err=True)
    if not agreed:
        say("Nothing was put back. Name the dataset's folder with --dataset DIR.")
    return agreed


def _clean(path: Path, folder: Path, do_it: bool, dataset: Path | None, severity: str | None) -> int:
    from auditor.clean.apply import apply
    from auditor.clean.stage import check_place, follow_links, stage, with_attached
    from auditor.cli.inputs.files import moved_to, report_bytes
    from auditor.datasets.layouts.several import common_root, folder_of
    from auditor.report.reading import parse

    data = report_bytes(path)
    report = parse(data.decode("utf-8", "replace"))
    if dataset is not None:
        report = moved_to(report, dataset)
    root = common_root(report.dataset)  # a trainer's configuration: its paths are seen from its own folder
    for source in report.dataset.sources:
        check_place(Path(folder_of(source.path)), folder)
    if (folder / records.FILE).exists():
        manifest = records.load(folder)
        if manifest.state in {"applied", "undoing"}:
            raise UsageError(
                f"--to {folder}: it holds a clean-up already. Undo it with --undo, or name another folder."
            )

        if manifest.state == "applying" and Path(manifest.dataset) != root.resolve():
            raise UsageError(
                f"--to {folder}: it holds the clean-up of another dataset, {visible(manifest.dataset)}. Undo it with "
                "--undo, or name another folder."
            )
        if manifest.state == "applying":
            say("Finishing the clean-up that was interrupted.")
            if do_it:
                apply(manifest, folder)
                say(f"Done. Undo with: auditor clean --undo {folder}")
            return 0
    plan = with_attached(follow_links(plan_of(report, severity), root), root)
    _show(plan)
    if plan.empty or not do_it:
        if not plan.empty:
            say("Nothing was touched. Add --apply to do it.")
        return 3 if plan.by_hand else 0
    apply(stage(plan, root, folder, hashlib.sha256(data).hexdigest()), folder)
    say(f"Done. Undo with: auditor clean --undo {folder}")
    return 3 if plan.by_hand else 0


def plan_of(report: Report, severity: str | None) -> Plan:
    """List the dataset again as the report says it was listed, and plan."""
    from auditor.clean.plan import make_plan
    from auditor.datasets.layouts.several import below, common_root, listed_again
    from auditor.datasets.rebase import moved
    from auditor.verdict.gate import FAILING

    lowest = cast(FailOn, severity or (report.verdict.fail_on if report.verdict.fail_on != "none" else "high"))
    findings, samples = report.findings, listed_again(report.dataset)
    if len(report.dataset.sources) > 1:  # their paths are seen from the working directory; a plan's are from one root
        root = common_root(report.dataset)
        findings = tuple(replace(finding, sample=below(root, finding.sample)) for finding in findings)
        samples = (moved(sample, lambda path: below(root, path)) for sample in samples)
    return make_plan(findings, samples, FAILING[lowest])


def _show(plan: Plan) -> None:
    if plan.empty and not plan.by_hand:
        click.echo("Nothing to set aside.")
        return
    click.echo(f"{plural(len(plan.files), 'file')} to set aside")
    _rows(plan.files)
    for path, rows in plan.rows:
        click.echo(f"{visible(path)}: {plural(len(rows), 'row')} to leave out")
    for path, members in plan.members:
        click.echo(f"{visible(path)}: {plural(len(members), 'member')} to leave out")
        _rows(members)
    if plan.shared:
        click.echo(f"{plural(len(plan.shared), 'file')} to stay, used by pictures that stay")
        _rows(plan.shared)
    for item in plan.by_hand:
        click.echo(f"by hand: {visible(item.path)}: {item.why}")


def _rows(paths: tuple[str, ...]) -> None:
    for path in paths[:SHOWN]:
        click.echo(f"  {visible(path)}")
    if len(paths) > SHOWN:
        click.echo(f"  … and {len(paths) - SHOWN:,} more")
