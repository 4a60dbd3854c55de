"""What the index verbs share: options, the day, and sentences."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from auditor.cli.console import say, tell
from auditor.errors import UsageError
from auditor.index.format.manifest import Publisher
from auditor.index.making.versions import Label, Written
from auditor.index.opening.trust import OLD_SIGNATURE

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def label_options(function: Decorated) -> Decorated:
    """What a list says of itself."""
    options = (
        click.option("--name", metavar="TEXT", help="Name of the list. Default: the folder's name."),
        click.option("--publisher", metavar="TEXT", help="Who answers for the list."),
        click.option("--publisher-uri", metavar="URI", help="The publisher's page."),
        click.option("--contact", metavar="TEXT", help="How to reach the publisher."),
        click.option("--appeals", metavar="TEXT", help="Where to ask for a correction or removal."),
        click.option("--expires", metavar="DAY", help="Last day on which the list should be used, as 2027-01-31."),
    )
    for option in reversed(options):
        function = option(function)
    return function


def label(values: dict[str, Any]) -> Label:
    """The values of `label_options`."""
    expires = values["expires"]
    return Label(
        name=values["name"],
        publisher=Publisher(
            name=values["publisher"], uri=values["publisher_uri"], contact=values["contact"], appeals=values["appeals"]
        ),
        expires=day(expires, "--expires").isoformat() if expires else None,
    )


def today() -> date:
    """The current day in UTC, or that of SOURCE_DATE_EPOCH, which makes builds repeatable.

    Raises:
        UsageError: SOURCE_DATE_EPOCH is not a number of seconds.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if not given:
        return datetime.now(UTC).date()
    try:
        return datetime.fromtimestamp(int(given), UTC).date()
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError("SOURCE_DATE_EPOCH must be a number of seconds since 1970. Unset or correct it.") from error


def day(text: str, option: str) -> date:
    """A day given on the command line.

    Raises:
        UsageError: it is not one.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{option} {text}: give a day such as 2027-01-31.") from error


def plural(count: int, one: str, many: str | None = None) -> str:
    """`1 work`, `2,000 works`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


accept_option = click.option(
    "--accept-withdrawals", is_flag=True, help="Let a list withdraw all that another list holds of an artist."
)


def _signing_key(_context: click.Context, _parameter: click.Parameter, path: Path | None) -> Path | None:
    """Read the key at once, so that a wrong one is said before anything is written."""
    if path is not None:
        from auditor.index.making.sign import load_private

        load_private(path)
    return path


sign_option = click.option(
    "--sign",
    "sign_key",
    metavar="KEY",
    type=click.Path(path_type=Path),
    callback=_signing_key,
    help="Private key to sign the new version with.",
)
"""`--sign KEY`, for every verb that writes a version: a new version has no signature of its own."""


def say_version(written: Written, folder: Path, key: Path | None = None) -> None:
    """Say on standard output which version now stands, and sign it where a key is given."""
    manifest = written.manifest
    counts = manifest.counts
    what = f"{plural(counts['artists'], 'artist')}, {plural(counts['works'], 'work')}"
    if written.unchanged:
        tell(f"{folder}: nothing changed; version {manifest.version} stands ({what}).")
    else:
        tell(f"{folder}: version {manifest.version} of '{manifest.name}' ({what}).")
        tell(f"digest {manifest.digest}")
    if key is not None:
        from auditor.index.making.sign import load_private, sign_index

        tell(f"{folder}: signed with {sign_index(folder, load_private(key), today())}")
    elif written.unsigned:
        say(
            f"Version {manifest.version} is not signed: the signature was for the version before, and is kept as "
            f"{OLD_SIGNATURE}. Sign it before you share it: auditor index sign {folder} --key KEY"
        )
