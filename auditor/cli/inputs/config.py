"""The configuration file: `auditor.toml`, or `[tool.auditor]` in `pyproject.toml`.

The nearest one upwards counts, alone: nothing is merged unless it says `extend = "other.toml"`, whose values it
then builds on. An unknown key is an error with a suggestion, so that a misspelt gate cannot stay open unnoticed.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args

from auditor.errors import ConfigError
from auditor.model import FailOn, Severity
from auditor.rules import BY_ID
from auditor.support import reading, tomltext
from auditor.verdict.gate import Overrides

FILE_NAME = "auditor.toml"
MAX_BYTES = 1_000_000
MAX_EXTENDS = 10


@dataclass(frozen=True, slots=True)
class Config:
    """What a configuration file says; None or empty where it says nothing. Paths are absolute."""

    source: Path | None = None
    index: tuple[Path, ...] = ()
    layout: str | None = None
    layout_options: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    output: tuple[str, ...] = ()
    """As given to `-o`; the files are relative to the working directory, like on the command line."""
    fail_on: FailOn | None = None
    waivers: Path | None = None
    policies: Path | None = None
    trust: tuple[str, ...] = ()
    """Public key files (absolute) or key ids (`SHA256:…`) under which indexes must be signed."""
    require_signature: bool | None = None
    require_unexpired: bool | None = None
    engine: str | None = None
    jobs: int | None = None
    cache: Path | None = None
    names_only: bool | None = None
    thumbnails: bool | None = None
    rules: Mapping[str, Severity] = field(default_factory=lambda: MappingProxyType({}))
    artists: Mapping[str, Severity] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def overrides(self) -> Overrides:
        """The severities that the file sets, for `waivers.settle`."""
        return Overrides(self.rules, self.artists)


KEY_ID = "SHA256:"
_PATH = frozenset({"waivers", "policies", "cache"})
KEYS = (*(item.name.replace("_", "-") for item in fields(Config) if item.name != "source"), "extend")
"""Keys as written in the file."""


def find_config(start: Path) -> Path | None:
    """The nearest `auditor.toml`, or `pyproject.toml` with `[tool.auditor]`, in a folder or above it.

    In one folder `auditor.toml` comes first. A `pyproject.toml` that cannot be parsed is passed over: it is
    other tools' to complain about.
    """
    return next(configs(start), None)


def configs(start: Path) -> Iterator[Path]:
    """Every such file, the nearest first, one a folder."""
    for folder in (start.absolute(), *start.absolute().parents):
        own = folder / FILE_NAME
        shared = folder / "pyproject.toml"
        if own.is_file():
            yield own
        elif shared.is_file() and _has_table(shared):
            yield shared


def within(path: Path, folders: Iterable[Path]) -> bool:
    """Whether a file lies in one of the folders, or below it, all links followed or none."""
    places = (Path(os.path.abspath(path)), Path(os.path.realpath(path)))  # noqa: PTH100 - links must stay as they are
    return any(
        place == home or home in place.parents
        for folder in folders
        for home in (Path(os.path.abspath(folder)), Path(os.path.realpath(folder)))  # noqa: PTH100
        for place in places
    )


def load_config(path: Path) -> Config:
    """Read a configuration file and what it extends.

    Raises:
        ConfigError: it cannot be read, is no TOML, has an unknown key or a value of the wrong kind, or extends
            itself.
    """
    return _load(path.absolute(), ())


def _has_table(path: Path) -> bool:
    try:
        return "auditor" in _tools(_toml(path))
    except ConfigError:
        return False


def _load(path: Path, chain: tuple[Path, ...]) -> Config:
    if path in chain:
        raise ConfigError(f"{path}: it extends itself, by way of {' and '.join(map(str, chain))}. Remove one `extend`.")
    if len(chain) >= MAX_EXTENDS:
        raise ConfigError(f"{path}: more than {MAX_EXTENDS} files extend each other. Put them into fewer files.")
    values = dict(_table(path))
    base = Config()
    if "extend" in values:
        parent = _text(path, "extend", values.pop("extend"))
        base = _load((path.parent / parent).absolute(), (*chain, path))
    own = {key.replace("-", "_"): _value(path, key, value) for key, value in values.items()}
    for name in ("layout_options", "rules", "artists"):
        if name in own:
            own[name] = MappingProxyType({**getattr(base, name), **own[name]})
    return replace(base, source=path, **own)


def _table(path: Path) -> Mapping[str, Any]:
    document = _toml(path)
    if path.name == "pyproject.toml":
        document = _tools(document).get("auditor", {})
    if not isinstance(document, dict):
        raise ConfigError(f"{path}: tool.auditor should be a table.")
    for key in document:
        if key not in KEYS:
            raise ConfigError(f"{path}: there is no key {key!r}. {_suggest(key, KEYS)}")
    return document


def _tools(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The table of all tools, empty where `tool` is something else: other tools' to complain about."""
    found = document.get("tool")
    return found if isinstance(found, dict) else {}


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomltext.loads(reading.read_text(path, MAX_BYTES).removeprefix("\ufeff"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}). Check the path given.") from error
    except (ValueError, RecursionError) as error:
        # Besides the parser's own error: not UTF-8, a number with thousands of digits, a path with a NUL.
        raise ConfigError(f"{path}: not TOML: {error}") from error


def _value(path: Path, key: str, value: Any) -> Any:
    name = key.replace("-", "_")
    if name == "index":
        return tuple(path.parent / text for text in _texts(path, key, value))
    if name == "trust":
        return tuple(text if text.startswith(KEY_ID) else str(path.parent / text) for text in _texts(path, key, value))
    if name in _PATH:
        return path.parent / _text(path, key, value)
    if name == "output":
        return _texts(path, key, value)
    if name == "fail_on":
        return _choice(path, key, value, get_args(FailOn))
    if name in {"rules", "artists"}:
        return _severities(path, key, value)
    if name == "layout_options":
        return MappingProxyType(
            {option: _option(path, f"{key}.{option}", row) for option, row in _dict(path, key, value).items()}
        )
    if name == "jobs":
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise ConfigError(f"{path}: {key} should be a whole number, 0 for one per core.")
        return value
    if name in {"layout", "engine"}:
        return _text(path, key, value)
    if not isinstance(value, bool):
        raise ConfigError(f"{path}: {key} should be true or false.")
    return value


def _severities(path: Path, key: str, value: Any) -> Mapping[str, Severity]:
    found: dict[str, Severity] = {}
    families = sorted({rule.partition(".")[0] for rule in BY_ID})
    for name, severity in _dict(path, key, value).items():
        if key == "rules" and name not in BY_ID and name not in families:
            raise ConfigError(f"{path}: there is no rule {name!r}. {_suggest(name, (*BY_ID, *families))}")
        found[name] = _choice(path, f"{key}.{name}", severity, get_args(Severity))
    return MappingProxyType(found)


def _option(path: Path, key: str, value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str | int | float):
        raise ConfigError(f"{path}: {key} should be text, a number, true or false.")
    try:
        return str(value)
    except ValueError as error:
        raise ConfigError(f"{path}: {key} is a number of thousands of digits. Write a smaller one.") from error


def _choice(path: Path, key: str, value: Any, options: tuple[str, ...]) -> Any:
    if value not in options:
        raise ConfigError(f"{path}: {key} should be one of {', '.join(options)}.")
    return value


def _text(path: Path, key: str, value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ConfigError(f"{path}: {key} should be text.")
    return value


def _texts(path: Path, key: str, value: Any) -> tuple[str, ...]:
    rows = [value] if isinstance(value, str) else value
    if not isinstance(rows, list) or not all(isinstance(row, str) and row for row in rows):
        raise ConfigError(f"{path}: {key} should be a text or a list of texts.")
    return tuple(rows)


def _dict(path: Path, key: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ConfigError(f"{path}: {key} should be a table.")
    return value


def _suggest(key: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(key, known, n=1)
    return f"Did you mean {near[0]!r}?" if near else f"Known are {', '.join(known)}."
