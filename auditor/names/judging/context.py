"""Gives each mention the strongest cue of its neighbourhood, and passes cues along lists of names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from auditor.names.judging.cues import NO_CUE, Cue, Strength, chain_link, cue_after, cue_before
from auditor.names.judging.mention import Mention
from auditor.names.judging.scoring import score
from auditor.names.judging.tags import Beside, beside_in_tag
from auditor.names.listing.ambiguity import Grade
from auditor.names.reading import tables
from auditor.names.reading.views import Views, spaced_form
from auditor.thresholds import NAMES

_WORD_AFTER = re.compile(r"[ _\-\\]{1,2}([A-Za-z]+)")
_WORD_BEFORE = re.compile(r"([A-Za-z]+)[ _\-\\]{1,2}\Z")
_TAGGED = ("caption", "tag", "prompt")
_PATHS = ("file-name", "folder-name", "member-name")
_END_OF_ITEM = re.compile(r"(?:['’]s|(?<=s)['’])?[\s\"')\]}]*(?::[\d.]+)?[\s)\]}]*(?:,|\Z)")
"""What may stand between a name and the comma behind it: a weight, closing brackets."""
_COUNT = re.compile(r"[\s\d.,x#-]*")
"""What a program puts behind a name that is there already: `wlop_(2).png`."""
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
    mentions = list(mentions)
    taken = _Taken(mentions)
    for mention in sorted(mentions, key=lambda mention: (mention.start, -mention.end)):
        cue = _own_cue(mention, views, floor, ceiling, kind)
        chained = _chained_cue(mention, found, views)
        if mention.small and mention.grade > Grade.PERSONAL and chained.strength is Strength.WEAK:
            chained = NO_CUE
        best = max(cue, chained, key=lambda cue: cue.strength)
        strong = _in_its_tag(replace(mention, cue=best), views, floor, ceiling, kind)
        if strong is None or _belongs_elsewhere(strong, views, floor, ceiling):
            continue
        if strong.small and strong.cue.strength < Strength.STRONG and _in_longer_name(strong, taken, views):
            continue
        if strong.grade is Grade.ORDINARY and "style" in strong.cue.phrase and not mention.marked:
            strong = replace(strong, ceiling=min(strong.ceiling, NAMES.word_cued))
        found.append(strong)
    return _chained_back(found, views)


class _Taken:
    """Where mentions start and end, to tell a neighbour that is an artist of its own."""

    def __init__(self, mentions: Sequence[Mention]) -> None:
        self.starts = {mention.start for mention in mentions}
        self.ends = {mention.end for mention in mentions}


def _in_longer_name(mention: Mention, taken: _Taken, views: Views) -> bool:
    """Say whether a tag stands beside a word that looks like the other half of a name (`gotou hitori`)."""
    after = _WORD_AFTER.match(views.text, mention.end, mention.end + 30)
    if after and after.start(1) not in taken.starts and _looks_like_name(after.group(1).lower()):
        return True
    before = _WORD_BEFORE.search(views.text, max(0, mention.start - 30), mention.start)
    return before is not None and before.end(1) not in taken.ends and _looks_like_name(before.group(1).lower())


def _looks_like_name(word: str) -> bool:
    if word in tables.vocabulary():
        return tables.vocabulary()[word] == "romaji"
    return len(word) > 2 and word not in tables.words() and word not in tables.latin_function_words()


def _chained_back(found: list[Mention], views: Views) -> list[Mention]:
    """Pass the cue of a name on to the one before it: the first of a list of artists has nothing before it."""
    for at in range(len(found) - 2, -1, -1):
        mention = found[at]
        if mention.cue.strength is not Strength.NONE or mention.grade is not Grade.NAME_ONLY or mention.small:
            continue
        after = next((other for other in found[at + 1 : at + 4] if other.start >= mention.end), None)
        if after is None or score(after) < NAMES.block:
            continue
        if chain_link(views.lower[mention.end : after.start]) is not None:
            name = " ".join(views.text[after.start : after.end].split())[:40]
            found[at] = replace(mention, cue=Cue(Strength.WEAK, f"stands in a list with '{name}'"))
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
    if kind in _PATHS and before.strength is Strength.NONE and _is_whole_name(mention, views, floor, ceiling):
        before = Cue(Strength.WEAK, "is all that the name of the file or folder says", "file-name")
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
    before = views.text[max(floor, mention.start - 6) : mention.start].rstrip(" ([{\"'")
    return before.endswith(",") and _END_OF_ITEM.match(views.text, mention.end, ceiling) is not None


def _chained_cue(mention: Mention, earlier: list[Mention], views: Views) -> Cue:
    """The cue of the name before, passed along a joint."""
    for other in reversed(earlier[-3:]):
        if other.end > mention.start:
            continue
        link = chain_link(views.lower[other.end : mention.start])
        if link is None:
            return NO_CUE
        if score(other) < NAMES.block:
            return NO_CUE
        strength = other.cue.strength
        if link not in ("and", "&", "+", "x"):
            strength = min(strength, Strength.WEAK) if strength else Strength.WEAK
        elif strength is Strength.NONE:
            strength = Strength.WEAK
        name = " ".join(views.text[other.start : other.end].split())[:40]
        return Cue(Strength(strength), f"stands in a list with '{name}'")
    return NO_CUE


def _is_whole_name(mention: Mention, views: Views, floor: int, ceiling: int) -> bool:
    """Say whether a file name holds nothing but the mention, numbers, its extension and training words."""
    stem = views.text[floor:ceiling].rsplit(".", 1)[0] if "." in views.text[mention.end : ceiling] else None
    end = ceiling if stem is None else floor + len(stem)
    rest = spaced_form(f"{views.text[floor : mention.start]} {views.text[mention.end : end]}").split()
    return all(word.isdigit() or len(word) == 1 or word in tables.vocabulary() for word in rest)


def _in_its_tag(mention: Mention, views: Views, floor: int, ceiling: int, kind: str) -> Mention | None:
    """Judge one word by the rest of its LoRA tag, or of the tag that underscores join it to (amano_onsa)."""
    if kind not in _TAGGED or mention.cue.strength is Strength.STRONG:
        return mention
    if not views.text[mention.start : mention.end].isalpha() or mention.form == "concatenated":
        return mention
    beside = beside_in_tag(mention.start, mention.end, views, floor, ceiling)
    if mention.cue.form == "lora-tag" and mention.grade > Grade.PERSONAL:
        return replace(mention, cue=NO_CUE)
    if beside is Beside.PERSON or (mention.small and beside is Beside.UNKNOWN and mention.cue.form != "lora-tag"):
        return None
    if mention.small and mention.cue.form == "lora-tag":
        return replace(mention, ceiling=min(mention.ceiling, NAMES.piece))
    if beside is Beside.NOTHING:
        return mention
    if mention.grade is Grade.DISTINCTIVE:
        return replace(mention, ceiling=min(mention.ceiling, NAMES.piece))
    return mention


def _belongs_elsewhere(mention: Mention, views: Views, floor: int, ceiling: int) -> bool:
    """A name that goes on to somebody else (Ross Tran for Ross), or a character with a series in brackets."""
    qualifier = _QUALIFIER.match(views.text, mention.end, min(ceiling, mention.end + 48))
    if qualifier and not _ARTIST_QUALIFIER.search(qualifier.group(1)) and not _COUNT.fullmatch(qualifier.group(1)):
        return True
    written = views.lower[mention.start : mention.end]
    if len(written) < NAMES.short_letters or written in tables.latin_function_words():
        return mention.cue.form != "handle" and "artist" not in mention.cue.phrase
    if mention.grade is not Grade.NAME_ONLY and mention.grade is not Grade.ORDINARY:
        return False
    after = _WORD_AFTER.match(views.text, mention.end, min(ceiling, mention.end + 30))
    if after and _goes_on(after.group(1), mention):
        return True
    before = _WORD_BEFORE.search(views.text, max(floor, mention.start - 30), mention.start)
    return before is not None and mention.cue.strength < Strength.STRONG and _is_name(before.group(1).lower())


def _goes_on(written: str, mention: Mention) -> bool:
    word = written.lower()
    if word in _FUNCTION_WORDS or len(word) == 1 or mention.cue.phrase.startswith("is followed by"):
        return False
    if word in tables.vocabulary() and mention.grade is Grade.NAME_ONLY:
        return False
    if mention.grade is Grade.ORDINARY:
        return True
    if word not in tables.words():
        return True
    return written[0].isupper() and word in tables.surnames() and not written.isupper()


def _is_name(word: str) -> bool:
    return word not in tables.words() and (word in tables.given_names() or word in tables.surnames())
