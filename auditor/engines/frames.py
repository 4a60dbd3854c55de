"""Length-prefixed frames between this process and the worker processes it started itself.

What goes to a worker is pickled: it comes from this very process, over a private pipe, never from a dataset, an index
or a network. What comes back is JSON: a worker reads files of strangers, and a decoder that one of them has taken over
must not be able to run anything here.
"""

from __future__ import annotations

import json
import pickle
import struct
from typing import Any, BinaryIO

from auditor.engines.interface import CheckFailure
from auditor.model import SampleOutcome
from auditor.plain import from_plain, to_plain

_LENGTH = struct.Struct(">Q")
MOST_BYTES = 1 << 30
"""Of one answer."""
READY = "ready"
Answer = SampleOutcome | CheckFailure | str
_KINDS: dict[str, Any] = {"outcome": SampleOutcome, "failure": CheckFailure}


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


def write_answer(stream: BinaryIO, answer: Answer) -> None:
    """Write one answer of a worker and flush."""
    kind = "outcome" if isinstance(answer, SampleOutcome) else "failure"
    value = answer if isinstance(answer, str) else {kind: to_plain(answer)}
    write_frame(stream, json.dumps(value, separators=(",", ":")).encode("ascii"))


def read_answer(stream: BinaryIO) -> Answer:
    """Read one answer of a worker.

    Raises:
        EOFError: the worker is gone, or says what no worker says.
    """
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    if length > MOST_BYTES:
        raise EOFError
    data = _exactly(stream, length)
    try:
        value = json.loads(data)
        if value == READY:
            return READY
        ((kind, found),) = value.items()
        answer: Answer = from_plain(_KINDS[kind], found)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise EOFError from error
    return answer


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) != size:
        raise EOFError
    return data
