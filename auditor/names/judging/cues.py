"""What stands around a mention: phrases that say an artist is meant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from auditor.names.judging.phrases import after, after_beginnings, before_strong, strong_endings


class Strength(IntEnum):
    """How much a cue says."""

    NONE = 0
    WEAK = 1
    """A bare "by", a LoRA tag, "style" after the name, a place in a list of artists."""
    STRONG = 2
    """ "art by", "in the style of", "artist:", "@", a creator field."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue and the words that make it."""

    strength: Strength
    phrase: str
    """For the reason: `follows 'art by'`; empty without a cue."""
    form: str = ""
    """lora-tag | handle where the cue is the way the name is written."""


NO_CUE = Cue(Strength.NONE, "")

_WORKS = (
    r"art(?:work|s)?|paint(?:ed|ing|ings)?|draw(?:n|ing|ings)?|illustrat(?:ed|ion|ions)|photo(?:s|graphy|graph|graphs|graphed)?"
    r"|sketch(?:ed|es)?|render(?:ed|ing)?|portraits?|pictures?|images?|posters?|prints?|lithographs?|etching|engraving|woodcut"
    r"|sculpt(?:ed|ure)|design(?:ed|s)?|created|made|style|styled|directed|film|movie|manga|comics?|cover|mural|watercolou?r"
    r"|masterpiece|work|works|concept|fanart|scene|shot|tattoo|character|canvas|oil|inked|coloured|colored"
)
_PEOPLE = r"artists?|artiat|artits|atrist|painter|illustrator|photographer|sculptor|mangaka|cartoonist|animator"
_STRONG = re.compile(
    rf"(?:\b(?:{_WORKS})[ _,-]{{0,3}}by(?: the)?(?: (?:famous|great|legendary|talented))?"
    r"|\b(?:in|with|of) the (?:artistic |art |painting |visual |signature )?(?:style|manner|spirit|vein|technique)s? of"
    r"|\b(?:art ?)?styles? (?:of|by|from)|\b(?:inspired|influenced|drawn|painted|illustrated|made|created|designed) by"
    r"|\b(?:homage|(?:a|in) tribute) to|\breminiscent of|\bartist_name|\bstyled? (?:after|like)"
    rf"|\bby (?:the )?(?:[a-z]+ ){{0,2}}(?:{_PEOPLE}))$"
)
_LAST_WORDS = frozenset(
    f"by famous great legendary talented artist artists via credit credits {_PEOPLE}".replace("|", " ").split()
) | {"of", "the", "from", "to", "name", "after", "like"}
"""The words that a cue before a name may end in."""
_OF = "style styles manner manners spirit spirits vein veins technique techniques art artwork work works paintings"
_TAG_MARKS = ("<", "__", "embedding", "hypernet", "inversion", "wildcard")
"""One of them opens every LoRA, embedding or wildcard tag."""
_LAST_TWO = {
    "of": frozenset(f"{_OF} drawings photographs".split()),
    "to": frozenset({"homage", "tribute"}),
    "from": frozenset({"style", "styles"}),
    "the": frozenset({"by"}),
    "after": frozenset({"style", "styled"}),
    "like": frozenset({"style", "styled"}),
    "name": frozenset({"artist"}),
}
"""Last words of cues that are no cue by themselves -> the words before them that make one."""
_MAY_FOLLOW = re.compile(r"(?:['’]|[ _\\-]{0,3}(?:\\?[(\[]|art|style|styli|inspired|esque|ish|influenced))")
_LAST = re.compile(r"[a-z]+\Z")
_NEXT = re.compile(r"(?:['’]?[a-z]{0,4})?[ _-]{1,3}([a-z]+)")
_LABEL = re.compile(rf"(?<![a-z])(?:{_PEOPLE})$")
_WEAK = re.compile(
    r"(?:(?:^|[^a-z'’])by|\b(?:art|artwork|work|works|paintings|drawings|photographs) of|\bby the|\bvia|\bcredits?"
    r"|\(c\))$"
)
_LORA = re.compile(
    r"(?:<\s*(?:lora|lyco|lycoris|locon|loha|lokr|dora|hypernet|hypernetwork|embedding|ti)\s*:\s*"
    r"|\b(?:embedding|hypernet|hypernetwork|textual ?inversion|wildcards?)\s*[:/]\s*|(?<!_)__(?:[a-z]+/)*)"
    r"(?P<before>[^<>,:|\n]*)$"
)
_BEFORE_SOFT = " \t\r\n([{<\"'*_:~-.\\/|`#^=,"
_AFTER_STRONG = re.compile(
    r"(?:['’]?s)?[ _\\-]{0,3}(?:\\?[(\[](?:artist|style|artwork|art|art style|painter|illustrator"
    r"|photographer|mangaka)\\?[)\]]"
    r"|(?:['’]s|(?<=s)['’]) (?:[a-z]+ )?(?:art|style|artstyle|artwork|paintings?|works?|drawings?|illustrations?)\b)"
)
_AFTER_WEAK = re.compile(
    r"(?:['’]?s)?[ _-]{0,3}(?:art ?style|style|styled|stylized|inspired|esque|ish|influenced)(?![a-z])"
)
_CHAIN = re.compile(
    r"[\s\d.:()\[\]{}*_~\\'\"<>-]*(?P<link>,|\band\b|&|\+|\||/|::|\bx\b|\bmeets\b|\bfeat\b|\bvs\b|;)"
    r"[\s\d.:()\[\]{}*_~\\'\"<>,|+-]*(?:(?:and|by|art by|x|&|artist)\b[\s:(\[{]*)?"
)
_REACH = 64


def may_be_cued(lower: str, start: int, end: int, floor: int, ceiling: int) -> bool:
    """Say quickly whether `cue_before` or `cue_after` may find anything beside `start:end`; seldom wrongly yes."""
    head = lower[max(floor, start - _REACH) : start]
    stripped = head.rstrip(_BEFORE_SOFT)
    last = _last_word(stripped)
    if last in _LAST_TWO:
        if _last_word(stripped[: -len(last)].rstrip()) in _LAST_TWO[last] or last in strong_endings():
            return True
    elif last in _LAST_WORDS or last in strong_endings() or stripped.endswith(("@", ")")):
        return True
    if any(mark in head for mark in _TAG_MARKS):
        return True
    rest = lower[end : min(ceiling, end + _REACH)]
    return _MAY_FOLLOW.match(rest) is not None or _next_word(rest) in after_beginnings()


def cue_before(lower: str, start: int, floor: int) -> Cue:
    """The cue that ends right before `start`; `lower` is a text in small letters, `floor` where it begins."""
    head = lower[max(floor, start - _REACH) : start]
    if not head:
        return NO_CUE
    stripped = head.rstrip(_BEFORE_SOFT)
    tail = head[len(stripped) :]
    if lora_before(lower, start, floor) is not None:
        return Cue(Strength.WEAK, "stands in a LoRA or embedding tag", "lora-tag")
    if stripped.endswith("@") and not tail.strip("_") and not stripped[-2:-1].isalnum():
        return Cue(Strength.STRONG, "stands behind '@'", "handle")
    if "," in tail or "|" in tail or "\n" in tail:
        return NO_CUE
    last = _last_word(stripped)
    strong = _STRONG.search(stripped) if last in _LAST_WORDS else None
    if strong is None and last in strong_endings():
        strong = before_strong().search(stripped.rstrip("'"))
    if strong:
        return Cue(Strength.STRONG, f"follows '{_short(strong.group())}'")
    label = _LABEL.search(stripped)
    if label:
        strength = Strength.STRONG if set(tail) & set(":=-@_/") else Strength.WEAK
        if "." in tail:
            return NO_CUE
        return Cue(strength, f"follows '{_short(label.group())}'")
    weak = _WEAK.search(stripped)
    if weak:
        return Cue(Strength.WEAK, f"follows '{_short(weak.group())}'")
    return NO_CUE


def _next_word(text: str) -> str:
    """The first word behind a name and its case ending."""
    found = _NEXT.match(text)
    return found.group(1) if found else ""


def _last_word(text: str) -> str:
    """The letters at the end of a text, an apostrophe behind them left out."""
    word = text.rpartition(" ")[2].rstrip("'")
    if word.isalpha():
        return word
    found = _LAST.search(word)
    return found.group() if found else ""


def lora_before(lower: str, start: int, floor: int) -> str | None:
    """What stands between the opening of a LoRA, embedding or wildcard tag and `start`; None outside of one."""
    head = lower[max(floor, start - _REACH) : start]
    if not any(mark in head for mark in _TAG_MARKS):
        return None
    found = _LORA.search(head)
    return found.group("before") if found else None


def cue_after(lower: str, end: int, ceiling: int) -> Cue:
    """The cue that begins right after `end`."""
    rest = lower[end : min(ceiling, end + _REACH)]
    strong = _AFTER_STRONG.match(rest)
    if strong:
        return Cue(Strength.STRONG, f"is followed by '{_short(strong.group())}'")
    foreign = after().match(rest)
    if foreign and foreign.group().strip(" _-'’"):
        return Cue(Strength.STRONG, f"is followed by '{_short(foreign.group())}'")
    weak = _AFTER_WEAK.match(rest)
    if weak:
        return Cue(Strength.WEAK, f"is followed by '{_short(weak.group())}'")
    return NO_CUE


def chain_link(gap: str) -> str | None:
    """What joins two names of one list ("and", ",", "::" ...); None where the gap is more than a joint."""
    if len(gap) > _REACH:
        return None
    match = _CHAIN.fullmatch(gap)
    return match.group("link") if match else None


def _short(phrase: str) -> str:
    return " ".join(phrase.strip(" ,_-'’").split())
