"""What a file says of itself, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Meaning = Literal["prohibited", "constrained", "allowed", "review"]
TextKind = Literal["creator", "rights", "licence", "description", "generation", "other"]
NoteReason = Literal[
    "signature-failed",
    "remote-manifest",
    "extra-missing",
    "too-large",
    "too-deep",
    "too-many",
    "entities",
    "malformed",
    "compressed",
]
Partly = Literal["wholly", "partly", "not-by-a-model"]


@dataclass(frozen=True, slots=True)
class Reservation:
    """One machine-readable statement about mining or training."""

    field: str
    """Property, label or header, for instance `plus:DataMining` or `cawg.ai_generative_training`."""
    vocabulary: str
    """Who defines it, for instance `IPTC/PLUS`."""
    value: str
    """Raw value, as the file holds it."""
    meaning: Meaning
    """What it means for training a generative model. `review` = a person must decide."""
    where: str
    """Carrier inside the file, for instance `XMP in JPEG APP1`."""
    scope: str = "generative training"
    """What it speaks about, in plain words."""
    constraint: str | None = None
    """Conditions or where to read them."""
    draft: bool = False
    """Written in a draft of the vocabulary that was later renamed."""


@dataclass(frozen=True, slots=True)
class MetadataText:
    """One text of the file, exactly as its field holds it (decoded)."""

    value: str
    source: str
    """Carrier and field, for instance `EXIF Artist` or `PNG parameters`."""
    kind: TextKind
    searched: str | None = None
    """`value` with the stretches that name nobody (an exclusion such as Midjourney's `--no`) blanked by spaces, same
    length; None where all of it counts."""


@dataclass(frozen=True, slots=True)
class Field:
    """A text field before anybody knows what it is."""

    carrier: str
    """PNG | EXIF | XMP | JPEG | GIF | stealth PNG info | sidecar"""
    key: str
    value: str
    kind: TextKind = "other"
    """What the field is for, where its format says so."""

    @property
    def source(self) -> str:
        """Carrier and key, as findings name it."""
        return f"{self.carrier} {self.key}"


@dataclass(frozen=True, slots=True)
class SourceType:
    """A digital source type that says how the picture came to be."""

    value: str
    where: str
    made: Partly
    """wholly or partly by a trained model; `not-by-a-model` = synthetic, by an algorithm that was not trained."""


@dataclass(frozen=True, slots=True)
class Generation:
    """What the file says of the generative model that made it."""

    writers: tuple[str, ...] = ()
    """Programs whose layout was recognised, in order of discovery."""
    positive: tuple[MetadataText, ...] = ()
    """Texts that asked for something: prompts, model and LoRA names, strings of a prompt graph."""
    negative: tuple[MetadataText, ...] = ()
    """Texts that asked to keep something out; they name nobody."""
    source_types: tuple[SourceType, ...] = ()

    @property
    def is_ai(self) -> bool:
        """True where a generator's layout was recognised or a source type names a trained model."""
        return bool(self.writers) or any(kind.made != "not-by-a-model" for kind in self.source_types)


@dataclass(frozen=True, slots=True)
class Signature:
    """The outcome of checking a C2PA manifest store."""

    state: Literal["valid", "trusted", "invalid"]
    issuer: str | None
    codes: tuple[str, ...] = ()
    """Failure codes of the C2PA specification, sorted; `signingCredential.untrusted` alone is not a failure."""
    manifests: int = 0


@dataclass(frozen=True, slots=True)
class MetadataNote:
    """Something that kept a part of the metadata from being read, or that a reader must know about it."""

    reason: NoteReason
    detail: str
    where: str


@dataclass(frozen=True, slots=True)
class FileMetadata:
    """Everything one picture file (and its sidecars) says of itself."""

    container: str | None = None
    """JPEG | PNG | WebP | TIFF | AVIF | HEIF | GIF | JPEG XL | ... ; None where the bytes are none of these."""
    reservations: tuple[Reservation, ...] = ()
    texts: tuple[MetadataText, ...] = ()
    """Creators, rights, licences, descriptions: every text that is not generation metadata."""
    generation: Generation = field(default_factory=Generation)
    signature: Signature | None = None
    notes: tuple[MetadataNote, ...] = ()
    url: str | None = None
    """Where the picture was downloaded from, as an img2dataset sidecar says."""

    def of_kind(self, kind: TextKind) -> tuple[MetadataText, ...]:
        """Texts of one kind."""
        return tuple(text for text in self.texts if text.kind == kind)
