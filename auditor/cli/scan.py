"""`auditor scan`: the main job."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditor.cli.console import progress, say
from auditor.cli.deliver import deliver
from auditor.cli.inputs.paths import (
    fail_on_option,
    index_option,
    layout_options,
    output_option,
    parse_outputs,
    parse_pairs,
)
from auditor.cli.inputs.settings import nearest_config, pick, read_policies, read_waivers
from auditor.cli.outputs.previews import with_previews
from auditor.engines import table as engines
from auditor.report.interface import RenderContext
from auditor.support import folders

if TYPE_CHECKING:
    from auditor.cli.inputs.config import Config
    from auditor.outcome import Report


@dataclass(frozen=True, slots=True)
class Gathered:
    """A scan's settings, wherever they came from."""

    values: dict[str, Any]
    config: Config

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


@click.command()
@click.argument("paths", metavar="PATH…", nargs=-1, required=True, type=click.Path(path_type=Path))
@index_option
@layout_options
@output_option
@fail_on_option
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    envvar="AUDITOR_CONFIG",
    help="Settings. Default: the nearest auditor.toml outside PATH.",
)
@click.option("--waivers", type=click.Path(path_type=Path), metavar="FILE", help="Recorded decisions (JSON Lines).")
@click.option("--policies", type=click.Path(path_type=Path), metavar="FILE", help="Cached site policies (JSON).")
@click.option("--trust", metavar="KEY", multiple=True, help="Key, or its id, that must have signed.")
@click.option("--names-only", is_flag=True, envvar="AUDITOR_NAMES_ONLY", help="Search texts; compare no picture.")
@click.option("--thumbnails", is_flag=True, help="Put readable previews into the HTML report, not blurred ones.")
@click.option(
    "--cache",
    type=click.Path(path_type=Path),
    metavar="DIR",
    envvar="AUDITOR_CACHE",
    help="Where results are kept between scans. Default: the user's cache folder.",
)
@click.option(
    "--no-cache", is_flag=True, envvar="AUDITOR_NO_CACHE", help="Keep no results, and use none that were kept."
)
@click.option(
    "--jobs", "-j", type=click.IntRange(0), default=0, envvar="AUDITOR_JOBS", help="Worker processes; 0 = one per core."
)
@click.option(
    "--engine",
    metavar=f"[{'|'.join(engines.names())}]",
    default="auto",
    show_default=True,
    envvar="AUDITOR_ENGINE",
    help="What runs the work; ray and spark are extras.",
)
@click.pass_context
def scan(context: click.Context, /, paths: tuple[Path, ...], **_: Any) -> int:
    """Audit the training set at PATH against indexes of opted-out works.

    PATH is a training folder, a trainer's configuration file, an archive, a picture or a finished LoRA.
    The report says what was found, how sure it is, and what could not be checked.

    \b
    auditor scan my-dataset --index indexes/demo
    auditor scan my-dataset -i demo -o terminal -o json=report.json -o html=report.html
    auditor scan my-dataset -i demo --layout kohya -L caption_extension=.txt

    Settings come from the command line, then AUDITOR_* variables, then the nearest auditor.toml; one inside PATH
    is ignored and reported, unless --config names it.

    Exit codes: 0 pass, 1 a finding violates --fail-on, 2 could not run, 3 nothing or not everything was
    audited, 130 interrupted.
    """
    settings = gather(context)
    targets = parse_outputs(settings["outputs"])
    report = run(paths, settings)
    rendering = with_previews(RenderContext(), report, targets, thumbnails=settings["thumbnails"])
    return deliver(report, targets, rendering)


def gather(context: click.Context) -> Gathered:
    """Put the command line, the environment and the configuration file together.

    Raises:
        ConfigError: the configuration file is off.
    """
    config = nearest_config(context.params["paths"], context.params["config"])
    configured = {
        "index_paths": config.index,
        "layout": config.layout,
        "layout_values": tuple(f"{key}={value}" for key, value in config.layout_options.items()),
        "outputs": config.output,
        "fail_on": config.fail_on,
        "waivers": config.waivers,
        "policies": config.policies,
        "trust": tuple(map(str, config.trust)),
        "names_only": config.names_only,
        "thumbnails": config.thumbnails,
        "cache": config.cache,
        "no_cache": None,
        "jobs": config.jobs,
        "engine": config.engine,
    }
    return Gathered({name: pick(context, name, value) for name, value in configured.items()}, config)


def run(paths: tuple[Path, ...], settings: Gathered) -> Report:
    """Scan, and settle the findings by the user's severities and waivers."""
    from auditor.api import ScanOptions
    from auditor.api import scan as run_scan
    from auditor.cli.inputs.indexes import open_for_scan
    from auditor.verdict.waivers import settle

    today = datetime.now(UTC).date()
    waivers = read_waivers(settings["waivers"])
    options = ScanOptions(
        layout=settings["layout"],
        layout_options=parse_pairs(settings["layout_values"]),
        fail_on=settings["fail_on"],
        # Without --index only names are compared; that pictures were looked at must not be read from a green result.
        requires=() if settings["index_paths"] or settings["names_only"] else ("copies",),
        names_only=settings["names_only"],
        jobs=settings["jobs"],
        engine=settings["engine"],
        cache=cache_folder(settings),
        prepared=folders.derived(folders.user_cache()),
        policies=read_policies(settings["policies"]),
        today=today,
    )
    indexes = open_for_scan(settings["index_paths"], settings["trust"], settings.config, today)
    notices: list[str] = []
    with progress("Auditing") as advance:
        report = run_scan(paths, indexes, options, advance, notices.append)
    for notice in notices:
        say(notice)
    name = settings["waivers"].name if settings["waivers"] is not None else "waivers.jsonl"
    return settle(report, waivers, settings.config.overrides, today, name)


def cache_folder(settings: Gathered) -> Path | None:
    """Where results are kept: the named folder, else the user's cache folder; None with --no-cache or where it
    cannot be written."""
    if settings["no_cache"]:
        return None
    if settings["cache"] is not None:
        return Path(settings["cache"])
    folder = folders.made(folders.user_cache())
    try:
        if folder is not None:
            (folder / ".writable").touch()
    except OSError:
        return None
    return folder
