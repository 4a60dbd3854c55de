"""One word of a tag, a LoRA name or a file name: whether the words beside it are about it or make somebody else."""

from __future__ import annotations

import re
from enum import IntEnum

from auditor.names.judging.cues import lora_before
from auditor.names.reading import tables
from auditor.names.reading.views import Views, spaced_form

_TAG_AFTER = re.compile(r"[A-Za-z0-9_\-. ]*")
_UNDERSCORED_BEFORE = re.compile(r"[A-Za-z0-9_]*_\Z")
_UNDERSCORED_AFTER = re.compile(r"_[A-Za-z0-9_]*")
_VERSION = re.compile(r"(?:v|ver|e|ep|epoch|step|steps|s|r)?\d*|[a-z]")
_REACH = 64


class Beside(IntEnum):
    """What stands beside a word in one tag."""

    NOTHING = 0
    """Nothing, or versions, model and training words, dictionary words."""
    UNKNOWN = 1
    """A word that is neither a word nor a name."""
    PERSON = 2
    """A given name or surname, so that the tag names somebody else."""


def beside_in_tag(start: int, end: int, views: Views, floor: int, ceiling: int) -> Beside:
    """What stands beside `start:end` in its LoRA tag, or joined to it by underscores."""
    given = views.lower[start:end] in tables.given_names()
    before = lora_before(views.lower, start, floor)
    if before is None:
        found = _UNDERSCORED_BEFORE.search(views.text, max(floor, start - _REACH), start)
        head = found.group() if found else ""
        after = _UNDERSCORED_AFTER.match(views.text, end, min(ceiling, end + _REACH))
    else:
        head = views.text[start - len(before) : start]
        after = _TAG_AFTER.match(views.text, end, min(ceiling, end + _REACH))
    words = spaced_form(f"{head} {after.group() if after else ''}").split()
    return max((_kind(word, given) for word in words), default=Beside.NOTHING)


def _kind(word: str, given: bool) -> Beside:
    """`given`: the word beside it is a given name, so that even a common word may be its surname (emmaStone)."""
    if _VERSION.fullmatch(word) or word in tables.vocabulary() or not any(letter in "aeiouy" for letter in word):
        return Beside.NOTHING
    known = word in tables.words()
    if (word in tables.given_names() or word in tables.frequent_surnames()) and (given or not known):
        return Beside.PERSON
    return Beside.NOTHING if known or len(word) <= 2 else Beside.UNKNOWN
