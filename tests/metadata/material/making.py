"""Pictures and metadata blocks that the tests put together byte by byte."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
from PIL import Image

FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "AVIF", "GIF")
EXTENSIONS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "TIFF": "tif", "AVIF": "avif", "GIF": "gif"}
PLUS = "http://ns.useplus.org/ldf/xmp/1.0/"
VOCABULARY = "http://ns.useplus.org/ldf/vocab/"


def pixels(side: int = 64) -> np.ndarray:
    """A smooth coloured picture, uint8 (side, side, 3)."""
    y, x = np.mgrid[0:side, 0:side]
    return np.stack([x * 255 // side, y * 255 // side, (x + y) * 127 // side], axis=2).astype(np.uint8)


def picture(kind: str, **options: object) -> bytes:
    """A picture file of one of `FORMATS`, without metadata unless Pillow is told to write some."""
    buffer = io.BytesIO()
    Image.fromarray(pixels()).save(buffer, kind, **options)  # type: ignore[arg-type]
    return buffer.getvalue()


def packet(properties: str = "", attributes: str = "", namespaces: str = "") -> bytes:
    """An XMP packet around properties; the usual prefixes are declared."""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" xmlns:plus="{PLUS}" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:tdm="http://www.w3.org/ns/tdmrep/" xmlns:exif="http://ns.adobe.com/exif/1.0/"'
        ' xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/" xmlns:cc="http://creativecommons.org/ns#"'
        f" {namespaces} {attributes}>{properties}</rdf:Description></rdf:RDF></x:xmpmeta>"
        '<?xpacket end="w"?>'
    ).encode()


def data_mining(code: str) -> bytes:
    """A packet with one Data Mining property."""
    return packet(f"<plus:DataMining>{VOCABULARY}{code}</plus:DataMining>")


def segment(marker: int, payload: bytes) -> bytes:
    """A JPEG segment."""
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(payload) + 2) + payload


def jpeg(*segments: bytes) -> bytes:
    """A JPEG with segments after its start mark."""
    data = picture("JPEG")
    return data[:2] + b"".join(segments) + data[2:]


def jpeg_xmp(xmp: bytes) -> bytes:
    """A JPEG with a packet in APP1."""
    return jpeg(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp))


def chunk(kind: bytes, payload: bytes) -> bytes:
    """A PNG chunk with its checksum."""
    return struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", zlib.crc32(kind + payload))


def png(*chunks: bytes, after_pixels: bool = False, base: bytes | None = None) -> bytes:
    """A PNG with chunks after its header, or between its pixels and its end."""
    data = base if base is not None else picture("PNG")
    at = data.index(b"IEND") - 4 if after_pixels else 8 + 25
    return data[:at] + b"".join(chunks) + data[at:]


def text(key: str, value: str) -> bytes:
    """A `tEXt` chunk where Latin-1 can hold the value, else `iTXt`, as Pillow and the generators write them."""
    try:
        return chunk(b"tEXt", key.encode("latin-1") + b"\0" + value.encode("latin-1"))
    except UnicodeEncodeError:
        return chunk(b"iTXt", key.encode("latin-1") + b"\0\0\0\0\0" + value.encode())


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    """A WebP file with further chunks (the flags of a VP8X header are left out: readers here need none)."""
    data = picture("WEBP")
    body = data[12:]
    for kind, payload in chunks:
        body += kind + struct.pack("<I", len(payload)) + payload + b"\0" * (len(payload) & 1)
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


def gif_extension(name: bytes, payload: bytes) -> bytes:
    """A GIF application extension whose payload stands raw before a magic trailer, as XMP does."""
    trailer = b"\x01" + bytes(range(255, -1, -1)) + b"\0"
    return b"\x21\xff\x0b" + name + payload + trailer


def gif(*blocks: bytes) -> bytes:
    """A GIF with extension blocks before its end."""
    data = picture("GIF")
    assert data.endswith(b";")
    return data[:-1] + b"".join(blocks) + b";"


def exif_block(tags: dict[int, tuple[int, bytes]], sub: dict[int, tuple[int, bytes]] | None = None) -> bytes:
    """A little-endian TIFF structure; tags map to (type, raw value); `sub` becomes the EXIF directory."""
    entries = dict(tags)
    if sub:
        entries[0x8769] = (4, b"\0\0\0\0")
    count = len(entries)
    head = b"II*\0" + struct.pack("<I", 8)
    data_at = 8 + 2 + 12 * count + 4
    rows, extra = b"", b""
    sizes = {1: 1, 2: 1, 3: 2, 4: 4, 7: 1}
    sub_row = -1
    for tag in sorted(entries):
        kind, value = entries[tag]
        if tag == 0x8769:
            sub_row = len(rows)
        items = len(value) // sizes[kind]
        if len(value) <= 4:
            rows += struct.pack("<HHI", tag, kind, items) + value.ljust(4, b"\0")
        else:
            rows += struct.pack("<HHII", tag, kind, items, data_at + len(extra))
            extra += value + b"\0" * (len(value) & 1)
    if sub:
        inner_at = data_at + len(extra)
        rows = rows[: sub_row + 8] + struct.pack("<I", inner_at) + rows[sub_row + 12 :]
        inner_rows, inner_extra = b"", b""
        inner_data = inner_at + 2 + 12 * len(sub) + 4
        for tag in sorted(sub):
            kind, value = sub[tag]
            inner_rows += struct.pack("<HHII", tag, kind, len(value), inner_data + len(inner_extra))
            inner_extra += value.ljust(5, b"\0")
            inner_extra += b"\0" * (len(inner_extra) & 1)
        extra += struct.pack("<H", len(sub)) + inner_rows + b"\0\0\0\0" + inner_extra
    return head + struct.pack("<H", count) + rows + b"\0\0\0\0" + extra


def user_comment(value: str, code: bytes = b"UNICODE\0", encoding: str = "utf-16-be") -> bytes:
    """EXIF with nothing but a UserComment."""
    return exif_block({}, {0x9286: (7, code + value.encode(encoding))})


def jpeg_exif(block: bytes) -> bytes:
    """A JPEG with EXIF in APP1."""
    return jpeg(segment(0xE1, b"Exif\0\0" + block))


def iptc_record(dataset: int, value: bytes, record: int = 2) -> bytes:
    """An IIM record."""
    return bytes([0x1C, record, dataset]) + struct.pack(">H", len(value)) + value


def photoshop(resource: int, payload: bytes) -> bytes:
    """A Photoshop image resource block."""
    return (
        b"8BIM"
        + struct.pack(">H", resource)
        + b"\0\0"
        + struct.pack(">I", len(payload))
        + payload
        + b"\0" * (len(payload) & 1)
    )


def jpeg_iptc(*records: bytes) -> bytes:
    """A JPEG with IPTC records in APP13."""
    return jpeg(segment(0xED, b"Photoshop 3.0\0" + photoshop(0x0404, b"".join(records))))
