"""`auditor index import` and `auditor index export`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from auditor.cli.console import say, tell
from auditor.cli.index.common import accept_option, label, label_options, say_version, sign_option, today
from auditor.index.exchange.interface import FORMATS

_FORMATS = "\n".join(f"    {name:15} {row.help}" for name, row in FORMATS.items())


@click.command(
    "import",
    epilog=f"\b\nFormats:\n{_FORMATS}",
)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--format", "form", required=True, metavar="F", help="What FILE is, see below.")
@click.option("--out", required=True, metavar="DIR", type=click.Path(path_type=Path), help="Folder of the index.")
@click.option("--add", "keep", is_flag=True, help="Keep what the index at DIR lists and FILE does not.")
@click.option("--artist", default="Unknown artist", metavar="NAME", help="Artist of hashes that FILE gives no artist.")
@click.option("--hash", "kind", default="phash", metavar="KIND", help="What an imagehash list holds: phash, dhash, …")
@accept_option
@sign_option
@label_options
def import_(
    file: Path,
    form: str,
    out: Path,
    keep: bool,
    artist: str,
    kind: str,
    accept_withdrawals: bool,
    sign_key: Path | None,
    **values: Any,
) -> None:
    """Read the list FILE and write it as an index. It says what of the list an index has no place for.

    A line that is not of the format ends the import with its number, and nothing is written.

    \b
    auditor index import names.csv --format names-csv --out my-names
    auditor index import hashes.txt --format threatexchange --out shared --artist "Ash Varga"
    """
    from auditor.index.exchange.interface import ReadOptions
    from auditor.index.exchange.transfer import import_list

    given = label(values)
    result = import_list(
        file,
        form,
        out,
        ReadOptions(artist, kind),
        today=today(),
        label=given,
        keep=keep,
        accept_withdrawals=accept_withdrawals,
    )
    _say_dropped(result.dropped)
    say_version(result.written, out, sign_key)


@click.command(epilog=f"\b\nFormats:\n{_FORMATS}")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--format", "form", required=True, metavar="F", help="What to write, see below.")
@click.option("--out", required=True, metavar="FILE", type=click.Path(path_type=Path), help="File to write.")
@click.option("--no-regions", is_flag=True, help="Leave out region hashes.")
@click.option(
    "--previous",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The optout-list of the version before, which the new list then names by digest.",
)
def export(folder: Path, form: str, out: Path, no_regions: bool, previous: Path | None) -> None:
    """Write the index in DIR as a list that other tools read. It says what the format has no place for.

    \b
    auditor index export my-index --format optout-list --out my-list.jsonl
    auditor index export my-index --format threatexchange --out hashes.txt
    """
    from auditor.index.exchange.transfer import export_list
    from auditor.index.opening.store import open_index

    dropped = export_list(open_index(folder), form, out, regions=not no_regions, previous=previous)
    _say_dropped(dropped)
    tell(f"{out}: written as {form}.")


def _say_dropped(dropped: tuple[str, ...]) -> None:
    for sentence in dropped:
        say(f"not carried: {sentence}")
