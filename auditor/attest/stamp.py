"""Writes a statement's digest into the header of a `.safetensors` file; not one byte of a tensor changes.

Format: 8 bytes little-endian length, a JSON header padded with blanks, then the tensors, which the header names
by offsets from its own end.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import IO, Any

from auditor.errors import DatasetError
from auditor.support import reading, writing

KEY = "provenance_audit"
MAX_HEADER = 100_000_000
"""The format's own limit."""
_ALIGNMENT = 8


def read_header(stream: IO[bytes], name: str) -> dict[str, Any]:
    """Read the header of an open file; the stream then stands at the first tensor.

    Raises:
        DatasetError: it is no safetensors file.
    """
    size = int.from_bytes(stream.read(8), "little")
    if not 2 <= size <= MAX_HEADER:
        raise DatasetError(f"{name}: not a safetensors file (its header would be {size:,} bytes).")
    raw = stream.read(size)
    try:
        header = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise DatasetError(f"{name}: not a safetensors file (its header is no JSON).") from error
    if len(raw) < size or not isinstance(header, dict) or not isinstance(header.get("__metadata__", {}), dict):
        raise DatasetError(f"{name}: not a safetensors file (its header is cut short or malformed).")
    return header


def read_stamp(path: Path) -> str | None:
    """The digest that a model carries, None where it carries none.

    Raises:
        DatasetError: the file cannot be read or is no safetensors file.
    """
    try:
        with reading.open_file(path) as stream:
            value = read_header(stream, str(path)).get("__metadata__", {}).get(KEY)
    except OSError as error:
        raise DatasetError(f"{path}: {error.strerror}. Check the path.") from error
    if not isinstance(value, str):
        return None
    try:
        found = json.loads(value)["statement"]["sha256"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return found if isinstance(found, str) else None


def write_stamp(path: Path, statement_digest: str, predicate_type: str) -> None:
    """Put the digest into the header's metadata, replacing an older one. The file is the old or the new one, whole.

    Raises:
        DatasetError: the file cannot be read or written, or is no safetensors file.
    """
    value = json.dumps({"predicateType": predicate_type, "statement": {"sha256": statement_digest}}, sort_keys=True)
    try:
        with reading.open_file(path) as source:
            header = read_header(source, str(path))
            header = {"__metadata__": {**header.pop("__metadata__", {}), KEY: value}, **header}
            raw = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")
            raw += b" " * (-(8 + len(raw)) % _ALIGNMENT)
            _replace(path, raw, source)
    except OSError as error:
        raise DatasetError(f"{path}: {error.strerror}. The file is unchanged.") from error


def _replace(path: Path, header: bytes, rest: IO[bytes]) -> None:
    with writing.replacing_file(path) as target:
        target.write(len(header).to_bytes(8, "little"))
        target.write(header)
        shutil.copyfileobj(rest, target, 1024 * 1024)
