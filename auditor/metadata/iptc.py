"""Text fields of IPTC-IIM 4.2, bare or inside Photoshop image resources."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.metadata.containers.blocks import decode_text
from auditor.metadata.containers.budget import Budget
from auditor.metadata.values import MetadataText, TextKind

IPTC_RESOURCE = 0x0404
XMP_RESOURCE = 0x0424
RECORD_LIMIT = 5_000
TEXT_RECORDS: dict[int, tuple[str, TextKind]] = {
    5: ("ObjectName", "description"),
    25: ("Keywords", "description"),
    40: ("SpecialInstructions", "rights"),
    80: ("By-line", "creator"),
    105: ("Headline", "description"),
    110: ("Credit", "creator"),
    115: ("Source", "creator"),
    116: ("CopyrightNotice", "rights"),
    120: ("Caption-Abstract", "description"),
    122: ("Writer-Editor", "other"),
}
_UTF8_MARK = b"\x1b%G"


def photoshop_resources(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (id, content) of Photoshop image resource blocks (`8BIM`)."""
    position = data.find(b"8BIM")
    for _ in range(RECORD_LIMIT):
        if position < 0 or position + 12 > len(data):
            return
        identity = int.from_bytes(data[position + 4 : position + 6], "big")
        name_length = data[position + 6]
        start = position + 7 + name_length
        start += (start - position) & 1
        size = int.from_bytes(data[start : start + 4], "big")
        yield identity, data[start + 4 : start + 4 + size]
        following = start + 4 + size
        position = data.find(b"8BIM", following, following + 16)


def _records(data: bytes, budget: Budget, where: str) -> Iterator[tuple[int, int, bytes]]:
    """Yield (record, dataset, content) of an IIM stream."""
    position = data.find(b"\x1c")
    for _ in range(RECORD_LIMIT):
        if position < 0 or position + 5 > len(data):
            return
        if data[position] != 0x1C:
            if any(data[position:]):
                budget.note("malformed", "IPTC records end in other bytes", where)
            return
        record, dataset = data[position + 1], data[position + 2]
        size = int.from_bytes(data[position + 3 : position + 5], "big")
        start = position + 5
        if size & 0x8000:
            width = size & 0x7FFF
            if width > 8:
                budget.note("malformed", "IPTC record of impossible length", where)
                return
            size = int.from_bytes(data[start : start + width], "big")
            start += width
        yield record, dataset, data[start : start + size]
        position = start + size
    budget.note("too-many", f"more than {RECORD_LIMIT} IPTC records", where)


def read_iptc(data: bytes, budget: Budget, where: str) -> tuple[MetadataText, ...]:
    """Return the texts of an IIM stream."""
    texts: list[MetadataText] = []
    marked_utf8 = False
    for record, dataset, content in _records(data, budget, where):
        if record == 1 and dataset == 90:
            marked_utf8 = content.startswith(_UTF8_MARK)
        elif record == 2 and dataset in TEXT_RECORDS:
            name, kind = TEXT_RECORDS[dataset]
            if budget.take(len(content), where):
                value = content.decode("utf-8", "replace") if marked_utf8 else decode_text(content)
                if value.strip(" \0"):
                    texts.append(MetadataText(value.strip(" \0"), f"IPTC {name}", kind))
    return tuple(dict.fromkeys(texts))


def read_photoshop(data: bytes, budget: Budget, where: str) -> tuple[tuple[MetadataText, ...], tuple[bytes, ...]]:
    """Return (IPTC texts, XMP packets) of Photoshop image resources."""
    texts: list[MetadataText] = []
    packets: list[bytes] = []
    for identity, content in photoshop_resources(data):
        if identity == IPTC_RESOURCE:
            texts.extend(read_iptc(content, budget, where))
        elif identity == XMP_RESOURCE:
            packets.append(content)
    return tuple(dict.fromkeys(texts)), tuple(packets)
