"""Length-prefixed frames between this process and the worker processes it started itself.

What goes to a worker is pickled: it comes from this very process, over a private pipe, never from a dataset, an index
or a network. What comes back is JSON: a worker reads files of strangers, and a decoder that one of them has taken over
must not be able to run anything here.
"""

from __future__ import annotations

import json
import pickle
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO, TypeVar

_LENGTH = struct.Struct(">Q")
MOST_BYTES = 1 << 30
"""Of one answer."""
READY = "ready"

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Failure:
    """A worker's function raised: the item, the error in one line, and the traceback."""

    item: str
    error: str
    trace: str


def pickled(value: object) -> bytes:
    """A value as a worker reads it."""
    return pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)


def write_frame(stream: BinaryIO, data: bytes) -> None:
    """Write one frame and flush."""
    stream.write(_LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def read_frame(stream: BinaryIO) -> object:
    """Read one value, in a worker.

    Raises:
        EOFError: the other side closed the pipe, between frames or within one.
    """
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    return pickle.loads(_exactly(stream, length))  # noqa: S301 - from our own parent, see the module's first lines


def write_answer(stream: BinaryIO, kind: str, value: Any) -> None:
    """Write one answer of a worker, `ready`, `result` or `failure`, and flush. The value is JSON data."""
    write_frame(stream, json.dumps({kind: value}, separators=(",", ":")).encode("ascii"))


def read_answer(stream: BinaryIO, decode: Callable[[Any], Result]) -> Result | Failure | str:
    """Read one answer of a worker: READY, a failure, or what `decode` makes of the JSON data of a result.

    Raises:
        EOFError: the worker is gone, or says what no worker says.
    """
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    if length > MOST_BYTES:
        raise EOFError
    data = _exactly(stream, length)
    try:
        ((kind, found),) = json.loads(data).items()
        if kind == READY:
            return READY
        if kind == "failure":
            return Failure(str(found["item"]), str(found["error"]), str(found["trace"]))
        if kind != "result":
            raise ValueError(kind)
        return decode(found)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise EOFError from error


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) != size:
        raise EOFError
    return data
