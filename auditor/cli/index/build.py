"""`auditor index build` and `auditor index add`: hash pictures into an index."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import click

from auditor.cli.console import progress, say
from auditor.cli.index.common import label, label_options, plural, say_version, sign_option, today
from auditor.index.making.build import BuildOptions, BuildResult
from auditor.index.making.sources import FoundArtists
from auditor.index.making.versions import Written
from auditor.support import folders

Decorated = TypeVar("Decorated", bound=Callable[..., Any])
SHOWN = 20
"""Skipped pictures that are named one by one."""


def _source_options(function: Decorated) -> Decorated:
    options = (
        click.option("--artist", metavar="NAME", help="Make each SOURCE one artist of this name."),
        click.option("--no-titles", is_flag=True, help="Do not use file names as titles."),
        click.option("--no-regions", is_flag=True, help="Leave out region hashes, which find crops and collages."),
        click.option("--iscc", is_flag=True, help="Also make ISCC Image-Codes (extra [iscc])."),
        click.option("--jobs", "-j", type=click.IntRange(0), default=0, help="Worker processes; 0 = one per core."),
        sign_option,
    )
    for option in reversed(options):
        function = option(function)
    return function


@click.command()
@click.argument("sources", metavar="SOURCE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", required=True, metavar="DIR", type=click.Path(path_type=Path), help="Folder of the index.")
@_source_options
@label_options
def build(sources: tuple[Path, ...], out: Path, **values: Any) -> int:
    """Make an index from SOURCE, which holds a folder of pictures for each artist.

    A folder's name is the artist's name unless it holds an artist.toml that says more. A SOURCE that holds
    pictures itself, or folders named after years, formats or stages of work, is one artist's folder; --artist NAME
    makes it one whatever it holds. Pictures stay where they are: the index holds hashes and names only.
    Run it again to resume after an interruption, or to make the next version: what is no longer there is then
    marked withdrawn.

    \b
    auditor index build my-art --out my-optout
    auditor index build artists --out my-index --name "My list" --contact "https://example.org/contact"

    Exit codes: 0 done, 2 could not run, 3 an original could not be read or was left out (each is named),
    130 interrupted.
    """
    return _run(sources, out, values, keep=False)


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("sources", metavar="SOURCE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@_source_options
@label_options
def add(folder: Path, sources: tuple[Path, ...], **values: Any) -> int:
    """Add the artists and works in SOURCE to the index in DIR. What it lists already stays.

    \b
    auditor index add my-index new-artists
    """
    from auditor.index.opening.store import open_index

    open_index(folder)
    return _run(sources, folder, values, keep=True)


def _require_extras(asked: tuple[str, ...]) -> None:
    """Fail before the first picture is read where a kind of hash needs a package that is not installed."""
    from auditor.index.format import hash_kinds
    from auditor.support.extras import require

    for extra in (hash_kinds.named(name).extra for name in asked):
        if extra is not None:
            require(extra)


def _run(sources: tuple[Path, ...], out: Path, values: dict[str, Any], keep: bool) -> int:
    from auditor.index.making.build import build as build_index

    options = BuildOptions(
        label=label(values),
        artist=values["artist"],
        titles=not values["no_titles"],
        regions=not values["no_regions"],
        asked=("iscc",) if values["iscc"] else (),
        keep=keep,
        jobs=values["jobs"],
    )
    _require_extras(options.asked)
    with progress("Hashing") as advance:
        result = build_index(sources, out, options, today=today(), spool=_spool_folder(sources, out), progress=advance)
    _tell(result, sources)
    say_version(Written(result.manifest, result.unchanged, result.unsigned), out, values["sign_key"])
    _prepare(out)
    return 3 if result.skipped or not result.found.whole else 0


def _prepare(out: Path) -> None:
    """Build what a scan searches, so that the first one starts at once. Where that fails, the scan builds it."""
    from auditor.index.opening.store import open_index
    from auditor.index.search.region_columns import prepare

    cache = folders.made(folders.user_cache())
    if cache is not None:
        with progress("Preparing the search"), suppress(OSError, MemoryError):
            prepare(open_index(out), folders.derived(cache))


def _tell(result: BuildResult, sources: tuple[Path, ...]) -> None:
    """Everything that a person should know besides the result: to standard error."""
    _tell_artists(result.found, sources)
    if result.resumed:
        say(f"Resumed: {plural(result.resumed, 'picture')} had been hashed before the interruption.")
    for skip in result.skipped[:SHOWN]:
        say(f"skipped {skip.sample}: {skip.reason} ({skip.detail})")
    if len(result.skipped) > SHOWN:
        say(f"… and {plural(len(result.skipped) - SHOWN, 'more skipped picture')}.")
    if result.skipped:
        reasons: dict[str, int] = {}
        for skip in result.skipped:
            reasons[skip.reason] = reasons.get(skip.reason, 0) + 1
        listed = ", ".join(f"{reason} {count}" for reason, count in sorted(reasons.items()))
        say(f"{plural(len(result.skipped), 'picture')} could not be read and will not be found: {listed}.")
    if result.duplicates:
        say(f"{plural(result.duplicates, 'picture')} repeated a file of the same artist and count once.")
    if result.kept_unsure:
        say("Because not everything could be read, works that were not met again stay listed as they are.")
    if result.withdrawn:
        say(f"{plural(result.withdrawn, 'work')} no longer in the source: marked withdrawn.")
    if result.still_withdrawn:
        works = plural(result.still_withdrawn, "work of the source stays", "works of the source stay")
        say(
            f"{works} withdrawn, because somebody withdrew them. To list them again: "
            "auditor index withdraw DIR --work WORK --undo, then add them."
        )
    for name in result.found.loose[:SHOWN]:
        say(f"left out {name}: it lies in no artist's folder. Use --artist NAME to make SOURCE one artist's folder.")
    if len(result.found.loose) > SHOWN:
        say(f"… and {plural(len(result.found.loose) - SHOWN, 'more picture')} in no artist's folder.")
    for name, why in result.found.left_out[:SHOWN]:
        say(f"left out the folder {name}: {why}.")
    if len(result.found.left_out) > SHOWN:
        say(f"… and {plural(len(result.found.left_out) - SHOWN, 'more folder')}.")
    for name in result.found.empty[:SHOWN]:
        say(f"left out the folder {name}: it holds no picture and no artist.toml.")
    for name in result.found.unknown_works[:SHOWN]:
        say(f"artist.toml describes {name}, which is not there.")


def _tell_artists(found: FoundArtists, sources: tuple[Path, ...]) -> None:
    """Whom the pictures were taken to be of, so that a wrong guess is seen."""
    counts = Counter(picture.artist for picture in found.pictures)
    names = {artist.id: artist.names[0] for artist in found.artists}
    for artist, folder in found.folders[:SHOWN]:
        say(f"Artist '{names[artist]}': {plural(counts[artist], 'picture')} from {folder}")
    if len(found.folders) > SHOWN:
        say(f"… and {plural(len(found.folders) - SHOWN, 'more artist')}.")
    guessed = [
        names[artist]
        for artist, folder in found.folders
        if Path(folder) in sources and artist not in found.described and names[artist] == Path(folder).resolve().name
    ]
    if guessed:
        say(
            f"'{guessed[0]}' is only the folder's name. If the artist is called otherwise, captions that name them are "
            "found only with --artist NAME or an artist.toml in the folder."
        )


def _spool_folder(sources: tuple[Path, ...], out: Path) -> Path | None:
    """Where results wait while a build runs, the same for the same call; None where no cache can be written."""
    cache = folders.made(folders.user_cache())
    if cache is None:
        return None
    parts = "\0".join(os.path.realpath(path) for path in (out, *sources))
    name = hashlib.sha256(parts.encode("utf-8", "surrogateescape")).hexdigest()[:24]
    try:
        folder = cache / "builds" / name
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder
