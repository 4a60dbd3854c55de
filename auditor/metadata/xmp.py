"""XMP packets -> properties with their namespaces (ISO 16684-1), streamed and bounded.

The parser is defusedxml's SAX reader: entities and external references are refused, nothing is fetched. No tree
is built, so a packet of many tiny elements costs time only, and that is bounded by a count.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any
from xml.sax.handler import ContentHandler, feature_namespaces
from xml.sax.xmlreader import AttributesNSImpl

from auditor.metadata.containers.budget import Budget

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XML = "http://www.w3.org/XML/1998/namespace"
META = "adobe:ns:meta/"
ELEMENT_LIMIT = 50_000
DEPTH_LIMIT = 100
MARK_LIMIT = 100_000
"""`<` and `=` of a packet: beyond this even the parser's own work takes too long."""
_NO_VALUES = {"about", "ID", "nodeID", "parseType", "datatype"}

Name = tuple[str, str]
"""(namespace, local name)"""


@dataclass(frozen=True, slots=True)
class Property:
    """One value of one property."""

    path: tuple[Name, ...]
    """From the top-level property down; RDF containers are left out."""
    value: str
    language: str | None = None

    @property
    def name(self) -> Name:
        """Namespace and local name of the property that holds the value."""
        return self.path[-1]


class _TooMuch(Exception):
    """The packet is larger or deeper than is read."""


@dataclass(slots=True)
class _Open:
    """An element that has not ended."""

    name: Name
    language: str | None
    text: list[str] = field(default_factory=list)
    children: int = 0


class _Collector(ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self.stack: list[_Open] = []
        self.found: list[Property] = []
        self.elements = 0

    def _path(self, *more: Name) -> tuple[Name, ...]:
        names = [item.name for item in self.stack] + list(more)
        return tuple(name for name in names if name[0] not in (RDF, META))

    def _add(self, path: tuple[Name, ...], value: str, language: str | None) -> None:
        if path and value.strip():
            self.found.append(Property(path, value.strip(), language))

    def startElementNS(  # noqa: N802  (the name is SAX's)
        self, name: tuple[str | None, str], qname: str | None, attrs: AttributesNSImpl
    ) -> None:
        self.elements += 1 + len(attrs)
        if self.elements > ELEMENT_LIMIT or len(self.stack) >= DEPTH_LIMIT:
            raise _TooMuch
        items: list[tuple[Name, str]] = [((key[0] or "", key[1]), value) for key, value in attrs.items()]
        language = dict(items).get((XML, "lang"), self.stack[-1].language if self.stack else None)
        if self.stack:
            self.stack[-1].children += 1
        self.stack.append(_Open((name[0] or "", name[1]), language))
        for (namespace, local), value in items:
            if namespace == RDF and local == "resource":
                self._add(self._path(), value, language)
            elif namespace not in (RDF, XML, META, "") or (namespace == "" and local not in _NO_VALUES):
                self._add(self._path((namespace, local)), value, language)

    def characters(self, content: str) -> None:
        if self.stack:
            self.stack[-1].text.append(content)

    def endElementNS(self, name: tuple[str | None, str], qname: str | None) -> None:  # noqa: N802
        element = self.stack[-1]
        if not element.children:
            self._add(self._path(), "".join(element.text), element.language)
        self.stack.pop()


def _unify(packet: bytes) -> bytes:
    """Turn UTF-32 (which the parser does not know) and UTF-16 into UTF-8, by the zeros around the first `<`."""
    first = packet.find(b"<", 0, 64)
    after = packet[first + 1 : first + 4]
    if first < 0 or after[:1] != b"\0":
        return packet
    wide = after == b"\0\0\0"
    # Padding and a byte order mark fill whole units: the place of `<` inside its unit tells the byte order.
    big = first % (4 if wide else 2) != 0
    start = first - ((3 if wide else 1) if big else 0)
    encoding = ("utf-32" if wide else "utf-16") + ("-be" if big else "-le")
    return packet[start:].decode(encoding, "ignore").encode("utf-8", "ignore")


def _body(packet: bytes) -> bytes:
    """Cut what some writers leave before and after the outermost element."""
    start = min((at for mark in (b"<?x", b"<x:", b"<rdf:RDF", b"<") if (at := packet.find(mark)) >= 0), default=0)
    end = packet.rfind(b">")
    return packet[start : end + 1] if end > start else packet


def read_xmp(packet: bytes, budget: Budget, where: str) -> tuple[Property, ...]:
    """Return the properties of a packet. Never raises: what cannot be read leaves a note.

    What was read before a damaged place is kept, since a reservation may stand there.
    """
    from defusedxml import expatreader
    from defusedxml.common import DefusedXmlException

    if packet.count(b"<") > MARK_LIMIT or packet.count(b"=") > MARK_LIMIT:
        budget.note("too-many", f"more than {MARK_LIMIT} elements or attributes", where)
        return ()
    reader: Any = expatreader.create_parser(forbid_dtd=False, forbid_entities=True, forbid_external=True)
    collector = _Collector()
    reader.setFeature(feature_namespaces, True)
    reader.setContentHandler(collector)
    try:
        reader.parse(io.BytesIO(_body(_unify(packet))))
    except DefusedXmlException:
        budget.note("entities", "the packet declares XML entities, which are not expanded", where)
    except _TooMuch:
        budget.note("too-deep", f"more than {ELEMENT_LIMIT} elements or {DEPTH_LIMIT} levels", where)
    except Exception as error:
        # SAX reports damage by its own exceptions, and codecs by theirs; none may end an audit.
        budget.note("malformed", f"not well-formed XML: {type(error).__name__}", where)
    return tuple(collector.found)
