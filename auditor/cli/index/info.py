"""`auditor index info` and `auditor index verify`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from auditor.cli.console import say, stdout, tell, tell_json
from auditor.cli.index.common import plural, today
from auditor.report.text import visible


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def info(folder: Path, as_json: bool) -> None:
    """Say what the index in DIR holds: counts, digest, publisher, age and hashes. Files are not read through.

    \b
    auditor index info indexes/public-statements
    """
    from auditor.index.format.preferences import is_expired
    from auditor.index.opening.store import Index, open_index

    index: Index = open_index(folder, check_files=False)
    manifest = index.manifest
    publisher = manifest.publisher
    facts: dict[str, Any] = {
        "name": manifest.name,
        "id": manifest.id,
        "version": manifest.version,
        "digest": manifest.digest,
        "previous": manifest.previous.digest if manifest.previous else None,
        "issued": manifest.issued,
        "expires": manifest.expires,
        "expired": is_expired(manifest.expires, today()),
        "signature": index.signature,
        "publisher": publisher.name,
        "uri": publisher.uri,
        "contact": publisher.contact,
        "appeals": publisher.appeals,
        **manifest.counts,
        "hashes": sorted(manifest.hashes),
        "files": {name: entry.bytes for name, entry in manifest.files.items()},
        "writtenBy": manifest.written_by,
    }
    if as_json:
        tell_json(facts)
        return
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for key, value in facts.items():
        if value is not None and value != []:
            table.add_row(key, _shown(value))
    stdout().print(table)


def _shown(value: object) -> str:
    from rich.markup import escape

    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, list):
        return escape(visible(", ".join(value)))
    if isinstance(value, dict):
        return escape(visible(", ".join(f"{name} {size:,} bytes" for name, size in value.items())))
    return escape(visible(str(value)))


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--trust", metavar="KEY", multiple=True, help="Key id (SHA256:…) or .pub file that must have signed it.")
@click.option(
    "--previous", metavar="DIR", type=click.Path(path_type=Path), help="An earlier version it must be made from."
)
@click.option(
    "--seen",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Where verified versions are remembered. Default: in your state folder.",
)
@click.option("--allow-older", is_flag=True, help="Accept an older version or a fork, and remember it from now on.")
@click.option("--fail-expired", is_flag=True, help="Fail when the index has expired.")
def verify(
    folder: Path,
    trust: tuple[str, ...],
    previous: Path | None,
    seen: Path | None,
    allow_older: bool,
    fail_expired: bool,
) -> None:
    """Check the index in DIR completely: every file's digest, every row, the signature and the version chain.

    With --trust the index must be signed by one of the keys. Versions that were verified are remembered, so that
    an older version or a fork in the same place, or of the same signed list, is noticed.

    \b
    auditor index verify my-index
    auditor index verify my-index --trust publisher.pub

    Exit codes: 0 everything holds, 2 something does not.
    """
    from auditor.cli.seen import seen_file
    from auditor.index.making.verify import verify_index
    from auditor.index.opening.lineage import load_seen, remembered, save_seen
    from auditor.index.opening.trust import parse_trusted

    trusted = tuple(parse_trusted(text) for text in trust)
    path = seen or seen_file()
    known = load_seen(path) if path else None
    result = verify_index(
        folder,
        today=today(),
        trusted=trusted,
        seen=None if allow_older else known,
        previous=previous,
        allow_expired=not fail_expired,
        self_test=True,
    )
    for check in result.checks:
        tell(f"ok  {check}")
    for warning in result.warnings:
        say(f"note: {warning}")
    manifest = result.index.manifest
    if path and known is not None:
        save_seen(path, remembered(known, manifest, os.path.realpath(folder), bool(trusted)))
    what = f"{plural(manifest.counts['artists'], 'artist')}, {plural(manifest.counts['works'], 'work')}"
    tell(f"{folder}: version {manifest.version} of '{manifest.name}' holds ({what}).")
    tell(f"digest {manifest.digest}")


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--trust", metavar="KEY", multiple=True, help="Key that should have signed it.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 where something was found.")
@click.option("--fix", is_flag=True, help="Mark unsafe names as needing a cue, in a new version of the index.")
@click.option("--readings", is_flag=True, help="Suggest how names may be written in other scripts.")
def lint(folder: Path, trust: tuple[str, ...], as_json: bool, exit_code: bool, fix: bool, readings: bool) -> int:
    """Say what should be corrected in the index in DIR before it is shared, and how.

    \b
    auditor index lint my-index
    auditor index lint my-index --fix        # names that are everyday words count only with a cue
    auditor index lint my-index --readings   # for the artists to confirm
    """
    from dataclasses import asdict

    from auditor.index.making.lint import lint as find_problems
    from auditor.index.opening.store import open_index
    from auditor.index.opening.trust import parse_trusted

    if fix:
        from auditor.index.making.lint import mark_unsafe_names
        from auditor.index.making.versions import update

        written = update(folder, lambda content, _: mark_unsafe_names(content), today=today())
        say("note: no name had to be marked." if written.unchanged else f"note: wrote {written.manifest.version}.")
    opened = open_index(folder, check_signature=False)
    problems = find_problems(opened, today(), tuple(parse_trusted(text) for text in trust), readings)
    if as_json:
        tell_json([asdict(problem) for problem in problems])
    else:
        for problem in problems:
            tell(f"{problem.rule}  {problem.subject}")
            tell(f"  {problem.message}")
            tell(f"  → {problem.fix}")
        tell(f"{plural(len(problems), 'thing')} to look at." if problems else "Nothing to correct was found.")
    return int(exit_code and bool(problems))
