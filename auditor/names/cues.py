"""What stands around a mention: phrases that say an artist is meant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum


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
    rf"|\bby (?:the )?(?:[a-z]+ ){{0,2}}(?:{_PEOPLE})|\bim stil von|\bdans le style d[eu]"
    r"|\bau style d[eu]|\b(?:al )?estilo de|\bnello stile di|\bv stile|\ba la mani[e]?ra de)$"
)
_LABEL = re.compile(rf"(?<![a-z])(?:{_PEOPLE})$")
_WEAK = re.compile(
    r"(?:(?:^|[^a-z'’])by|\b(?:art|artwork|work|works|paintings|drawings|photographs) of|\bby the|\bvia|\bcredits?"
    r"|\(c\))$"
)
_LORA = re.compile(r"<\s*(?:lora|lyco|lycoris|locon|loha|lokr|dora|hypernet|embedding)\s*$")
_BEFORE_SOFT = " \t\r\n([{<\"'*_:~-.\\/|`#^=,"
_AFTER_STRONG = re.compile(
    r"(?:['’]?s)?[ _\\-]{0,3}(?:\\?[(\[](?:artist|style|artwork|art|art style|painter|illustrator"
    r"|photographer|mangaka)\\?[)\]]"
    r"|(?:['’]s|(?<=s)['’]) (?:[a-z]+ )?(?:art|style|artstyle|artwork|paintings?|works?|drawings?|illustrations?)\b)"
)
_AFTER_WEAK = re.compile(
    r"(?:['’]?s)?[ _-]{0,3}(?:art ?style|style|styled|stylized|inspired|esque|influenced)(?![a-z])"
)
_CHAIN = re.compile(
    r"[\s\d.:()\[\]{}*_~\\'\"<>-]*(?P<link>,|\band\b|&|\+|\||/|::|\bx\b|\bmeets\b|\bfeat\b|\bvs\b|;)"
    r"[\s\d.:()\[\]{}*_~\\'\"<>,|+-]*(?:(?:and|by|art by|x|&|artist)\b[\s:(\[{]*)?"
)
_REACH = 64


def cue_before(lower: str, start: int, floor: int) -> Cue:
    """The cue that ends right before `start`; `lower` is a text in small letters, `floor` where it begins."""
    head = lower[max(floor, start - _REACH) : start]
    if not head:
        return NO_CUE
    stripped = head.rstrip(_BEFORE_SOFT)
    tail = head[len(stripped) :]
    if tail.rstrip(" ([{").endswith("<") or (":" in tail and "<" in stripped):
        lora = _LORA.search(stripped)
        if lora:
            return Cue(Strength.WEAK, "stands in a LoRA tag", "lora-tag")
    if stripped.endswith("@") and not tail.strip("_") and not stripped[-2:-1].isalnum():
        return Cue(Strength.STRONG, "is written as a handle", "handle")
    if "," in tail or "|" in tail or "\n" in tail:
        return NO_CUE
    strong = _STRONG.search(stripped)
    if strong:
        return Cue(Strength.STRONG, f"follows '{_short(strong.group())}'")
    label = _LABEL.search(stripped)
    if label:
        strength = Strength.STRONG if tail.strip(" ([{\"'") else Strength.WEAK
        return Cue(strength, f"follows '{_short(label.group())}'")
    weak = _WEAK.search(stripped)
    if weak:
        return Cue(Strength.WEAK, f"follows '{_short(weak.group())}'")
    return NO_CUE


def cue_after(lower: str, end: int, ceiling: int) -> Cue:
    """The cue that begins right after `end`."""
    rest = lower[end : min(ceiling, end + _REACH)]
    strong = _AFTER_STRONG.match(rest)
    if strong:
        return Cue(Strength.STRONG, f"is followed by '{_short(strong.group())}'")
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
