"""EveryDream2: folders with side files that merge, or a JSON list."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from auditor.datasets.gathering import carried, trees
from auditor.datasets.gathering.carried import Seen
from auditor.datasets.gathering.listed import Finder
from auditor.datasets.interface import LayoutOptions
from auditor.datasets.layouts.everydream import archive as everydream_zip
from auditor.datasets.layouts.everydream.prompt import Prompt, merge, of_file, of_text, of_value
from auditor.datasets.options import place
from auditor.datasets.reading import captions as caption_files
from auditor.datasets.reading import configfile, listing
from auditor.datasets.reading.kinds import split
from auditor.datasets.reading.listing import Folder, relative_to
from auditor.datasets.reading.paths import is_file, is_folder
from auditor.datasets.reading.pictures import Told, Used
from auditor.errors import DatasetError
from auditor.model import Caption, Role, Sample, Text

EXTENSIONS = frozenset((".jpg", ".jpeg", ".png", ".bmp", ".webp", ".jfif"))
SIDES = (".txt", ".caption", ".yml", ".yaml")


class EveryDream2:
    """Data roots."""

    name = "everydream2"
    options = ("data_root",)

    def recognise(self, path: str, folder: Folder) -> tuple[int, str]:
        """Control files in a folder, or a JSON list of pictures with captions."""
        if folder.problem is None:
            marks = {"global.yaml", "global.yml", "local.yaml", "local.yml", "multiply.txt", "shuffle_tags.txt"}
            found = marks & {*folder.files, *folder.folders}
            return (75, f"the folder holds '{min(found)}'") if found else (25, "EveryDream2 reads any folder")
        try:
            entries = configfile.items(configfile.load(path)) if path.lower().endswith(".json") else []
        except DatasetError:
            return 0, "not a list of pictures"
        listed = bool(entries) and all(isinstance(entry.get("image"), str) for entry in entries[:100])
        return (85, "the file lists pictures with captions") if listed else (0, "not a list of pictures")

    def samples(self, path: str, options: LayoutOptions) -> Iterator[Sample]:
        """Yield every picture with its merged caption, then what is carried.

        Raises:
            DatasetError: the folder is missing, or the JSON list is malformed.
        """
        root = configfile.home(path)
        given = options.text("data_root")
        data_root = place(given, root) if given else path
        seen = Seen()
        if is_file(data_root):
            yield from _listed(data_root, root, seen)
            return
        listing.root(data_root)
        start = trees.named_folder(data_root, root)
        yield from _tree(start, root, seen)
        yield from carried.rest(start, root, seen, _why)


def _tree(start: Folder, root: str, seen: Seen) -> Iterator[Sample]:
    """Parents come before children, so `global.yaml` prompts can be handed down by path."""
    handed: dict[str, Prompt] = {}
    for folder in listing.walk(start, follow=True, enter=lambda _, name: not name.startswith(".")):
        parent = handed.get(folder.relative.rpartition("/")[0], Prompt()) if folder is not start else Prompt()
        globals_ = _fold(folder, ("global.yaml", "global.yml"), root, parent)
        if folder.folders:
            handed[folder.relative] = globals_
        base = _fold(folder, ("local.yaml", "local.yml"), root, globals_)
        yield from trees.take([folder], root, seen, partial(_told, root=root, base=base))
        for name in folder.files:
            if name.lower().endswith(".zip"):
                seen.files.add(folder.inside(name))
                yield from everydream_zip.samples(folder.at(name), folder.inside(name), EXTENSIONS)


def _fold(folder: Folder, names: tuple[str, ...], root: str, start: Prompt) -> Prompt:
    for name in names:
        if name in folder.names:
            start = merge(start, of_file(folder.at(name), folder.inside(name), root))
    return start


def _told(folder: Folder, name: str, root: str, base: Prompt) -> Told | None:
    stem, suffix = split(name)
    if name.startswith(".") or suffix.lower() not in EXTENSIONS:
        return None
    sides = [stem + extension for extension in SIDES if stem + extension in folder.names]
    prompt = _fold(folder, tuple(sides), root, base)
    if not prompt.mains:
        prompt = merge(prompt, of_text(stem.split("_")[0], "file name"))
    used = tuple(Used(side, caption_files.read(folder.at(side))) for side in sides)
    inherited = tuple(
        Text(text, prompt.source or "global.yaml", None, "config")
        for text in (*base.mains, *(tag for tag, _ in base.tags))
    )
    return Told((Caption(prompt.text, prompt.source),), used, inherited, prompt.notes)


def _listed(path: str, root: str, seen: Seen) -> Iterator[Sample]:
    entries = configfile.load(path)
    source = relative_to(path, root)
    yield configfile.texts_of({}, path, root)
    finder = Finder(root, seen, inside=(root,))
    for number, entry in enumerate(configfile.items(entries), 1):
        given = configfile.text(entry.get("image"))
        if given is None:
            continue
        prompt = of_value(entry, source, root)
        if not prompt.mains:
            prompt = merge(prompt, of_text(split(Path(given).name)[0].split("_")[0], "file name"))
        words = (*prompt.mains, *(tag for tag, _ in prompt.tags))
        texts = tuple(Text(word, source, number) for word in words)
        told = Told((Caption(prompt.text, prompt.source or source, number),), (), texts, prompt.notes)
        yield finder.sample(place(given, root), told, source, given, "EveryDream2 would stop here.")
    for folder in dict.fromkeys(str(Path(place(str(e.get("image")), root)).parent) for e in configfile.items(entries)):
        if is_folder(folder):
            yield from carried.of_folder(trees.named_folder(folder, root), root, seen, _unlisted)


def _unlisted(folder: Folder, name: str) -> tuple[Role, str]:
    return "other", "not named in the list"


def _why(folder: Folder, name: str) -> tuple[Role, str]:
    if name.startswith(".") or any(part.startswith(".") for part in folder.relative.split("/") if part != ".."):
        return "other", "EveryDream2 skips dot-files and dot-directories"
    return "other", f"EveryDream2 does not read '{split(name)[1]}' files"
