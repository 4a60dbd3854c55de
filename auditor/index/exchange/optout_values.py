"""The values of one line of an opt-out list, each checked as it is taken."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from datetime import date
from typing import Any

from auditor.index.exchange.lines import hex_bytes
from auditor.index.exchange.sink import ListError, Sink

MAX_TEXT = 10_000
MAX_ITEMS = 10_000


class Values:
    """One JSON object. What is never taken is counted as not carried."""

    def __init__(self, document: dict[str, Any], line: int, sink: Sink, where: str = "") -> None:
        self._document = document
        self._line = line
        self._sink = sink
        self._where = where
        self._taken: set[str] = set()

    def fail(self, key: str, why: str) -> ListError:
        """The error for one value, to be raised."""
        return self._sink.fail(self._line, f"`{self._where}{key}` {why}.")

    def take(self, key: str) -> Any:
        """A value as it is; None where it is not there."""
        self._taken.add(key)
        return self._document.get(key)

    def text(self, key: str, required: bool = False) -> str | None:
        """A text."""
        value = self.take(key)
        if value is None:
            if required:
                raise self.fail(key, "is missing")
            return None
        if not isinstance(value, str) or len(value) > MAX_TEXT or (required and not value):
            raise self.fail(key, f"is no text of 1 to {MAX_TEXT:,} characters" if required else "is no text")
        if any("\ud800" <= c <= "\udfff" for c in value):
            raise self.fail(key, "holds half a character (a lone surrogate)")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(str(Values({key: item}, self._line, self._sink).text(key, True)) for item in self.items(key))

    def items(self, key: str) -> list[Any]:
        """A list."""
        value = self.take(key)
        if value is None:
            return []
        if not isinstance(value, list) or len(value) > MAX_ITEMS:
            raise self.fail(key, f"is no list of at most {MAX_ITEMS:,} items")
        return value

    def objects(self, key: str) -> list[Values]:
        """A list of objects."""
        return [self._object(key, item) for item in self.items(key)]

    def object(self, key: str) -> Values | None:
        """An object."""
        value = self.take(key)
        return None if value is None else self._object(key, value)

    def number(self, key: str, most: int) -> int | None:
        """A whole number from 0."""
        value = self.take(key)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
            raise self.fail(key, f"is no whole number from 0 to {most:,}")
        return value

    def choice(self, key: str, known: Sequence[str]) -> str | None:
        """One of some words."""
        value = self.take(key)
        if value is not None and value not in known:
            raise self.fail(key, f"is none of {', '.join(known)}")
        return value if isinstance(value, str) else None

    def day(self, key: str) -> str | None:
        """A year, month or day."""
        value = self.text(key)
        if value is None:
            return None
        try:
            date.fromisoformat({4: f"{value}-01-01", 7: f"{value}-01"}.get(len(value), value))
        except ValueError:
            raise self.fail(key, "is no day such as 2026-01-31") from None
        return value

    def hex(self, key: str, size: int) -> bytes | None:
        """A hash of `size` bytes in hex."""
        value = self.text(key)
        return (
            None if value is None else hex_bytes(value, size, f"hash in `{self._where}{key}`", self._line, self._sink)
        )

    def hexes(self, key: str, size: int) -> tuple[bytes, ...]:
        """A list of hashes in hex."""
        return tuple(hex_bytes(text, size, f"hash in `{key}`", self._line, self._sink) for text in self.texts(key))

    def packed(self, key: str) -> bytes:
        """Bytes in base64."""
        value = self.text_of_any_length(key)
        try:
            return base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            raise self.fail(key, "is no base64") from None

    def text_of_any_length(self, key: str) -> str:
        """A text that the line's own limit bounds."""
        value = self.take(key)
        if not isinstance(value, str):
            raise self.fail(key, "is no text")
        return value

    def count_rest(self) -> None:
        """Count the keys that nobody took."""
        for key in self._document.keys() - self._taken:
            self._sink.drop(f"values of {(self._where + key)[:60]!r}")

    def _object(self, key: str, value: Any) -> Values:
        if not isinstance(value, dict):
            raise self.fail(key, "holds something else than objects")
        return Values(value, self._line, self._sink, f"{self._where}{key}.")
