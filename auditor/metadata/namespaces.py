"""The XMP namespaces whose properties are read, by the prefix their specifications use."""

from __future__ import annotations

from auditor.metadata.xmp import Name, Property

NAMESPACES: dict[str, str] = {
    "http://ns.useplus.org/ldf/xmp/1.0": "plus",
    "http://www.w3.org/ns/tdmrep": "tdm",
    "http://iptc.org/std/iptc4xmpext/2008-02-29": "Iptc4xmpExt",
    "http://iptc.org/std/iptc4xmpcore/1.0/xmlns": "Iptc4xmpCore",
    "http://purl.org/dc/elements/1.1": "dc",
    "http://purl.org/dc/terms": "dcterms",
    "http://ns.adobe.com/photoshop/1.0": "photoshop",
    "http://ns.adobe.com/xap/1.0/rights": "xmpRights",
    "http://ns.adobe.com/xap/1.0": "xmp",
    "http://creativecommons.org/ns": "cc",
    "http://web.resource.org/cc": "cc",
    "http://ns.adobe.com/tiff/1.0": "tiff",
    "http://ns.adobe.com/exif/1.0": "exif",
    "http://cipa.jp/exif/1.0": "exifEX",
}
"""Namespace in the form of `canonical` -> prefix. Any other namespace is foreign, whatever its prefix in the file."""


def canonical(namespace: str) -> str:
    """Bring a namespace to the form of the table: no https, no final `/` or `#`, lower case."""
    lowered = namespace.strip().casefold()
    if lowered.startswith("https://"):
        lowered = "http://" + lowered[8:]
    return lowered.rstrip("/#")


def qualified(name: Name) -> str | None:
    """Return `prefix:Local` of a property with a known namespace, else None."""
    prefix = NAMESPACES.get(canonical(name[0]))
    return None if prefix is None else f"{prefix}:{name[1]}"


def named(properties: tuple[Property, ...]) -> list[tuple[str, Property]]:
    """Pair properties of known namespaces with their qualified names.

    A structure's field that comes without a namespace of its own keeps its property's name.
    """
    pairs: list[tuple[str, Property]] = []
    for item in properties:
        name = qualified(item.name)
        if name is not None:
            pairs.append((name, item))
    return pairs
