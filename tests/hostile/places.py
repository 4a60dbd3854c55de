"""Hostile archives, side files, models and file-system tricks around the pictures."""

from __future__ import annotations

import io
import json
import os
import struct
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tests.pictures import encoded, painting

PICTURE = encoded(painting(8, (64, 48)))
NAMES = (
    "\x1b[31mred\x1b[0m.png",
    "\u202egnp.exe.png",
    "new\nline.png",
    "tab\tand\rreturn.png",
    "a" * 240 + ".png",
    "..png",
    " leading and trailing .png",
    "percent%s%n%x.png",
    "$(touch pwned).png",
    "<script>alert(1)</script>.png",
    "=cmd|' /C calc'!A0.png",
    "\udcff\udcfe.png",
    "CON.png",
    "caf\u00e9.png",
    "cafe\u0301.png",
    "!member.png",
)


def tars() -> Iterator[tuple[str, bytes]]:
    members = {
        "climb": ["../../outside.png", "a/../../b.png"],
        "absolute": ["/etc/outside.png"],
        "duplicate": ["a.png", "a.png"],
        "plain": ["a.png", "a.txt", "b.png"],
        "control": ["\x1b[2J.png", "x\ny.png"],
    }
    for name, paths in members.items():
        stream = io.BytesIO()
        with tarfile.open(fileobj=stream, mode="w") as writer:
            for path in paths:
                info = tarfile.TarInfo(path)
                info.size = len(PICTURE)
                writer.addfile(info, io.BytesIO(PICTURE))
        yield f"{name}.tar", stream.getvalue()
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as writer:
        for kind, target in ((tarfile.SYMTYPE, "/etc/passwd"), (tarfile.LNKTYPE, "a.png"), (tarfile.FIFOTYPE, "")):
            info = tarfile.TarInfo(f"link{kind.decode()}.png")
            info.type, info.linkname = kind, target
            writer.addfile(info)
    yield "links.tar", stream.getvalue()
    whole = stream.getvalue()
    yield "cut.tar", whole[:700]
    yield "sparse.tar", whole[:124] + b"77777777777\0" + whole[136:]
    yield "nothing.tar", b"\0" * 10_240


def zips() -> Iterator[tuple[str, bytes]]:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as writer:
        writer.writestr("../../outside.png", PICTURE)
        writer.writestr("/absolute.png", PICTURE)
        writer.writestr("bomb.png", b"\0" * 50_000_000)
        writer.writestr("a.png", PICTURE)
        writer.writestr("A.png", PICTURE)
    yield "tricks.zip", stream.getvalue()
    yield "cut.zip", stream.getvalue()[:-30]
    inner = stream.getvalue()
    nested = io.BytesIO()
    with zipfile.ZipFile(nested, "w", zipfile.ZIP_DEFLATED) as writer:
        for number in range(20):
            writer.writestr(f"{number}.zip", inner)
    yield "nested.zip", nested.getvalue()
    yield "empty.zip", b"PK\x05\x06" + bytes(18)


def models() -> Iterator[tuple[str, bytes]]:
    def model(header: bytes, length: int | None = None) -> bytes:
        return struct.pack("<Q", len(header) if length is None else length) + header

    yield "length.safetensors", model(b"{}", 2**63)
    yield "cut.safetensors", model(b'{"__metadata__": {"ss_tag_frequency": "{', 4000)
    yield "deep.safetensors", model(b"[" * 200_000)
    yield "deep-value.safetensors", model(json.dumps({"__metadata__": {"ss_tag_frequency": "[" * 100_000}}).encode())
    yield "wrong.safetensors", model(json.dumps({"__metadata__": [1, 2], "t": None}).encode())
    many = {f"tag {number}": number for number in range(50_000)}
    yield (
        "many.safetensors",
        model(json.dumps({"__metadata__": {"ss_tag_frequency": json.dumps({"x": many})}}).encode()),
    )
    yield (
        "thumbnail.safetensors",
        model(json.dumps({"__metadata__": {"modelspec.thumbnail": "data:image/png;base64,AAAA"}}).encode()),
    )


def side_files() -> Iterator[tuple[str, bytes]]:
    """Captions, tables and configurations beside the pictures."""
    texts = {
        "latin": b"by mir\xe9la",
        "utf16": "by mirela".encode("utf-16"),
        "nul": b"by\0mirela\0" * 1000,
        "long": b"word " * 800_000,
        "marks": ("e" + "\u0301" * 200_000).encode(),
        "escape": b"\x1b[2J\x1b]8;;http://x\x07by mirela",
        "rtl": "\u202eby mirela\u2066".encode(),
        "lines": b"\n" * 200_000,
        "braces": b"{" * 50_000 + b"a|b" + b"}" * 50_000,
    }
    for name, data in texts.items():
        yield f"caption-{name}.png", PICTURE
        yield f"caption-{name}.txt", data
    yield (
        "metadata.jsonl",
        b'{"file_name": "../../../etc/passwd", "text": "x"}\n{"file_name": \n' + b"[" * 100_000 + b"\n",
    )
    yield "metadata.csv", b'file_name,text\n"=cmd()",\x00\n"unclosed'
    yield "broken.toml", b"[general]\n[[datasets]]\nimage_dir = '''" + b"x" * 10_000
    yield (
        "bomb.yaml",
        b"a: &a [x,x,x,x,x,x,x,x,x]\n"
        + b"".join(b"%c: &%c [" % (98 + n, 98 + n) + b",".join([b"*%c" % (97 + n)] * 9) + b"]\n" for n in range(8)),
    )
    yield "code.yaml", b"!!python/object/apply:os.system ['touch pwned']\n"
    yield "deep.json", b"[" * 150_000
    yield "captions.json", b'{"a.png": ' + b'["x"' * 10_000
    yield "table.parquet", b"PAR1" + bytes(100) + b"\xff\xff\xff\x7fPAR1"
    yield "latents.npz", b"PK\x03\x04" + bytes(100)
    yield "old.pt", b"\x80\x02cos\nsystem\n"


def tricks(root: Path) -> int:
    """File-system objects that are no files; returns how many were made."""
    made = 0
    os.mkfifo(root / "pipe.png")
    (root / "folder.png").mkdir()
    links = {
        "self.png": "self.png",
        "device.png": "/dev/zero",
        "secret.png": "/etc/passwd",
        "up": "..",
        "gone.png": "nowhere",
    }
    for name, target in links.items():
        (root / name).symlink_to(target)
        made += 1
    return made + 2
