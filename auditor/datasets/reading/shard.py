"""A file of many samples, as a value that any process can be handed."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.model import Role


@dataclass(frozen=True, slots=True)
class Shard:
    """A file of many samples that can be listed by itself, by any process that can open its path."""

    kind: str
    """Row of `shards.READERS`: tar, table or rows."""
    path: str
    """Path that can be opened."""
    relative: str
    """Relative to the dataset."""
    base: str = ""
    """Folder that paths in cells are relative to (table)."""
    text_fields: tuple[str, ...] = ()
    """Fields that hold the caption (tar)."""
    image: str | None = None
    """Column of the pictures (table); None lets the file say."""
    caption: str | None = None
    """Column of the captions (table); None lets the file say."""
    role: Role = "train"
    reason: str | None = None
    """Why the trainer would not train on it; None where it would."""
