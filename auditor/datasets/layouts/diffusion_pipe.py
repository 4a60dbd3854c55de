"""diffusion-pipe: the `[[directory]]` entries of its dataset TOML, or one folder with the same options."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from auditor.datasets.gathering import carried, trees
from auditor.datasets.gathering.carried import Seen
from auditor.datasets.interface import LayoutOptions
from auditor.datasets.options import number, place
from auditor.datasets.reading import captions as caption_files
from auditor.datasets.reading import configfile, kinds, listing
from auditor.datasets.reading.archives import tarfiles
from auditor.datasets.reading.carriers import damaged
from auditor.datasets.reading.listing import Folder, relative_to
from auditor.datasets.reading.paths import is_file, is_folder
from auditor.datasets.reading.pictures import Told, Used
from auditor.errors import DatasetError
from auditor.model import Caption, Note, Role, Sample, Text

NOT_MEDIA = frozenset((".txt", ".npz", ".json", ".parquet", ".bak", ".db"))
"""Suffixes that are left out, in exactly this case."""
LISTING = "captions.json"
TRAINED_KEYS = frozenset(("caption_prefix",))


@dataclass(frozen=True, slots=True)
class Directory:
    """One `[[directory]]`."""

    path: str
    prefix: str = ""
    repeats: int = 1
    skip_empty: bool = True
    mask: str | None = None
    control: str | None = None
    listed: Mapping[str, object] | None = field(default=None, repr=False)
    """What `captions.json` says; None without one."""
    problem: str | None = None
    """What is wrong with it."""


class DiffusionPipe:
    """Directories."""

    name = "diffusion-pipe"
    options = ("caption_prefix", "num_repeats", "skip_empty_caption", "mask_path", "control_path")

    def recognise(self, path: str, folder: Folder) -> tuple[int, str]:
        """A TOML with `[[directory]]` entries, or a `captions.json` in a folder."""
        if folder.problem is None:
            if LISTING in folder.names:
                return 65, f"the folder holds a {LISTING}, as diffusion-pipe reads it"
            return 20, "diffusion-pipe reads any folder with captions"
        try:
            config = configfile.mapping(configfile.load(path)) if path.lower().endswith(".toml") else {}
        except DatasetError:
            return 0, "not a diffusion-pipe configuration"
        found = any("path" in entry for entry in configfile.items(config.get("directory")))
        return (95, "the file lists diffusion-pipe directories") if found else (0, "no [[directory]] entries")

    def samples(self, path: str, options: LayoutOptions) -> Iterator[Sample]:
        """Yield the pictures of every directory, then what is carried.

        Raises:
            DatasetError: the configuration is malformed, or the folder is missing.
        """
        root = configfile.home(path)
        seen = Seen()
        if is_folder(path):
            listing.root(path)
            entries: list[Mapping[str, object]] = [{**options.values, "path": path}]
            defaults: Mapping[str, object] = {}
            number(options, "num_repeats", 1)
        else:
            value = configfile.load(path)
            yield configfile.texts_of(value, path, root, trained_keys=TRAINED_KEYS)
            defaults = configfile.mapping(value)
            entries = configfile.items(defaults.get("directory"))
        directories = [_directory(entry, defaults, root) for entry in entries]
        for directory in directories:
            if trees.is_missing(directory.path):
                action = "diffusion-pipe would stop here."
                yield trees.missing(directory.path, "path", relative_to(path, root), action)
            else:
                yield from _one(directory, root, seen)
        for directory in directories:
            for folder, role in ((directory.path, "other"), (directory.mask, "mask"), (directory.control, "control")):
                if folder is not None and is_folder(folder):
                    yield from carried.rest(trees.named_folder(folder, root), root, seen, _why(directory, role))


def _one(directory: Directory, root: str, seen: Seen) -> Iterator[Sample]:
    folder = trees.named_folder(directory.path, root)
    if directory.problem is not None:
        yield damaged(folder.inside(LISTING), f"{directory.problem} diffusion-pipe stops here.")
    yield from trees.take([folder], root, seen, lambda place, name: _told(directory, place, name))
    for name in folder.files:
        if name.lower().endswith(".tar"):
            seen.files.add(folder.inside(name))
            yield from tarfiles.members(folder.at(name), folder.inside(name), lambda member: _member(directory, member))


def _told(directory: Directory, folder: Folder, name: str) -> Told | None:
    path = PurePath(name)
    if path.suffix in NOT_MEDIA or kinds.of_file(name, folder.at(name)) != "picture":
        return None
    if directory.listed is not None:
        return _from_listing(directory, name, folder.inside(LISTING))
    side_name = folder.held(path.with_suffix(".txt").name)
    if side_name is None:
        return _finish(directory, Told())
    side = caption_files.read(folder.at(side_name))
    source = folder.inside(side_name)
    text = side.text.strip()
    captions = (Caption(directory.prefix + text, source, 1),) if text else ()
    notes = tuple(caption_files.notes(side, source, "diffusion-pipe", stops="diffusion-pipe would stop here."))
    return _finish(directory, Told(captions, (Used(side_name, side),), (), notes))


def _from_listing(directory: Directory, name: str, source: str) -> Told:
    words = (directory.listed or {}).get(name)
    notes: tuple[Note, ...] = ()
    if words is not None and not isinstance(words, list):
        notes = (
            Note("dataset.trainer-stops", f"{source}: {name} has no list of captions; diffusion-pipe stops here."),
        )
    found = [word for word in words if isinstance(word, str) and word] if isinstance(words, list) else []
    texts = tuple(Text(word, f"{source}:{name}") for word in found)
    captions = tuple(Caption(directory.prefix + word, f"{source}:{name}") for word in found)
    return _finish(directory, Told(captions, (), texts, notes))


def _finish(directory: Directory, told: Told) -> Told:
    """Without a caption a picture is dropped, unless the configuration keeps it with an empty one."""
    if told.captions:
        return Told(told.captions, told.used, told.texts, told.notes, repeats=directory.repeats)
    if directory.skip_empty:
        reason = "diffusion-pipe drops pictures without a caption (skip_empty_caption)"
        return Told((), told.used, told.texts, told.notes, reason=reason)
    empty = (Caption(directory.prefix, "no caption"),)
    return Told(empty, told.used, told.texts, told.notes, repeats=directory.repeats)


def _member(directory: Directory, member: str) -> Told:
    if directory.listed is None:
        return _finish(directory, Told())
    return _from_listing(directory, member, LISTING)


def _directory(entry: Mapping[str, object], defaults: Mapping[str, object], root: str) -> Directory:
    merged = {**{key: value for key, value in defaults.items() if key != "directory"}, **entry}
    path = place(str(entry.get("path") or ""), root)
    repeats = merged.get("num_repeats")
    count = int(repeats) if isinstance(repeats, str) and repeats.isdigit() else configfile.whole(repeats, 1)
    sides = {
        key: place(value, root) for key in ("mask_path", "control_path") if (value := configfile.text(merged.get(key)))
    }
    listed, problem = _captions(str(Path(path) / LISTING))
    return Directory(
        path,
        configfile.text(merged.get("caption_prefix")) or "",
        max(1, count),
        str(merged.get("skip_empty_caption", True)).lower() not in {"false", "0", "no", "off"},
        sides.get("mask_path"),
        sides.get("control_path"),
        listed,
        problem,
    )


def _captions(path: str) -> tuple[Mapping[str, object] | None, str | None]:
    """What the caption listing says, and what is wrong with it: it is one file of many, so the audit goes on."""
    if not is_file(path):
        return None, None
    try:
        return configfile.mapping(configfile.load(path)), None
    except DatasetError as error:
        return {}, str(error)


def _why(directory: Directory, role: str) -> carried.Why:
    def why(folder: Folder, name: str) -> tuple[Role, str]:
        if role == "mask":
            return "mask", "a mask by its folder"
        if role == "control":
            return "control", "a control picture"
        if Path(folder.path) != Path(directory.path):
            return "other", "diffusion-pipe does not enter folders below the directory"
        return "other", "a suffix that diffusion-pipe leaves out"

    return why
