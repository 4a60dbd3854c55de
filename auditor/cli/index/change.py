"""`auditor index withdraw`, `feedback`, `merge` and `diff`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from auditor.cli.console import say, tell, tell_json
from auditor.cli.index.common import accept_option, label, label_options, plural, say_version, sign_option, today
from auditor.errors import UsageError
from auditor.index.format.schema import HASH_KINDS, OPINIONS, STATUSES
from auditor.index.making.content import Content
from auditor.index.opening.store import Index

SHOWN = 20


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--work", "works", metavar="WORK", multiple=True, help="Title, file, or id of a work.")
@click.option("--artist", "artists", metavar="NAME", multiple=True, help="Artist id, name or alias: with all works.")
@click.option(
    "--reason", type=click.Choice(STATUSES[1:]), default="withdrawn", show_default=True, help="What the tombstone says."
)
@click.option("--note", metavar="TEXT", help="A sentence kept with the tombstone.")
@click.option("--undo", is_flag=True, help="Take the tombstones back. Works have lost their hashes: add them again.")
@sign_option
def withdraw(
    folder: Path,
    works: tuple[str, ...],
    artists: tuple[str, ...],
    reason: str,
    note: str | None,
    undo: bool,
    sign_key: Path | None,
) -> None:
    """Stop matching works or artists of the index in DIR. A tombstone stays; hashes and titles are erased.

    WORK is a title, the picture's file, its SHA-256, or an id or its beginning; `auditor index list` shows them.

    \b
    auditor index withdraw my-index --work "Ash Keep.png" --reason false-match
    auditor index withdraw my-index --work my-art/2024/castle.png --work 3f2a91
    auditor index withdraw my-index --artist "Ash Varga" --note "asked by mail"
    """
    from auditor.index.making import editing
    from auditor.index.making.versions import update

    if not works and not artists:
        raise UsageError("Say what to withdraw: --work WORK or --artist NAME. 'auditor index list DIR' shows both.")
    on = today()
    works = tuple(map(_digest_of_file, works))
    stone = editing.Tombstone(reason, on.isoformat(), note)
    withdrawn: list[str] = []

    def change(content: Content, _: Index) -> Content:
        if undo:
            return editing.undo(content, works, artists)
        after = editing.withdraw(content, works, artists, stone)
        withdrawn.extend(withdrawn_titles(content, after))
        return after

    written = update(folder, change, today=on)
    for line in withdrawn[:SHOWN]:
        say(f"withdrawn: {line}")
    if len(withdrawn) > SHOWN:
        say(f"… and {plural(len(withdrawn) - SHOWN, 'more work')}.")
    if undo and works and not written.unchanged:
        say("Their hashes were erased when they were withdrawn: list the works again with 'auditor index add'.")
    say_version(written, folder, sign_key)


def withdrawn_titles(before: Content, after: Content) -> Iterator[str]:
    """What a change took out, as a person knows it: the artist and the title, which the tombstone no longer has."""
    from auditor.index.making.content import is_active

    names = {artist.id: artist.names[0] for artist in before.artists}
    gone = is_active(before.works) & ~is_active(after.works)
    rows = before.works.filter(gone).select(["work_id", "artist_id", "title"])
    for batch in rows.to_batches():
        for row in batch.to_pylist():
            title = row["title"] or row["work_id"]
            yield f"{title} of {names.get(row['artist_id'], row['artist_id'])}"


def _digest_of_file(text: str) -> str:
    """The SHA-256 of the file that is named; the text itself where there is no such file."""
    from auditor.index.disk.atomic_folder import file_digest

    path = Path(text)
    try:
        return file_digest(path) if path.is_file() else text
    except (OSError, ValueError):
        return text


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("kind", type=click.Choice(HASH_KINDS))
@click.argument("value", metavar="HEX")
@click.option("--opinion", type=click.Choice(OPINIONS), default="collides", show_default=True)
@click.option("--reason", metavar="TEXT", help="Why, in a sentence.")
@click.option("--by", metavar="TEXT", help="Whose opinion it is.")
@sign_option
def feedback(
    folder: Path, kind: str, value: str, opinion: str, reason: str | None, by: str | None, sign_key: Path | None
) -> None:
    """Record an opinion about one hash. A hash that `collides` (a blank page, a meme frame) is no longer matched.

    \b
    auditor index feedback my-index pdq 00ff… --reason "plain white page" --by "M. Example"
    """
    from auditor.index.format.schema import Feedback
    from auditor.index.making.editing import add_feedback, parse_hash
    from auditor.index.making.versions import update

    on = today()
    said = Feedback(kind, parse_hash(kind, value), opinion, reason, by, on.isoformat())
    say_version(update(folder, lambda content, _: add_feedback(content, said), today=on), folder, sign_key)


@click.command()
@click.argument("folders", metavar="DIR DIR…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out", required=True, metavar="DIR", type=click.Path(path_type=Path), help="Folder of the joined index."
)
@accept_option
@sign_option
@label_options
def merge(folders: tuple[Path, ...], out: Path, accept_withdrawals: bool, sign_key: Path | None, **values: Any) -> None:
    """Join indexes into a new one. Withdrawals win, the stricter preference counts, and differences are told.

    A list may withdraw what it holds itself. Where its tombstones would leave nothing of an artist whom another
    list holds, --accept-withdrawals must say that this is right.

    \b
    auditor index merge list-a list-b --out joined --name "Joined list"
    """
    from auditor.index.making.content import content_of
    from auditor.index.making.merging import merge as join
    from auditor.index.making.versions import create
    from auditor.index.making.withdrawals import Listed, emptied, require_accepted
    from auditor.index.opening.store import open_index

    if len(folders) < 2:
        raise UsageError("Give at least two indexes to merge.")
    opened = [open_index(folder) for folder in folders]
    lists = [Listed(index.manifest.id, index.name, content_of(index)) for index in opened]
    merged = join([listed.content for listed in lists])
    if not accept_withdrawals:
        require_accepted(emptied(lists, merged.content))
    for sentence in merged.conflicts[:SHOWN]:
        say(f"note: {sentence}.")
    if len(merged.conflicts) > SHOWN:
        say(f"… and {plural(len(merged.conflicts) - SHOWN, 'more difference')}.")
    say(f"{plural(merged.shared, 'work')} in more than one list.")
    say_version(create(out, merged.content, today=today(), label=label(values)), out, sign_key)


@click.command()
@click.argument("first", metavar="A", type=click.Path(path_type=Path))
@click.argument("second", metavar="B", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 where they differ.")
def diff(first: Path, second: Path, as_json: bool, exit_code: bool) -> int:
    """Say what index B has that A has not, and the other way round.

    \b
    auditor index diff my-index-v1 my-index-v2
    """
    from auditor.index.making.content import content_of
    from auditor.index.making.diff import diff as compare
    from auditor.index.opening.store import open_index

    found = compare(content_of(open_index(first)), content_of(open_index(second)))
    if as_json:
        tell_json(asdict(found))
    elif found.empty:
        tell("They list the same.")
    else:
        for field, value in asdict(found).items():
            count = value if isinstance(value, int) else len(value)
            if count:
                what = field.replace("_", " ")
                ids = "" if isinstance(value, int) else ": " + ", ".join(value[:SHOWN])
                tell(f"{what} {count:,}{ids}{' …' if not isinstance(value, int) and count > SHOWN else ''}")
    return int(exit_code and not found.empty)
