"""Hugging Face imagefolder: splits by name, rows of metadata files where there are any, else every picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from auditor.datasets.gathering import carried
from auditor.datasets.gathering.carried import Seen
from auditor.datasets.interface import LayoutOptions
from auditor.datasets.layouts.huggingface import imagefolder_rows
from auditor.datasets.layouts.huggingface.imagefolder_rows import METADATA
from auditor.datasets.layouts.huggingface.splits import IGNORED, Test, deciding_suffix, splits
from auditor.datasets.reading import listing
from auditor.datasets.reading.archives import zipfiles
from auditor.datasets.reading.carriers import carrier
from auditor.datasets.reading.kinds import split as stem_suffix
from auditor.datasets.reading.listing import Folder, walk
from auditor.datasets.reading.paths import is_file
from auditor.datasets.reading.pictures import Told, picture
from auditor.model import Note, Role, Sample

EXTENSIONS = frozenset(
    f".{word}"
    for word in (
        "blp bmp dib bufr cur pcx dcx dds ps eps fit fits fli flc ftc ftu gbr gif grib h5 hdf png apng jp2 j2k jpc jpf "
        "jpx j2c icns ico im iim tif tiff jfif jpe jpg jpeg mpg mpeg msp pcd pxr pbm pgm ppm pnm psd bw rgb rgba sgi "
        "ras tga icb vda vst webp wmf emf xbm xpm"
    ).split()
)


@dataclass(slots=True)
class Files:
    """What one split holds: places in the walked folders."""

    split: str
    pictures: list[tuple[Folder, str]] = field(default_factory=list)
    metadata: list[tuple[Folder, str]] = field(default_factory=list)
    archives: list[tuple[Folder, str]] = field(default_factory=list)


class ImageFolder:
    """Folder-based data sets of the `datasets` package."""

    name = "imagefolder"
    options = ("data_files", "caption_column", "image_column", "drop_metadata", "drop_labels", "split")

    def recognise(self, path: str, folder: Folder) -> tuple[int, str]:
        """A metadata file beside pictures."""
        if folder.problem is not None:
            return 0, "not a folder"
        found = next((name for name in METADATA if name in folder.names), None)
        if found is not None:
            return 88, f"the folder holds '{found}', whose rows Hugging Face imagefolder trains on"
        inner = next(
            (
                f"{inner}/{name}"
                for inner in folder.folders
                for name in METADATA
                if is_file(Path(folder.at(inner), name))
            ),
            None,
        )
        if inner is not None:
            return 80, f"there is '{inner}', whose rows Hugging Face imagefolder trains on"
        return 25, "Hugging Face imagefolder reads any folder"

    def samples(self, path: str, options: LayoutOptions) -> Iterator[Sample]:
        """Yield the rows of every split, then what is carried.

        Raises:
            DatasetError: there is no such folder.
        """
        start = listing.root(path)
        seen = Seen()
        folders = list(walk(start, enter=lambda _, name: not name.startswith((".", "__"))))
        places = [
            (folder, name)
            for folder in folders
            for name in folder.files
            if not name.startswith(".") and name not in IGNORED
        ]
        yield from _builder_note(places)
        chosen = _splits(places, options)
        with_metadata = False
        for split, test in chosen:
            files = _files(split, test, places)
            with_metadata = with_metadata or (bool(_has_metadata(files)) and not options.flag("drop_metadata"))
            yield from _split_samples(files, with_metadata, path, seen, options)
        yield from carried.rest(start, path, seen, _why(chosen, with_metadata))


def _splits(places: list[tuple[Folder, str]], options: LayoutOptions) -> list[tuple[str, Test]]:
    if options.text("data_files"):
        return [("train", lambda path: True)]
    return splits([folder.inside(name) for folder, name in places])


def _files(split: str, test: Test, places: list[tuple[Folder, str]]) -> Files:
    files = Files(split)
    for folder, name in places:
        if not test(folder.inside(name)):
            continue
        stem, suffix = stem_suffix(name)
        if suffix.lower() in EXTENSIONS or stem_suffix(stem)[1].lower() in EXTENSIONS:
            files.pictures.append((folder, name))
        elif name in METADATA:
            files.metadata.append((folder, name))
        elif suffix.lower() == ".zip":
            files.archives.append((folder, name))
    return files


def _has_metadata(files: Files) -> bool:
    return bool(files.metadata) or any(
        imagefolder_rows.archive_metadata(folder.at(name)) for folder, name in files.archives
    )


def _split_samples(
    files: Files, with_metadata: bool, root: str, seen: Seen, options: LayoutOptions
) -> Iterator[Sample]:
    reason, role = _of_split(files.split, options)
    if with_metadata:
        extensions = {stem_suffix(name)[1] for _, name in files.metadata}
        if len(extensions) > 1:
            message = f"metadata files with different suffixes ({', '.join(sorted(extensions))})"
            note = Note("dataset.trainer-stops", f"Split '{files.split}': {message}; datasets would stop here.")
            yield carrier(".", (), (note,))
        for folder, name in files.metadata:
            yield from imagefolder_rows.of_file(folder, name, root, seen, options, reason, role)
        for folder, name in files.archives:
            yield from imagefolder_rows.of_archive(folder, name, seen, options, reason, role)
        return
    for folder, name in files.pictures:
        if folder.inside(name) not in seen.files:
            yield seen.add(picture(folder, name, root, Told(role=role, reason=reason)))
    for folder, name in files.archives:
        seen.files.add(folder.inside(name))
        # Without metadata every member becomes a row, whatever it is.
        yield from zipfiles.members(
            folder.at(name), folder.inside(name), partial(_same, Told(role=role, reason=reason))
        )


def _same(told: Told, member: str) -> Told:
    return told


def _of_split(split: str, options: LayoutOptions) -> tuple[str | None, Role]:
    wanted = options.text("split") or "train"
    if split == wanted:
        return None, "train"
    return f"in the split '{split}'", "val" if split in {"validation", "test"} else "other"


def _builder_note(places: list[tuple[Folder, str]]) -> Iterator[Sample]:
    """Say when `load_dataset(folder)` would take another reader and give no picture."""
    suffix = deciding_suffix((name for _, name in places), EXTENSIONS, METADATA)
    if suffix is None or suffix in EXTENSIONS or suffix == ".zip":
        return
    if any(stem_suffix(name)[1].lower() in EXTENSIONS for _, name in places):
        message = (
            f"load_dataset(FOLDER) without the name 'imagefolder' would choose its reader by '{suffix}', which is the "
            "most frequent suffix, and give no pictures."
        )
        yield carrier(".", (), (Note("dataset.trainer-stops", message),))


def _why(chosen: list[tuple[str, Test]], with_metadata: bool) -> carried.Why:
    def why(folder: Folder, name: str) -> tuple[Role, str]:
        path = folder.inside(name)
        if name.startswith(".") or any(p.startswith((".", "__")) for p in folder.relative.split("/")):
            return "other", "datasets skips dot-files, dot-directories and directories named '__...'"
        if not any(test(path) for _, test in chosen):
            return "other", "its path names no split, while other paths do, so datasets leaves it out"
        if with_metadata:
            return "other", "no metadata row names it, so datasets leaves it out"
        return "other", f"imagefolder does not read '{stem_suffix(name)[1]}' files"

    return why
