"""Versioned identity of a finding: rule + content + matched artist or work.

No path, line, date or tool version enters it, so it survives renaming, reordering, reruns and upgrades.
"""

from __future__ import annotations

import hashlib

VERSION = "1"


def fingerprint(rule: str, content: str, subject: str = "", detail: str = "") -> str:
    """Return 64 hex digits that identify a finding.

    `content` identifies what was audited: the picture's file SHA-256 in hex, or for a text that belongs to no
    picture `text:` + its value. `subject` is the matched work or artist id. `detail` tells apart two findings
    of one rule on one content (for instance the folded surface that a text names), and is empty where the
    rule can hold only once.
    """
    digest = hashlib.sha256()
    for part in (VERSION, rule, content, subject, detail):
        raw = part.encode("utf-8", "surrogatepass")
        digest.update(len(raw).to_bytes(8, "big"))
        digest.update(raw)
    return digest.hexdigest()
