"""WebDataset tar shards: consecutive members of one key are one sample; bodies are not read while listing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from auditor.datasets import shards
from auditor.datasets.gathering import carried
from auditor.datasets.gathering.carried import Seen
from auditor.datasets.interface import LayoutOptions
from auditor.datasets.reading import captions as caption_files
from auditor.datasets.reading import configfile, kinds, listing
from auditor.datasets.reading.archives import members, tarfiles
from auditor.datasets.reading.archives.members import Member
from auditor.datasets.reading.captions import SideText
from auditor.datasets.reading.carriers import carrier, noted
from auditor.datasets.reading.jsontext import strings_of
from auditor.datasets.reading.listing import Folder
from auditor.datasets.reading.paths import exists, is_file
from auditor.datasets.reading.pictures import SIDECAR_LIMIT, Told
from auditor.datasets.reading.shard import Shard
from auditor.errors import DatasetError
from auditor.model import Caption, Note, Role, Sample, Text

TEXT_FIELDS = ("txt", "text", "caption")
GROUP_LIMIT = 256
"""Members of one key that are held together."""
FIRST_SAMPLES = 5


@dataclass(slots=True)
class Group:
    """The members of one key so far, by field."""

    key: str
    fields: dict[str, Member] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)


class WebDataset:
    """Tar shards."""

    name = "webdataset"
    options = ("caption_field",)

    def recognise(self, path: str, folder: Folder) -> tuple[int, str]:
        """Tar files, and nothing beside them that is a picture."""
        if is_file(path):
            found = path.lower().endswith((".tar", ".tar.gz", ".tgz"))
            return (85, "the file is a tar shard") if found else (0, "not a tar shard")
        shards = [name for name in folder.files if name.lower().endswith(".tar")]
        if not shards:
            return 0, "there are no tar shards"
        if any(kinds.is_picture(name) for name in folder.files):
            return 40, "there are tar shards beside pictures"
        return 82, f"the folder holds {len(shards):,} tar shards"

    def samples(self, path: str, options: LayoutOptions) -> Iterator[Sample]:
        """Yield the samples of every shard in order of their names, then what is carried.

        Raises:
            DatasetError: there is no such shard or folder.
        """
        yield from shards.flatten(self.plan(path, options))

    def plan(self, path: str, options: LayoutOptions) -> Iterator[Sample | Shard]:
        """Yield every shard, and the samples beside the shards.

        Raises:
            DatasetError: there is no such shard or folder.
        """
        root = configfile.home(path)
        if not exists(path):
            raise DatasetError(f"{path}: there is no such file or folder. Check the path.")
        fields = (options.text("caption_field") or "", *TEXT_FIELDS)
        seen = Seen()
        start = listing.root(root)
        if is_file(path):
            yield Shard("tar", path, Path(path).name, text_fields=fields)
            return
        for folder in listing.walk(start):
            for name in folder.files:
                if name.lower().endswith(".tar") and not name.startswith("."):
                    seen.files.add(folder.inside(name))
                    yield Shard("tar", folder.at(name), folder.inside(name), text_fields=fields)
        yield from carried.rest(start, root, seen, _why)


def key_and_field(name: str) -> tuple[str, str] | None:
    """Part a member's name at the first dot of its last component; None where no sample gets it.

    A component that begins with a dot hangs on the directory before it, as the reference implementation has it.
    """
    head, slash, base = name.rpartition("/")
    dot = base.find(".")
    if dot > 0:
        return f"{head}{slash}{base[:dot]}", base[dot + 1 :].lower()
    if dot == 0 and slash and "." not in head.rpartition("/")[2]:
        return f"{head}{slash}", base[1:].lower()
    return None


def is_meta(name: str) -> bool:
    """Whether readers pass the member over as metadata of the shard."""
    first, slash, _ = name.partition("/")
    return len(first) >= 4 and first.startswith("__") and first.endswith("__") and (bool(slash) or first == name)


def read_shard(shard: Shard) -> Iterator[Sample]:
    """Yield the samples of a tar shard."""
    return samples_of(shard.path, shard.relative, shard.text_fields)


def samples_of(path: str, relative: str, text_fields: tuple[str, ...]) -> Iterator[Sample]:
    """Yield the samples of one shard; a damaged one ends in a counted skip."""
    group: Group | None = None
    first: list[frozenset[str]] = []
    yield carrier(relative, (Text(Path(path).name, "file name", None, "file-name"),))
    try:
        for member in tarfiles.entries(path, relative):
            parted = None if is_meta(member.name) or not member.regular else key_and_field(member.name)
            if parted is None:
                yield from _outside(member)
                continue
            key, name = parted
            if group is not None and (group.key != key or len(group.fields) >= GROUP_LIMIT):
                first = _remember(first, group)
                yield from _group(group, text_fields)
                group = None
            if group is None:
                group = Group(key)
            if name in group.fields:
                message = f"{relative}: '{key}' holds the field '{name}' twice; webdataset would stop here."
                group.notes.append(Note("dataset.trainer-stops", message))
                name = f"{name}#{len(group.fields)}"
            group.fields[name] = member
    except tarfiles.BrokenArchive as problem:
        if group is not None:
            yield from _group(group, text_fields)
            group = None
        yield members.unreadable(relative, str(problem))
    if group is not None:
        first = _remember(first, group)
        yield from _group(group, text_fields)
    if len(set(first)) > 1:
        message = f"{relative}: the first samples have different fields; the reader of `datasets` would stop here."
        yield noted(relative, "dataset.trainer-stops", message)


def _remember(first: list[frozenset[str]], group: Group) -> list[frozenset[str]]:
    return first if len(first) >= FIRST_SAMPLES else [*first, frozenset(group.fields)]


def _group(group: Group, text_fields: tuple[str, ...]) -> Iterator[Sample]:
    """The pictures of a group, each with the group's captions."""
    pictures = [name for name, member in group.fields.items() if _is_picture(name, member)]
    captions, texts, sidecars, notes = _texts(group, pictures, text_fields)
    told = Told(captions, (), texts, (*group.notes, *notes))
    for name in pictures:
        made = members.sample(group.fields[name], told)
        yield _with_sidecars(made, sidecars)
    if not pictures:
        first = next(iter(group.fields.values()))
        names = tuple(Text(member.name, "member name", None, "member-name", False) for member in group.fields.values())
        dead = tuple(Text(text.value, text.source, text.line, text.kind, False) for text in texts)
        yield carrier(first.path, (*names, *dead), told.notes)


def _is_picture(name: str, member: Member) -> bool:
    suffix = "." + name.partition("#")[0].rpartition(".")[2]
    if suffix in kinds.PICTURES:
        return True
    return kinds.by_name(f"x{suffix}") is None and kinds.by_content(member.read(32)) == "picture"


def _texts(
    group: Group, pictures: list[str], text_fields: tuple[str, ...]
) -> tuple[tuple[Caption, ...], tuple[Text, ...], tuple[tuple[str, bytes], ...], list[Note]]:
    captions: list[Caption] = []
    texts: list[Text] = []
    notes: list[Note] = []
    sidecars: list[tuple[str, bytes]] = []
    for name, member in group.fields.items():
        if name in pictures or kinds.by_name(f"x.{name}") in {"video", "latents", "archive", "model"}:
            continue
        if name.rpartition(".")[2] in {"xmp", "c2pa"}:
            sidecars.append((member.path, member.read(SIDECAR_LIMIT)))
            continue
        if name == "json" or name.lower().endswith(".json"):
            data = member.read(SIDECAR_LIMIT)
            sidecars.append((member.path, data))
            for key, value in strings_of(data):
                used = key == "caption" and not any(field_name in group.fields for field_name in text_fields)
                texts.append(Text(value, f"{member.path}:{key}", None, "caption", used))
                if used:
                    captions.append(Caption(value, f"{member.path}:{key}"))
            continue
        side = _side(member)
        used = name in text_fields
        notes.extend(caption_files.notes(side, member.path, "webdataset", stops=_stops(name)))
        texts.extend(caption_files.texts(side, member.path, trained=used))
        if used:
            captions.append(Caption(side.text, member.path, 1))
    return tuple(captions), tuple(texts), tuple(sidecars), notes


def _stops(name: str) -> str | None:
    return "readers decode text members as UTF-8 only and would stop here." if name in TEXT_FIELDS else None


def _side(member: Member) -> SideText:
    data = member.read(caption_files.LIMIT + 1)
    limit = caption_files.LIMIT
    return caption_files.decode(data[:limit], size=member.size, truncated=len(data) > limit)


def _with_sidecars(sample: Sample, sidecars: tuple[tuple[str, bytes], ...]) -> Sample:
    if not sidecars:
        return sample
    return replace(sample, sidecars=sidecars)


def _outside(member: Member) -> Iterator[Sample]:
    """Members that no sample gets."""
    kind = members.kind_of(member)
    if kind == "picture" or (member.skip is not None and member.regular):
        why = "metadata of the shard" if is_meta(member.name) else "its name has no key, so webdataset passes it over"
        yield members.sample(member, Told(role="other", reason=why))
    else:
        yield members.text_carrier(member, kind)


def _why(folder: Folder, name: str) -> tuple[Role, str]:
    return "other", "beside the shards, not in one"
