"""The one entry of this room: the bytes of a picture file and its side files -> what they say of themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from auditor.metadata import c2pa, exif, generation, iptc, reservations, rights, sidecars, stealth
from auditor.metadata.containers import detect
from auditor.metadata.containers.blocks import Block
from auditor.metadata.containers.budget import Budget
from auditor.metadata.values import (
    Field,
    FileMetadata,
    Generation,
    MetadataText,
    Reservation,
    Signature,
    SourceType,
)
from auditor.metadata.xmp import read_xmp

_PACKET_LIMIT = 40
_DAMAGE = frozenset(("too-large", "too-deep", "too-many", "entities", "malformed"))
_HARVESTED = frozenset(("other", "description", "generation"))


@dataclass(slots=True)
class _Reading:
    """What was found so far in one file."""

    budget: Budget = field(default_factory=Budget)
    reservations: list[Reservation] = field(default_factory=list)
    texts: list[MetadataText] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    source_types: list[SourceType] = field(default_factory=list)
    remote: list[str] = field(default_factory=list)
    signature: Signature | None = None
    has_store: bool = False
    stores: list[bytes] = field(default_factory=list)
    url: str | None = None
    packets: int = 0


def _take_texts(reading: _Reading, texts: tuple[MetadataText, ...] | list[MetadataText]) -> None:
    """File texts away; those that a generator may have written are left to the harvester to judge."""
    for text in texts:
        carrier, _, key = text.source.partition(" ")
        if text.kind in _HARVESTED or key.rpartition(":")[2] in ("Credit", "Source"):
            reading.fields.append(Field(carrier, key, text.value, text.kind))
        else:
            reading.texts.append(text)


def _xmp(reading: _Reading, block: Block) -> None:
    reading.packets += 1
    if reading.packets > _PACKET_LIMIT:
        reading.budget.note("too-many", f"more than {_PACKET_LIMIT} XMP packets", "XMP")
        return
    properties = read_xmp(block.data, reading.budget, f"XMP in {block.where}")
    carrier = f"XMP in {block.where}"
    reading.reservations.extend(reservations.from_xmp(properties, carrier))
    reading.source_types.extend(rights.source_types(properties, carrier))
    reading.remote.extend(rights.remote_manifests(properties))
    _take_texts(reading, list(rights.from_xmp(properties, reading.budget)))


def _exif(reading: _Reading, block: Block) -> None:
    texts, nested = exif.read_exif(block.data, reading.budget, block.where)
    _take_texts(reading, texts)
    for inner in nested:
        _block(reading, inner)


def _photoshop(reading: _Reading, block: Block) -> None:
    texts, packets = iptc.read_photoshop(block.data, reading.budget, block.where)
    _take_texts(reading, texts)
    for packet in packets:
        _block(reading, Block("xmp", block.where, packet))


def _iptc(reading: _Reading, block: Block) -> None:
    _take_texts(reading, iptc.read_iptc(block.data, reading.budget, block.where))


def _text(reading: _Reading, block: Block) -> None:
    reading.fields.append(Field(block.where, block.key, block.text))


def _store(reading: _Reading, block: Block) -> None:
    reading.has_store = True


_READERS: dict[str, Callable[[_Reading, Block], None]] = {
    "xmp": _xmp,
    "exif": _exif,
    "photoshop": _photoshop,
    "iptc": _iptc,
    "text": _text,
    "c2pa": _store,
}


def _block(reading: _Reading, block: Block) -> None:
    try:
        _READERS[block.kind](reading, block)
    except Exception as error:
        # The readers are written not to raise; a file that proves otherwise must still not end an audit.
        reading.budget.note("malformed", f"{type(error).__name__} while reading", block.where)


def _sidecars(reading: _Reading, files: tuple[tuple[str, bytes], ...]) -> None:
    for name, data in files:
        side = sidecars.read_sidecar(name, data, reading.budget)
        if side.block is not None:
            _block(reading, side.block)
        reading.fields.extend(item for item in side.fields if item.kind in _HARVESTED)
        reading.texts.extend(
            MetadataText(item.value, item.source, item.kind) for item in side.fields if item.kind not in _HARVESTED
        )
        reading.url = reading.url or side.url
        if side.store is not None:
            reading.stores.append(side.store)


def _manifests(reading: _Reading, data: bytes, container: str | None, trust_anchors: str | None) -> Generation:
    """Read the manifest stores; where there is none, say that one is on the network."""
    generated = Generation()
    jobs: list[bytes | None] = [None] if reading.has_store else []
    for store in (*jobs, *reading.stores[:1]):
        contents = c2pa.read_c2pa(data, container, reading.budget, trust_anchors, store)
        reading.reservations.extend(contents.reservations)
        reading.texts.extend(contents.texts)
        reading.source_types.extend(contents.generation.source_types)
        reading.signature = reading.signature or contents.signature
        generated = replace(generated, positive=generated.positive + contents.generation.positive)
    if reading.remote and not reading.has_store and not reading.stores:
        reading.budget.note("remote-manifest", f"refers to {reading.remote[0][:200]}", "XMP dcterms:provenance")
    return generated


def read_metadata(
    data: bytes, sidecars: tuple[tuple[str, bytes], ...] = (), trust_anchors: str | None = None
) -> FileMetadata:
    """Read everything a picture file says of itself.

    Args:
        data: the whole file.
        sidecars: (name, bytes) of its side files: `.xmp`, img2dataset `.json`, `.c2pa`.
        trust_anchors: PEM certificates to which a C2PA signature may chain to count as trusted.

    Never raises, decodes no pixel, opens no file and no connection; time and memory are bounded whatever the bytes
    hold. What could not be read is in `notes`. A file without metadata costs a walk over its container's headers.
    """
    reading = _Reading()
    try:
        container, blocks = detect.blocks(data, reading.budget)
    except Exception as error:
        container, blocks = detect.container_of(data), ()
        reading.budget.note("malformed", f"{type(error).__name__} while reading", container or "file")
    if not blocks and not sidecars and not reading.budget.notes:
        return FileMetadata(container)
    for block in blocks:
        _block(reading, block)
    _sidecars(reading, sidecars)
    signed = _manifests(reading, data, container, trust_anchors)
    if not reading.reservations and any(note.reason in _DAMAGE for note in reading.budget.notes):
        reading.reservations.extend(reservations.from_raw(data, "unparsed metadata"))
    return _finish(reading, container, signed)


def _finish(reading: _Reading, container: str | None, signed: Generation) -> FileMetadata:
    generated, rest = generation.harvest_fields(reading.fields, reading.budget)
    return FileMetadata(
        container=container,
        reservations=tuple(dict.fromkeys(reading.reservations)),
        texts=tuple(dict.fromkeys((*reading.texts, *rest))),
        generation=Generation(
            generated.writers,
            generated.positive + signed.positive,
            generated.negative,
            tuple(dict.fromkeys(reading.source_types)),
        ),
        signature=reading.signature,
        notes=tuple(reading.budget.notes),
        url=reading.url,
    )


def with_stealth(
    metadata: FileMetadata, rgb: NDArray[np.uint8] | None, alpha: NDArray[np.uint8] | None
) -> FileMetadata:
    """Add what stealth PNG info in the pixels says; returns the same object where there is none.

    `rgb` is uint8 (height, width, 3) and `alpha` uint8 (height, width), both as the file stores them. Only lossless
    containers can carry it. Never raises.
    """
    budget = Budget()
    text = stealth.read_stealth(rgb, alpha, budget)
    if text is None:
        return replace(metadata, notes=metadata.notes + tuple(budget.notes)) if budget.notes else metadata
    item = Field(stealth.CARRIER, "text", text)
    found, rest = generation.harvest_fields((item,), budget)
    known = metadata.generation
    writers = found.writers or (generation.UNNAMED,)
    positive = found.positive or tuple(MetadataText(t.value, t.source, "generation") for t in rest)
    return replace(
        metadata,
        generation=Generation(
            tuple(dict.fromkeys((*known.writers, *writers))),
            tuple(dict.fromkeys((*known.positive, *positive))),
            tuple(dict.fromkeys((*known.negative, *found.negative))),
            known.source_types,
        ),
        notes=metadata.notes + tuple(budget.notes),
    )
