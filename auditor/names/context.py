"""Gives each mention the strongest cue of its neighbourhood, and passes cues along lists of names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from auditor.names import tables
from auditor.names.ambiguity import Grade
from auditor.names.cues import NO_CUE, Cue, Strength, chain_link, cue_after, cue_before
from auditor.names.mention import Mention
from auditor.names.scoring import BLOCK, score
from auditor.names.views import Views

_WORD_AFTER = re.compile(r"[ _\-\\]{1,2}([A-Za-z]+)")
_WORD_BEFORE = re.compile(r"([A-Za-z]+)[ _\-\\]{1,2}\Z")
_TAG_AFTER = re.compile(r"_([a-z]{3,})")
_TAG_BEFORE = re.compile(r"([a-z]{3,})_\Z")
_TAGGED = ("caption", "tag", "prompt")
_QUALIFIER = re.compile(r"(?:_|\s?\\|_\\)\(([^()\\]{1,40})\\?\)")
_ARTIST_QUALIFIER = re.compile(r"\b(?:artist|style|artwork|art|painter|illustrator|photographer|mangaka)\b", re.I)
_CREATOR_NAME = re.compile(r"[\s,;&/|]*(?:and)?[\s,;&/|]*", re.IGNORECASE)
_FUNCTION_WORDS = frozenset(
    (
        "and or with in on at the a an of for from to as is was by style art trending highly very digital oil painting "
        "illustration detailed featured artstation deviantart photo photograph concept drawing x"
    ).split()
)


def strengthen(mentions: Iterable[Mention], views: Views, reading: int, kind: str) -> list[Mention]:
    """Mentions of one reading in order, with their cues; those that belong to somebody else are left out."""
    floor, ceiling = int(views.bounds[reading]), int(views.bounds[reading + 1]) - 1
    found: list[Mention] = []
    for mention in sorted(mentions, key=lambda mention: (mention.start, -mention.end)):
        cue = _own_cue(mention, views, floor, ceiling, kind)
        chained = _chained_cue(mention, found, views)
        best = max(cue, chained, key=lambda cue: cue.strength)
        strong = replace(mention, cue=best)
        if _belongs_elsewhere(strong, views, floor, ceiling, kind):
            continue
        found.append(strong)
    return found


def _own_cue(mention: Mention, views: Views, floor: int, ceiling: int, kind: str) -> Cue:
    if mention.cue.strength is Strength.STRONG:
        return mention.cue
    if kind == "metadata":
        rest = views.text[floor : mention.start] + views.text[mention.end : ceiling]
        if _CREATOR_NAME.fullmatch(rest):
            return Cue(Strength.STRONG, "is the whole creator field")
    before = cue_before(views.lower, mention.start, floor)
    if before.strength is Strength.STRONG:
        return before
    after = cue_after(views.lower, mention.end, ceiling)
    best = max(before, after, mention.cue, key=lambda cue: cue.strength)
    if (
        best.strength is Strength.NONE
        and mention.grade is Grade.PERSONAL
        and _stands_alone(mention, views, floor, ceiling)
    ):
        return Cue(Strength.WEAK, "stands alone in a list")
    return best


def _stands_alone(mention: Mention, views: Views, floor: int, ceiling: int) -> bool:
    """Between two commas or ends, as artists do in prompts."""
    before = views.text[max(floor, mention.start - 3) : mention.start].strip()
    after = views.text[mention.end : min(ceiling, mention.end + 3)].strip()
    return before.endswith(",") and (not after or after.startswith(","))


def _chained_cue(mention: Mention, earlier: list[Mention], views: Views) -> Cue:
    """The cue of the name before, passed along a joint."""
    for other in reversed(earlier[-3:]):
        if other.end > mention.start:
            continue
        link = chain_link(views.lower[other.end : mention.start])
        if link is None:
            return NO_CUE
        if score(other) < BLOCK:
            return NO_CUE
        strength = other.cue.strength
        if link not in ("and", "&", "+", "x"):
            strength = min(strength, Strength.WEAK) if strength else Strength.WEAK
        elif strength is Strength.NONE:
            strength = Strength.WEAK
        name = " ".join(views.text[other.start : other.end].split())[:40]
        return Cue(Strength(strength), f"stands in a list with '{name}'")
    return NO_CUE


def _in_longer_tag(mention: Mention, views: Views, floor: int, ceiling: int) -> bool:
    """One word of a tag whose other word is a name as well (amano_onsa) is that other person."""
    if not views.text[mention.start : mention.end].isalpha():
        return False
    after = _TAG_AFTER.match(views.lower, mention.end, min(ceiling, mention.end + 30))
    before = _TAG_BEFORE.search(views.lower, max(floor, mention.start - 30), mention.start)
    return any(found is not None and found.group(1) not in tables.words() for found in (after, before))


def _belongs_elsewhere(mention: Mention, views: Views, floor: int, ceiling: int, kind: str) -> bool:
    """A name that goes on to somebody else (Ross Tran for Ross), or a character with a series in brackets."""
    qualifier = _QUALIFIER.match(views.text, mention.end, min(ceiling, mention.end + 48))
    if qualifier and not _ARTIST_QUALIFIER.search(qualifier.group(1)):
        return True
    if mention.grade is Grade.DISTINCTIVE and kind in _TAGGED and mention.cue.strength < Strength.STRONG:
        return _in_longer_tag(mention, views, floor, ceiling)
    if mention.grade is not Grade.NAME_ONLY and mention.grade is not Grade.ORDINARY:
        return False
    after = _WORD_AFTER.match(views.text, mention.end, min(ceiling, mention.end + 30))
    if after and _goes_on(after.group(1), mention):
        return True
    before = _WORD_BEFORE.search(views.text, max(floor, mention.start - 30), mention.start)
    return before is not None and mention.cue.strength < Strength.STRONG and _is_name(before.group(1).lower())


def _goes_on(written: str, mention: Mention) -> bool:
    word = written.lower()
    if word in _FUNCTION_WORDS or len(word) == 1:
        return False
    if mention.grade is Grade.ORDINARY and mention.cue.strength < Strength.STRONG:
        return True
    if word not in tables.words():
        return True
    return written[0].isupper() and word in tables.surnames() and not written.isupper()


def _is_name(word: str) -> bool:
    return word not in tables.words() and (word in tables.given_names() or word in tables.surnames())
