"""JSON from strangers: bounded, and with the line in which each value begins."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from auditor.index.exchange.lines import text_lines
from auditor.index.exchange.sink import Sink

MAX_DOCUMENT = 64_000_000
"""Largest JSON document in bytes that is read as one; larger lists come as JSON lines."""


def json_line(text: str, line: int, sink: Sink) -> dict[str, Any]:
    """One line that holds one JSON object.

    Raises:
        ListError: it is no JSON, is nested too deeply, says a key twice, or holds no object.
    """
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except RecursionError as error:
        raise sink.fail(line, "it is nested too deeply.") from error
    except ValueError as error:
        raise sink.fail(line, f"it is no JSON: {error}.") from error
    if not isinstance(value, dict):
        raise sink.fail(line, "it holds no JSON object.")
    return value


def json_objects(stream: BinaryIO, sink: Sink) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line, object) of JSON lines, of one object, or of an array of objects.

    Raises:
        ListError: it is no JSON, nested too deeply, too large, or holds something else than objects.
    """
    numbered = text_lines(stream, sink)
    whole: list[str] = []
    size = 0
    first = 0
    for line, text in numbered:
        if not whole and text.startswith("{") and text.rstrip().endswith("}") and _is_json(text):
            yield line, json_line(text, line, sink)
            continue
        if not whole and not text.strip():
            continue
        first = first or line
        size += len(text) + 1
        if size > MAX_DOCUMENT:
            raise sink.fail(line, f"the document is larger than {MAX_DOCUMENT:,} bytes; write one object a line.")
        whole.append(text)
    if whole:
        yield from _document("\n".join(whole), first, sink)


def _document(text: str, first: int, sink: Sink) -> Iterator[tuple[int, dict[str, Any]]]:
    decoder = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_constant)
    place = _blank(text, 0)
    in_array = text[place : place + 1] == "["
    place = _blank(text, place + in_array)
    if in_array and text[place : place + 1] == "]":
        place = _end(text, place + 1, first, sink)
        return
    line, counted = first, 0
    while True:
        line, counted = line + text.count("\n", counted, place), place
        try:
            value, end = decoder.raw_decode(text, place)
        except RecursionError as error:
            raise sink.fail(line, "it is nested too deeply.") from error
        except ValueError as error:
            raise sink.fail(line, f"it is no JSON: {error}.") from error
        if not isinstance(value, dict):
            raise sink.fail(line, "it holds no JSON object.")
        yield line, value
        place = _blank(text, end)
        if not in_array:
            _end(text, place, line, sink)
            return
        mark = text[place : place + 1]
        if mark == "]":
            _end(text, place + 1, line, sink)
            return
        if mark != ",":
            raise sink.fail(line, "after a value of an array comes a comma or its end.")
        place = _blank(text, place + 1)


def _blank(text: str, place: int) -> int:
    while text[place : place + 1] in {" ", "\t", "\n", "\r"}:
        place += 1
    return place


def _end(text: str, place: int, line: int, sink: Sink) -> int:
    place = _blank(text, place)
    if place < len(text):
        raise sink.fail(line, "there is more after the end of the JSON document.")
    return place


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key is there twice")
    return result


def _no_constant(text: str) -> Any:
    raise ValueError(f"{text} is no JSON number")
