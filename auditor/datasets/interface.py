"""The seam of the layouts: a folder (or a configuration, or a file) in, samples out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from auditor.datasets.reading.listing import Folder
from auditor.model import Sample


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
