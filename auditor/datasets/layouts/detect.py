"""Chooses the layout: the one that was named, or with `auto` the one that fits best, said in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from auditor.datasets import options as option_words
from auditor.datasets import shards
from auditor.datasets.gathering.complete import Completer
from auditor.datasets.interface import Layout, LayoutOptions
from auditor.datasets.layouts import reach, table
from auditor.datasets.layouts.kohya.folders import Kohya, subsets
from auditor.datasets.reading import configfile, listing
from auditor.datasets.reading.carriers import noted
from auditor.datasets.reading.kinds import CONFIGS
from auditor.datasets.reading.paths import exists, is_file
from auditor.datasets.reading.pictures import bounded
from auditor.datasets.reading.shard import Shard
from auditor.errors import DatasetError, UsageError
from auditor.model import Sample

SURE = 60
"""Score from which a layout is taken without doubt."""
NEAR = 10
"""Two scores as near as this fit equally well."""


@dataclass(frozen=True, slots=True)
class ChosenLayout:
    """A layout for one dataset, and why it was taken."""

    layout: Layout
    explanation: str
    """One sentence or two, for the report's coverage notes."""
    path: str
    options: LayoutOptions
    guessed: bool = False
    """The tool chose it, so what it leaves out may be what another trainer uses: nothing is graded lower for it."""

    @property
    def name(self) -> str:
        """As given to `--layout`."""
        return self.layout.name

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences for the report's coverage."""
        return (self.explanation,)

    def samples(self) -> Iterator[Sample]:
        """Every sample of the dataset.

        Raises:
            DatasetError: the dataset as a whole cannot be listed.
        """
        return shards.flatten(self.plan())

    def plan(self) -> Iterator[Sample | Shard]:
        """The dataset as shards, where the layout has any, and samples.

        Raises:
            DatasetError: the dataset as a whole cannot be listed.
        """
        complete = Completer()
        yield from settings_inside(self.path)
        for item in shards.plan(self.layout, self.path, self.options):
            if isinstance(item, Shard):
                yield item
            else:
                yield from complete(item)


SETTINGS = ("auditor.toml", "pyproject.toml")
"""Files in which this tool's own settings may stand."""


def settings_inside(path: str) -> Iterator[Sample]:
    """A note for every file at the top of a dataset that holds settings of this tool: they are not obeyed."""
    folder = listing.read(configfile.home(path) if Path(path).suffix.lower() in CONFIGS else path)
    for name in SETTINGS:
        if name in folder.names and (name == SETTINGS[0] or b"auditor" in bounded(folder.at(name))):
            message = f"{name} in the dataset holds settings of this tool. They were not obeyed."
            yield noted(name, "dataset.ignored-settings", message)


def choose(path: str, name: str, options: LayoutOptions) -> ChosenLayout:
    """Return the named layout, or with `auto` the one that fits the path best.

    Where several fit equally well, or none surely, the choice is `union`: everything that any trainer could see.

    Raises:
        UsageError: no such layout, or an option that the layout does not know.
        DatasetError: with `auto`, there is nothing at the path, or a configuration that is malformed.
    """
    if name != "auto":
        layout = table.layout(name)
        option_words.check(layout, options)
        return ChosenLayout(layout, f"Layout '{name}' was asked for.", path, options)
    if not exists(path):
        raise DatasetError(f"{path}: there is no such file or folder. Check the path.")
    if is_file(path) and Path(path).suffix.lower() in CONFIGS:
        configfile.load(path)  # A damaged configuration fits nothing; its line and column are what helps.
    given = options
    fits = _fits(path, options)
    if not fits:
        known = sorted({key for layout in map(table.layout, table.names()) for key in layout.options})
        wrong = next((key for key in options.values if key not in known), next(iter(options.values), ""))
        raise UsageError(f"-L {wrong}: no layout knows these options together. Name the layout with --layout.")
    layout, explanation = _decide(fits)
    if isinstance(layout, Kohya):
        options, explanation = _caption_files(path, options, explanation)
    told_by_file = is_file(path) and Path(path).suffix.lower() in {*CONFIGS, ".jsonl", ".ndjson", ".csv"}
    if told_by_file and layout.name != "union":
        return ChosenLayout(layout, explanation, path, options)
    union = next((fit[1] for fit in fits if fit[1].name == "union"), None)
    if union is not None and layout.name != "union" and (outside := reach.left_out(layout, path, options)) is not None:
        layout, explanation = (
            union,
            (
                f"The nearest layout is '{layout.name}', but it would leave out {outside}, so everything that "
                "any trainer could see was audited (layout 'union'); name one with --layout for what your trainer does."
            ),
        )
        options = given
    return ChosenLayout(layout, explanation, path, options, guessed=True)


def _caption_files(path: str, options: LayoutOptions, explanation: str) -> tuple[LayoutOptions, str]:
    """Take `.txt` captions where a kohya folder holds them and no `.caption` file.

    The trainer's own default is `.caption`, but its graphical front ends set `.txt`, so a folder full of `.txt`
    files is meant to be trained with them; auditing the folder's name as the only caption would be false comfort.
    """
    if any(key in options.values for key in ("caption_extension", "caption_extention")):
        return options, explanation
    folders = [subset.folder for subset in subsets(path, options)]
    names = [name for folder in folders for name in folder.names]
    if any(name.endswith(".caption") for name in names) or not any(name.endswith(".txt") for name in names):
        return options, explanation
    note = (
        " Captions are read from .txt files, as the front ends set it, because there are some and no .caption file; "
        "say -L caption_extension=.caption for the trainer's own default, which would ignore them."
    )
    return LayoutOptions({**options.values, "caption_extension": ".txt"}), explanation + note


def _fits(path: str, options: LayoutOptions) -> list[tuple[int, Layout, str]]:
    """(score, layout, why), best first, of the layouts that know all the options."""
    found: list[tuple[int, Layout, str]] = []
    folder = listing.read(path)
    for name in table.names():
        layout = table.layout(name)
        if all(key in layout.options for key in options.values):
            score, why = layout.recognise(path, folder)
            found.append((score, layout, why))
    return sorted(found, key=lambda fit: -fit[0])


def _decide(fits: list[tuple[int, Layout, str]]) -> tuple[Layout, str]:
    score, layout, why = fits[0]
    rivals = [other for other in fits[1:] if other[0] >= max(SURE - NEAR, score - NEAR)]
    if score >= SURE and not rivals:
        return layout, f"Layout '{layout.name}' was chosen because {why}."
    union = next((other for other in fits if other[1].name == "union"), None)
    if score >= SURE and union is not None:
        several = ", ".join(f"'{other[1].name}' ({other[2]})" for other in (fits[0], *rivals))
        return (
            union[1],
            f"Several layouts fit: {several}. Everything that any trainer could see was audited (layout 'union'); "
            "name one with --layout for what your trainer does.",
        )
    if score >= 50 or union is None:
        return layout, f"Layout '{layout.name}' was chosen because {why}."
    return (
        union[1],
        f"No layout fits surely (the nearest is '{layout.name}': {why}), so everything that any trainer could see "
        "was audited (layout 'union'); name one with --layout.",
    )
