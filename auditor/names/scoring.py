"""Scores and reasons. Block is 0.8 and more, review 0.5 to 0.8; what scores less is not reported.

| grade | no cue | weak cue | strong cue |
|---|---|---|---|
| distinctive | 0.90 | 0.95 | 0.97 |
| personal | 0.55 | 0.82 | 0.93 |
| name only | 0.30 | 0.70 | 0.88 |
| ordinary | 0.10 | 0.40 | 0.84 |

A spelling that leaves doubt lowers the result to its ceiling.
"""

from __future__ import annotations

from auditor.names.ambiguity import Grade, Judgement
from auditor.names.cues import Strength
from auditor.names.mention import Mention

BLOCK = 0.8
REVIEW = 0.5

_BASE: dict[Grade, tuple[float, float, float]] = {
    Grade.DISTINCTIVE: (0.90, 0.95, 0.97),
    Grade.PERSONAL: (0.55, 0.82, 0.93),
    Grade.NAME_ONLY: (0.30, 0.70, 0.88),
    Grade.ORDINARY: (0.10, 0.40, 0.84),
}
_WRITTEN = {
    "exact": "is the listed name '{listed}'",
    "separator": "is the listed name '{listed}' with other separators",
    "concatenated": "is the listed name '{listed}' without separators",
    "spaced-out": "is the listed name '{listed}' letter by letter",
    "split": "is the listed name '{listed}' with its letters split differently",
    "possessive": "is the listed name '{listed}' in the possessive",
    "encoded": "is the listed name '{listed}' once its encoding is undone",
    "accents": "is the listed name '{listed}' without or with other accents",
    "look-alike": "is the listed name '{listed}' in letters that look like it",
    "leet": "is the listed name '{listed}' with digits for letters",
    "native-script": "is the listed name '{listed}' in its own script",
    "lora-tag": "is the listed name '{listed}' in a LoRA tag",
    "handle": "is the listed name '{listed}' as a handle",
    "file-name": "is the listed name '{listed}' in a file or folder name",
}


def score(mention: Mention) -> float:
    """The score of a mention, rounded to two places."""
    return round(min(_BASE[mention.grade][mention.cue.strength], mention.ceiling), 2)


def reason(mention: Mention, written: str, listed: str, judgement: Judgement) -> str:
    """Say in plain words why a mention counts, and why a cue was or was not needed."""
    what = mention.note or _WRITTEN.get(mention.form, "names the listed '{listed}'").format(listed=listed)
    clauses = [f"'{_shown(written)}' {what}"]
    if mention.cue.phrase:
        clauses.append(mention.cue.phrase)
    sentence = " and ".join(clauses)
    if mention.grade is Grade.DISTINCTIVE:
        return f"{sentence}; no cue was needed, because {judgement.why}." if not mention.note else f"{sentence}."
    if mention.grade is Grade.PERSONAL and mention.cue.strength is Strength.NONE:
        return f"{sentence}; without a cue it is for review, because {judgement.why}."
    return f"{sentence}; a cue was needed, because {judgement.why}."


def _shown(written: str) -> str:
    """The mention on one line, cut where it is long."""
    line = " ".join(written.split())
    return line if len(line) <= 60 else f"{line[:57]}..."
