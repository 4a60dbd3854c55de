"""kohya sd-scripts, repeat folders: `--train_data_dir` and `--reg_data_dir` hold folders named `10_class words`."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import replace

from auditor.datasets.gathering import carried
from auditor.datasets.gathering.carried import Seen
from auditor.datasets.interface import LayoutOptions
from auditor.datasets.layouts.kohya.subset import EXTENSIONS, Subset, balance, dotted, listing_cache, names, samples
from auditor.datasets.options import place
from auditor.datasets.reading import listing
from auditor.datasets.reading.kinds import split
from auditor.datasets.reading.listing import Folder
from auditor.errors import UsageError
from auditor.model import Role, Sample

TRAIN_NAMES = ("train", "img", "image", "images", "train_data", "training")
REG_NAMES = ("reg", "regularization", "regularisation", "reg_images", "reg_data", "class")
WITHOUT_EFFECT = (
    "shuffle_caption",
    "caption_separator",
    "keep_tokens",
    "keep_tokens_separator",
    "secondary_separator",
    "color_aug",
    "flip_aug",
    "face_crop_aug_range",
    "random_crop",
    "caption_dropout_rate",
    "caption_dropout_every_n_epochs",
    "caption_tag_dropout_rate",
    "resolution",
    "enable_bucket",
    "masked_loss",
    "alpha_mask",
)
"""Options of the trainer that change the order or the pixels, but neither which pictures nor which texts."""


class Kohya:
    """Repeat folders."""

    name = "kohya"
    options = (
        "train_data_dir",
        "reg_data_dir",
        "caption_extension",
        "caption_extention",
        "enable_wildcard",
        "caption_prefix",
        "caption_suffix",
        "validation_split",
        "validation_seed",
        "cache_info",
        *WITHOUT_EFFECT,
    )

    def recognise(self, path: str, folder: Folder) -> tuple[int, str]:
        """Repeat folders with pictures, here or in a folder named `train` or `img`."""
        for place_name, inner in (("", folder), *((name, listing.read(folder.at(name))) for name in _trains(folder))):
            found = [name for name in inner.folders if _repeats(name) >= 1]
            first = next((name for name in found if _has_pictures(listing.read(inner.at(name)))), None)
            if first is not None:
                where = f" in '{place_name}'" if place_name else ""
                return 85, f"the folder '{first}'{where} is named with repeats, as kohya reads them"
        return 0, "there is no folder named with repeats"

    def samples(self, path: str, options: LayoutOptions) -> Iterator[Sample]:
        """Yield training pictures, then regularisation pictures, then what is carried.

        Raises:
            DatasetError: a folder that was named is not there.
        """
        yield from named_samples(path, options, whole=True)


def named_samples(path: str, options: LayoutOptions, *, whole: bool) -> Iterator[Sample]:
    """Yield what the options name, then what is carried: in the whole of `path`, or in the named folders only.

    Raises:
        DatasetError: a folder that was named is not there.
    """
    train, reg = _roots(path, options)
    seen = Seen()
    yield from subsets_samples(_subsets(train, False, options), _subsets(reg, True, options), path, seen, options)
    own = [listing.root(path)] if whole else []
    for folder in (*own, *(f for f in train + reg if not whole or f.relative.startswith(".."))):
        yield from carried.rest(folder, path, seen, _why(train, reg))


def subsets(path: str, options: LayoutOptions) -> list[Subset]:
    """The subsets in order: training folders, then regularisation folders."""
    train, reg = _roots(path, options)
    return _subsets(train, False, options) + _subsets(reg, True, options)


def subsets_samples(
    train: list[Subset], reg: list[Subset], root: str, seen: Seen, options: LayoutOptions
) -> Iterator[Sample]:
    """Yield the samples of DreamBooth subsets with the regularisation pictures balanced."""
    share, seed = _validation(options)
    total = 0
    for subset in train:
        held_out = _held_out(names(subset), share, seed)
        yield from carried.about_folder(subset.folder, root, seen, trained=bool(names(subset)))
        for sample in samples(subset, root, held_out=held_out):
            total += sample.repeats if sample.trained else 0
            yield seen.add(sample)
    candidates = [(number, name, subset.repeats) for number, subset in enumerate(reg) for name in names(subset)]
    repeats = balance(total, candidates)
    for number, subset in enumerate(reg):
        yield from carried.about_folder(subset.folder, root, seen, trained=bool(names(subset)))
        mine = {name: count for (owner, name), count in repeats.items() if owner == number}
        for sample in samples(subset, root, mine):
            yield seen.add(sample)


def _roots(path: str, options: LayoutOptions) -> tuple[list[Folder], list[Folder]]:
    """The training and the regularisation folders; those named, else `path`, else the usual names below it."""
    given_train, given_reg = options.text("train_data_dir"), options.text("reg_data_dir")
    reg = [_folder(place(given_reg, path), path)] if given_reg else []
    if given_train:
        return [_folder(place(given_train, path), path)], reg
    own = listing.root(path)
    if not any(_repeats(name) >= 1 for name in own.folders):
        inner = [_folder(own.at(name), path) for name in _trains(own)]
        train = [folder for folder in inner if any(_repeats(name) >= 1 for name in folder.folders)]
        if train:
            return train, reg or [_folder(own.at(name), path) for name in own.folders if name.lower() in REG_NAMES]
    return [own], reg


def _folder(path: str, root: str) -> Folder:
    return replace(listing.root(path), relative=listing.reach(path, root))


def _trains(folder: Folder) -> list[str]:
    return [name for name in folder.folders if name.lower() in TRAIN_NAMES]


def _repeats(name: str) -> int:
    """Repeats that a folder name gives; 0 where sd-scripts ignores the folder."""
    try:
        return int(name.split("_")[0])
    except ValueError:
        return 0


def _has_pictures(folder: Folder) -> bool:
    return any(split(name)[1].lower() in EXTENSIONS for name in folder.files)


def _subsets(roots: list[Folder], reg: bool, options: LayoutOptions) -> list[Subset]:
    extension = options.text("caption_extension") or options.text("caption_extention") or ".caption"
    found: list[Subset] = []
    for root in roots:
        for name in root.folders:
            repeats = _repeats(name)
            if repeats < 1:
                continue
            folder = listing.read(root.at(name), root.inside(name))
            found.append(
                Subset(
                    folder,
                    repeats,
                    reg,
                    class_tokens="_".join(name.split("_")[1:]),
                    caption_extension=dotted(extension),
                    wildcard=options.flag("enable_wildcard"),
                    prefix=options.text("caption_prefix") or "",
                    suffix=options.text("caption_suffix") or "",
                    cached=listing_cache(folder, options.flag("cache_info")),
                )
            )
    return found


def _validation(options: LayoutOptions) -> tuple[float, int | None]:
    try:
        share = float(options.text("validation_split") or 0)
        seed = options.text("validation_seed")
        return share, None if seed is None else int(seed)
    except ValueError:
        raise UsageError("-L validation_split takes a fraction, -L validation_seed a whole number.") from None


def _held_out(pictures: list[str], share: float, seed: int | None) -> frozenset[str]:
    """Names that `validation_split` takes out of training; unknown, so none, without a seed."""
    if share <= 0 or seed is None:
        return frozenset()
    shuffled = list(pictures)
    random.Random(seed).shuffle(shuffled)
    return frozenset(shuffled[math.ceil(len(shuffled) * (1 - share)) :])


def _why(train: list[Folder], reg: list[Folder]) -> carried.Why:
    tops = {folder.relative: role for folders, role in ((train, "train"), (reg, "reg")) for folder in folders}

    def why(folder: Folder, name: str) -> tuple[Role, str]:
        if folder.relative in tops:
            return "other", "kohya reads repeat folders only, not pictures beside them"
        parent, _, own = folder.relative.rpartition("/")
        if parent in tops and (parent or folder.relative):
            if _repeats(own) < 1:
                return "other", f"the folder '{own}' does not begin with a number of repeats of 1 or more"
            return "other", why_not_listed(name)
        return "other", "kohya does not enter folders inside a repeat folder, nor others beside the named ones"

    return why


def why_not_listed(name: str) -> str:
    """Why a file in an image folder is not listed by sd-scripts."""
    if name.startswith("."):
        return "kohya skips dot-files"
    suffix = split(name)[1]
    return f"kohya does not read '{suffix}' files"
