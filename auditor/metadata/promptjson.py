"""Prompts in JSON: any nesting, any writer. Whatever stands under a key that says "negative" names nobody."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from auditor.metadata.containers.budget import Budget
from auditor.metadata.parameters import Prompts
from auditor.metadata.values import MetadataText

NEGATIVE_KEY = re.compile(r"negative|(?:^|[_\W])neg(?:$|[_\W])|^(?:uc|undesired\w*|n_prompt|neg)$", re.IGNORECASE)
PROMPT_KEY = re.compile(r"prompt|^(?:c|text|caption|positive|base_caption|char_caption|styles?)$", re.IGNORECASE)
VISIT_LIMIT = 100_000
STRING_LIMIT = 5_000
MARK_LIMIT = 300_000
"""Commas and brackets of one text: beyond this the parsed values would take more memory than is given to them."""
_BLOB = re.compile(r"\S{200}")


def load(text: str, budget: Budget, where: str) -> Any:
    """Parse JSON; None where it is none, or too deep or wide to parse (which leaves a note)."""
    start = text.lstrip("\ufeff \t\r\n\0")
    if start[:1] not in ("{", "["):
        return None
    if sum(start.count(mark) for mark in ",[{") > MARK_LIMIT:
        budget.note("too-many", f"JSON of more than {MARK_LIMIT} values", where)
        return None
    try:
        return json.loads(start.rstrip("\0 \r\n\t"))
    except RecursionError:
        budget.note("too-deep", "JSON nested too deep", where)
    except ValueError:
        return None
    return None


def is_text(value: str) -> bool:
    """Say whether a string can be words: it has a letter, and is no packed data."""
    return len(value) > 1 and any(character.isalpha() for character in value) and not _BLOB.search(value)


def strings(value: Any, budget: Budget, where: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield (path of keys, string) of every string, in document order, without recursion."""
    stack: list[tuple[tuple[str, ...], Any]] = [((), value)]
    visited = given = 0
    while stack:
        path, item = stack.pop()
        visited += 1
        if visited > VISIT_LIMIT or given >= STRING_LIMIT:
            budget.note("too-many", f"more than {VISIT_LIMIT} values or {STRING_LIMIT} strings", where)
            return
        if isinstance(item, str):
            given += 1
            yield path, item
        elif isinstance(item, Mapping):
            stack.extend(((*path, str(key)), inner) for key, inner in reversed(list(item.items())))
        elif isinstance(item, list):
            stack.extend(((*path, str(number)), inner) for number, inner in reversed(list(enumerate(item))))


def has_prompt(value: Any) -> bool:
    """Say whether an object has a key that speaks of a prompt, on its first two levels."""
    if not isinstance(value, Mapping):
        return False
    levels = [value, *(inner for inner in value.values() if isinstance(inner, Mapping))]
    return any("prompt" in str(key).casefold() for level in levels for key in level)


def read(
    value: Any,
    source: str,
    budget: Budget,
    text_reader: Callable[[str, str], Prompts] | None = None,
) -> Prompts:
    """Return the prompts of a parsed JSON value.

    `text_reader` splits the positive strings further, where a writer has a syntax for exclusions.
    """
    positive: list[MetadataText] = []
    negative: list[MetadataText] = []
    for path, text in strings(value, budget, source):
        if not is_text(text):
            continue
        place = f"{source}, {'.'.join(path)[:200]}" if path else source
        if any(NEGATIVE_KEY.search(key) for key in path):
            negative.append(MetadataText(text, place, "generation"))
        elif text_reader is not None and any(PROMPT_KEY.search(key) for key in path):
            more, less = text_reader(text, place)
            positive += more
            negative += less
        else:
            positive.append(MetadataText(text, place, "generation"))
    return positive, negative
