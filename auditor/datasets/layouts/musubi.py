"""musubi-tuner: image directories and JSONL listings of its TOML, one directory, or one JSONL file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from auditor.datasets.gathering import carried, trees
from auditor.datasets.gathering.carried import Seen
from auditor.datasets.gathering.listed import Finder
from auditor.datasets.interface import LayoutOptions
from auditor.datasets.layouts.kohya.subset import EXTENSIONS as KOHYA_EXTENSIONS
from auditor.datasets.options import number, place
from auditor.datasets.reading import captions as caption_files
from auditor.datasets.reading import configfile, listing, tables
from auditor.datasets.reading.carriers import carrier
from auditor.datasets.reading.kinds import split
from auditor.datasets.reading.listing import Folder, relative_to
from auditor.datasets.reading.paths import is_file, is_folder
from auditor.datasets.reading.pictures import Told, Used
from auditor.errors import DatasetError
from auditor.model import Caption, Note, Role, Sample, Text

EXTENSIONS = KOHYA_EXTENSIONS | {".avif", ".AVIF"}
STOPS_DECODING = "musubi-tuner reads captions as UTF-8 only and would stop here."


@dataclass(frozen=True, slots=True)
class Dataset:
    """One entry of `datasets`."""

    directory: str | None
    listing: str | None
    caption_extension: str
    repeats: int = 1
    control: str | None = None
    cache: str | None = None
    several_targets: bool = False


class Musubi:
    """Datasets of musubi-tuner."""

    name = "musubi"
    options = ("caption_extension", "num_repeats", "control_directory", "cache_directory", "multiple_target")

    def recognise(self, path: str, folder: Folder) -> tuple[int, str]:
        """A TOML that names image directories or JSONL listings."""
        if folder.problem is None:
            return 20, "musubi-tuner reads any folder with captions"
        if path.lower().endswith(".jsonl"):
            return _recognise_jsonl(path)
        try:
            config = configfile.mapping(configfile.load(path)) if path.lower().endswith(".toml") else {}
        except DatasetError:
            return 0, "not a musubi-tuner configuration"
        keys = {"image_directory", "image_jsonl_file", "video_directory", "video_jsonl_file"}
        found = any(keys & set(entry) for entry in configfile.items(config.get("datasets")))
        return (95, "the file is a musubi-tuner configuration") if found else (0, "not a musubi-tuner configuration")

    def samples(self, path: str, options: LayoutOptions) -> Iterator[Sample]:
        """Yield the pictures of every dataset, then what is carried.

        Raises:
            DatasetError: the configuration is malformed, or the folder is missing.
        """
        root = configfile.home(path)
        seen = Seen()
        if path.lower().endswith(".toml"):
            value = configfile.load(path)
            yield configfile.texts_of(value, path, root)
            datasets = _from_config(configfile.mapping(value), root)
        else:
            datasets = [_from_options(path, options, root)]
        for dataset in datasets:
            yield from _one(dataset, path, root, seen)
        for dataset in datasets:
            for folder, role in ((dataset.directory, "other"), (dataset.control, "control"), (dataset.cache, "other")):
                if folder is not None and is_folder(folder):
                    yield from carried.rest(trees.named_folder(folder, root), root, seen, _why(role, dataset))


def _one(dataset: Dataset, config: str, root: str, seen: Seen) -> Iterator[Sample]:
    source = relative_to(config, root)
    if dataset.listing is not None:
        if is_file(dataset.listing):
            yield from _listed(dataset, root, seen)
        else:
            yield trees.missing(dataset.listing, "image_jsonl_file", source, "musubi-tuner would stop here.")
    elif dataset.directory is None or trees.is_missing(dataset.directory):
        yield trees.missing(str(dataset.directory), "image_directory", source, "musubi-tuner would find no picture.")
    else:
        folder = trees.named_folder(dataset.directory, root)
        targets = _targets(folder, dataset) if dataset.several_targets else {}
        yield from trees.take([folder], root, seen, lambda place, name: _told(dataset, place, name, targets))


def _takes(name: str) -> bool:
    return name[0] != "." and split(name)[1].lower() in EXTENSIONS


def _told(dataset: Dataset, folder: Folder, name: str, targets: Mapping[str, str]) -> Told | None:
    if not _takes(name):
        return None
    stem = targets.get(name, split(name)[0])
    side_name = folder.held(stem + dataset.caption_extension)
    if side_name is None:
        return None
    side = caption_files.read(folder.at(side_name))
    source = folder.inside(side_name)
    notes = tuple(caption_files.notes(side, source, "musubi-tuner", stops=STOPS_DECODING))
    caption = Caption(side.text.strip(), source, 1)
    return Told((caption,), (Used(side_name, side),), (), notes, repeats=dataset.repeats)


def _targets(folder: Folder, dataset: Dataset) -> dict[str, str]:
    """Further targets `<stem>_N` without a caption of their own -> the stem whose caption they share."""
    found: dict[str, str] = {}
    for name in folder.files:
        stem = split(name)[0]
        base, _, count = stem.rpartition("_")
        own = stem + dataset.caption_extension in folder.names
        if _takes(name) and not own and count.isdigit() and base + dataset.caption_extension in folder.names:
            found[name] = base
    return found


def _listed(dataset: Dataset, root: str, seen: Seen) -> Iterator[Sample]:
    path = dataset.listing or ""
    source = relative_to(path, root)
    base = str(Path(path).parent)
    finder = Finder(root, seen, (root, base))
    yield configfile.texts_of({}, path, root)
    try:
        for line, row in tables.rows(path):
            yield from _row(row, line, source, dataset, finder, base)
    except DatasetError as error:
        yield carrier(
            source, (), (Note("dataset.trainer-stops", f"{error} musubi-tuner would stop here.", "unreadable-table"),)
        )


def _row(
    row: Mapping[str, object], line: int, source: str, dataset: Dataset, finder: Finder, base: str
) -> Iterator[Sample]:
    words = configfile.text(row.get("caption"))
    captions = (Caption(words, source, line),) if words is not None else ()
    texts = (Text(words, source, line),) if words else ()
    notes: tuple[Note, ...] = ()
    if words is None:
        notes = (Note("dataset.trainer-stops", f"{source}, line {line}: no caption; musubi-tuner would stop here."),)
    for key, value in row.items():
        if not isinstance(value, str):
            continue
        role: Role = "control" if key.startswith("control_path") else "train"
        first = key == "image_path" or (key == "image_path_0" and "image_path" not in row)
        further = key.startswith("image_path_") and dataset.several_targets
        if role == "control":
            told = Told((), (), (), (), role, "a control picture", dataset.repeats)
        elif first or further:
            told = Told(captions, (), texts, notes, role, None, dataset.repeats)
        elif key.startswith("image_path_"):
            told = Told((), (), texts, (), role, "multiple_target is off, so only the first target is read")
        else:
            continue
        yield finder.sample(place(value, base), told, source, value, "musubi-tuner would stop here.")


def _from_options(path: str, options: LayoutOptions, root: str) -> Dataset:
    listed = is_file(path)
    if not listed:
        listing.root(path)
    control, cache = options.text("control_directory"), options.text("cache_directory")
    return Dataset(
        None if listed else path,
        path if listed else None,
        options.text("caption_extension") or ".txt",
        number(options, "num_repeats", 1),
        place(control, root) if control else None,
        place(cache, root) if cache else None,
        options.flag("multiple_target"),
    )


def _from_config(config: Mapping[str, object], root: str) -> list[Dataset]:
    general = configfile.mapping(config.get("general"))
    found: list[Dataset] = []
    for entry in configfile.items(config.get("datasets")):
        merged = {**general, **entry}
        paths = {
            key: place(value, root)
            for key in (
                "image_directory",
                "image_jsonl_file",
                "video_directory",
                "control_directory",
                "cache_directory",
            )
            if (value := configfile.text(merged.get(key)))
        }
        found.append(
            Dataset(
                paths.get("image_directory", paths.get("video_directory")),
                paths.get("image_jsonl_file"),
                configfile.text(merged.get("caption_extension")) or ".txt",
                max(1, configfile.whole(merged.get("num_repeats"), 1)),
                paths.get("control_directory"),
                paths.get("cache_directory"),
                merged.get("multiple_target") is True,
            )
        )
    return list(dict.fromkeys(found))


def _recognise_jsonl(path: str) -> tuple[int, str]:
    try:
        _, row = next(tables.rows(path))
    except (DatasetError, StopIteration):
        return 0, "not a listing of pictures"
    if ("image_path" in row or "image_path_0" in row) and "caption" in row:
        return 80, "every line names an image_path and a caption, as musubi-tuner reads them"
    return 0, "not a listing of pictures"


def _why(role: str, dataset: Dataset) -> carried.Why:
    def why(folder: Folder, name: str) -> tuple[Role, str]:
        if role == "control":
            return "control", "a control picture"
        if dataset.directory is None or Path(folder.path) != Path(dataset.directory):
            return "other", "musubi-tuner does not enter folders below the image directory"
        if _takes(name):
            return "other", f"musubi-tuner drops pictures without a {dataset.caption_extension} caption"
        if name.startswith("."):
            return "other", "musubi-tuner skips dot-files"
        return "other", f"musubi-tuner does not read '{split(name)[1]}' files in this spelling"

    return why
