"""Trainer configurations: TOML, JSON and YAML, with line and column in the message where one is malformed."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import yaml

from auditor.datasets.reading import jsontext, yamltext
from auditor.datasets.reading.carriers import carrier
from auditor.datasets.reading.listing import relative_to
from auditor.datasets.reading.paths import is_file
from auditor.errors import DatasetError
from auditor.model import Note, Sample, Text
from auditor.support import reading, tomltext

LIMIT = 256 * 1024 * 1024
"""Bytes of a configuration that are read; metadata listings of a million pictures stay below it."""

_TOML_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)|\(at end of document\)")


def load(path: str) -> object:
    """Parse a configuration by its suffix (`.toml`, `.yaml`, `.yml`, else JSON).

    Raises:
        DatasetError: missing, too large, not UTF-8 or malformed; the message gives line and column.
    """
    return parse(_read(path), path)


def parse(data: bytes, path: str) -> object:
    """Parse configuration bytes; `path` gives the format and stands in messages.

    Raises:
        DatasetError: malformed.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        raise DatasetError(f"{path}, line {line}, column {column}: not UTF-8. Save the file as UTF-8.") from error
    suffix = Path(path).suffix.lower()
    try:
        if suffix == ".toml":
            return tomltext.loads(text)
        if suffix in {".yaml", ".yml"}:
            return tomltext.writable(yamltext.load(text))
        return json.loads(text)
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        raise DatasetError(f"{path}{_where(error, text)}: {_what(error)}. Correct the file.") from error


def _where(error: Exception, text: str) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f", line {error.lineno}, column {error.colno}"
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        return f", line {mark.line + 1}, column {mark.column + 1}"
    place = _TOML_PLACE.search(str(error))
    if place is not None and place[1]:
        return f", line {place[1]}, column {place[2]}"
    if place is not None:
        return f", line {text.count(chr(10)) + 1}, column {len(text) - text.rfind(chr(10))}"
    return ""


def _what(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return error.msg
    if isinstance(error, RecursionError):
        return "nested too deeply"
    problem = getattr(error, "problem", None)
    return str(problem) if problem else _TOML_PLACE.sub("", str(error)).strip()


def _read(path: str) -> bytes:
    try:
        return reading.read_bytes(path, LIMIT)
    except FileNotFoundError as error:
        raise DatasetError(f"{path}: there is no such file. Check the path.") from error
    except OSError as error:
        raise DatasetError(f"{path}: {error.strerror or error}. Check the file and its permissions.") from error


def home(path: str) -> str:
    """The folder that stands for the dataset: the path itself, or the folder of a file."""
    return str(Path(path).parent) if is_file(path) else path


def texts_of(
    value: object, path: str, root: str, *, trained_keys: frozenset[str] = frozenset(), notes: tuple[Note, ...] = ()
) -> Sample:
    """A carrier of every string of a configuration; those under `trained_keys` reach the captions."""
    source = relative_to(path, root)
    texts = [Text(Path(path).name, "file name", None, "file-name", False)]
    for key, item in jsontext.strings(value):
        last = key.rpartition(".")[2].partition("[")[0]
        texts.append(Text(item, f"{source}:{key}" if key else source, None, "config", last in trained_keys))
    return carrier(source, tuple(texts), notes)


def mapping(value: object) -> Mapping[str, object]:
    """The value if it is a mapping, else an empty one: a wrong type in a foreign file is not the user's call.

    Keys that are no text, as YAML has them, become text.
    """
    if not isinstance(value, dict):
        return {}
    return value if all(isinstance(key, str) for key in value) else {str(key): item for key, item in value.items()}


def items(value: object) -> list[Mapping[str, object]]:
    """The mappings of a list, empty where it is none."""
    return [mapping(item) for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def word(value: object) -> str | None:
    """A text, number, day or truth value as text; None for anything else. The text of a list may be endless."""
    return str(value) if isinstance(value, (str, int, float, date)) else None


def text(value: object, default: str | None = None) -> str | None:
    """The value if it is a string, else the default."""
    return value if isinstance(value, str) else default


def whole(value: object, default: int) -> int:
    """The value as a whole number, else the default."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return default
    return int(value)
