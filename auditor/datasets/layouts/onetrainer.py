"""OneTrainer: a folder as one concept, or the concepts of `concepts.json` or of a whole configuration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from auditor.datasets.gathering import carried, trees
from auditor.datasets.gathering.carried import Seen
from auditor.datasets.interface import LayoutOptions
from auditor.datasets.options import number, place
from auditor.datasets.reading import captions as caption_files
from auditor.datasets.reading import configfile, listing
from auditor.datasets.reading.captions import SideText
from auditor.datasets.reading.kinds import split
from auditor.datasets.reading.listing import Folder, relative_to, walk
from auditor.datasets.reading.paths import is_file, is_folder
from auditor.datasets.reading.pictures import Told, Used
from auditor.errors import DatasetError
from auditor.model import Caption, Role, Sample

EXTENSIONS = frozenset((".bmp", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp", ".avif"))
STOPS_DECODING = "OneTrainer reads captions as UTF-8 only and would stop here."
TRAINED_KEYS = frozenset(("prompt",))


@dataclass(frozen=True, slots=True)
class Concept:
    """One folder with its settings."""

    path: str
    subdirectories: bool = False
    prompt_source: str = "sample"
    prompt: SideText | None = None
    """The one prompt file of source `concept`."""
    prompt_path: str = ""
    repeats: int = 1
    role: Role = "train"
    reason: str | None = None


class OneTrainer:
    """Concepts."""

    name = "onetrainer"
    options = ("include_subdirectories", "prompt_source", "prompt_path", "balancing")

    def recognise(self, path: str, folder: Folder) -> tuple[int, str]:
        """A JSON file that lists concepts."""
        if not path.lower().endswith(".json") or not is_file(path):
            return (30, "OneTrainer reads any folder") if folder.problem is None else (0, "not a list of concepts")
        try:
            concepts, _ = _raw_concepts(path)
        except DatasetError:
            return 0, "not a list of concepts"
        if concepts and all("path" in concept and ("text" in concept or "image" in concept) for concept in concepts):
            return 95, "the file lists OneTrainer concepts"
        return 0, "not a list of concepts"

    def samples(self, path: str, options: LayoutOptions) -> Iterator[Sample]:
        """Yield the pictures of every concept, then what is carried.

        Raises:
            DatasetError: the configuration is malformed, or the folder is missing.
        """
        root = configfile.home(path)
        seen = Seen()
        if is_folder(path):
            listing.root(path)
            concepts = [_from_options(path, options)]
        else:
            raw, value = _raw_concepts(path)
            yield configfile.texts_of(value, path, root, trained_keys=TRAINED_KEYS)
            concepts = [_from_config(concept, root) for concept in raw if configfile.text(concept.get("path"))]
        for concept in concepts:
            if trees.is_missing(concept.path):
                action = "OneTrainer would take the path as the id of a data set to download."
                yield trees.missing(concept.path, "path", relative_to(path, root), action)
                continue
            start = trees.named_folder(concept.path, root)
            yield from _concept(concept, start, root, seen)
        for concept in concepts:
            if not trees.is_missing(concept.path):
                yield from carried.rest(trees.named_folder(concept.path, root), root, seen, _why(concept))


def _concept(concept: Concept, start: Folder, root: str, seen: Seen) -> Iterator[Sample]:
    enters = concept.subdirectories
    folders = walk(start, follow=enters, enter=lambda _, name: enters and not name.startswith("."))
    yield from trees.take(folders, root, seen, lambda folder, name: _told(concept, folder, name, root))


def _told(concept: Concept, folder: Folder, name: str, root: str) -> Told | None:
    stem, suffix = split(name)
    if suffix.lower() not in EXTENSIONS or stem.endswith(("-masklabel", "-condlabel")):
        return None
    if concept.prompt_source == "filename":
        told = Told((Caption(stem, "file name"),))
    elif concept.prompt_source == "concept":
        told = _lines(concept.prompt, relative_to(concept.prompt_path, root), None)
    else:
        side_name = folder.held(f"{stem}.txt") or f"{stem}.txt"
        side = caption_files.read(folder.at(side_name)) if side_name in folder.names else None
        told = _lines(side, folder.inside(side_name), side_name)
    return Told(told.captions, told.used, told.texts, told.notes, concept.role, concept.reason, concept.repeats)


def _lines(side: SideText | None, source: str, name: str | None) -> Told:
    """Every line that is not empty is a caption; none gives the empty caption."""
    if side is None:
        return Told((Caption("", "no caption"),))
    captions = tuple(Caption(line.strip(), source, number) for number, line in caption_files.lines(side.text))
    used = (Used(name, side),) if name is not None else ()
    notes = tuple(caption_files.notes(side, source, "OneTrainer", stops=STOPS_DECODING))
    return Told(captions or (Caption("", source),), used, notes=notes if name is not None else ())


def _from_options(path: str, options: LayoutOptions) -> Concept:
    prompt_path = place(options.text("prompt_path") or "", path)
    source = options.text("prompt_source") or "sample"
    return Concept(
        path,
        options.flag("include_subdirectories"),
        source,
        caption_files.read(prompt_path) if source == "concept" else None,
        prompt_path,
        max(1, number(options, "balancing", 1)),
    )


def _raw_concepts(path: str) -> tuple[list[Mapping[str, object]], object]:
    """The concepts of a file and the whole value: a list, a configuration that holds one, or one that names one."""
    value = configfile.load(path)
    if isinstance(value, list):
        return configfile.items(value), value
    config = configfile.mapping(value)
    if configfile.items(config.get("concepts")):
        return configfile.items(config.get("concepts")), value
    named = configfile.text(config.get("concept_file_name"))
    if named is None:
        raise DatasetError(f"{path}: neither a list of concepts nor a configuration with `concepts`.")
    listed = configfile.load(place(named, configfile.home(path)))
    return configfile.items(listed), [value, listed]


def _from_config(concept: Mapping[str, object], root: str) -> Concept:
    text = configfile.mapping(concept.get("text"))
    source = configfile.text(text.get("prompt_source")) or "sample"
    prompt_path = place(configfile.text(text.get("prompt_path")) or "", root)
    kind = str(concept.get("type") or ("VALIDATION" if concept.get("validation_concept") else "STANDARD"))
    role: Role = "val" if kind == "VALIDATION" else "reg" if kind == "PRIOR_PREDICTION" else "train"
    reason = "the concept is for validation" if role == "val" else None
    if concept.get("enabled") is False:
        reason = "the concept is switched off"
    strategy = str(concept.get("balancing_strategy") or "REPEATS")
    balancing = configfile.whole(concept.get("balancing", concept.get("repeats", 1)), 1)
    return Concept(
        place(str(concept.get("path")), root),
        concept.get("include_subdirectories") is True,
        source,
        caption_files.read(prompt_path) if source == "concept" else None,
        prompt_path,
        max(1, balancing) if strategy == "REPEATS" else 1,
        role,
        reason,
    )


def _why(concept: Concept) -> carried.Why:
    top = Path(concept.path).resolve()

    def why(folder: Folder, name: str) -> tuple[Role, str]:
        stem, suffix = split(name)
        if stem.endswith("-masklabel"):
            return "mask", "a mask by its name"
        if stem.endswith("-condlabel"):
            return "control", "a conditioning picture by its name"
        if Path(folder.path).resolve() != top and not concept.subdirectories:
            return "other", "in a folder below, and include_subdirectories is off"
        if suffix.lower() not in EXTENSIONS:
            return "other", f"OneTrainer does not read '{suffix}' files"
        return "other", "OneTrainer skips dot-directories"

    return why
