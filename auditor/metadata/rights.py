"""Creators, rights, licences, descriptions and source types in XMP."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.metadata.containers.budget import Budget
from auditor.metadata.namespaces import named
from auditor.metadata.values import MetadataText, Partly, SourceType, TextKind
from auditor.metadata.xmp import Property

SOURCE_TYPES: dict[str, Partly] = {
    "trainedalgorithmicmedia": "wholly",
    "trainedalgorithmicdata": "wholly",
    "compositewithtrainedalgorithmicmedia": "partly",
    "compositesynthetic": "partly",
    "algorithmicmedia": "not-by-a-model",
}
"""IPTC digital source types (last part of the URI, lower case) that speak of synthetic media."""

_KINDS: dict[str, TextKind] = {
    "dc:creator": "creator",
    "dc:contributor": "creator",
    "dc:rights": "rights",
    "dc:title": "description",
    "dc:description": "description",
    "dc:subject": "description",
    "dcterms:creator": "creator",
    "dcterms:rightsHolder": "creator",
    "dcterms:license": "licence",
    "photoshop:Credit": "creator",
    "photoshop:Source": "creator",
    "photoshop:Headline": "description",
    "photoshop:Instructions": "rights",
    "xmpRights:Owner": "creator",
    "xmpRights:UsageTerms": "rights",
    "xmpRights:WebStatement": "licence",
    "cc:license": "licence",
    "cc:attributionName": "creator",
    "tiff:Artist": "creator",
    "tiff:Copyright": "rights",
    "tiff:ImageDescription": "description",
    "exif:UserComment": "other",
    "exifEX:Photographer": "creator",
    "exifEX:ImageEditor": "creator",
    "xmp:CreatorTool": "other",
    "tiff:Software": "other",
    "plus:CopyrightOwnerName": "creator",
    "plus:ImageCreatorName": "creator",
    "plus:LicensorName": "creator",
    "plus:OtherConstraints": "rights",
    "Iptc4xmpExt:AOCreator": "creator",
    "Iptc4xmpExt:AOCopyrightNotice": "rights",
    "Iptc4xmpExt:AOTitle": "description",
    "Iptc4xmpExt:AIPromptInformation": "generation",
    "Iptc4xmpExt:AIPromptWriterName": "creator",
    "Iptc4xmpExt:AISystemUsed": "other",
}


def from_xmp(properties: tuple[Property, ...], budget: Budget) -> Iterator[MetadataText]:
    """Yield the texts of the known fields; the source says `XMP` and the field by its usual prefix."""
    for name, item in named(properties):
        kind = _KINDS.get(name)
        if kind is not None and budget.take(len(item.value), f"XMP {name}"):
            yield MetadataText(item.value, f"XMP {name}", kind)


def source_type(value: str, where: str) -> SourceType | None:
    """Interpret a digital source type given as a URI or as its last part; None where it speaks of no synthesis."""
    made = SOURCE_TYPES.get(value.strip().rstrip("/").rsplit("/", 1)[-1].casefold())
    return None if made is None else SourceType(value.strip(), where, made)


def source_types(properties: tuple[Property, ...], carrier: str) -> Iterator[SourceType]:
    """Yield the digital source types among the properties of one packet that speak of synthetic media."""
    for name, item in named(properties):
        if name in ("Iptc4xmpExt:DigitalSourceType", "Iptc4xmpExt:DigitalSourcetype"):
            found = source_type(item.value, carrier)
            if found is not None:
                yield found


def remote_manifests(properties: tuple[Property, ...]) -> Iterator[str]:
    """Yield the network addresses to which a packet refers readers of C2PA manifests (`dcterms:provenance`)."""
    for name, item in named(properties):
        if name == "dcterms:provenance" and "://" in item.value:
            yield item.value
