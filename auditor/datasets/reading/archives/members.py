"""Members of archives: what is common to tar and zip. Nothing is ever unpacked to disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from auditor.datasets.reading import captions as caption_files
from auditor.datasets.reading import kinds
from auditor.datasets.reading.carriers import carrier
from auditor.datasets.reading.jsontext import strings_of
from auditor.datasets.reading.pictures import Told
from auditor.model import BytesPayload, Note, Payload, Sample, Text

MEMBER_LIMIT = 256 * 1024 * 1024
"""Bytes of one compressed member that are unpacked into memory."""
RATIO_LIMIT = 200
"""Unpacked over packed size from which a large member counts as a bomb."""
BOMB_SIZE = 32 * 1024 * 1024
NAMES_KEPT = 200_000
"""Member names that are remembered to find repeated ones; memory stays flat beyond."""

ToldOf = Callable[[str], Told]
"""member name -> what the layout says of it."""


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an archive."""

    archive: str
    """The archive's path relative to the dataset."""
    name: str
    size: int
    payload: Payload | None
    """None where the member is not to be read."""
    read: Callable[[int], bytes] = field(repr=False, default=lambda limit: b"")
    """Read at most so many bytes."""
    notes: tuple[Note, ...] = ()
    skip: str | None = None
    regular: bool = True

    @property
    def path(self) -> str:
        """As samples of archives are named."""
        return f"{self.archive}!{self.name}"

    @property
    def basename(self) -> str:
        """Last part of the name."""
        return self.name.replace("\\", "/").rpartition("/")[2]


@dataclass(slots=True)
class Names:
    """Finds repeated member names, in bounded memory."""

    kept: set[int] = field(default_factory=set)

    def repeated(self, name: str) -> bool:
        """Whether the name came before (among the first `NAMES_KEPT`)."""
        code = hash(name)
        if code in self.kept:
            return True
        if len(self.kept) < NAMES_KEPT:
            self.kept.add(code)
        return False


def name_notes(archive: str, name: str, repeated: bool) -> tuple[Note, ...]:
    """What is unsafe about a member's name."""
    plain = name.replace("\\", "/")
    what: list[str] = []
    if plain.startswith("/") or (len(plain) > 1 and plain[1] == ":"):
        what.append("is absolute")
    if ".." in plain.split("/"):
        what.append("climbs out with '..'")
    if repeated:
        what.append("repeats an earlier member's name")
    return tuple(
        Note("integrity.unsafe-member", f"{archive}: the member '{name}' {reason}; it is never unpacked to disk.")
        for reason in what
    )


def is_bomb(size: int, packed: int) -> bool:
    """Whether a member unpacks to far more than it holds."""
    return size > BOMB_SIZE and size > RATIO_LIMIT * max(1, packed)


def bomb_note(archive: str, name: str, size: int) -> Note:
    """The note of a member that unpacks to far too much."""
    return Note(
        "integrity.unsafe-member",
        f"{archive}: the member '{name}' unpacks to {size:,} bytes, far more than it holds; it was not unpacked.",
    )


def sample(member: Member, told: Told) -> Sample:
    """The sample of a picture in an archive."""
    trained = told.reason is None
    texts = (Text(member.name, "member name", None, "member-name", trained), *told.texts)
    return Sample(
        path=member.path,
        payload=member.payload,
        captions=told.captions,
        texts=texts,
        role=told.role,
        trained=trained,
        reason=told.reason,
        repeats=told.repeats,
        notes=(*told.notes, *member.notes),
        skip=told.skip or member.skip,
    )


def plain(members: Iterator[Member], told_of: ToldOf) -> Iterator[Sample]:
    """Every member by itself: pictures as samples, texts as carriers, what cannot be audited as a skip."""
    for member in members:
        kind = kind_of(member)
        if kind == "picture" or (member.skip is not None and member.regular):
            yield sample(member, told_of(member.name))
        elif kind == "video":
            yield sample(replace(member, skip="video"), replace(told_of(member.name), reason="not a still picture"))
        elif kind == "archive":
            told = replace(told_of(member.name), reason="an archive inside an archive", role="other")
            yield sample(replace(member, skip="nested-archive"), told)
        else:
            yield text_carrier(member, kind)


def kind_of(member: Member) -> str:
    """Kind by name, else by the first bytes."""
    if not member.regular:
        return "other"
    kind = kinds.by_name(member.basename)
    return kind if kind is not None else kinds.by_content(member.read(32))


def text_carrier(member: Member, kind: str, *, trained: bool = False) -> Sample:
    """The texts of a member that is no picture."""
    texts = [Text(member.name, "member name", None, "member-name", False)]
    notes = list(member.notes)
    if kind in {"text", "config", "table"}:
        limit = caption_files.LIMIT
        data = member.read(limit + 1)
        side = caption_files.decode(data[:limit], size=member.size, truncated=len(data) > limit)
        notes.extend(caption_files.notes(side, member.path, "The trainer", stops=None))
        if member.name.lower().endswith(".json"):
            texts.extend(Text(text, f"{member.path}:{key}", None, "caption", trained) for key, text in strings_of(data))
        else:
            texts.extend(caption_files.texts(side, member.path, trained=trained))
    return carrier(member.path, tuple(texts), tuple(notes))


def unreadable(archive: str, detail: str) -> Sample:
    """An archive, or the rest of one, that cannot be read: seen and skipped."""
    return Sample(
        path=archive,
        payload=None,
        texts=(Text(archive.rpartition("/")[2], "file name", None, "file-name", False),),
        role="other",
        trained=False,
        reason=detail,
        notes=(Note("integrity.unsafe-member", f"{archive}: {detail}. What comes after was not audited."),),
        skip="unreadable-archive",
    )


def in_memory(data: bytes) -> tuple[Payload, Callable[[int], bytes]]:
    """Payload and reader of bytes that had to be read."""
    return BytesPayload(data), lambda limit: data[:limit]
