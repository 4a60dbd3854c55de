"""Prompt grammar and encodings: one text to the readings a person or a trainer may make of it.

Brackets, weights, `::`, `\\(` and `<lora:` need no rewriting, because every character that is no letter or digit
separates words in the views of `exact.py`; the cues are read from the text around a hit. What is rewritten here is
what changes letters: HTML entities, percent encoding, escapes, the words BREAK and AND, look-alike letters
of other scripts, and digits that stand for letters. Each reading keeps the spans of the source.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from auditor.names.reading import tables
from auditor.names.reading.fold import Folded, IntArray, fold_parts

_ENCODED = re.compile(
    r"(?P<html>&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)"
    r"|(?P<percent>(?:%[0-9a-fA-F]{2})+)"
    r"|(?P<escape>\\u[0-9a-fA-F]{4})"
    r"|(?P<keyword>\b(?:BREAK|AND|ADDCOMM|ADDROW|ADDCOL|ADDBASE)\b)"
)
_LEET_DIGITS = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "$": "s", "!": "i"})
_LEET_DIGITS_L = {**_LEET_DIGITS, ord("1"): "l"}
_LEET_FROM = 3
_LEET = re.compile(
    r"[A-Za-z][0134578$!@]+[A-Za-z]|(?<![A-Za-z0-9])[01345]+[A-Za-z]{3}|[A-Za-z]{3}[0134578$@]+(?![A-Za-z0-9])"
)
_LEET_WORD = re.compile(r"[@#]?[A-Za-z]*[0-9$!@][A-Za-z0-9$!@]*")
_HEXADECIMAL = re.compile(r"#[0-9a-fA-F]{3,8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8}")
_MIXED = re.compile(
    r"[A-Za-z][\u0180-\u024f\u0370-\u058f\u10a0-\u10ff\u13a0-\u13ff\u2c60-\u2dff\ua4d0-\ua69f]"
    r"|[\u0180-\u024f\u0370-\u058f\u10a0-\u10ff\u13a0-\u13ff\u2c60-\u2dff\ua4d0-\ua69f][A-Za-z]"
)
"""A word of two scripts, one of them Latin: letters that look alike were put in on purpose. A whole word of another
script is read as what it is."""
_QUIET = re.compile(r"[A-Za-z ,.'\n;:()_-]*")
NEEDS_CARE = re.compile(r"[^\x00-\x7f]|[&%\\](?:[#A-Za-z0-9])|" + _LEET.pattern + r"|\b(?:BREAK|AND|ADD[A-Z]{3,4})\b")
"""Finds a text that has more than one reading; all other texts are read as they stand."""


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """One way to read a text."""

    folded: Folded
    kind: str
    """plain | decoded | look-alike | leet"""


def readings(text: str, look_alikes: Mapping[int, str]) -> Iterator[Reading]:
    """Yield the readings of a text, the plainest first. Never raises; linear in the length.

    `look_alikes` maps code points of other scripts to the Latin letter they look like (`tables.look_alikes`).
    """
    if _is_quiet(text) or NEEDS_CARE.search(text) is None:
        yield Reading(Folded(text, None, None), "plain")
        return
    decoded, starts, ends = _decode(text)
    folded = fold_parts(decoded, starts, ends) if not decoded.isascii() else Folded(decoded, starts, ends)
    yield Reading(folded, "plain" if starts is None else "decoded")
    if not decoded.isascii() and _MIXED.search(decoded) is not None:
        latinised = decoded.translate(look_alikes)
        if latinised != decoded:
            yield Reading(fold_parts(latinised, starts, ends), "look-alike")
    yield from _leet_readings(folded)


def _is_quiet(text: str) -> bool:
    """Say quickly that a text holds nothing but letters and plain marks, as most captions do."""
    if _QUIET.fullmatch(text) is None:
        return False
    return "AND" not in text and "BREAK" not in text and "ADD" not in text


def _decode(text: str) -> tuple[str, IntArray | None, IntArray | None]:
    """Undo the encodings once (`&amp;amp;` becomes `&amp;`, as a browser would show it)."""
    pieces: list[str] = []
    lengths: list[int] = []
    sources: list[tuple[int, int, bool]] = []
    done = 0
    for match in _ENCODED.finditer(text):
        piece = _decode_one(match)
        if piece is None:
            continue
        if match.start() > done:
            pieces.append(text[done : match.start()])
            sources.append((done, match.start(), False))
            lengths.append(match.start() - done)
        pieces.append(piece)
        sources.append((match.start(), match.end(), True))
        lengths.append(len(piece))
        done = match.end()
    if not pieces:
        return text, None, None
    if done < len(text):
        pieces.append(text[done:])
        sources.append((done, len(text), False))
        lengths.append(len(text) - done)
    decoded = "".join(pieces)
    starts = np.empty(len(decoded), dtype=np.int32)
    ends = np.empty(len(decoded), dtype=np.int32)
    at = 0
    for (start, end, replaced), length in zip(sources, lengths, strict=True):
        if replaced:
            starts[at : at + length], ends[at : at + length] = start, end
        else:
            starts[at : at + length] = np.arange(start, end, dtype=np.int32)
            ends[at : at + length] = starts[at : at + length] + 1
        at += length
    return decoded, starts, ends


def _decode_one(match: re.Match[str]) -> str | None:
    """What an encoded piece stands for, never empty; None where it is no encoding after all."""
    raw = match.group()
    if match.lastgroup == "html":
        plain = html.unescape(raw)
        return plain if plain and plain != raw else None
    if match.lastgroup == "percent":
        return bytes.fromhex(raw.replace("%", "")).decode("utf-8", "replace")
    if match.lastgroup == "escape":
        return chr(int(raw[2:], 16))
    return " "


def _leet_readings(folded: Folded) -> Iterator[Reading]:
    """Digits inside words as the letters they look like; twice where `1` may be i or l."""
    text = folded.text
    if not any(_may_be_leet(match.group()) for match in _LEET_WORD.finditer(text)):
        return
    first = _LEET_WORD.sub(lambda match: _unleet(match.group(), _LEET_DIGITS), text)
    if first != text:
        yield Reading(Folded(first, folded.starts, folded.ends), "leet")
    second = _LEET_WORD.sub(lambda match: _unleet(match.group(), _LEET_DIGITS_L), text) if "1" in text else text
    if second not in (first, text):
        yield Reading(Folded(second, folded.starts, folded.ends), "leet")


def _may_be_leet(word: str) -> bool:
    """Say whether digits stand for letters in a word: not around a dictionary word (`1girl`), nor in a short one."""
    if len(word) < _LEET_FROM or _LEET.search(word) is None:
        return False
    core = word.strip("0123456789@$!")
    return not core.isalpha() or (core.lower() not in tables.words() and core.lower() not in tables.vocabulary())


def _unleet(word: str, digits: Mapping[int, str]) -> str:
    """The word with its digits as letters of its own case.

    A leading `@` marks a handle and stays; a number of two digits or more at the end (`ashdown01`), or one behind
    capitals (`COLOR1`), is a number; a colour (`#b0b0b0`) is none at all.
    """
    if _HEXADECIMAL.fullmatch(word):
        return word
    head = len(word) - len(word.lstrip("@"))
    stem = word.rstrip("0123456789")
    number = len(word) - len(stem)
    is_number = (number >= 2 and stem.isalpha()) or (number and stem.isupper())
    tail = len(stem) if is_number else len(word)
    letters = word[head:tail].translate(digits).replace("@", "a")
    return word[:head] + (letters.upper() if stem.isupper() else letters) + word[tail:]
