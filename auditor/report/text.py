"""Text that a stranger wrote, made harmless before it is shown, and small helpers of wording."""

from __future__ import annotations

import re
from datetime import date

from auditor.outcome import IndexInfo

NO_PROOF = (
    "Absence of a match is not proof of absence: a work or a name that no index lists, or a picture changed beyond "
    "what the checks can follow, is not found."
)

_SPELLED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
# C0 and C1 controls, the marks that reorder text, line separators, zero-width marks, interlinear and tag
# characters, the byte-order mark and lone surrogates: none may reach a terminal or a log as it is.
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


def visible(text: str) -> str:
    """Return the text with every control, reordering and invisible character spelled out (`\\x1b`, `\\u202e`).

    The zero-width joiner stays: emoji and several scripts need it.
    """
    return _HIDDEN.sub(_spell, text)


def _spell(match: re.Match[str]) -> str:
    character = match.group()
    code = ord(character)
    if character in _SPELLED:
        return _SPELLED[character]
    if 0xDC80 <= code <= 0xDCFF:  # a byte of a file name that is not UTF-8
        return f"\\x{code - 0xDC00:02x}"
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """`1 picture`, `2 pictures`, `1,204 pictures`."""
    return f"{count:,} {one if count == 1 else (many or one + 's')}"


def number(value: float) -> str:
    """31.0 -> `31`, 0.85 -> `0.85`."""
    return str(int(value)) if float(value).is_integer() else f"{value:.6g}"


def shorten(text: str, limit: int) -> str:
    """Cut to `limit` characters, with an ellipsis where something was cut."""
    return text if len(text) <= limit else text[: max(limit - 1, 0)] + "…"


def excerpt(value: str, start: int, end: int, around: int = 40) -> tuple[str, str, str]:
    """Split a text at a span into (before, span, after), with at most `around` characters on either side.

    Cut ends are marked with an ellipsis; all three parts are made visible.
    """
    start = min(max(start, 0), len(value))
    end = min(max(end, start), len(value))
    before, inside, after = value[:start], value[start:end], value[end:]
    if len(before) > around:
        before = "…" + before[-around:]
    if len(after) > around:
        after = after[:around] + "…"
    return visible(before), visible(inside), visible(after)


def age(index: IndexInfo, today: date | None) -> str:
    """When an index was issued and how old it is: `issued 2026-01-01, 41 days ago, expired 2026-02-01`."""
    parts = []
    if index.issued is None:
        parts.append("no issue date")
    else:
        parts.append(f"issued {visible(index.issued)[:10]}")
        days = days_since(index.issued, today)
        if days is not None and days >= 0:
            parts.append("today" if days == 0 else f"{plural(days, 'day')} ago")
    if index.expires is not None:
        late = days_since(index.expires, today)
        word = "expired" if late is not None and late > 0 else "expires"
        parts.append(f"{word} {visible(index.expires)[:10]}")
    return ", ".join(parts)


def days_since(moment: str, today: date | None) -> int | None:
    """Whole days from an ISO date or time to `today`; None where either is unknown."""
    if today is None:
        return None
    try:
        return (today - date.fromisoformat(moment[:10])).days
    except ValueError:
        return None


def signature(index: IndexInfo) -> str:
    """`unsigned`, `signature verified (KEYID)` or `signature not verified`."""
    if index.signature is None:
        return "unsigned"
    state, _, key = index.signature.partition(":")
    return f"signature verified ({visible(key)[:12]})" if state == "verified" else "signature not verified"


def short_digest(digest: str) -> str:
    """The first twelve hex digits, without an algorithm prefix."""
    return visible(digest.rpartition(":")[2])[:12]
