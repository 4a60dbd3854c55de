"""diffusers DreamBooth scripts: every entry of `--instance_data_dir` is a picture, one prompt for all."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.datasets.gathering import carried, trees
from auditor.datasets.gathering.carried import Seen
from auditor.datasets.interface import LayoutOptions
from auditor.datasets.options import number, place
from auditor.datasets.reading import kinds, listing
from auditor.datasets.reading.carriers import carrier
from auditor.datasets.reading.listing import Folder
from auditor.datasets.reading.pictures import Told, picture
from auditor.model import Caption, Note, Role, Sample, Text


class DreamBooth:
    """`train_dreambooth*.py` with a local folder."""

    name = "dreambooth"
    options = ("instance_data_dir", "instance_prompt", "class_data_dir", "class_prompt", "repeats")

    def recognise(self, path: str, folder: Folder) -> tuple[int, str]:
        """Nothing tells a DreamBooth folder from another, so this is never a sure guess."""
        only_pictures = bool(folder.files) and not folder.folders and all(map(kinds.is_picture, folder.files))
        return (
            (35, "the folder holds pictures only, as DreamBooth wants it")
            if only_pictures
            else (5, "not only pictures")
        )

    def samples(self, path: str, options: LayoutOptions) -> Iterator[Sample]:
        """Yield the instance pictures, the class pictures, then what is carried.

        Raises:
            DatasetError: a folder is missing.
        """
        given = options.text("instance_data_dir")
        instance = place(given, path) if given else path
        class_dir = options.text("class_data_dir")
        listing.root(instance)
        seen = Seen()
        repeats = max(1, number(options, "repeats", 1))
        prompt = options.text("instance_prompt")
        yield from _entries(trees.named_folder(instance, path), path, seen, prompt, "instance_prompt", "train", repeats)
        if class_dir:
            where = place(class_dir, path)
            listing.root(where)
            words = options.text("class_prompt")
            yield from _entries(trees.named_folder(where, path), path, seen, words, "class_prompt", "reg", 1)
            yield from carried.rest(trees.named_folder(where, path), path, seen, _why)
        yield from carried.rest(trees.named_folder(instance, path), path, seen, _why)


def _entries(
    folder: Folder, root: str, seen: Seen, prompt: str | None, key: str, role: Role, repeats: int
) -> Iterator[Sample]:
    yield from carried.about_folder(folder, root, seen, trained=True)
    captions = (Caption(prompt, key),) if prompt is not None else ()
    if prompt:
        yield carrier(folder.relative or ".", (Text(prompt, key, None, "config"),), trained=True)
    told = Told(captions, role=role, repeats=repeats)
    for name in folder.files:
        if kinds.of_file(name, folder.at(name)) == "picture":
            yield seen.add(picture(folder, name, root, told))
    others = [name for name in folder.files if folder.inside(name) not in seen.files]
    for name in (*others, *folder.folders):
        message = f"{folder.inside(name)} is no picture: the script opens every entry and would stop here."
        yield carrier(folder.inside(name), (), (Note("dataset.trainer-stops", message),))


def _why(folder: Folder, name: str) -> tuple[Role, str]:
    return "other", "the DreamBooth scripts do not enter folders"
