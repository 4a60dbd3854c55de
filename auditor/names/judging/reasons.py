"""Why a mention counts, as one sentence that a person understands who knows nothing of the engine."""

from __future__ import annotations

import unicodedata

from auditor.names.judging.cues import Strength
from auditor.names.judging.mention import Mention
from auditor.names.listing.ambiguity import LANGUAGES, Grade, Judgement
from auditor.names.listing.surfaces import Surface

_WRITTEN = {
    "separator": "with other marks between its parts",
    "concatenated": "written in one word",
    "spaced-out": "written letter by letter",
    "split": "with a space in another place",
    "possessive": "in the possessive",
    "encoded": "once its web encoding is undone",
    "accents": "with other accents",
    "look-alike": "in letters that look like its own",
    "leet": "with digits for letters",
    "native-script": "in its own script",
    "transcribed": "in another script",
    "inflected": "with a case ending",
    "reading": "as these characters are read",
}
_DOUBTS = {
    "reading": "other names are read the same way",
    "split": "its pieces may be words of their own",
    "transcribed": "other words of that script sound the same",
    "leet": "numbers are not often meant as letters",
}
"""Form -> why a name that counts elsewhere needs a cue in that form."""
_SHOWN = 60


def reason(mention: Mention, written: str, surface: Surface, judgement: Judgement) -> str:
    """Say what was recognised, what stands around it, and why that was or was not needed."""
    clauses = [f"'{_shown(written)}' {_what(mention, written, surface)}"]
    if mention.cue.phrase:
        clauses.append(mention.cue.phrase)
    sentence = " and ".join(clauses)
    if mention.cue.strength is not Strength.NONE:
        if mention.grade in (Grade.NAME_ONLY, Grade.ORDINARY) and not mention.note:
            return f"{sentence}; without that it would not count, because {_doubt(mention, judgement)}."
        return f"{sentence}."
    if mention.grade is Grade.PERSONAL:
        return f"{sentence}; nothing around it speaks of an artist, and {judgement.why}, so a person should look."
    if mention.note:
        return f"{sentence}."
    return f"{sentence}, and {judgement.why}."


def _doubt(mention: Mention, judgement: Judgement) -> str:
    """Why the words alone are not enough."""
    if mention.grade <= judgement.grade:
        return judgement.why
    if mention.form in _DOUBTS:
        return _DOUBTS[mention.form]
    if judgement.languages:
        spoken = ", ".join(LANGUAGES.get(code, code) for code in judgement.languages[:3])
        return f"the same letters are an everyday word in {spoken}"
    return "that spelling alone says too little"


def _what(mention: Mention, written: str, surface: Surface) -> str:
    if mention.note:
        return mention.note
    whole = f"is the listed name '{surface.listed}'"
    changes = [surface.derived] if surface.derived else []
    if _plain(written) != _plain(surface.listed):
        if mention.form in _WRITTEN:
            changes.append(_WRITTEN[mention.form])
        elif written.isascii() and not surface.listed.isascii() and not surface.derived:
            changes.append("without its accents")
    return f"{whole} {' and '.join(changes)}" if changes else whole


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _shown(written: str) -> str:
    """The mention on one line, cut where it is long."""
    line = " ".join(written.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 3]}..."
