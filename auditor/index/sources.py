"""Finding artists and their pictures in a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from auditor.errors import UsageError
from auditor.index.artist_toml import FILE_NAME, NOTHING_SAID, ArtistNote, WorkNote, read_artist_toml
from auditor.index.identity import artist_id, safe_text
from auditor.model import Artist

# fmt: off
PICTURE_SUFFIXES = frozenset({
    ".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".gif", ".bmp", ".dib", ".tif", ".tiff", ".avif",
    ".heic", ".heif", ".jp2", ".j2k", ".jpx", ".jxl", ".tga", ".ppm", ".pgm", ".pbm", ".pnm", ".ico", ".psd", ".dds",
    ".pcx", ".qoi", ".exr", ".hdr",
})
# fmt: on
"""Files with these endings are taken for pictures; one that cannot be read is reported and counted."""


@dataclass(frozen=True, slots=True)
class SourcePicture:
    """One file to hash."""

    artist: str
    """Artist id."""
    key: str
    """Path relative to the source folder, `/` as separator."""
    path: str
    size: int
    mtime_ns: int
    note: WorkNote = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class FoundArtists:
    """What a source folder holds."""

    artists: tuple[Artist, ...]
    pictures: tuple[SourcePicture, ...]
    """Sorted by artist folder, then path."""
    loose: tuple[str, ...] = ()
    """Pictures that lie in no artist's folder."""
    unknown_works: tuple[str, ...] = ()
    """Paths that an artist.toml describes and that are not there."""
    empty: tuple[str, ...] = ()
    """Folders left out because they hold neither pictures nor an artist.toml."""
    described: frozenset[str] = frozenset()
    """Ids of artists who have an artist.toml."""


def find_artists(sources: Sequence[Path], artist: str | None = None) -> FoundArtists:
    """List artists and pictures below the source folders.

    A source that holds an artist.toml, or pictures but no folder with pictures, is itself one artist's folder;
    otherwise each of its folders is one artist. `artist` makes each source one artist of that name.

    Raises:
        UsageError: a source is missing or holds no artist, or two folders declare the same artist.
        ConfigError: an artist.toml is off.
    """
    folders: list[tuple[Path, Path]] = []
    loose: list[str] = []
    empty: list[str] = []
    for source in sources:
        if not source.is_dir():
            raise UsageError(f"{source} is not a folder. Give a folder that holds a folder of pictures per artist.")
        found = _artist_folders(source, artist)
        folders += [(folder, source) for folder in found.artists]
        loose += found.loose
        empty += found.empty
    if not folders:
        raise UsageError(
            f"No artist was found in {', '.join(map(str, sources))}: make a folder for each artist, named after them "
            f"or with an {FILE_NAME}, and put their pictures there."
        )
    return replace(_collect(folders, artist), loose=tuple(loose), empty=tuple(empty))


@dataclass(frozen=True, slots=True)
class _Folders:
    artists: tuple[Path, ...]
    loose: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()


def _artist_folders(source: Path, artist: str | None) -> _Folders:
    try:
        entries = sorted(os.scandir(source), key=lambda entry: entry.name)
    except OSError as error:
        raise UsageError(f"{source} cannot be listed ({error.strerror}). Check its permissions.") from error
    loose = tuple(safe_text(entry.name) for entry in entries if _is_picture(entry.name) and entry.is_file())
    folders = [Path(entry.path) for entry in entries if entry.is_dir() and not entry.name.startswith(".")]
    named = tuple(folder for folder in folders if os.path.lexists(folder / FILE_NAME) or next(_pictures(folder), None))
    if artist is not None or os.path.lexists(source / FILE_NAME) or (loose and not named):
        return _Folders((source,))
    return _Folders(named, loose, tuple(safe_text(folder.name) for folder in folders if folder not in named))


def _collect(folders: list[tuple[Path, Path]], given_name: str | None) -> FoundArtists:
    artists: dict[str, tuple[Artist, Path]] = {}
    pictures: list[SourcePicture] = []
    unknown: list[str] = []
    described: set[str] = set()
    several = len({source for _, source in folders}) > 1
    for folder, source in folders:
        has_note = os.path.lexists(folder / FILE_NAME)
        note = read_artist_toml(folder / FILE_NAME) if has_note else ArtistNote(Artist("", ()))
        artist = _identify(note.artist, given_name or safe_text(folder.resolve().name))
        if artist.id in artists:
            raise UsageError(
                f"{artists[artist.id][1]} and {folder} are both of the artist '{artist.names[0]}'. Put them into one "
                f"folder, or give one of them another `id` in its {FILE_NAME}."
            )
        artists[artist.id] = (artist, folder)
        prefix = f"{source.name}/" if several else ""
        if has_note:
            described.add(artist.id)
        not_seen = set(note.works)
        for path in _pictures(folder):
            inside = path.relative_to(folder).as_posix()
            not_seen.discard(inside)
            pictures.append(_picture(path, artist.id, prefix + path.relative_to(source).as_posix(), note, inside))
        unknown += [f"{folder.name}/{path}" for path in sorted(not_seen)]
    return FoundArtists(
        tuple(artist for artist, _ in artists.values()),
        tuple(pictures),
        unknown_works=tuple(unknown),
        described=frozenset(described),
    )


def _identify(artist: Artist, folder_name: str) -> Artist:
    names = artist.names or (folder_name,)
    return replace(artist, names=names, id=artist.id or artist_id(names[0]))


def _picture(path: Path, artist: str, key: str, note: ArtistNote, inside: str) -> SourcePicture:
    try:
        status = path.stat()
        size, mtime = status.st_size, status.st_mtime_ns
    except OSError:
        size, mtime = -1, 0  # hashing it will say why it cannot be read
    return SourcePicture(artist, key, str(path), size, mtime, note.works.get(inside, NOTHING_SAID))


def _pictures(folder: Path) -> Iterator[Path]:
    """Pictures below a folder in a stable order. Links to folders are not followed; hidden files are left out."""
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if _is_picture(name):
                yield Path(parent, name)


def _is_picture(name: str) -> bool:
    return not name.startswith(".") and PurePath(name).suffix.lower() in PICTURE_SUFFIXES
