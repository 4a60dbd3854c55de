"""One piece of metadata as it lies in a container."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

BlockKind = Literal["xmp", "exif", "iptc", "photoshop", "text", "c2pa"]


@dataclass(frozen=True, slots=True)
class Block:
    """Raw bytes of one metadata block, or the decoded text of one text field."""

    kind: BlockKind
    where: str
    """Carrier, for instance `JPEG APP1`."""
    data: bytes = field(default=b"", repr=False)
    """Payload without the container's own header. For `exif`: a TIFF structure. For `c2pa`: empty or a sample of
    the box, since the store is read from the whole file."""
    key: str = ""
    """Keyword of a `text` block."""
    text: str = ""


def decode_text(raw: bytes) -> str:
    """Decode text of unstated encoding: UTF-8 where it is valid, else Latin-1 (which never fails)."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
