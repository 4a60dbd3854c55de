"""Generation parameters as text: the A1111 layout and its relatives.

positive prompt, any number of lines
Negative prompt: any number of lines
Steps: 20, Sampler: Euler a, ..., Hires prompt: "...", Lora hashes: "name: hash"
"""

from __future__ import annotations

import json
import re
from itertools import islice

from auditor.metadata.values import Field, MetadataText

NEGATIVE_MARK = re.compile(r"(?:^|\n)[ \t]*Negative prompt:[ \t]?", re.IGNORECASE)
_SETTINGS = re.compile(r"(?:^|\n)[ \t]*(?=Steps:[ \t]*\d+)", re.IGNORECASE)
_PAIR = re.compile(r'([A-Za-z][\w \-/().]{0,60}):[ \t]*("(?:\\.|[^"\\])*"|[^,\n]*)(?:,|\n|$)')
_DRAW_THINGS_NEGATIVE = re.compile(r"(?:^|\n)-(?=\S)")
PAIR_LIMIT = 1_000
"""Settings of one text that are read; real ones have some dozens."""
NOT_TEXT = frozenset(
    {"steps", "sampler", "cfg scale", "seed", "size", "version", "model hash", "clip skip", "schedule type"}
)

Prompts = tuple[list[MetadataText], list[MetadataText]]
"""(positive, negative)"""


def looks_like(text: str) -> bool:
    """Say whether the text has the layout's settings line or its negative mark."""
    return bool(_SETTINGS.search(text) or NEGATIVE_MARK.search(text))


def split(text: str, draw_things: bool = False) -> tuple[str, str, str]:
    """Return (positive, negative, settings); each may be empty. The positive part is a prefix of the text."""
    settings = list(_SETTINGS.finditer(text))
    # The last one: a prompt may itself hold the word "Steps:" on a line.
    end = settings[-1].start() if settings else len(text)
    mark = (_DRAW_THINGS_NEGATIVE if draw_things else NEGATIVE_MARK).search(text, 0, end)
    if mark is None:
        return text[:end], "", text[end:]
    return text[: mark.start()], text[mark.end() : end], text[end:]


def _unquote(value: str) -> str:
    if not value.startswith('"'):
        return value.strip()
    try:
        read = json.loads(value)
    except ValueError:
        return value.strip('"')
    return read if isinstance(read, str) else value


def read(field: Field, draw_things: bool = False) -> Prompts:
    """Return the prompts of an A1111-style text, with the prompts and model names inside its settings."""
    positive_text, negative_text, settings = split(field.value, draw_things)
    positive: list[MetadataText] = []
    negative: list[MetadataText] = []
    if positive_text.strip():
        positive.append(MetadataText(positive_text, field.source, "generation"))
    if negative_text.strip():
        negative.append(MetadataText(negative_text, f"{field.source}, negative prompt", "generation"))
    for match in islice(_PAIR.finditer(settings), PAIR_LIMIT):
        key, value = match.group(1).strip(), _unquote(match.group(2))
        if key.casefold() in NOT_TEXT or not any(character.isalpha() for character in value):
            continue
        target = negative if "negative" in key.casefold() else positive
        target.append(MetadataText(value, f"{field.source}, {key}", "generation"))
    return positive, negative


_NO_FLAG = re.compile(r"--no\s.*?(?=\s--\w|\sJob ID:|$)", re.IGNORECASE | re.DOTALL)
_BRACKETS = re.compile(r"\[[^\[\]]*\]")


def _blank(text: str, pattern: re.Pattern[str]) -> str:
    return pattern.sub(lambda match: " " * len(match.group()), text)


def midjourney(field: Field) -> Prompts:
    """Return the prompt of a Midjourney description; what follows `--no` is an exclusion."""
    searched = _blank(field.value, _NO_FLAG)
    negative = [
        MetadataText(match.group(), f"{field.source}, --no", "generation") for match in _NO_FLAG.finditer(field.value)
    ]
    return [MetadataText(field.value, field.source, "generation", searched)], negative


def bracketed(value: str, source: str) -> Prompts:
    """Return the prompt of early InvokeAI, where `[...]` is an exclusion."""
    negative = [
        MetadataText(match.group(), f"{source}, in brackets", "generation") for match in _BRACKETS.finditer(value)
    ]
    return [MetadataText(value, source, "generation", _blank(value, _BRACKETS))], negative
