"""One folder of pictures as kohya sd-scripts reads it (DreamBooth subsets), shared by repeat folders and configs.

Rules as observed on sd-scripts v0.10.1: pictures directly in the folder, suffixes in lower or UPPER case, no
dot-files; one caption extension; then the face-crop fallback; then the class tokens. Pictures keep file order.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from auditor.datasets.reading import captions as caption_files
from auditor.datasets.reading import configfile
from auditor.datasets.reading.captions import SideText
from auditor.datasets.reading.kinds import split
from auditor.datasets.reading.listing import Folder, basename, relative_to
from auditor.datasets.reading.paths import is_file
from auditor.datasets.reading.pictures import Told, Used, outside, picture
from auditor.errors import DatasetError
from auditor.model import Caption, Note, Role, Sample, Text

_LOWER = (".png", ".jpg", ".jpeg", ".webp", ".bmp")
EXTENSIONS = frozenset(_LOWER)
"""In any case: on Linux sd-scripts finds lower and UPPER case only, elsewhere any, and the set may go there."""
FACE_PIECES = 4
CACHE = "metadata_cache.json"
STOPS_DECODING = "kohya reads captions as UTF-8 only and would stop here."


@dataclass(frozen=True, slots=True)
class Subset:
    """What sd-scripts knows of one image folder."""

    folder: Folder
    repeats: int = 1
    reg: bool = False
    class_tokens: str | None = None
    class_source: str = "folder name"
    caption_extension: str = ".caption"
    wildcard: bool = False
    prefix: str = ""
    suffix: str = ""
    cached: Mapping[str, str] | None = field(default=None, repr=False, compare=False)
    """With `cache_info`: the listing cache, which outranks the folder's files and captions."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where the caption of one picture comes from."""

    text: str
    """Before prefix and suffix."""
    source: str
    line: int | None = None
    side: SideText | None = None
    name: str | None = None
    """The caption file's name where it is in the picture's folder."""


def dotted(extension: str) -> str:
    """The extension with a leading dot, as sd-scripts adds it."""
    return extension if extension.startswith(".") else f".{extension}"


def names(subset: Subset) -> list[str]:
    """File names that the subset trains on, sorted."""
    if subset.cached is not None:
        return sorted(name for name in subset.cached if name in subset.folder.names)
    return [name for name in subset.folder.files if name[0] != "." and split(name)[1].lower() in EXTENSIONS]


def listing_cache(folder: Folder, enabled: bool) -> dict[str, str] | None:
    """File name -> caption of the folder's listing cache; None where it is off, missing or damaged."""
    if not enabled or CACHE not in folder.names:
        return None
    try:
        value = configfile.mapping(configfile.load(folder.at(CACHE)))
    except DatasetError:
        return None
    return {
        basename(path.replace("\\", "/")): configfile.text(configfile.mapping(entry).get("caption")) or ""
        for path, entry in value.items()
    }


def samples(
    subset: Subset, root: str, repeats: dict[str, int] | None = None, held_out: frozenset[str] = frozenset()
) -> Iterator[Sample]:
    """Yield the subset's pictures.

    `repeats` gives the repeats of regularisation pictures by name; a regularisation picture that is not in it
    is never trained, because there are enough others. `held_out` names go to validation.
    """
    for name in names(subset):
        told = _told(subset, name, root)
        if name in held_out:
            reason = "held out for validation by validation_split"
            yield picture(subset.folder, name, root, _with(told, role="val", reason=reason, repeats=1))
        elif not subset.reg:
            yield picture(subset.folder, name, root, told)
        elif repeats is None or name in repeats:
            count = subset.repeats if repeats is None else repeats[name]
            yield picture(subset.folder, name, root, _with(told, role="reg", reason=None, repeats=count))
        else:
            reason = "kohya takes no more regularisation pictures than there are training pictures"
            yield picture(subset.folder, name, root, _with(told, role="reg", reason=reason, repeats=0))


def _with(told: Told, *, role: Role, reason: str | None, repeats: int) -> Told:
    return Told(told.captions, told.used, told.texts, told.notes, role, reason, repeats)


def _told(subset: Subset, name: str, root: str) -> Told:
    found = find(subset, name, root)
    text = complete(subset, found.text)
    texts: list[Text] = []
    notes: list[Note] = []
    used: tuple[Used, ...] = ()
    if found.side is not None:
        notes.extend(caption_files.notes(found.side, found.source, "kohya", stops=STOPS_DECODING))
        notes.extend(_empty(found))
        lines = None if subset.wildcard else (1,)
        if found.name is not None:
            used = (Used(found.name, found.side, lines),)
        else:
            texts.extend(caption_files.texts(found.side, found.source, trained=True, trained_lines=lines))
            if found.source.startswith(".."):
                notes.append(outside(found.source, followed=True))
        if subset.wildcard:
            texts.extend(_expanded(found.side, found.source))
    caption = Caption(text, found.source, found.line)
    return Told((caption,), used, tuple(texts), tuple(notes), repeats=subset.repeats)


def complete(subset: Subset, text: str) -> str:
    """A caption with the configured prefix and suffix."""
    if subset.prefix:
        text = f"{subset.prefix} {text}"
    return f"{text} {subset.suffix}" if subset.suffix else text


def find(subset: Subset, name: str, root: str) -> Found:
    """Look the caption of one picture up as sd-scripts does."""
    folder = subset.folder
    if subset.cached is not None and name in subset.cached:
        return Found(subset.cached[name], f"{folder.inside(CACHE)}:{name}")
    stem = split(name)[0]
    side_name = folder.held(stem + subset.caption_extension)
    if side_name is not None:
        side = caption_files.read(folder.at(side_name))
        return _read(subset, side, folder.inside(side_name), side_name)
    shorter = os.path.abspath(folder.at(stem)).split("_")  # noqa: PTH100 - links must stay as they are
    if len(shorter) > FACE_PIECES:
        candidate = "_".join(shorter[:-FACE_PIECES]) + subset.caption_extension
        if is_file(candidate):
            return _read(subset, caption_files.read(candidate), relative_to(candidate, root), None)
    if subset.class_tokens is None:
        return Found("", "no caption")
    return Found(subset.class_tokens, subset.class_source)


def _read(subset: Subset, side: SideText, source: str, name: str | None) -> Found:
    lines = side.text.split("\n")
    if subset.wildcard:
        text = "\n".join(line.strip() for line in lines if line.strip())
        return Found(text, source, 1 if "\n" not in text else None, side, name)
    return Found(lines[0].strip(), source, 1, side, name)


def _empty(found: Found) -> Iterator[Note]:
    if found.side is not None and found.side.size == 0 and found.side.problem is None:
        yield Note("dataset.trainer-stops", f"{found.source} is empty: kohya would stop here.")


def _expanded(side: SideText, source: str) -> Iterator[Text]:
    """What `{a|b}` groups can give: a name may stand in no line as it is written."""
    for number, line in caption_files.lines(side.readable):
        for alternative in caption_files.alternatives(line):
            yield Text(alternative, source, number, "caption", True)


def balance(total: int, candidates: list[tuple[int, str, int]]) -> dict[tuple[int, str], int]:
    """Repeats of the regularisation pictures: (subset, name) -> count, for those that are trained at all.

    sd-scripts adds pictures with their own repeats until there are as many as training pictures, then goes
    round and gives one more repeat to each. `candidates` are (subset, name, repeats) in order.
    """
    result: dict[tuple[int, str], int] = {}
    count = 0
    for subset, name, repeats in candidates:
        if count >= total:
            return result
        result[(subset, name)] = repeats
        count += repeats
    if not result:
        return result
    each, more = divmod(max(0, total - count), len(result))
    return {key: repeats + each + (position < more) for position, (key, repeats) in enumerate(result.items())}


def tag_frequency(subsets: list[Subset], root: str) -> dict[str, dict[str, int]]:
    """The `ss_tag_frequency` that sd-scripts would write: per folder name, lower-cased tags, once per picture."""
    result: dict[str, dict[str, int]] = {}
    for subset in subsets:
        counts = result.setdefault(Path(subset.folder.path).name, {})
        for name in names(subset):
            for tag in find(subset, name, root).text.split(","):
                key = tag.strip().lower()
                if key:
                    counts[key] = counts.get(key, 0) + 1
    return result
