"""Text fields of EXIF: who made the picture, who holds rights, and what generators write there (Exif 3.0)."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.metadata.containers.blocks import Block, decode_text
from auditor.metadata.containers.budget import Budget
from auditor.metadata.containers.tiff import (
    C2PA_TAG,
    IPTC_TAG,
    PHOTOSHOP_TAG,
    XMP_TAG,
    Entry,
    Header,
    directories,
    number,
    read_directory,
    read_header,
)
from auditor.metadata.values import MetadataText, TextKind

EXIF_DIRECTORY = 0x8769
TEXT_TAGS: dict[int, tuple[str, TextKind]] = {
    0x010D: ("DocumentName", "description"),
    0x010E: ("ImageDescription", "description"),
    0x010F: ("Make", "other"),
    0x0110: ("Model", "other"),
    0x0131: ("Software", "other"),
    0x013B: ("Artist", "creator"),
    0x013C: ("HostComputer", "other"),
    0x8298: ("Copyright", "rights"),
    0x927C: ("MakerNote", "other"),
    0x9286: ("UserComment", "other"),
    0x9C9B: ("XPTitle", "description"),
    0x9C9C: ("XPComment", "description"),
    0x9C9D: ("XPAuthor", "creator"),
    0x9C9E: ("XPKeywords", "description"),
    0x9C9F: ("XPSubject", "description"),
    0xA430: ("CameraOwnerName", "creator"),
    0xA436: ("ImageTitle", "description"),
    0xA437: ("Photographer", "creator"),
    0xA438: ("ImageEditor", "creator"),
}
_COPIED = {XMP_TAG, IPTC_TAG, PHOTOSHOP_TAG, C2PA_TAG}
_MAKER_NOTE_LIMIT = 256
"""Camera maker notes are binary and long; a generator's is one short word (Fooocus writes its scheme there)."""


def _utf16(raw: bytes, marked: bool = False) -> str:
    """Decode UTF-16 of unstated byte order: the order in which more code units are ASCII wins."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", "replace")
    if marked and not any(raw[0::2]) and any(raw[1::2]):
        return raw.decode("utf-16-be", "replace")
    # A unit that is ASCII has a zero byte in its high half: count where the zeros stand.
    big, little = raw[0::2].count(0), raw[1::2].count(0)
    return raw.decode("utf-16-le" if little > big else "utf-16-be", "replace")


def decode_comment(raw: bytes) -> str:
    """Decode a UserComment: eight bytes of character code, then the text. Writers that leave the code out exist."""
    code, body = raw[:8], raw[8:]
    if code.rstrip(b"\0 ") == b"UNICODE":
        # Plain text under the UNICODE mark occurs; UTF-16 of Latin text has zeros in it, plain text never has.
        plain = body.rstrip(b"\0")
        if len(plain) > 2 and plain.isascii() and b"\0" not in plain:
            return plain.decode("ascii")
        return _utf16(body, marked=True).rstrip("\0")
    if code.rstrip(b"\0 ") in (b"ASCII", b"JIS", b""):
        encoding = "iso2022_jp" if code.startswith(b"JIS") else ""
        if encoding:
            return body.decode(encoding, "replace").rstrip("\0")
        return decode_text(body).strip("\0")
    return decode_text(raw).strip("\0")


def _decode(tag: int, entry: Entry, raw: bytes) -> str:
    if tag == 0x9286:
        return decode_comment(raw)
    if 0x9C9B <= tag <= 0x9C9F:
        return raw.decode("utf-16-le", "replace").rstrip("\0")
    if b"\0" in raw.rstrip(b"\0") and entry.kind == 7:
        return ""
    # Copyright holds photographer and editor apart by a zero byte.
    return decode_text(raw.rstrip(b"\0")).replace("\0", "; ")


def _texts(data: bytes, entries: dict[int, Entry], budget: Budget, where: str) -> Iterator[MetadataText]:
    for tag, (name, kind) in TEXT_TAGS.items():
        entry = entries.get(tag)
        if entry is None or (tag == 0x927C and entry.size > _MAKER_NOTE_LIMIT):
            continue
        source = f"EXIF {name}"
        if entry.offset + entry.size > len(data):
            budget.note("malformed", "a value that reaches beyond the end", source)
        size = min(entry.size, max(0, len(data) - entry.offset))
        if entry.kind not in (1, 2, 7, 129) or not budget.take(size, source):
            continue
        value = _decode(tag, entry, entry.value(data)).strip()
        if value:
            yield MetadataText(value, source, kind)


def _sub_directory(data: bytes, header: Header, entries: dict[int, Entry]) -> dict[int, Entry]:
    pointer = entries.get(EXIF_DIRECTORY)
    offset = None if pointer is None else number(data, header, pointer)
    return {} if offset is None or offset >= len(data) else read_directory(data, header, offset)[0]


def read_exif(data: bytes, budget: Budget, where: str) -> tuple[tuple[MetadataText, ...], tuple[Block, ...]]:
    """Return (texts, XMP and IPTC blocks that some writers nest inside EXIF) of a TIFF structure."""
    header = read_header(data)
    if header is None:
        budget.note("malformed", "EXIF without a TIFF header", where)
        return (), ()
    texts: list[MetadataText] = []
    nested: list[Block] = []
    for number_of, entries in enumerate(directories(data, budget, where)):
        texts.extend(_texts(data, entries, budget, where))
        texts.extend(_texts(data, _sub_directory(data, header, entries), budget, where))
        if where != "TIFF" and number_of == 0:
            for tag, kind in ((XMP_TAG, "xmp"), (IPTC_TAG, "iptc"), (PHOTOSHOP_TAG, "photoshop")):
                if tag in entries and budget.take(min(entries[tag].size, len(data)), where):
                    nested.append(Block(kind, f"{where} EXIF", entries[tag].value(data)))  # type: ignore[arg-type]
    return tuple(dict.fromkeys(texts)), tuple(nested)
