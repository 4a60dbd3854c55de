"""Plain folders: every picture at any depth, with the caption files of the same stem; no trainer in particular."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from auditor.datasets.gathering import carried
from auditor.datasets.gathering.carried import Seen
from auditor.datasets.interface import LayoutOptions
from auditor.datasets.reading import captions as caption_files
from auditor.datasets.reading import kinds, listing
from auditor.datasets.reading.kinds import split
from auditor.datasets.reading.listing import Folder, walk
from auditor.datasets.reading.pictures import Told, Used, picture
from auditor.model import Caption, Note, Role, Sample, Text

CAPTION_SUFFIXES = (".txt", ".caption")


class Flat:
    """Pictures with same-stem `.txt` and `.caption` files, all lines of which count."""

    name = "flat"
    options = ("caption_extension", "recursive")

    def recognise(self, path: str, folder: Folder) -> tuple[int, str]:
        """Pictures lie directly in the folder."""
        count = sum(1 for name in folder.files if kinds.is_picture(name))
        if not count:
            return 10, "no pictures lie directly in the folder"
        apart = next((name for name in (*folder.folders, *folder.files) if _parts_trainers(folder, name)), None)
        if apart is not None:
            return 40, f"the folder holds {count:,} pictures, but trainers read '{apart}' differently"
        return 50, f"the folder holds {count:,} pictures and no file of a particular trainer"

    def samples(self, path: str, options: LayoutOptions) -> Iterator[Sample]:
        """Yield every picture that is no dot-file and in no dot-directory, then what else is carried.

        Raises:
            DatasetError: there is no such folder.
        """
        start = listing.root(path)
        recursive = options.flag("recursive", True)
        given = options.text("caption_extension")
        suffixes = ((given if given.startswith(".") else f".{given}").lower(),) if given else CAPTION_SUFFIXES
        seen = Seen()
        for folder in walk(start, enter=lambda _, name: recursive and not name.startswith(".")):
            yield from carried.about_folder(folder, path, seen, trained=True)
            for name in folder.files:
                if name[0] != "." and kinds.is_picture(name):
                    yield seen.add(picture(folder, name, path, told(folder, name, suffixes)))
        yield from carried.rest(start, path, seen, _why(recursive))


def _parts_trainers(folder: Folder, name: str) -> bool:
    """Whether some trainers take what the name stands for and others do not: folders, dot-files, archives."""
    return (
        name in folder.folders
        or kinds.by_name(name) in {"archive", "parquet"}
        or (name.startswith(".") and kinds.is_picture(name))
    )


def told(folder: Folder, name: str, suffixes: tuple[str, ...]) -> Told:
    """Captions are the lines of every caption file that the suffixes name."""
    stem = split(name)[0]
    captions: list[Caption] = []
    used: list[Used] = []
    notes: list[Note] = []
    whole: list[Text] = []
    for side_name in folder.sides.get(stem, ()) if stem in folder.sides else ():
        if split(side_name)[1].lower() not in suffixes:
            continue
        source = folder.inside(side_name)
        side = caption_files.read(folder.at(side_name))
        used.append(Used(side_name, side))
        notes.extend(caption_files.notes(side, source, "A trainer", stops=None))
        whole.extend(caption_files.across(side, source))
        captions.extend(Caption(line.strip(), source, number) for number, line in caption_files.lines(side.text))
    return Told(tuple(captions), tuple(used), tuple(whole), tuple(notes))


def _why(recursive: bool) -> carried.Why:
    def why(folder: Folder, name: str) -> tuple[Role, str]:
        if name.startswith(".") or any(part.startswith(".") for part in folder.relative.split("/")):
            return "other", "dot-files and dot-directories are not part of a plain folder"
        if not recursive and folder.relative:
            return "other", "in a folder below, and recursive is off"
        if not Path(name).suffix:
            return "other", "a picture without a picture's suffix"
        return "other", "a picture under a suffix that is no picture's"

    return why
