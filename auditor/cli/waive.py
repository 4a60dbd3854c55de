"""`auditor waive`: record that a finding, or everything about one artist, is allowed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import click

from auditor.cli.console import say
from auditor.cli.inputs.files import find_fingerprints, read_report
from auditor.cli.inputs.paths import write_file
from auditor.cli.inputs.settings import read_waivers, waivers_file
from auditor.errors import UsageError
from auditor.model import Reference
from auditor.outcome import Report, Waiver
from auditor.report.grouping import sentence
from auditor.verdict.waivers import check, render_waivers

SHOWN = 20
_ID_DIGITS = re.compile(r"-[0-9a-f]{8}\Z")
"""What `index.identity` puts behind the readable part of an artist's id."""


@click.command()
@click.argument("report", metavar="REPORT", type=click.Path(path_type=Path))
@click.argument("fingerprints", metavar="FINGERPRINT…", nargs=-1)
@click.option(
    "--artist",
    metavar="ARTIST",
    help="A name or id instead of fingerprints: a licence for every finding.",
)
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
    auditor waive report.json --artist "Mira Vale" --reason "Licence of 2026" --by ana --until 2027-12-31
    """
    today = datetime.now(UTC).date()
    _require_words(reason, by, until, today)
    loaded = read_report(report)
    path = waivers_file(path)
    created = today.isoformat()
    if artist is not None:
        if fingerprints:
            raise UsageError("Give either fingerprints or --artist, not both.")
        known_artist = _known_artist(loaded, artist)
        added = [Waiver(None, rule, reason, by, created, until, evidence, known_artist.id)]
        say(f"licence of {known_artist.name} ({known_artist.id})")
    elif not fingerprints or rule is not None:
        raise UsageError("Name the findings by fingerprint, or an artist with --artist (and perhaps --rule).")
    else:
        found = find_fingerprints(loaded, fingerprints)
        added = [Waiver(row.fingerprint, row.rule, reason, by, created, until, evidence) for row in found]
        for row in found:
            say(f"{row.fingerprint[:12]}  {sentence(row)}")
    known = read_waivers(path if path.exists() else None)
    replaced = {_subject(waiver) for waiver in added}
    kept = [waiver for waiver in known if _subject(waiver) not in replaced]
    write_file(path, render_waivers([*kept, *(check(waiver) for waiver in added)]))
    again = f", {len(known) - len(kept)} of them in place of an earlier one" if len(kept) < len(known) else ""
    say(f"{len(added)} recorded in {path}{again}. Scan with --waivers {path}.")
    return 0


def _require_words(reason: str, by: str, until: str | None, today: date) -> None:
    """What a record must say, before anything is read or written.

    Raises:
        UsageError: the reason or who decided is blank, or the last day has passed.
    """
    from auditor.cli.index.common import day

    for option, text in (("--reason", reason), ("--by", by)):
        if not text.strip():
            raise UsageError(f"{option} is empty: a waiver says why it is allowed and who decided.")
    if until is not None and day(until, "--until") < today:
        raise UsageError(f"--until {until} has passed, so nothing would be waived. Give today or a later day.")


def _subject(waiver: Waiver) -> tuple[str | None, str | None, str | None]:
    """Of two waivers about the same, the later one counts."""
    if waiver.fingerprint is not None:
        return (waiver.fingerprint, None, None)
    return (None, waiver.artist, waiver.rule)


def _known_artist(report: Report, text: str) -> Reference:
    """The artist of a finding with this id, this name, or this id without the digits at its end.

    Raises:
        UsageError: nobody, or several.
    """
    about = {finding.artist.id: finding.artist for finding in report.findings if finding.artist is not None}
    if text in about:
        return about[text]
    wanted = text.strip().casefold()
    found = [row for row in about.values() if wanted in (row.name.casefold(), _ID_DIGITS.sub("", row.id))]
    if len(found) == 1:
        return found[0]
    if found:
        listed = ", ".join(sorted(f"{row.id} ({row.name})" for row in found))
        raise UsageError(f"--artist {text}: several artists are called so. Name one by id: {listed}.")
    listed = ", ".join(sorted(f"{row.name} ({row.id})" for row in about.values())[:SHOWN]) or "none at all"
    raise UsageError(f"--artist {text}: no finding of the report is about this artist. There are: {listed}.")
