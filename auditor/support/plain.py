"""Frozen values as plain JSON data and back, so that what is kept or sent never needs an unpickler."""

from __future__ import annotations

import base64
import dataclasses
import functools
import types
import typing
from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

Value = TypeVar("Value")


def to_plain(value: Any) -> Any:
    """Dataclasses as objects without the fields that have their default, tuples and sets as lists, bytes as Base64,
    days in ISO 8601. The type to restore is the reader's to know: nothing in the data names one."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        shown = _shown(type(value))
        found = ((name, default, getattr(value, name)) for name, default in shown)
        return {name: to_plain(item) for name, default, item in found if item is not default and item != default}
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    if isinstance(value, frozenset):
        return [to_plain(item) for item in sorted(value)]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: to_plain(item) for key, item in value.items()}
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError(f"{type(value).__name__} has no plain form")


def from_plain(kind: type[Value], data: Any, *, whole: bool = False) -> Value:
    """Build a frozen value from what `to_plain`, or `dataclasses.asdict`, and JSON made of it.

    With `whole` the outermost value must have every field, as `asdict` writes them.

    Raises:
        ValueError, TypeError, KeyError: the data has another shape.
    """
    hints, required = _fields(kind)  # type: ignore[arg-type]
    if not (set(hints) if whole else required) <= set(data) <= set(hints):
        raise ValueError(f"{kind.__name__}: {sorted(set(data) ^ set(hints))}")
    return kind(**{name: _restore(hints[name], item) for name, item in data.items()})


@functools.cache
def _shown(kind: type) -> tuple[tuple[str, Any], ...]:
    return tuple((item.name, item.default) for item in dataclasses.fields(kind))


@functools.cache
def _fields(kind: Any) -> tuple[dict[str, Any], frozenset[str]]:
    """Types by field, and the fields that have no default."""
    hints = typing.get_type_hints(kind)
    fields = dataclasses.fields(kind)
    missing = dataclasses.MISSING
    required = (item.name for item in fields if item.default is missing and item.default_factory is missing)
    return {item.name: hints[item.name] for item in fields}, frozenset(required)


def _restore(hint: Any, value: Any) -> Any:
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if value is None:
        return None
    if origin in (types.UnionType, typing.Union):
        return _restore(_member(inner, value), value)
    if origin is tuple:
        if len(inner) == 2 and inner[1] is Ellipsis:
            return tuple(_restore(inner[0], item) for item in value)
        return tuple(_restore(kind, item) for kind, item in zip(inner, value, strict=True))
    if origin is frozenset:
        return frozenset(_restore(inner[0], item) for item in value)
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return {key: _restore(inner[1], item) for key, item in value.items()}
    if hint is bytes:
        return base64.b64decode(value, validate=True)
    if hint is date:
        return date.fromisoformat(value)
    if dataclasses.is_dataclass(hint):
        return from_plain(hint, value)  # type: ignore[arg-type]
    return value


def _member(kinds: tuple[Any, ...], value: Any) -> Any:
    """The member of a union that a value is of: a dataclass is told by its fields."""
    kinds = tuple(kind for kind in kinds if kind is not type(None))
    for kind in kinds:
        if dataclasses.is_dataclass(kind) and isinstance(value, dict):
            hints, required = _fields(kind)  # type: ignore[arg-type]
            if required <= set(value) <= set(hints):
                return kind
    return kinds[0]
