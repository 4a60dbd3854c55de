"""Hostile pictures: mutated files of every format, bombs, polyglots, and metadata that is too deep or too large."""

from __future__ import annotations

import io
import json
import random
import struct
import zipfile
import zlib
from collections.abc import Iterator

from PIL import Image, PngImagePlugin

from tests.hostile.mutations import MUTATIONS
from tests.pictures import encoded, painting

PNG = b"\x89PNG\r\n\x1a\n"
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP", "AVIF", "ICO", "PPM", "TGA", "JPEG2000")
SUFFIXES = {"JPEG": "jpg", "JPEG2000": "jp2", "TIFF": "tif"}


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_header(width: int, height: int, depth: int = 8, colour: int = 2) -> bytes:
    return PNG + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))


def png_with(*chunks: bytes) -> bytes:
    """A small sound PNG with chunks between header and pixels."""
    sound = encoded(painting(3, (64, 48)))
    return sound[:33] + b"".join(chunks) + sound[33:]


def mutated(count: int) -> Iterator[tuple[str, bytes]]:
    """`count` damaged files of every format that Pillow can write here."""
    for format in FORMATS:
        image = painting(9, (96, 72))
        try:
            sound = encoded(image, format)
        except (KeyError, OSError, ValueError):
            continue
        suffix = SUFFIXES.get(format, format.lower())
        for number in range(count):
            chance = random.Random(f"{format}{number}")
            data = sound
            for _ in range(1 + number % 3):
                data = MUTATIONS[(number + _) % len(MUTATIONS)](data, chance) or b"\0"
            yield f"mutated-{format.lower()}-{number:02}.{suffix}", data


def bombs() -> Iterator[tuple[str, bytes]]:
    """Small files that ask for much."""
    zeros = zlib.compress(b"\0" * 40_000_000, 9)
    yield "bomb-wide.png", png_header(60_000, 60_000) + chunk(b"IDAT", zeros) + chunk(b"IEND", b"")
    yield "bomb-tall.png", png_header(1, 2_000_000_000) + chunk(b"IDAT", zeros) + chunk(b"IEND", b"")
    yield (
        "bomb-9000.png",
        png_header(9_000, 9_000, 8, 0) + chunk(b"IDAT", zlib.compress(b"\0" * 81_009_000, 9)) + chunk(b"IEND", b""),
    )
    yield (
        "bomb-bits.png",
        png_header(12_000, 12_000, 1, 0) + chunk(b"IDAT", zlib.compress(b"\0" * 18_012_000, 9)) + chunk(b"IEND", b""),
    )
    for kind in (b"zTXt", b"iTXt", b"iCCP"):
        body = (
            b"parameters\0" + (b"\1\0\0\0" if kind == b"iTXt" else b"\0") + zlib.compress(b"by mirela " * 20_000_000, 9)
        )
        yield f"bomb-{kind.decode()}.png", png_with(chunk(kind, body))
    yield (
        "bomb.gif",
        b"GIF89a"
        + struct.pack("<HHBBB", 65535, 65535, 0x80, 0, 0)
        + b"\0" * 6
        + b",\0\0\0\0\xff\xff\xff\xff\0\x08\0\x3b",
    )
    yield (
        "bomb.bmp",
        b"BM" + struct.pack("<IHHIIiiHHIIiiII", 100, 0, 0, 54, 40, 60_000, 60_000, 1, 24, 0, 0, 0, 0, 0, 0),
    )
    yield (
        "bomb.webp",
        b"RIFF" + struct.pack("<I", 30) + b"WEBPVP8X" + struct.pack("<I", 10) + b"\0" * 4 + b"\xff\xff\xff" * 2,
    )
    frames = io.BytesIO()
    small = Image.new("P", (500, 500))
    small.save(frames, "GIF", save_all=True, append_images=[Image.new("P", (500, 500), n % 255) for n in range(1, 300)])
    yield "frames.gif", frames.getvalue()
    scans = encoded(painting(4, (64, 48)), "JPEG", progressive=True)
    start = scans.find(b"\xff\xda")
    yield "scans.jpg", scans[:start] + scans[start:-2] * 400 + scans[-2:]
    yield (
        "dimensions.jpg",
        encoded(painting(4, (64, 48)), "JPEG").replace(struct.pack(">HH", 48, 64), b"\xff\xff\xff\xff", 1),
    )


def tiff_loops() -> Iterator[tuple[str, bytes]]:
    """TIFF directories that point at themselves, and ones with absurd counts."""
    entry = struct.pack("<HHII", 0x8769, 4, 1, 8)
    yield "loop.tif", b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 1) + entry + struct.pack("<I", 8)
    yield "count.tif", b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 65535) + entry * 40
    exif = b"Exif\0\0II*\0" + struct.pack("<I", 8) + struct.pack("<H", 1) + entry + struct.pack("<I", 8)
    yield "loop-exif.jpg", encoded(painting(5, (64, 48)), "JPEG", exif=exif)
    huge = struct.pack("<HHII", 0x9286, 7, 0xFFFFFFF0, 26)
    exif = b"Exif\0\0II*\0" + struct.pack("<I", 8) + struct.pack("<H", 1) + huge + struct.pack("<I", 0)
    yield "huge-exif.jpg", encoded(painting(5, (64, 48)), "JPEG", exif=exif)


def metadata() -> Iterator[tuple[str, bytes]]:
    """Texts inside pictures that are deep, large, or not what they say."""
    texts = {
        "deep": "[" * 100_000 + "]" * 100_000,
        "deep-object": '{"a":' * 20_000 + "1" + "}" * 20_000,
        "long": "by someone, " * 300_000,
        "nul": "by\0mirela\0",
        "workflow": json.dumps({str(n): {"inputs": {"text": "x" * 50}, "class_type": "T"} for n in range(20_000)}),
        "escape": "\x1b[2J\x1b]0;title\x07 by mirela",
        "surrogates": "\ud800".encode("utf-16", "surrogatepass").decode("latin-1"),
    }
    for name, text in texts.items():
        for key in ("parameters", "prompt", "workflow", "Comment", "sd-metadata", "XML:com.adobe.xmp"):
            info = PngImagePlugin.PngInfo()
            info.add_itxt(key, text) if key.startswith("XML") else info.add_text(
                key, text.encode("latin-1", "replace").decode("latin-1")
            )
            yield f"text-{name}-{key.replace(':', '-')}.png", encoded(painting(6, (64, 48)), "PNG", pnginfo=info)
    laughs = (
        '<!DOCTYPE x [<!ENTITY a "ha">'
        + "".join(f'<!ENTITY a{n} "{"&a" + (str(n - 1) if n else "") + ";"}{"&a;" * 9}">' for n in range(9))
        + "]>"
    )
    packets = {
        "entities": f"<?xpacket?>{laughs}<x:xmpmeta xmlns:x='adobe:ns:meta/'>&a8;</x:xmpmeta>",
        "external": "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>"
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'>&e;</x:xmpmeta>",
        "deep": "<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + "<a>" * 50_000 + "</a>" * 50_000 + "</x:xmpmeta>",
        "wide": "<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + "<a b='c'/>" * 300_000 + "</x:xmpmeta>",
    }
    for name, packet in packets.items():
        info = PngImagePlugin.PngInfo()
        info.add_itxt("XML:com.adobe.xmp", packet)
        yield f"xmp-{name}.png", encoded(painting(6, (64, 48)), "PNG", pnginfo=info)
        yield f"xmp-{name}.webp", encoded(painting(6, (64, 48)), "WEBP", xmp=packet.encode()[:4_000_000])


def polyglots() -> Iterator[tuple[str, bytes]]:
    """Files that are two things, or another than their name says."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as writer:
        writer.writestr("inner.png", encoded(painting(7, (64, 48))))
    sound = {format: encoded(painting(7, (64, 48)), format) for format in ("PNG", "JPEG", "GIF")}
    yield "zip-behind.png", sound["PNG"] + archive.getvalue()
    yield "zip-inside.jpg", archive.getvalue()
    yield "script.gif", b"GIF89a/*" + b"*/=1;alert(1);//" + sound["GIF"][10:]
    yield "page.jpg", sound["JPEG"] + b"<html><script>alert(1)</script></html>"
    yield "vector.png", b"<svg xmlns='http://www.w3.org/2000/svg'><image href='http://127.0.0.1:9/x'/></svg>"
    yield "document.png", b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript>>>>endobj"
    yield "postscript.jpg", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n(x) run\n"
    yield "pickle.webp", b"\x80\x04cos\nsystem\n(S'true'\ntR."
    yield "program.bmp", b"\x7fELF" + bytes(200)
    for format, data in sound.items():
        yield f"{format}-as-text.webp", data
        yield f"twice-{format.lower()}.png", data + data
