"""The seam of the layouts: a folder (or a configuration, or a file) in, samples out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from auditor.datasets.listing import Folder
from auditor.model import Role, Sample


@dataclass(frozen=True, slots=True)
class LayoutOptions:
    """What the user said with `-L key=value`, by the trainer's own option names."""

    values: Mapping[str, str] = field(default_factory=dict)

    def text(self, key: str, default: str | None = None) -> str | None:
        """The value, or the default."""
        return self.values.get(key, default)

    def flag(self, key: str, default: bool = False) -> bool:
        """A truth value: 1, true, yes, on (any case) are true.

        Raises:
            UsageError: the value is neither true nor false.
        """
        from auditor.errors import UsageError

        value = self.values.get(key)
        if value is None:
            return default
        if value.casefold() in {"1", "true", "yes", "on"}:
            return True
        if value.casefold() in {"0", "false", "no", "off", ""}:
            return False
        raise UsageError(f"-L {key}={value}: say true or false.")


class Layout(Protocol):
    """How one trainer or container reads a dataset."""

    name: str
    """As given to `--layout`."""
    options: tuple[str, ...]
    """The `-L` keys it knows; any other key is a UsageError with a suggestion."""

    def recognise(self, path: str, folder: Folder) -> tuple[int, str]:
        """How well this layout fits: (0 = not at all .. 100 = certainly, half a sentence why).

        `folder` is the listing of `path`; for a file it is empty with its `problem` set.
        """
        ...

    def samples(self, path: str, options: LayoutOptions) -> Iterator[Sample]:
        """Yield every sample in a stable order, trained or carried, lazily and in bounded memory.

        Raises:
            DatasetError: the dataset as a whole cannot be listed. What is wrong with single files is said in
                the sample's notes or skip instead.
        """
        ...


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


class ShardedLayout(Layout, Protocol):
    """A layout of which whole files can be listed elsewhere."""

    def plan(self, path: str, options: LayoutOptions) -> Iterator[Sample | Shard]:
        """Yield what `samples` yields, with a `Shard` in the place of the samples it holds.

        Raises:
            DatasetError: as `samples`.
        """
        ...
