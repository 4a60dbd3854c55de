"""Names in scripts that write no spaces (Han, kana), matched as characters and not as romanised letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from auditor.names.exact import ExactSearch
from auditor.names.fold import is_unspaced

_STYLE = re.compile(r"\s*(?:風|风|之風|之风|画風|画风|の絵|作品|さん|先生|老师|老師|style|art)", re.IGNORECASE)
_CREDIT = re.compile(
    r"(?:by|画师|畫師|绘师|繪師|作者|画家|畫家|絵師|作画|原画|イラスト|artist)[\s:：@（(]*\Z", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class NativeHit:
    """A native name in a text; positions are those of the text itself."""

    pattern: int
    start: int
    end: int
    cue: str
    """What stands beside it, in words; empty where nothing does."""


def native_hits(text: str, exact: ExactSearch) -> Iterator[NativeHit]:
    """Occurrences of native names. Width, case, spaces and middle dots do not matter."""
    if text.isascii() or not exact.native.texts or not any(map(is_unspaced, text)):
        return
    characters, places = _squeeze(text)
    for pattern, first, last in exact.native_hits(characters):
        start, end = places[first], places[last - 1] + 1
        style = _STYLE.match(text, end)
        credit = _CREDIT.search(text, max(0, start - 12), start)
        if credit:
            cue = f"follows '{credit.group().strip()}'"
        else:
            cue = f"is followed by '{style.group().strip()}'" if style else ""
        yield NativeHit(pattern, start, end, cue)


def _squeeze(text: str) -> tuple[str, list[int]]:
    """`fold.squeeze_native` with the place of every character that is kept."""
    kept: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for part in unicodedata.normalize("NFKC", character).casefold():
            if part.isalnum():
                kept.append(part)
                places.append(place)
    return "".join(kept), places
