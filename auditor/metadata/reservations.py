"""Reservations in XMP: IPTC/PLUS Data Mining and TDMRep; and the scan for packets that cannot be parsed.

Sources: PLUS License Data Format, vocabulary `http://ns.useplus.org/ldf/vocab/`; IPTC Photo Metadata Standard
2023.1 and 2025.1; TDM Reservation Protocol (W3C community group, 2024).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from auditor.metadata.namespaces import named
from auditor.metadata.values import Meaning, Reservation
from auditor.metadata.xmp import Property

PLUS = "IPTC/PLUS"
TDMREP = "TDMRep"

_PLAIN: dict[str, tuple[Meaning, str]] = {
    "ALLOWED": ("allowed", "all data mining"),
    "PROHIBITED": ("prohibited", "all data mining"),
    "PROHIBITED-AIMLTRAINING": ("prohibited", "training of AI and machine-learning models"),
    "PROHIBITED-GENAIMLTRAINING": ("prohibited", "training of generative AI models"),
    "PROHIBITED-EXCEPTSEARCHENGINEINDEXING": ("prohibited", "all data mining except indexing by search engines"),
    "PROHIBITED-SEECONSTRAINT": ("constrained", "data mining, under the constraints stated beside it"),
    "PROHIBITED-SEEEMBEDDEDRIGHTSEXPR": ("constrained", "data mining, under an embedded rights expression"),
    "PROHIBITED-SEELINKEDRIGHTSEXPR": ("constrained", "data mining, under a linked rights expression"),
}
_DRAFT: dict[str, tuple[Meaning, str]] = {
    # Codes of the 2023 draft: an "allowed" with an exception reads as the reservation of the exception.
    "ALLOWED-NOAITRAINING": ("prohibited", "training of AI and machine-learning models"),
    "ALLOWED-NOAIGENTRAINING": ("prohibited", "training of generative AI models"),
    "ALLOWED-NOGENAITRAINING": ("prohibited", "training of generative AI models"),
    "ALLOWED-SEECONSTRAINT": ("constrained", "data mining, under the constraints stated beside it"),
}
_CODE = re.compile(r"DMI-[A-Z]+(?:-[A-Z]+)*", re.IGNORECASE)
_RAW_CODE = re.compile(rb"ldf/vocab/(DMI-[A-Za-z-]{1,60})")
_SCAN_LIMIT = 64 << 20


def interpret_plus(value: str) -> tuple[Meaning, str, bool] | None:
    """Return (meaning, scope, draft) of a Data Mining code, or None where it states nothing (`DMI-UNSPECIFIED`).

    The code may be bare or a URI, in any case.
    """
    found = _CODE.search(value)
    code = (found.group() if found else value.strip().rsplit("/", 1)[-1]).upper().removeprefix("DMI-")
    if not code or code == "UNSPECIFIED":
        return None
    if code in _PLAIN:
        return (*_PLAIN[code], False)
    if code in _DRAFT:
        return (*_DRAFT[code], True)
    if re.search(r"NO-?(GEN)?AI", code):
        return "prohibited", "training of AI models", True
    if "SEE" in code or "CONSTRAINT" in code:
        return "constrained", "data mining, under conditions", True
    return "review", "data mining (unknown code)", False


def _where(item: Property, carrier: str) -> str:
    return carrier if len(item.path) == 1 else f"{carrier}, inside {item.path[0][1]}"


def _constraint(pairs: Iterable[tuple[str, Property]]) -> str | None:
    stated = [item.value for name, item in pairs if name in ("plus:OtherConstraints", "plus:LicensorURL")]
    return "; ".join(dict.fromkeys(stated)) or None


def from_xmp(properties: tuple[Property, ...], carrier: str) -> Iterator[Reservation]:
    """Yield the reservations among the properties of one packet."""
    pairs = named(properties)
    for name, item in pairs:
        if name == "plus:DataMining":
            read = interpret_plus(item.value)
            if read is not None:
                meaning, scope, draft = read
                constraint = _constraint(pairs) if meaning == "constrained" else None
                yield Reservation(name, PLUS, item.value, meaning, _where(item, carrier), scope, constraint, draft)
        elif name == "tdm:reservation":
            value = item.value.strip()
            policy = "; ".join(p.value for n, p in pairs if n == "tdm:policy") or None
            # The protocol covers pages, headers and PDF; in an image a set flag is evidence, not the protocol.
            meaning = "allowed" if value == "0" else "review"
            scope = "text and data mining (outside the specification's scope: it does not cover image files)"
            yield Reservation(name, TDMREP, value, meaning, _where(item, carrier), scope, policy)


def from_raw(data: bytes, carrier: str) -> Iterator[Reservation]:
    """Yield Data Mining codes that stand in bytes no parser could read, as `review`: their place is not proven."""
    codes = dict.fromkeys(match.group(1) for match in _RAW_CODE.finditer(data, 0, _SCAN_LIMIT))
    for code in list(codes)[:8]:
        text = code.decode("ascii").rstrip("-")
        read = interpret_plus(text)
        if read is not None and read[0] != "allowed":
            yield Reservation("plus:DataMining", PLUS, text, "review", carrier, f"{read[1]} (unparsed metadata)")
