"""Frozen values that every room shares. Standard library only; tuples, never lists, inside values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["high", "medium", "low"]
Role = Literal["train", "reg", "val", "mask", "control", "other"]
Tier = Literal["exact", "pixels", "whole", "region"]
FailOn = Literal["none", "medium", "high"]
PLACES_WITHOUT_FILE = frozenset({"folder name", "file name", "member name"})
"""Sources of captions and texts that are no file."""
Rectangle = tuple[float, float, float, float]
"""x0, y0, x1, y1 as fractions of width and height, 0 to 1."""

SEVERITIES: tuple[Severity, ...] = ("high", "medium", "low")


# what a dataset yields


@dataclass(frozen=True, slots=True)
class Caption:
    """One text that a trainer may pair with a picture."""

    text: str
    """Exactly as the trainer would use it."""
    source: str
    """File relative to the dataset, `folder name`, `file name`, or `FILE:key` for a configuration key."""
    line: int | None = None
    """1-based line or row in the source; None where the source has no lines."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text that may name an artist, as it stands in its source (spans of findings point into `value`)."""

    value: str
    source: str
    line: int | None = None
    kind: str = "caption"
    """caption | file-name | folder-name | member-name | config | tag | metadata | prompt"""
    trained: bool = True
    """False for text that is carried but that the trainer would not use."""
    owner: str | None = None
    """Path to report instead of the sample's, for a text shared by many samples (a folder name, a config key)."""
    remark: str | None = None
    """A sentence that a finding about this text must carry, for instance how far its source can be trusted."""
    seams: tuple[int, ...] = ()
    """Where the parts of a composed caption meet (code points); what a part says as clearly is no finding here."""


@dataclass(frozen=True, slots=True)
class FilePayload:
    """A picture that is a file of its own."""

    path: str
    """Path that can be opened."""
    size: int | None = None


@dataclass(frozen=True, slots=True)
class SlicePayload:
    """A picture that is a byte range of a larger file (a member of an uncompressed tar or zip)."""

    path: str
    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class BytesPayload:
    """A picture whose bytes had to be read while listing (a Parquet cell, a compressed member, a data URI)."""

    data: bytes = field(repr=False)


Payload = FilePayload | SlicePayload | BytesPayload


@dataclass(frozen=True, slots=True)
class Note:
    """Something true of a sample that is no match but that a reader must know: rendered as a finding of a rule."""

    rule: str
    """A rule id of `rules.py`, for instance `dataset.unsafe-member`."""
    message: str
    skip: str | None = None
    """Where the note says that something was not looked at: the reason under which that is counted besides."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One picture (or finished model file) of a dataset with everything a trainer could read beside it."""

    path: str
    """Relative to the dataset, `/` as separator, `archive.tar!member` for archives; surrogateescape kept."""
    payload: Payload | None
    """Where the picture's bytes are; None for a carrier of texts (a config file, a LoRA header)."""
    captions: tuple[Caption, ...] = ()
    """What the trainer would use."""
    texts: tuple[Text, ...] = ()
    """What the names check searches: every caption line, dead lines, file name, folder names, config values."""
    role: Role = "train"
    trained: bool = True
    reason: str | None = None
    """Why the trainer would not train on it; None where `trained`."""
    repeats: int = 1
    kind: Literal["picture", "model", "carrier"] = "picture"
    """`carrier` holds only texts and is no seen sample."""
    side_files: tuple[str, ...] = ()
    """Caption, mask and cache files that belong to the picture, relative to the dataset."""
    sidecars: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)
    """Metadata side files read while listing: (name, bytes), for instance an XMP sidecar or img2dataset JSON."""
    notes: tuple[Note, ...] = ()
    skip: str | None = None
    """Set by a reader that knows the sample cannot be audited (reason as in `Coverage.skipped`)."""


# what an index holds


@dataclass(frozen=True, slots=True)
class Statement:
    """Where and how an opt-out was stated."""

    kind: str = "self"
    """self | agent | public-record"""
    date: str | None = None
    title: str | None = None
    uri: str | None = None


@dataclass(frozen=True, slots=True)
class Artist:
    """A listed artist."""

    id: str
    names: tuple[str, ...]
    """First is the display name."""
    aliases: tuple[str, ...] = ()
    alias_kinds: tuple[str, ...] = ()
    """One of handle | native | tag | alias per alias, same length as `aliases`."""
    ambiguous: tuple[str, ...] = ()
    """Surfaces that count only with a cue such as "art by"."""
    statements: tuple[Statement, ...] = ()
    verification: str = "none"
    preference: str = "prohibited"
    """prohibited | constrained | allowed"""
    status: str = "active"
    expires: str | None = None  # last day (ISO 8601) on which the statement holds, where it says so
    status_date: str | None = None
    """Day of the withdrawal or correction, where `status` is not `active`."""
    status_note: str | None = None
    remarks: tuple[str, ...] = ()
    """Sentences a finding must carry, worked out when the index was opened: use is constrained, the statement has
    expired. Not stored."""


@dataclass(frozen=True, slots=True)
class Work:
    """A listed work, without its hashes."""

    id: str
    artist_id: str
    title: str | None = None
    uri: str | None = None
    width: int = 0
    height: int = 0
    preference: str = "prohibited"
    status: str = "active"
    expires: str | None = None
    policy: str | None = None
    """Where the conditions of a `constrained` work are written down (URI)."""


# what an audit finds


@dataclass(frozen=True, slots=True)
class Match:
    """How a picture matches a work."""

    tier: Tier
    distance: int | None = None
    """Hamming distance in bits, for tier `whole`."""
    inliers: int | None = None
    mirrored: bool = False
    rotation: int = 0
    """Degrees clockwise by which the work was turned to give the sample (0, 90, 180, 270 for tier `whole`)."""
    sample_region: Rectangle | None = None
    work_region: Rectangle | None = None
    probability: float | None = None
    scale: float | None = None
    """Enlargement of the work's pixels in the sample, for tier `region`."""
    algorithm: str | None = None
    """Versioned name of what was compared, for instance `pdq@1`."""
    view: str | None = None
    """Which view of the picture matched (`whole`, `trimmed`, `exif-ignored`, `alpha-dropped` ...)."""
    sample_size: tuple[int, int] | None = None
    """Width and height of the picture in pixels (orientation applied), to draw the frame a region lies in."""
    work_size: tuple[int, int] | None = None
    """Width and height of the listed work in pixels, where the index knows them."""


@dataclass(frozen=True, slots=True)
class TextMatch:
    """Where a text names an artist."""

    value: str
    start: int
    end: int
    """Code points in `value`."""
    source: str
    line: int | None
    score: float
    form: str
    """exact | separator | concatenated | misspelt | initials | reversed | native-script | ..."""
    reason: str


@dataclass(frozen=True, slots=True)
class Reference:
    """An artist or a work as a finding names it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found about one sample."""

    rule: str
    severity: Severity
    sample: str
    message: str
    """What was found, in one plain sentence or two; `verdict.wording` adds the rest when it is shown."""
    fingerprint: str
    artist: Reference | None = None
    work: Reference | None = None
    match: Match | None = None
    text: TextMatch | None = None
    waived: bool = False
    trained: bool = True
    """False when the sample or text is carried in the folder but would not be trained on."""
    index: str | None = None
    """Name of the index that lists the artist or work."""
    remarks: tuple[str, ...] = ()
    """Sentences that a reader must also have: conditions of a listing, that an entry has ended."""
    not_trained_because: str | None = None
    """Why the trainer would not use it, where `trained` is False."""
    left_out_by_guess: bool = False
    """The layout that leaves it out was guessed, so the grade was not lowered for it."""
    details: tuple[tuple[str, str], ...] = ()
    """Further facts, sorted by key, for instance the raw value of a reservation."""
    listed_in: tuple[str, int | None] | None = None
    """The caption file or metadata row that admits the sample to training: (file relative to the dataset,
    1-based line). None where no file does; reports for code review point there."""
