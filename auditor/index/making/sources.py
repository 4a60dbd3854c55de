"""Finding artists and their pictures in a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from auditor.errors import UsageError
from auditor.index.format.identity import artist_id, safe_text
from auditor.index.making.artist_toml import FILE_NAME, NOTHING_SAID, ArtistNote, WorkNote, read_artist_toml
from auditor.index.making.foldernames import sorts_only
from auditor.model import Artist

# fmt: off
PICTURE_SUFFIXES = frozenset({
    ".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".gif", ".bmp", ".dib", ".tif", ".tiff", ".avif",
    ".heic", ".heif", ".jp2", ".j2k", ".jpx", ".jxl", ".tga", ".ppm", ".pgm", ".pbm", ".pnm", ".ico", ".psd", ".dds",
    ".pcx", ".qoi", ".exr", ".hdr",
})
# fmt: on
"""Files with these endings are taken for pictures; one that cannot be read is reported and counted."""
# fmt: off
UNREAD_SUFFIXES = frozenset({
    ".svg", ".svgz", ".psb", ".kra", ".ora", ".clip", ".xcf", ".ai", ".eps", ".sai", ".sai2", ".mdp", ".procreate",
    ".afphoto", ".afdesign", ".cr2", ".cr3", ".nef", ".arw", ".dng", ".raf", ".orf", ".rw2", ".pef", ".srw",
})
# fmt: on
"""Files with these endings are originals that cannot be read here: each is named, and none is taken for nothing."""


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
    unread: tuple[str, ...] = ()
    """Keys of originals of a kind that cannot be read here."""
    left_out: tuple[tuple[str, str], ...] = ()
    """(folder, why) for folders whose pictures are not among them."""
    folders: tuple[tuple[str, str], ...] = ()
    """(artist id, folder that was taken for this artist's), in order."""

    @property
    def whole(self) -> bool:
        """Whether nothing that may be an original was left out."""
        return not (self.loose or self.unread or self.left_out)


def find_artists(sources: Sequence[Path], artist: str | None = None) -> FoundArtists:
    """List artists and pictures below the source folders.

    A source that holds an artist.toml, or pictures but no folder with pictures, is itself one artist's folder; so is
    one whose folders are for the most part named after years, formats or stages of work, and none is described by an
    artist.toml. Otherwise each of its folders is one artist. `artist` makes each source one artist of that name.

    Raises:
        UsageError: a source is missing or holds no artist, or two folders declare the same artist.
        ConfigError: an artist.toml is off.
    """
    folders: list[tuple[Path, Path]] = []
    loose: list[str] = []
    empty: list[str] = []
    left_out: list[tuple[str, str]] = []
    for source in sources:
        if not source.is_dir():
            raise UsageError(f"{source} is not a folder. Give a folder that holds a folder of pictures per artist.")
        found = _artist_folders(source, artist)
        folders += [(folder, source) for folder in found.artists]
        loose += found.loose
        empty += found.empty
        left_out += found.left_out
    if not folders:
        raise UsageError(
            f"No artist was found in {', '.join(map(str, sources))}: make a folder for each artist, named after them "
            f"or with an {FILE_NAME}, and put their pictures there."
        )
    collected = _collect(folders, artist)
    return replace(collected, loose=tuple(loose), empty=tuple(empty), left_out=(*left_out, *collected.left_out))


@dataclass(frozen=True, slots=True)
class _Folders:
    artists: tuple[Path, ...]
    loose: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()


def _artist_folders(source: Path, artist: str | None) -> _Folders:
    try:
        entries = sorted(os.scandir(source), key=lambda entry: entry.name)
    except OSError as error:
        raise UsageError(f"{source} cannot be listed ({error.strerror}). Check its permissions.") from error
    loose = tuple(safe_text(entry.name) for entry in entries if _is_original(entry.name) and not entry.is_dir())
    folders = [Path(entry.path) for entry in entries if entry.is_dir() and not entry.name.startswith(".")]
    named = tuple(folder for folder in folders if _holds_originals(folder))
    if artist is not None or os.path.lexists(source / FILE_NAME) or (loose and not named):
        return _Folders((source,))
    empty = tuple(safe_text(folder.name) for folder in folders if folder not in named)
    described = [folder for folder in named if (folder / FILE_NAME).exists()]
    sorting = [folder for folder in named if folder not in described and sorts_only(safe_text(folder.name))]
    if sorting and not described and 2 * len(sorting) > len(named):
        for folder in sorting:
            _require_one_artist(folder)
        return _Folders((source,), empty=empty)
    left_out = tuple((safe_text(folder.name), NOBODYS_NAME) for folder in sorting)
    return _Folders(tuple(folder for folder in named if folder not in sorting), loose, empty, left_out)


NOBODYS_NAME = (
    f"its name is no artist's. Put it into an artist's folder, give it an {FILE_NAME}, or use --artist NAME where all "
    "of SOURCE is one artist's"
)


def _require_one_artist(folder: Path) -> None:
    """A folder that sorts by year may hold a folder for each artist; that is not guessed at.

    Raises:
        UsageError: a folder in it is described by an artist.toml.
    """
    deeper = next((path for path in sorted(folder.glob(f"*/{FILE_NAME}"))), None)
    if deeper is not None:
        raise UsageError(
            f"{deeper.parent} is an artist's folder, and {folder} is none. Give {folder} as SOURCE, once for each such "
            "folder."
        )


def _holds_originals(folder: Path) -> bool:
    return os.path.lexists(folder / FILE_NAME) or next(_originals(folder, []), None) is not None


def _collect(folders: list[tuple[Path, Path]], given_name: str | None) -> FoundArtists:
    artists: dict[str, tuple[Artist, Path]] = {}
    pictures: list[SourcePicture] = []
    unknown: list[str] = []
    described: set[str] = set()
    unread: list[str] = []
    left_out: list[tuple[str, str]] = []
    taken: list[tuple[str, str]] = []
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
        taken.append((artist.id, str(folder)))
        for path in _originals(folder, left_out):
            inside = path.relative_to(folder).as_posix()
            not_seen.discard(inside)
            key = prefix + path.relative_to(source).as_posix()
            if _is_picture(path.name):
                pictures.append(_picture(path, artist.id, key, note, inside))
            else:
                unread.append(safe_text(key))
        unknown += [f"{folder.name}/{path}" for path in sorted(not_seen)]
    return FoundArtists(
        tuple(artist for artist, _ in artists.values()),
        tuple(pictures),
        unknown_works=tuple(unknown),
        described=frozenset(described),
        unread=tuple(unread),
        left_out=tuple(left_out),
        folders=tuple(taken),
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


def _originals(folder: Path, left_out: list[tuple[str, str]]) -> Iterator[Path]:
    """Originals below a folder in a stable order; hidden files are none. Folders that are not entered, because they
    are links or cannot be listed, are added to `left_out`."""

    def unlisted(error: OSError) -> None:
        left_out.append((safe_text(str(error.filename)), f"it cannot be listed ({error.strerror})"))

    for parent, folders, files in os.walk(folder, onerror=unlisted):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in folders:
            link = Path(parent, name)
            if link.is_symlink():
                left_out.append((safe_text(str(link)), "it is a link to a folder. Give the folder itself as SOURCE"))
        pictures = {PurePath(name).stem.lower() for name in files if _is_picture(name)}
        for name in sorted(files):
            # an original of an unread kind that was exported beside itself is there as that picture
            if _is_picture(name) or (_is_unread(name) and PurePath(name).stem.lower() not in pictures):
                yield Path(parent, name)


def _is_picture(name: str) -> bool:
    return not name.startswith(".") and PurePath(name).suffix.lower() in PICTURE_SUFFIXES


def _is_unread(name: str) -> bool:
    return not name.startswith(".") and PurePath(name).suffix.lower() in UNREAD_SUFFIXES


def _is_original(name: str) -> bool:
    return _is_picture(name) or _is_unread(name)
