"""Stable ids of artists and works: the same input gives the same id on every machine."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from anyascii import anyascii

MAX_SLUG = 40


def artist_id(name: str) -> str:
    """A readable slug and eight hex digits of the name's SHA-256 (after NFC), for instance `ash-varga-1f2e3d4c`."""
    normal = unicodedata.normalize("NFC", name)
    digest = hashlib.sha256(normal.encode("utf-8", "replace")).hexdigest()[:8]
    slug = re.sub(r"[^a-z0-9]+", "-", anyascii(normal).lower()).strip("-")[:MAX_SLUG].rstrip("-")
    return f"{slug or 'artist'}-{digest}"


def work_id(content: bytes) -> str:
    """24 hex digits of the file's SHA-256 digest (or of whatever hash is the only one known of a work)."""
    return content.hex()[:24] if len(content) >= 12 else hashlib.sha256(content).hexdigest()[:24]


def safe_text(text: str) -> str:
    """Text as UTF-8 can carry it: undecodable bytes of a file name become U+FFFD."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
