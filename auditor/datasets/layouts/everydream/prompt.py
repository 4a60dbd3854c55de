"""EveryDream2 captions: what its text and YAML side files say, and how they merge into one prompt with tags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from auditor.datasets.reading import captions as caption_files
from auditor.datasets.reading import configfile
from auditor.datasets.reading.listing import outside_of
from auditor.datasets.reading.paths import is_file
from auditor.errors import DatasetError
from auditor.model import Note

MAX_DEPTH = 3
"""How often a caption that is the path of a file is followed."""
PATH_LIMIT = 1024

Tag = tuple[str, float]
"""(text, weight)"""


@dataclass(frozen=True, slots=True)
class Prompt:
    """Main prompts and tags, each in order and without repeats."""

    mains: tuple[str, ...] = ()
    tags: tuple[Tag, ...] = ()
    notes: tuple[Note, ...] = ()
    source: str = ""
    """The file that gave the first main prompt."""

    @property
    def text(self) -> str:
        """The caption: the first main prompt, then the tags by falling weight."""
        ordered = sorted(self.tags, key=lambda tag: tag[1] or 1.0, reverse=True)
        return ", ".join((*self.mains[:1], *(value for value, _ in ordered)))


def merge(earlier: Prompt, later: Prompt) -> Prompt:
    """Lay a later source over an earlier one: its main prompts and tags come first."""
    return Prompt(
        tuple(dict.fromkeys((*later.mains, *earlier.mains))),
        tuple(dict.fromkeys((*later.tags, *earlier.tags))),
        (*earlier.notes, *later.notes),
        later.source if later.mains else earlier.source,
    )


def of_text(text: str, source: str) -> Prompt:
    """Split a caption at its commas: the first part is the main prompt, the others are tags."""
    if not text:
        return Prompt()
    first, *others = (part.strip() for part in text.split(","))
    return Prompt((first,) if first else (), tuple(dict.fromkeys((part, 1.0) for part in others)), (), source)


def of_file(path: str, source: str, root: str, depth: int = 0) -> Prompt:
    """Read a `.txt`, `.caption`, `.yaml` or `.yml` side file; what is wrong with it is noted."""
    if path.lower().endswith((".yaml", ".yml", ".json")):
        try:
            return of_value(configfile.load(path), source, root, depth)
        except DatasetError as error:
            note = Note("dataset.trainer-stops", f"{source}: {str(error).removeprefix(path)} EveryDream2 stops here.")
            return Prompt(notes=(note,))
    side = caption_files.read(path)
    notes = tuple(caption_files.notes(side, source, "EveryDream2", stops=None))
    found = of_caption(side.text.strip(), source, root, depth)
    return Prompt(found.mains, found.tags, (*notes, *found.notes), found.source)


def of_caption(text: str, source: str, root: str, depth: int = 0) -> Prompt:
    """A caption; one that is the path of an existing file is opened by the trainer as a side file."""
    named = _named_file(text, root) if depth < MAX_DEPTH else None
    if named is None:
        return of_text(text, source)
    if outside_of(named, root):
        message = f"{source} holds the path of a file outside the dataset; EveryDream2 would open it as a caption."
        return Prompt(notes=(Note("integrity.outside-dataset", message),))
    return of_file(named, source, root, depth + 1)


def _named_file(text: str, root: str) -> str | None:
    if not text or len(text) > PATH_LIMIT or "\n" in text or "\x00" in text:
        return None
    try:
        place = Path(root) / text
        known = place.suffix.lower() in {".txt", ".caption", ".yaml", ".yml", ".json"}
        return str(place) if known and is_file(place) else None
    except OSError:
        return None


def of_value(value: object, source: str, root: str, depth: int = 0) -> Prompt:
    """A YAML or JSON value with `main_prompt`, `tags` and `caption`."""
    data = configfile.mapping(value)
    main = data.get("main_prompt")
    words = [configfile.word(item) for item in (main if isinstance(main, list) else [main])]
    mains = [item for item in words if item]
    raw = data.get("tags")
    tags = [_tag(item) for item in raw] if isinstance(raw, list) else []
    found = Prompt(
        tuple(dict.fromkeys(mains)),
        tuple(dict.fromkeys(tag for tag in tags if tag is not None)),
        (),
        source if mains else "",
    )
    caption = data.get("caption")
    if isinstance(caption, str) and caption:
        return merge(found, of_caption(caption, source, root, depth + 1))
    if isinstance(caption, Mapping) and depth < MAX_DEPTH:
        return merge(found, of_value(caption, source, root, depth + 1))
    return found


def _tag(item: object) -> Tag | None:
    if isinstance(item, str):
        return item, 1.0
    data = configfile.mapping(item)
    weight = data.get("weight")
    text = configfile.word(data.get("tag"))
    if text is None:
        return None
    try:
        return text, float(weight) if isinstance(weight, (int, float)) else 1.0
    except OverflowError:
        return text, 1.0
