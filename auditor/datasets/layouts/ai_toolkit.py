"""ostris ai-toolkit: folders and JSON datasets of a job configuration, or one folder with the same options."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from auditor.datasets.gathering import carried, trees
from auditor.datasets.gathering.carried import Seen
from auditor.datasets.gathering.listed import Finder
from auditor.datasets.interface import LayoutOptions
from auditor.datasets.options import number, place
from auditor.datasets.reading import captions as caption_files
from auditor.datasets.reading import configfile, listing
from auditor.datasets.reading.carriers import damaged
from auditor.datasets.reading.kinds import split
from auditor.datasets.reading.listing import Folder, relative_to, walk
from auditor.datasets.reading.paths import is_file, is_folder
from auditor.datasets.reading.pictures import Told, Used
from auditor.errors import DatasetError
from auditor.model import Caption, Role, Sample, Text

EXTENSIONS = (".jpg", ".jpeg", ".png", ".webp")
STOPS_DECODING = "ai-toolkit reads captions as UTF-8 only and would stop here."
TRAINED_KEYS = frozenset(("trigger_word", "default_caption", "random_triggers"))
_SIDE_FOLDERS: tuple[tuple[str, Role], ...] = (
    ("control_path", "control"),
    ("control_path_1", "control"),
    ("control_path_2", "control"),
    ("control_path_3", "control"),
    ("inpaint_path", "control"),
    ("unconditional_path", "control"),
    ("clip_image_path", "control"),
    ("mask_path", "mask"),
)


@dataclass(frozen=True, slots=True)
class Dataset:
    """One entry of `datasets`."""

    path: str
    caption_ext: str = ".txt"
    default_caption: str = ""
    trigger_word: str | None = None
    repeats: int = 1
    reg: bool = False
    sides: tuple[tuple[str, Role], ...] = ()
    """Folders of control pictures and masks."""


class AiToolkit:
    """Datasets of ai-toolkit."""

    name = "ai-toolkit"
    options = (
        "caption_ext",
        "caption_type",
        "default_caption",
        "trigger_word",
        "num_repeats",
        "is_reg",
        *(key for key, _ in _SIDE_FOLDERS),
    )

    def recognise(self, path: str, folder: Folder) -> tuple[int, str]:
        """A job configuration, or traces that the trainer leaves in a folder."""
        if folder.problem is None:
            names = {*folder.files, *folder.folders}
            traces = names & {".aitk_size.json", "_latent_cache", "_t_e_cache", "_clip_vision_cache"}
            if traces:
                return 75, f"ai-toolkit left '{min(traces)}' in the folder"
            return 30, "ai-toolkit reads any folder"
        if Path(path).suffix.lower() not in {".yaml", ".yml", ".json"}:
            return 0, "not a job configuration"
        try:
            found = _entries(configfile.load(path))
        except DatasetError:
            return 0, "not a job configuration"
        return (95, "the file is an ai-toolkit job") if found else (0, "not a job configuration")

    def samples(self, path: str, options: LayoutOptions) -> Iterator[Sample]:
        """Yield the pictures of every dataset, then what is carried.

        Raises:
            DatasetError: the configuration is malformed, or the folder is missing.
        """
        root = configfile.home(path)
        seen = Seen()
        if is_folder(path):
            listing.root(path)
            datasets = [_dataset(dict(options.values), path, root)]
        else:
            value = configfile.load(path)
            entries = _entries(value)
            if entries:
                yield configfile.texts_of(value, path, root, trained_keys=TRAINED_KEYS)
                datasets = [_dataset(entry, _path_of(entry, root), root) for entry in entries]
            else:
                datasets = [_dataset(dict(options.values), path, root)]
        for dataset in datasets:
            yield from _one(dataset, path, root, seen)
        for dataset in datasets:
            for folder_path, role in ((dataset.path, "other"), *dataset.sides):
                if is_folder(folder_path):
                    start = trees.named_folder(folder_path, root)
                    yield from carried.rest(start, root, seen, _why(role))


def _one(dataset: Dataset, config: str, root: str, seen: Seen) -> Iterator[Sample]:
    if is_file(dataset.path):
        yield from _listed(dataset, root, seen)
    elif trees.is_missing(dataset.path):
        action = "ai-toolkit would stop here."
        yield trees.missing(dataset.path, "folder_path", relative_to(config, root), action)
    else:
        folders = walk(trees.named_folder(dataset.path, root), enter=lambda _, name: not name.startswith("."))
        yield from trees.take(folders, root, seen, lambda folder, name: _told(dataset, folder, name))


def _told(dataset: Dataset, folder: Folder, name: str, entry: object = None) -> Told | None:
    if entry is None and not _takes(folder, name):
        return None
    role: Role = "reg" if dataset.reg else "train"
    listed = configfile.mapping(entry)
    texts = tuple(
        Text(value, "caption_short", None, "caption")
        for key, value in listed.items()
        if key == "caption_short" and isinstance(value, str)
    )
    own = configfile.text(listed.get("caption")) or (entry if isinstance(entry, str) else None)
    if own:
        source = f"{Path(dataset.path).name}:caption"
        text = Text(own, source, None, "caption")
        caption = Caption(with_trigger(dataset, own), source)
        return Told((caption,), (), (text, *texts), role=role, repeats=dataset.repeats)
    side_name = folder.held(split(name)[0] + dataset.caption_ext)
    if side_name is None:
        caption = Caption(with_trigger(dataset, dataset.default_caption), _default_source(dataset))
        return Told((caption,), texts=texts, role=role, repeats=dataset.repeats)
    side = caption_files.read(folder.at(side_name))
    source = folder.inside(side_name)
    text_used = side.text if side.text.strip() else dataset.default_caption
    notes = tuple(caption_files.notes(side, source, "ai-toolkit", stops=STOPS_DECODING))
    caption = Caption(with_trigger(dataset, text_used), source, 1)
    return Told((caption,), (Used(side_name, side),), texts, notes, role, None, dataset.repeats)


def _takes(folder: Folder, name: str) -> bool:
    if name.startswith(".") or not name.lower().endswith(EXTENSIONS):
        return False
    return listing.basename(folder.path) != "_controls"


def _default_source(dataset: Dataset) -> str:
    return "default_caption" if dataset.default_caption else "no caption"


def with_trigger(dataset: Dataset, text: str) -> str:
    """The caption with `[trigger]` and `[name]` replaced, and the trigger word before it where it is absent."""
    trigger = dataset.trigger_word or ""
    for placeholder in ("[trigger]", "[name]"):
        text = text.replace(placeholder, trigger)
    if trigger.strip() and not dataset.reg and trigger not in text:
        return f"{trigger} {text}"
    return text


def _listed(dataset: Dataset, root: str, seen: Seen) -> Iterator[Sample]:
    """The pictures of a JSON dataset: paths as keys."""
    source = relative_to(dataset.path, root)
    yield configfile.texts_of({}, dataset.path, root)
    try:
        entries = configfile.mapping(configfile.load(dataset.path))
    except DatasetError as error:
        yield damaged(source, f"{error} ai-toolkit would stop here.")
        return
    finder = Finder(root, seen, (root,))
    for key, entry in entries.items():
        path = Path(place(key, root))
        if path.parent.name == "_controls":
            continue
        told = _told(dataset, finder.folder(str(path.parent)), path.name, entry if entry is not None else {})
        if told is not None:
            yield finder.sample(str(path), told, source, key, "ai-toolkit skips it.")


def _entries(value: object) -> list[Mapping[str, object]]:
    """The `datasets` entries of a job, with the job's trigger word where they have none."""
    config = configfile.mapping(configfile.mapping(value).get("config"))
    found: list[Mapping[str, object]] = []
    for process in configfile.items(config.get("process")):
        for entry in configfile.items(process.get("datasets")):
            trigger = entry.get("trigger_word") or process.get("trigger_word")
            found.append({**entry, "trigger_word": trigger})
    return found


def _path_of(entry: Mapping[str, object], root: str) -> str:
    given = configfile.text(entry.get("dataset_path")) or configfile.text(entry.get("folder_path")) or ""
    return place(given, root)


def _dataset(entry: Mapping[str, object], path: str, root: str) -> Dataset:
    extension = configfile.word(entry.get("caption_ext") or entry.get("caption_type")) or ".txt"
    repeats = entry.get("num_repeats")
    count = number(LayoutOptions({"num_repeats": repeats}), "num_repeats", 1) if isinstance(repeats, str) else repeats
    return Dataset(
        path,
        extension if extension.startswith(".") else f".{extension}",
        configfile.word(entry.get("default_caption") or "") or "",
        configfile.text(entry.get("trigger_word")),
        max(1, configfile.whole(count, 1)),
        str(configfile.word(entry.get("is_reg"))).lower() in {"1", "true", "yes", "on"},
        tuple((place(folder, root), role) for key, role in _SIDE_FOLDERS for folder in _folders(entry.get(key))),
    )


def _folders(value: object) -> list[str]:
    if isinstance(value, list):
        return [item for item in value if isinstance(item, str)]
    return [value] if isinstance(value, str) and value else []


def _why(role: Role) -> carried.Why:
    def why(folder: Folder, name: str) -> tuple[Role, str]:
        if role != "other":
            return role, f"a {role} picture"
        if listing.basename(folder.path) == "_controls":
            return "control", "ai-toolkit skips what lies directly in '_controls'"
        if name.startswith("."):
            return "other", "ai-toolkit skips dot-files"
        if any(part.startswith(".") for part in folder.relative.split("/") if part != ".."):
            return "other", "ai-toolkit skips dot-directories (since August 2026; before that it trained on them)"
        return "other", f"ai-toolkit does not read '{split(name)[1]}' files"

    return why
