"""`auditor waive`: record that a finding, or everything about one artist, is allowed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from auditor.cli.console import say
from auditor.cli.files import find_fingerprints, read_report
from auditor.cli.inputs import write_file
from auditor.cli.settings import read_waivers, waivers_file
from auditor.errors import UsageError
from auditor.model import Report, Waiver
from auditor.report.grouping import sentence
from auditor.waivers import check, render_waivers


@click.command()
@click.argument("report", metavar="REPORT", type=click.Path(path_type=Path))
@click.argument("fingerprints", metavar="FINGERPRINT…", nargs=-1)
@click.option("--artist", help="Instead of fingerprints: the id of an artist whose licence covers every finding.")
@click.option("--rule", help="With --artist: only this rule or family (copy, name, …).")
@click.option("--reason", required=True, help="Why it is allowed, in a sentence.")
@click.option("--by", required=True, help="Who decided.")
@click.option("--until", help="Last day on which it holds, as 2027-12-31. Default: for good.")
@click.option("--evidence", help="Where the licence or the letter is kept.")
@click.option(
    "--waivers",
    "path",
    type=click.Path(path_type=Path),
    envvar="AUDITOR_WAIVERS",
    help="The file to add to. Default: that of the configuration, else waivers.jsonl.",
)
def waive(
    report: Path,
    fingerprints: tuple[str, ...],
    artist: str | None,
    rule: str | None,
    reason: str,
    by: str,
    until: str | None,
    evidence: str | None,
    path: Path | None,
) -> int:
    """Record that findings of REPORT are allowed, in a file that the next scan reads.

    A fingerprint may be shortened to its first eight digits or more.

    \b
    auditor waive report.json 9ba3177d01f5 --reason "Commissioned, see evidence" --by ana --evidence contracts/17.pdf
    auditor waive report.json --artist mira-vale --reason "Licence of 2026" --by ana --until 2027-12-31
    """
    loaded = read_report(report)
    path = waivers_file(path)
    created = datetime.now(UTC).date().isoformat()
    if artist is not None:
        if fingerprints:
            raise UsageError("Give either fingerprints or --artist, not both.")
        _known_artist(loaded, artist)
        added = [Waiver(None, rule, reason, by, created, until, evidence, artist)]
    elif not fingerprints or rule is not None:
        raise UsageError("Name the findings by fingerprint, or an artist with --artist (and perhaps --rule).")
    else:
        found = find_fingerprints(loaded, fingerprints)
        added = [Waiver(row.fingerprint, row.rule, reason, by, created, until, evidence) for row in found]
        for row in found:
            say(f"{row.fingerprint[:12]}  {sentence(row)}")
    known = read_waivers(path if path.exists() else None)
    replaced = {waiver.fingerprint for waiver in added if waiver.fingerprint}
    kept = [waiver for waiver in known if waiver.fingerprint not in replaced]
    write_file(path, render_waivers([*kept, *(check(waiver) for waiver in added)]))
    say(f"{len(added)} recorded in {path}. Scan with --waivers {path}.")
    return 0


def _known_artist(report: Report, artist: str) -> None:
    known = sorted({finding.artist.id for finding in report.findings if finding.artist is not None})
    if artist not in known:
        raise UsageError(
            f"--artist {artist}: no finding of the report is about this artist. There are: {', '.join(known)}."
        )
