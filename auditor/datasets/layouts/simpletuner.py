"""SimpleTuner: the backends of `multidatabackend.json`, or one folder with the same options."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from auditor.datasets.gathering import carried, trees
from auditor.datasets.gathering.carried import Seen
from auditor.datasets.gathering.listed import Finder
from auditor.datasets.interface import LayoutOptions
from auditor.datasets.options import place
from auditor.datasets.reading import captions as caption_files
from auditor.datasets.reading import configfile, kinds, listing, tables
from auditor.datasets.reading.carriers import carrier
from auditor.datasets.reading.kinds import split
from auditor.datasets.reading.listing import Folder, relative_to, walk
from auditor.datasets.reading.paths import is_folder
from auditor.datasets.reading.pictures import Told, Used
from auditor.errors import DatasetError
from auditor.model import Caption, Note, Role, Sample, Text

SKIPPED_FOLDERS = frozenset(
    (".Spotlight-V100", ".Trashes", ".fseventsd", ".TemporaryItems", ".zfs", ".ipynb_checkpoints")
)
NOT_BY_PILLOW = frozenset((".svg", ".dng", ".cr2", ".nef", ".arw", ".heic", ".heif", ".hif", ".jxl"))
STOPS_DECODING = "SimpleTuner reads captions as UTF-8 only and would stop here."
TRAINED_KEYS = frozenset(("instance_prompt",))
_EMBEDS = frozenset(("text_embeds", "image_embeds", "vae", "distillation_cache"))


@dataclass(frozen=True, slots=True)
class Backend:
    """One data backend."""

    folder: str
    strategy: str = "filename"
    instance_prompt: str = ""
    prepend: bool = False
    only_instance_prompt: bool = False
    multiline: bool = True
    repeats: int = 0
    role: Role = "train"
    reason: str | None = None
    table: Mapping[str, object] | None = None
    """The settings of strategies `parquet` and `csv`."""
    kind: str = "local"


class SimpleTuner:
    """Data backends."""

    name = "simpletuner"
    options = (
        "caption_strategy",
        "instance_prompt",
        "prepend_instance_prompt",
        "only_instance_prompt",
        "disable_multiline_split",
        "repeats",
        "is_regularisation_data",
    )

    def recognise(self, path: str, folder: Folder) -> tuple[int, str]:
        """A JSON list of backends, or the listings that the trainer leaves in a folder."""
        if folder.problem is None:
            left = next((name for name in folder.files if name.startswith("aspect_ratio_bucket_")), None)
            return (75, f"SimpleTuner left '{left}' in the folder") if left else (30, "SimpleTuner reads any folder")
        try:
            entries = configfile.items(configfile.load(path)) if path.lower().endswith(".json") else []
        except DatasetError:
            return 0, "not a list of data backends"
        if entries and any("instance_data_dir" in entry or "caption_strategy" in entry for entry in entries):
            return 95, "the file lists SimpleTuner data backends"
        return 0, "not a list of data backends"

    def samples(self, path: str, options: LayoutOptions) -> Iterator[Sample]:
        """Yield the pictures of every backend, then what is carried.

        Raises:
            DatasetError: the configuration is malformed, or the folder is missing.
        """
        root = configfile.home(path)
        seen = Seen()
        if is_folder(path):
            listing.root(path)
            backends = [_backend(dict(options.values), path, root, options)]
        else:
            value = configfile.load(path)
            yield configfile.texts_of(value, path, root, trained_keys=TRAINED_KEYS)
            backends = [
                _backend(entry, place(str(entry["instance_data_dir"]), root), root, options)
                for entry in configfile.items(value)
                if configfile.text(entry.get("instance_data_dir")) and entry.get("dataset_type") not in _EMBEDS
            ]
        for backend in backends:
            if trees.is_missing(backend.folder):
                action = "SimpleTuner would stop here."
                yield trees.missing(backend.folder, "instance_data_dir", relative_to(path, root), action)
            else:
                yield from _one(backend, root, seen)
        for backend in backends:
            if not trees.is_missing(backend.folder):
                yield from carried.rest(trees.named_folder(backend.folder, root), root, seen, _why)


def _one(backend: Backend, root: str, seen: Seen) -> Iterator[Sample]:
    start = trees.named_folder(backend.folder, root)
    if backend.strategy == "csv" or backend.kind == "csv":
        yield from _csv(backend, root, seen)
        return
    folders = walk(start, follow=True, once=True, enter=lambda _, name: name not in SKIPPED_FOLDERS)
    if backend.strategy == "parquet":
        captions, problem = _parquet_captions(backend, root)
        if problem is not None:
            yield problem
        yield from trees.take(folders, root, seen, lambda folder, name: _by_row(backend, captions, folder, name))
        return
    yield from trees.take(folders, root, seen, lambda folder, name: _told(backend, folder, name))


def takes(name: str) -> bool:
    """Whether the suffix is one of a picture that an ordinary Pillow opens."""
    return kinds.is_picture(name) and split(name)[1].lower() not in NOT_BY_PILLOW


def _told(backend: Backend, folder: Folder, name: str) -> Told | None:
    if not takes(name):
        return None
    captions: tuple[Caption, ...] = ()
    used: tuple[Used, ...] = ()
    notes: list[Note] = []
    stem = split(name)[0]
    if backend.only_instance_prompt or backend.strategy in {"instanceprompt", "instance_prompt"}:
        captions = (Caption(backend.instance_prompt, "instance_prompt"),)
    elif backend.strategy == "filename":
        captions = (Caption(_prepended(backend, stem.replace("_", " ")), "file name"),)
    elif backend.strategy == "textfile":
        side_name = folder.held(f"{stem}.txt")
        source = folder.inside(side_name or f"{stem}.txt")
        if side_name is not None:
            side = caption_files.read(folder.at(side_name))
            used = (Used(side_name, side),)
            notes.extend(caption_files.notes(side, source, "SimpleTuner", stops=STOPS_DECODING))
            captions = _lines(backend, side.text, source)
        else:
            notes.append(Note("dataset.trainer-stops", f"{source} is missing: SimpleTuner would stop here."))
    return Told(captions, used, (), tuple(notes), backend.role, backend.reason, backend.repeats + 1)


def _lines(backend: Backend, text: str, source: str) -> tuple[Caption, ...]:
    if not backend.multiline:
        return (Caption(_prepended(backend, text), source, 1),)
    return tuple(
        Caption(_prepended(backend, line), source, number) for number, line in enumerate(text.split("\n"), 1) if line
    )


def _prepended(backend: Backend, text: str) -> str:
    if backend.prepend and backend.instance_prompt:
        return f"{backend.instance_prompt} {text}"
    return text


def _parquet_captions(backend: Backend, root: str) -> tuple[dict[str, tuple[Caption, ...]], Sample | None]:
    """Captions by identifier, and a carrier with a note where the table cannot be read."""
    settings = backend.table or {}
    given = configfile.text(settings.get("path")) or ""
    path = place(given, root)
    key = configfile.text(settings.get("filename_column")) or "id"
    column = settings.get("caption_column")
    columns = (
        [column] if isinstance(column, str) else [str(name) for name in column] if isinstance(column, list) else []
    )
    fallback = configfile.text(settings.get("fallback_caption_column"))
    source = relative_to(path, root)
    found: dict[str, tuple[Caption, ...]] = {}
    try:
        for number, row in tables.rows(path, [key, *columns, *([fallback] if fallback else [])]):
            texts = [text for name in columns for text in cell_texts(row.get(name))]
            if not texts and fallback:
                texts = cell_texts(row.get(fallback))
            found[str(row.get(key))] = tuple(Caption(_prepended(backend, text), source, number) for text in texts)
    except DatasetError as error:
        return found, carrier(
            source, (), (Note("dataset.trainer-stops", f"{error} SimpleTuner would stop here.", "unreadable-table"),)
        )
    return found, None


def cell_texts(cell: object) -> list[str]:
    """The texts of a caption cell: itself, or the members of a list."""
    if isinstance(cell, str):
        return [cell] if cell.strip() else []
    if isinstance(cell, list):
        return [item for item in cell if isinstance(item, str) and item.strip()]
    return []


def _by_row(backend: Backend, captions: Mapping[str, tuple[Caption, ...]], folder: Folder, name: str) -> Told | None:
    if not takes(name):
        return None
    inside = relative_to(folder.at(name), backend.folder)
    keeps = (backend.table or {}).get("identifier_includes_extension") is True
    identifier = inside if keeps else inside[: len(inside) - len(split(name)[1])]
    found = captions.get(identifier, ())
    texts = tuple(Text(caption.text, caption.source, caption.line) for caption in found)
    reason = backend.reason or (None if found else "no row of the table gives it a caption, so SimpleTuner drops it")
    return Told(found, (), texts, (), backend.role, reason, backend.repeats + 1)


def _csv(backend: Backend, root: str, seen: Seen) -> Iterator[Sample]:
    settings = backend.table or {}
    path = place(configfile.text(settings.get("csv_file")) or "", root)
    url, words = str(settings.get("csv_url_column") or "url"), str(settings.get("csv_caption_column") or "caption")
    source = relative_to(path, root)
    last: dict[str, tuple[int, str]] = {}
    try:
        for number, row in tables.rows(path):
            if isinstance(row.get(url), str):
                last[str(row[url])] = (number, str(row.get(words) or ""))
    except DatasetError as error:
        yield carrier(
            source, (), (Note("dataset.trainer-stops", f"{error} SimpleTuner would stop here.", "unreadable-table"),)
        )
    finder = Finder(root, seen, (root, backend.folder))
    for given, (number, text) in last.items():
        texts = (Text(text, source, number), Text(given, source, number, "file-name"))
        told = Told((Caption(text, source, number),), (), texts, (), backend.role, backend.reason, backend.repeats + 1)
        if "://" in given:
            yield remote(given, told)
        else:
            yield finder.sample(place(given, backend.folder), told, source, given, "SimpleTuner would stop here.")


def remote(url: str, told: Told) -> Sample:
    """A picture that the trainer would fetch; the audit uses no network, so it is seen and skipped."""
    return Sample(
        path=url,
        payload=None,
        captions=told.captions,
        texts=told.texts,
        role=told.role,
        trained=told.reason is None,
        reason=told.reason,
        repeats=told.repeats,
        notes=told.notes,
        skip="remote",
    )


def _backend(entry: Mapping[str, object], folder: str, root: str, options: LayoutOptions) -> Backend:
    strategy = configfile.text(entry.get("caption_strategy")) or options.text("caption_strategy") or "filename"
    conditioning = entry.get("dataset_type") == "conditioning"
    reg = _truth(entry.get("is_regularisation_data"))
    made = Backend(
        folder=folder,
        strategy=strategy,
        instance_prompt=configfile.text(entry.get("instance_prompt")) or "",
        prepend=_truth(entry.get("prepend_instance_prompt")),
        only_instance_prompt=_truth(entry.get("only_instance_prompt")),
        multiline=not _truth(entry.get("disable_multiline_split")),
        repeats=_repeats(entry.get("repeats")),
        role="control" if conditioning else "reg" if reg else "train",
        reason="a conditioning picture" if conditioning else None,
        table=configfile.mapping(entry.get("parquet")) if strategy == "parquet" else entry,
        kind=str(entry.get("type") or "local"),
    )
    return replace(made, reason="the backend is disabled") if _truth(entry.get("disabled")) else made


def _repeats(value: object) -> int:
    if isinstance(value, str) and value.isdigit():
        return int(value)
    return max(0, configfile.whole(value, 0))


def _truth(value: object) -> bool:
    return str(value).lower() in {"1", "true", "yes", "on"}


def _why(folder: Folder, name: str) -> tuple[Role, str]:
    if any(part in SKIPPED_FOLDERS for part in folder.relative.split("/")):
        return "other", "SimpleTuner skips this system folder"
    return "other", f"SimpleTuner does not read '{split(name)[1]}' files, or read the same folder through another path"
