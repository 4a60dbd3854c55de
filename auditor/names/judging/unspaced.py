"""Cues in scripts without spaces: what stands before or behind a name in Chinese, Japanese and Korean texts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.names.judging.cues import NO_CUE, Cue, Strength

_AFTER = re.compile(
    r"[\s》」』”\"'’)]{0,2}(?:的|之|の|의|老师|老師|先生|さん|氏|화백|작가)?\s*"
    r"(?:風格|风格|画风|畫風|作風|作风|風|风|作品|之作|名作|の絵|の画|のイラスト|絵柄|画風|タッチ|スタイル|描く|作(?!者|家|り|っ|る|成|为|為|用)"
    r"|작품|스타일|화풍|그림체|풍|그림)",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"(?:\bby|\bartist|画师|畫師|绘师|繪師|作者|画家|畫家|艺术家|藝術家|插画师|插畫師|摄影师|攝影師|絵師|作画|原画|イラストレーター|イラスト"
    r"|模仿|致敬|出自|作家|작가|화가|일러스트레이터|일러스트|그림)[\s:：@（(《「『“\"'，、]{0,3}",
    re.IGNORECASE,
)
_REACH = 16
_OPENING = " \t:：@（(《「『“\"'，、"


def cue_beside(text: str, start: int, end: int) -> Cue:
    """The cue that stands right before or behind `text[start:end]`; positions are those of the text as given."""
    floor = max(0, start - _REACH)
    before = next((cue for cue in _BEFORE.finditer(text, floor, start) if cue.end() == start), None)
    if before is not None:
        return Cue(Strength.STRONG, f"follows '{before.group().strip(_OPENING)}'")
    after = _AFTER.match(text, end, end + _REACH)
    if after and after.group().strip():
        return Cue(Strength.STRONG, f"is followed by '{after.group().strip()}'")
    return NO_CUE


def cue_places(text: str) -> Iterator[tuple[int, bool, Cue]]:
    """(position, whether the name stands behind it, cue) for every cue of a text; linear in its length."""
    for found in _BEFORE.finditer(text):
        yield found.end(), True, Cue(Strength.STRONG, f"follows '{found.group().strip(_OPENING)}'")
    for found in _AFTER.finditer(text):
        if found.group().strip():
            yield found.start(), False, Cue(Strength.STRONG, f"is followed by '{found.group().strip()}'")
