"""YAML from strangers: bounded in depth and in what its merge keys multiply, and no error but a few.

Lists inside lists by aliases (the "billion laughs") share their parts and cost nothing; merge keys (`<<`) copy, so 400
bytes of them can ask for gigabytes.
"""

from __future__ import annotations

from typing import Any

import yaml

MAX_DEPTH = 200
"""Lists and tables inside each other."""
MAX_MERGED = 1_000_000
"""Entries that merge keys copy, in the whole text."""
_NESTING = "[{-?:"
"""No level without one of these marks."""
_MERGE = "tag:yaml.org,2002:merge"
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]
    """The safe loader, which makes plain values only, with its merges counted."""

    merged = 0

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Merge other tables into one."""
        for key, value in node.value:
            if key.tag == _MERGE:
                for part in value.value if isinstance(value, yaml.SequenceNode) else (value,):
                    if isinstance(part, yaml.MappingNode):
                        self.flatten_mapping(part)
                        self.merged += len(part.value) + 1
                        if self.merged > MAX_MERGED:
                            raise ValueError("its merge keys make too many entries")
        super().flatten_mapping(node)


def load(text: str) -> object:
    """Parse one document.

    Raises:
        ValueError, yaml.YAMLError: it is no YAML, or a value does not fit its tag.
        RecursionError: it is nested deeper than `MAX_DEPTH`.
    """
    if sum(map(text.count, _NESTING)) > MAX_DEPTH:
        # The compiled loader takes a piece of the machine's own stack for each level, and past some ten thousand the
        # process is gone. Its parser, which is asked first, does not.
        depth = 0
        for event in yaml.parse(text, Loader=_Base):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                raise RecursionError
    try:
        value: object = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader
    except (ArithmeticError, AttributeError, LookupError, TypeError) as error:
        raise ValueError("a value does not fit its tag") from error
    return value
