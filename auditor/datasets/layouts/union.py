"""Everything that any trainer could see: the safe choice where the trainer is not known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from auditor.datasets.gathering import caches, carried, sidefiles
from auditor.datasets.gathering.carried import Seen
from auditor.datasets.interface import LayoutOptions
from auditor.datasets.options import place
from auditor.datasets.reading import captions as caption_files
from auditor.datasets.reading import configfile, kinds, listing
from auditor.datasets.reading.kinds import split
from auditor.datasets.reading.listing import Folder, walk
from auditor.datasets.reading.paths import is_file
from auditor.datasets.reading.pictures import Told, Used, beside, picture
from auditor.model import Caption, Note, Sample, Text

TEXT_SIDES = frozenset((".txt", ".caption", ".cap", ".captions", ".tags", ".prompt", ".yaml", ".yml"))


class Union:
    """The union of all layouts over one folder."""

    name = "union"
    options = ("caption_extension", "reg_data_dir")

    def recognise(self, path: str, folder: Folder) -> tuple[int, str]:
        """Fits everything, and is never a guess of its own."""
        return 1, "it fits everything"

    def samples(self, path: str, options: LayoutOptions) -> Iterator[Sample]:
        """Yield every picture at any depth, links followed, dot-files and archives included, as trained; of a file,
        what is in it.

        Raises:
            DatasetError: there is no such folder.
        """
        seen = Seen()
        if is_file(path):
            root = configfile.home(path)
            yield from _folder(replace(listing.read(root), files=(Path(path).name,), folders=(), odd=()), root, seen)
            return
        given = options.text("reg_data_dir")
        starts = [listing.root(path)]
        if given:
            reg = place(given, path)
            starts.append(replace(listing.root(reg), relative=listing.reach(reg, path)))
        for start in starts:
            for folder in walk(start, follow=True, once=True):
                yield from _folder(folder, path, seen)


def _folder(folder: Folder, root: str, seen: Seen) -> Iterator[Sample]:
    yield from carried.about_folder(folder, root, seen, trained=True)
    latents: list[str] = []
    for name in folder.files:
        if folder.inside(name) in seen.files:
            continue
        kind = kinds.of_file(name, folder.at(name))
        if kind == "picture":
            yield seen.add(picture(folder, name, root, told(folder, name)))
        elif kind == "latents":
            latents.append(name)
        elif kind == "model":
            yield from caches.model_or_cache(folder, name, latents)
        elif kind == "video":
            yield carried.video(folder, name, reason=None)
        elif not carried.belongs_to_picture(folder, name):
            yield from (_as_trained(sample) for sample in sidefiles.samples(folder, name, kind, Told()))
    yield from caches.samples(folder, latents)


def told(folder: Folder, name: str) -> Told:
    """Every caption that some trainer could use: lines of side files, whole files, the file's and folder's name."""
    captions: list[Caption] = []
    used: list[Used] = []
    notes: list[Note] = []
    whole: list[Text] = []
    for side_name in beside(folder, name):
        if split(side_name)[1].lower() not in TEXT_SIDES:
            continue
        side = caption_files.read(folder.at(side_name))
        source = folder.inside(side_name)
        used.append(Used(side_name, side))
        notes.extend(caption_files.notes(side, source, "A trainer", stops=None))
        whole.extend(caption_files.across(side, source))
        captions.extend(Caption(line.strip(), source, number) for number, line in caption_files.lines(side.text))
    captions.append(Caption(split(name)[0], "file name"))
    words = listing.basename(folder.path)
    number, _, class_tokens = words.partition("_")
    if number.isdigit() and class_tokens:
        captions.append(Caption(class_tokens, "folder name"))
    return Told(tuple(captions), tuple(used), tuple(whole), tuple(notes))


def _as_trained(sample: Sample) -> Sample:
    """Texts that some trainer could use count as trained."""
    if sample.kind != "carrier":
        return sample
    texts = tuple(
        text if text.kind != "caption" else Text(text.value, text.source, text.line, text.kind, True, text.owner)
        for text in sample.texts
    )
    return replace(sample, texts=texts, trained=True)
