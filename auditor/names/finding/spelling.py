"""How likely one word is a slip for another: edits weighted by how people mishear, mistype and cut words.

An optimal string alignment (Damerau 1964, without edits inside a swap) with the costs below; 1 is an edit that
makes another word (Burnham, Turnham), 0.3 to 0.5 one that keeps the sound or the look (Leibowitz, Leibovitz).
"""

from __future__ import annotations

from functools import lru_cache

_VOWELS = frozenset("aeiouy")
_SOUND_GROUPS = ("ckq", "szc", "vw", "vf", "bp", "dt", "mn", "gj", "ijy", "uw", "gk", "sx", "lr", "il", "vy")
_SOUNDS = (
    ("sch", "sh"), ("tch", "ch"), ("cz", "ch"), ("ck", "k"), ("ch", "k"), ("ph", "f"), ("qu", "k"), ("x", "ks"),
    ("wicz", "vich"), ("w", "v"), ("c", "k"), ("z", "s"), ("y", "i"), ("j", "i"), ("ou", "u"), ("oo", "u"), ("ie", "i"),
    ("ei", "i"), ("ee", "i"), ("h", ""), ("kk", "k"), ("tt", "t"), ("ll", "l"), ("nn", "n"), ("ss", "s"), ("rr", "r"),
)  # fmt: skip
_HOMOPHONE = 0.4
_LAST_LETTER = 0.8
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_SWAP = 0.6
_SAME_SOUND = 0.5
_NEXT_KEY = 0.7
_DOUBLED = 0.3
_SILENT = 0.4
_VOWEL_MISSING = 0.5
_AT_END = 0.5
_MISSING = 0.8


@lru_cache(maxsize=65536)
def cost(written: str, listed: str) -> float:
    """Weighted edits between two short words of small letters; 0 where they are equal."""
    price = _aligned(written, listed)
    return min(price, _HOMOPHONE) if price and _sound(written) == _sound(listed) else price


def _sound(word: str) -> str:
    """Spellings of one sound in several languages, brought together."""
    for spelling, sound in _SOUNDS:
        word = word.replace(spelling, sound)
    return word


def _aligned(written: str, listed: str) -> float:
    rows, columns = len(written) + 1, len(listed) + 1
    table = [[0.0] * columns for _ in range(rows)]
    for row in range(1, rows):
        table[row][0] = table[row - 1][0] + _gap(written, row - 1)
    for column in range(1, columns):
        table[0][column] = table[0][column - 1] + _gap(listed, column - 1)
    for row in range(1, rows):
        for column in range(1, columns):
            best = min(
                table[row - 1][column] + _gap(written, row - 1),
                table[row][column - 1] + _gap(listed, column - 1),
                table[row - 1][column - 1] + _changed(written, listed, row, column),
            )
            if (
                row > 1
                and column > 1
                and written[row - 1] == listed[column - 2]
                and written[row - 2] == listed[column - 1]
            ):
                best = min(best, table[row - 2][column - 2] + _SWAP)
            table[row][column] = best
    return round(table[-1][-1], 3)


def _gap(word: str, at: int) -> float:
    """Cost of a letter that only one of the two words has."""
    letter = word[at]
    if (at and word[at - 1] == letter) or (at + 1 < len(word) and word[at + 1] == letter):
        return _DOUBLED
    if letter == "h":
        return _SILENT
    if at == len(word) - 1:
        return _AT_END
    return _VOWEL_MISSING if letter in _VOWELS and at else _MISSING


def _changed(written: str, listed: str, row: int, column: int) -> float:
    price = _substitution(written[row - 1], listed[column - 1])
    return min(price, _LAST_LETTER) if row == len(written) and column == len(listed) else price


@lru_cache(maxsize=1024)
def _substitution(a: str, b: str) -> float:
    if a == b:
        return 0.0
    if (a in _VOWELS and b in _VOWELS) or any(a in group and b in group for group in _SOUND_GROUPS):
        return _SAME_SOUND
    for keys in _KEYS:
        if a in keys and b in keys and abs(keys.index(a) - keys.index(b)) == 1:
            return _NEXT_KEY
    return 1.0
