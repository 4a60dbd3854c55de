"""Readings of a name in other scripts, offered when a list is made and confirmed by the artist.

A rule cannot know how an artist writes their name in another script, so nothing here is ever searched by itself: a
suggestion becomes an alias when the artist puts it into their artist.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from anyascii import anyascii

from auditor.names.reading.fold import fold_name, is_other_script, is_unspaced

_CYRILLIC = (
    ("shch", "щ"), ("sch", "ш"), ("cz", "ч"), ("sh", "ш"), ("ch", "ч"), ("zh", "ж"), ("kh", "х"), ("ts", "ц"),
    ("tz", "ц"), ("ph", "ф"), ("th", "т"), ("ck", "к"), ("qu", "кв"), ("yo", "ё"), ("yu", "ю"), ("ya", "я"),
    ("ye", "е"), ("oo", "у"), ("ee", "и"), ("x", "кс"), ("w", "в"), ("j", "дж"), ("c", "к"), ("q", "к"), ("y", "и"),
    ("a", "а"), ("b", "б"), ("d", "д"), ("e", "е"), ("f", "ф"), ("g", "г"), ("h", "х"), ("i", "и"), ("k", "к"),
    ("l", "л"), ("m", "м"), ("n", "н"), ("o", "о"), ("p", "п"), ("r", "р"), ("s", "с"), ("t", "т"), ("u", "у"),
    ("v", "в"), ("z", "з"),
)  # fmt: skip
"""Latin spelling -> Cyrillic letters, the longest first."""
_KANA_ROWS = {
    "": "アイウエオ", "k": "カキクケコ", "s": "サ*スセソ", "t": "タ**テト", "n": "ナニヌネノ", "h": "ハヒ*ヘホ",
    "f": "**フ**", "m": "マミムメモ", "y": "ヤ*ユ*ヨ", "r": "ラリルレロ", "w": "ワ****", "g": "ガギグゲゴ",
    "z": "ザ*ズゼゾ", "d": "ダ**デド", "b": "バビブベボ", "p": "パピプペポ",
}  # fmt: skip
_KANA = {row + vowel: kana for row, line in _KANA_ROWS.items() for vowel, kana in zip("aiueo", line, strict=True)} | {
    "shi": "シ", "chi": "チ", "tsu": "ツ", "ji": "ジ", "sha": "シャ", "shu": "シュ", "sho": "ショ", "cha": "チャ",
    "chu": "チュ", "cho": "チョ", "ja": "ジャ", "ju": "ジュ", "jo": "ジョ", "kya": "キャ", "kyu": "キュ", "kyo": "キョ",
    "nya": "ニャ", "nyu": "ニュ", "nyo": "ニョ", "hya": "ヒャ", "hyu": "ヒュ", "hyo": "ヒョ", "mya": "ミャ",
    "myu": "ミュ", "myo": "ミョ", "rya": "リャ", "ryu": "リュ", "ryo": "リョ", "gya": "ギャ", "gyu": "ギュ",
    "gyo": "ギョ", "bya": "ビャ", "byu": "ビュ", "byo": "ビョ", "pya": "ピャ", "pyu": "ピュ", "pyo": "ピョ", "n": "ン",
}  # fmt: skip
"""Hepburn syllable -> katakana."""
_KOREAN_SURNAMES = frozenset(
    "kim lee park choi jung jeong kang cho jo yoon jang lim han oh seo shin kwon hwang ahn song".split()
)
_LEADS = "g kk n d tt r m b pp s ss - j jj ch k t p h".split()
_VOWELS = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split()
_TAILS = " k kk ks n nj nh t l lk lm lb ls lt lp lh m p ps t t ng t t k t p t".split(" ")
_SYLLABLE = re.compile(
    rf"({'|'.join(sorted((lead for lead in _LEADS if lead != '-'), key=len, reverse=True))})?"
    rf"({'|'.join(sorted(_VOWELS, key=len, reverse=True))})(ng|[nmlkpt](?![aeiouwy]))?"
)


def readings(name: str) -> Iterator[tuple[str, str]]:
    """(script, reading) of a name in other scripts, where a usual one follows from its letters.

    A Latin name is offered in Cyrillic; in katakana if it is spelt in Japanese syllables; in Hangul if it has a Korean
    surname and Korean syllables. A name in another script is offered in Latin letters.
    """
    if any(map(is_unspaced, name)) or is_other_script(name):
        latin = _romanised(name)
        if latin:
            yield "Latin", latin
        return
    words = fold_name(name).lower().split()
    if not words or not all(word.isalpha() for word in words):
        return
    yield "Cyrillic", " ".join(_cyrillic(word).title() for word in words)
    kana = [_kana(word) for word in words]
    if all(kana):
        yield "katakana", "・".join(word for word in kana if word)
    hangul = [_hangul(word) for word in words]
    if all(hangul) and _KOREAN_SURNAMES & {words[0], words[-1]}:
        surname_first = hangul if words[0] in _KOREAN_SURNAMES else [hangul[-1], *hangul[:-1]]
        yield "Hangul", "".join(word for word in surname_first if word)


def _romanised(name: str) -> str:
    if is_other_script(name) and not any(map(is_unspaced, name)):
        return fold_name(name).title()
    words = [anyascii(part).strip() for part in re.split(r"[\s・･]+", name)]
    return " ".join(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", word).title() for word in words if word)


def _cyrillic(word: str) -> str:
    found, at = "", 0
    while at < len(word):
        for latin, cyrillic in _CYRILLIC:
            if word.startswith(latin, at):
                found, at = found + cyrillic, at + len(latin)
                break
        else:
            at += 1
    return found


def _kana(word: str) -> str:
    """Katakana of a word of Hepburn syllables; empty where it is none."""
    found, at = "", 0
    while at < len(word):
        if at + 1 < len(word) and word[at] == word[at + 1] and word[at] in "kstpcgdb":
            found, at = found + "ッ", at + 1
        syllable = next((word[at : at + size] for size in (3, 2, 1) if word[at : at + size] in _KANA), None)
        if syllable is None or _KANA[syllable] == "*":
            return ""
        found, at = found + _KANA[syllable], at + len(syllable)
    return found


def _hangul(word: str) -> str:
    """Hangul of a word of romanised Korean syllables (Revised Romanization); empty where it is none."""
    word = {"kim": "gim", "lee": "i", "park": "bak", "choi": "choe", "oh": "o", "ahn": "an", "yoon": "yun"}.get(
        word, word
    )
    found, at = "", 0
    while at < len(word):
        match = _SYLLABLE.match(word, at)
        if match is None or match.end() == at:
            return ""
        lead, vowel, tail = match.group(1) or "-", match.group(2), match.group(3) or ""
        if lead in ("kk", "tt", "pp", "ss", "jj") and at == 0:
            return ""
        found += chr(0xAC00 + (_LEADS.index(lead) * 21 + _VOWELS.index(vowel)) * 28 + _TAILS.index(tail))
        at = match.end()
    return found
