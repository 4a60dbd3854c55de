"""kohya fine-tune metadata: `--in_json` / `metadata_file`, with both meanings that its keys have had.

Since v0.10.0 a relative key is a path below `image_dir`. Before, a key was a path from the working directory, or a
stem for which the first file with a picture's suffix was taken, or one that only latents exist for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from auditor.datasets.gathering import carried, trees
from auditor.datasets.gathering.carried import Seen
from auditor.datasets.gathering.listed import Finder
from auditor.datasets.layouts.kohya.subset import EXTENSIONS
from auditor.datasets.reading import configfile, tables
from auditor.datasets.reading.carriers import carrier
from auditor.datasets.reading.listing import Folder, relative_to
from auditor.datasets.reading.paths import is_file, is_folder
from auditor.datasets.reading.pictures import Told
from auditor.errors import DatasetError
from auditor.model import Caption, Note, Role, Sample, Text

NEW_KEYS_SINCE = (0, 10)


@dataclass(frozen=True, slots=True)
class Metadata:
    """One fine-tune subset."""

    path: str
    image_dir: str | None = None
    repeats: int = 1
    wildcard: bool = False
    separator: str = ","
    prefix: str = ""
    suffix: str = ""
    old_keys: bool = False
    """Keys are read as releases before v0.10.0 do."""


def samples(metadata: Metadata, root: str, seen: Seen) -> Iterator[Sample]:
    """Yield the listed pictures; entries whose file cannot be found are noted. Malformed files end in a note."""
    source = relative_to(metadata.path, root)
    finder = Finder(root, seen, (root, metadata.image_dir) if metadata.image_dir else (root,))
    yield configfile.texts_of({}, metadata.path, root)
    seen.files.add(source)
    try:
        for key, number, entry in _entries(metadata.path):
            yield from _entry(metadata, key, number, entry, source, finder)
    except DatasetError as error:
        yield carrier(
            source, (), (Note("dataset.trainer-stops", f"{error} kohya would stop here.", "unreadable-table"),)
        )


def unlisted(metadata: Metadata, root: str, seen: Seen) -> Iterator[Sample]:
    """What lies in the image folder and is not listed."""
    if metadata.image_dir is not None and is_folder(metadata.image_dir):
        yield from carried.rest(trees.named_folder(metadata.image_dir, root), root, seen, _why)


def _entries(path: str) -> Iterator[tuple[str, int | None, Mapping[str, object]]]:
    """(key, line, entry); of repeated keys in JSON lines the last counts, as kohya has it."""
    if path.lower().endswith(".jsonl"):
        last: dict[str, tuple[int, Mapping[str, object]]] = {}
        for number, row in tables.rows(path):
            given = row.get("image_path")
            if isinstance(given, str):
                last[given] = (number, row)
        for key, (line, entry) in last.items():
            yield key, line, entry
        return
    for name, value in configfile.mapping(configfile.load(path)).items():
        yield name, None, configfile.mapping(value)


def caption_of(metadata: Metadata, entry: Mapping[str, object]) -> str:
    """Caption and tags of an entry as they are trained, before prefix and suffix.

    With wildcards the tags are put after every caption line, and tags alone give the empty caption.
    """
    caption, tags = configfile.text(entry.get("caption")), configfile.text(entry.get("tags"))
    if not metadata.wildcard:
        return metadata.separator.join(part for part in (caption, tags) if part)
    if caption is None:
        return ""
    if tags is None:
        return caption
    one_line = tags.replace("\n", metadata.separator)
    return "\n".join(f"{line}{metadata.separator}{one_line}" for line in caption.split("\n") if line.strip())


def tag_frequency(metadata: Metadata) -> dict[str, int]:
    """What kohya counts: the entries' tags only, lower-cased, never their captions."""
    counts: dict[str, int] = {}
    for _, _, entry in _entries(metadata.path):
        for tag in (configfile.text(entry.get("tags")) or "").split(","):
            key = tag.strip().lower()
            if key:
                counts[key] = counts.get(key, 0) + 1
    return counts


def _entry(
    metadata: Metadata, key: str, number: int | None, entry: Mapping[str, object], source: str, finder: Finder
) -> Iterator[Sample]:
    text = caption_of(metadata, entry)
    if metadata.prefix:
        text = f"{metadata.prefix} {text}"
    if metadata.suffix:
        text = f"{text} {metadata.suffix}"
    place = source if number is not None else f"{source}:{key}"
    texts = [Text(key, source, number, "file-name")]
    for field in ("caption", "tags"):
        value = configfile.text(entry.get(field))
        if value:
            texts.append(Text(value, f"{place}.{field}" if number is None else f"{source}:{field}", number))
    found, note = _find(metadata, key)
    notes = (Note("dataset.trainer-stops", f"{source}: {note}"),) if note is not None else ()
    told = Told((Caption(text, place, number),), (), tuple(texts), notes, repeats=metadata.repeats)
    if found is None:
        yield finder.sample(
            str(Path(metadata.image_dir or ".") / key), told, source, key, "kohya fails there, or trains from latents."
        )
        return
    yield finder.sample(found, told, source, key, "kohya would stop here.")


def _find(metadata: Metadata, key: str) -> tuple[str | None, str | None]:
    """(file of a key, what a reader must know of how it was found)."""
    plain = key.replace("\\", "/")
    base = metadata.image_dir or str(Path(metadata.path).parent)
    new = next((str(Path(base) / name) for name in (key, plain) if is_file(Path(base) / name)), None)
    old = next((name for name in (key, plain) if is_file(name)), None) or _by_stem(base, plain)
    first, second = (old, new) if metadata.old_keys else (new, old)
    if first is not None:
        return first, None
    if second is not None:
        when = "since v0.10.0 only" if metadata.old_keys else "before v0.10.0 only"
        return second, f"kohya finds '{key}' {when}; other releases fail there."
    moved = Path(base) / plain.rpartition("/")[2]
    if plain != plain.rpartition("/")[2] and is_file(moved):
        return str(moved), f"'{key}' is a path of another machine; the file of that name in the image folder was taken."
    return None, None


def _by_stem(base: str, key: str) -> str | None:
    """The first file, in order of names, that is the key with a picture's suffix."""
    for extension in sorted(EXTENSIONS):
        candidate = Path(base) / f"{key}{extension}"
        if is_file(candidate):
            return str(candidate)
    return None


def _why(folder: Folder, name: str) -> tuple[Role, str]:
    return "other", "the metadata file does not list it, so kohya does not train on it"
