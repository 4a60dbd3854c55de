"""Caption files: bounded reading, decoding that never fails, and the lines as the names check searches them."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from itertools import accumulate

from auditor.model import Note, Text
from auditor.support import reading

LIMIT = 4 * 1024 * 1024
"""Bytes of a caption file that are read; a longer file is noted and searched as far as this."""
UNREAD = "unreadable-text"
CUT = "text-cut"
"""Skip reasons of texts that were searched not at all, or in part."""
MAX_LINES = 2000
"""Lines that become texts of their own; what follows is searched in blocks of this many lines."""
MAX_ALTERNATIVES = 64

_BRACES = re.compile(r"\{([^{}]*)\}")
_PARTS = re.compile(r"[{}|]|[^{}|]+")


@dataclass(frozen=True, slots=True)
class SideText:
    """One caption file."""

    text: str
    """As a trainer that opens it as UTF-8 sees it (line ends are `\\n`, a byte order mark stays); as `readable`
    where the file is not UTF-8."""
    readable: str
    """As a person would read it; what is searched for names."""
    encoding: str
    """`utf-8`, or what was guessed: `utf-16`, `utf-32`, `latin-1`."""
    strict: bool
    """The file is UTF-8."""
    size: int
    """Bytes in the file, 0 for an empty one."""
    truncated: bool = False
    problem: str | None = None
    """Why the file could not be read at all."""


def read(path: str, limit: int = LIMIT) -> SideText:
    """Read one caption file, at most `limit` bytes of it. Never raises."""
    try:
        handle = reading.descriptor_of(path)
    except OSError as error:
        return SideText("", "", "utf-8", False, 0, problem=error.strerror or "cannot be opened")
    try:
        data = reading.take(handle, limit + 1)
        size = len(data) if len(data) <= limit else os.fstat(handle).st_size
    except OSError as error:
        return SideText("", "", "utf-8", False, 0, problem=error.strerror or "cannot be read")
    finally:
        os.close(handle)
    return decode(data[:limit], size=size, truncated=len(data) > limit)


def decode(data: bytes, *, size: int | None = None, truncated: bool = False) -> SideText:
    """Decode caption bytes: UTF-8 where it is that, else UTF-16/32 by mark or NUL pattern, else Latin-1."""
    total = len(data) if size is None else size
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(data, not truncated)
        strict = True
    except UnicodeDecodeError:
        text, strict = "", False
    if strict and "\x00" not in text:
        plain = newlines(text)
        return SideText(plain, plain, "utf-8", True, total, truncated)
    encoding = _guess(data)
    if strict and encoding == "latin-1":
        plain = newlines(text)
        return SideText(plain, plain, "utf-8", True, total, truncated)
    readable = newlines(data.decode(encoding, "replace"))
    return SideText(newlines(text) if strict else readable, readable, _family(encoding), strict, total, truncated)


def _guess(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    head = data[:4096]
    half = max(1, len(head) // 2)
    even, odd = head[0::2].count(0) / half, head[1::2].count(0) / half
    # Latin letters leave every other byte zero; zeros on both sides are padding, no text.
    if odd > 0.4 and even < 0.2:
        return "utf-16-le"
    if even > 0.4 and odd < 0.2:
        return "utf-16-be"
    return "latin-1"


def _family(encoding: str) -> str:
    return encoding.removesuffix("-le").removesuffix("-be")


def newlines(text: str) -> str:
    """Line ends as Python's text mode gives them."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def lines(text: str) -> Iterator[tuple[int, str]]:
    """(1-based line, line as it stands) of the lines that are not blank; long files in blocks at the end."""
    if "\n" not in text:
        if text.strip():
            yield 1, text
        return
    parts = text.split("\n")
    for number, line in enumerate(parts[:MAX_LINES], 1):
        if line.strip():
            yield number, line
    for start in range(MAX_LINES, len(parts), MAX_LINES):
        block = "\n".join(parts[start : start + MAX_LINES])
        if block.strip():
            yield start + 1, block


def across(side: SideText, source: str) -> Iterator[Text]:
    """The whole of a text of several lines, as trainers read it that do not part lines: a name may go across them."""
    parts = [line.strip() for _, line in lines(side.readable)]
    if 1 < len(parts) <= MAX_LINES:
        ends = list(accumulate(len(part) + 1 for part in parts))[:-1]
        yield Text(" ".join(parts), source, None, "caption", seams=tuple(ends))


def texts(
    side: SideText,
    source: str,
    *,
    trained: bool,
    trained_lines: Container[int] | None = None,
    kind: str = "caption",
) -> Iterator[Text]:
    """Every line as a `Text`. `trained_lines` limits which of them the trainer would use (None: all)."""
    for number, line in lines(side.readable):
        used = trained and (trained_lines is None or number in trained_lines)
        yield Text(line, source, number, kind, used)


def alternatives(line: str) -> tuple[str, ...]:
    """All texts that `{a|b}` groups of a line can give, at most `MAX_ALTERNATIVES`; empty without a group."""
    if "{" not in line or _group(line) is None:
        return ()
    done: list[str] = []
    pending = [line]
    while pending:
        text = pending.pop(0)
        group = _group(text)
        room = MAX_ALTERNATIVES - len(done) - len(pending)
        if group is None:
            done.append(text)
        elif room <= 1:
            done.append(_first_options(text))
        else:
            options = group[1].split("|")[:room]
            pending.extend(text[: group.start()] + option + text[group.end() :] for option in options)
    return tuple(dict.fromkeys(done))


def _group(text: str) -> re.Match[str] | None:
    """The first group without a group inside, None where there is none."""
    return next((found for found in _BRACES.finditer(text) if "|" in found[1]), None)


def _first_options(text: str) -> str:
    """The text with the first option of every group, whatever their number and depth, in one pass."""
    out: list[str] = []
    opened: list[tuple[int, list[int]]] = []
    """Of every open brace its place in `out`, and the places of its bars; of a group that is none, a -1 before them."""
    for part in _PARTS.findall(text):
        if part == "}" and opened:
            start, bars = opened.pop()
            if bars and bars[0] >= 0:
                out[start] = ""
                del out[bars[0] :]
                continue
            if opened:
                opened[-1][1].insert(0, -1)
        elif part == "{":
            opened.append((len(out), []))
        elif part == "|" and opened and not opened[-1][1]:
            opened[-1][1].append(len(out))
        out.append(part)
    return "".join(out)


def notes(side: SideText, source: str, trainer: str, *, stops: str | None) -> Iterator[Note]:
    """What a reader must know of a caption file.

    `trainer` is its name in sentences; `stops` says what the trainer does with a file that is not UTF-8
    where that is to end the run, and is None where it goes on.
    """
    if side.problem is not None:
        yield Note("integrity.caption-unreadable", f"{source}: {side.problem}, so its text was not searched.", UNREAD)
    elif not side.strict:
        if stops is not None:
            yield Note("dataset.trainer-stops", f"{source} is not UTF-8 ({side.encoding} was assumed): {stops}")
        else:
            yield Note(
                "integrity.caption-unreadable",
                f"{source} is not UTF-8; it was searched as {side.encoding}. {trainer} does not read it as it stands.",
            )
    elif side.encoding != "utf-8":
        yield Note(
            "integrity.caption-unreadable",
            f"{source} looks like {side.encoding} and was searched as that; {trainer} reads it as UTF-8 with NUL "
            "characters in it.",
        )
    if side.truncated:
        yield Note(
            "integrity.caption-unreadable",
            f"{source} holds {side.size:,} bytes, too many for a caption; the first {LIMIT:,} were searched. "
            f"{trainer} would read all of it.",
            CUT,
        )
