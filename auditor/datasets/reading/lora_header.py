"""The header of a `.safetensors` file: a length, a JSON object, and nothing of the tensors."""

from __future__ import annotations

import base64
import binascii
import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from auditor.datasets.reading import lora_caveats
from auditor.datasets.reading.carriers import carrier
from auditor.datasets.reading.jsontext import strings
from auditor.model import BytesPayload, Note, Sample, Text
from auditor.support import reading

HEADER_LIMIT = 100_000_000
"""Bytes of a header, the format's own bound."""
THUMBNAIL = "modelspec.thumbnail"
THUMBNAIL_LIMIT = 32 * 1024 * 1024
_DATA_URI = re.compile(r"data:[\w.+/-]*(?:;[\w=.-]+)*;base64,", re.ASCII)
_ALL_KEYS = frozenset(("ss_tag_frequency", "ss_dataset_dirs", "ss_reg_dataset_dirs"))
"""Values whose keys are tags and folder names."""
_PLAIN_KEYS = frozenset(
    ("format", "training_info", "software", "version", "name", "trained_words", "global_step", "unet", "text_encoder")
)
_HASHES = re.compile(r"(?:0x)?[0-9a-fA-F]{8,}|[\d\s.,:e+-]+|None|True|False|null")


class HeaderError(Exception):
    """The file is no safetensors file, or its header is damaged."""


def read(path: str) -> dict[str, object]:
    """Return the whole header: `__metadata__` and the tensors' entries. Reads nothing behind it.

    Raises:
        HeaderError: the file is too short, the length is out of bounds, or the header is no JSON object.
    """
    try:
        with reading.open_file(path) as raw:
            size = os.fstat(raw.fileno()).st_size
            length = int.from_bytes(raw.read(8), "little")
            if size < 10 or length < 2 or length > min(HEADER_LIMIT, size - 8):
                raise HeaderError("the header's length does not fit the file")
            value = json.loads(raw.read(length))
    except OSError as error:
        raise HeaderError(error.strerror or "cannot be read") from error
    except (ValueError, RecursionError) as error:
        raise HeaderError("the header is no JSON object") from error
    if not isinstance(value, dict):
        raise HeaderError("the header is no JSON object")
    return value


def samples(path: str, relative: str) -> Iterator[Sample]:
    """Yield the model with every text of its header, then the thumbnail picture where it carries one."""
    name = Path(path).name
    texts = [Text(name, "file name", None, "file-name", False)]
    try:
        header = read(path)
    except HeaderError as error:
        note = Note("integrity.caption-unreadable", f"{relative}: {error}, so nothing of it was searched.")
        yield Sample(
            path=relative, payload=None, texts=tuple(texts), kind="model", role="other", trained=False,
            reason=str(error), notes=(note,), skip="not-safetensors",
        )  # fmt: skip
        return
    metadata = header.get("__metadata__")
    values = {key: parsed(value) for key, value in metadata.items()} if isinstance(metadata, dict) else {}
    caveats = tuple(lora_caveats.caveats(values))
    texts.extend(_texts(values, relative, " ".join(caveats) or None))
    notes = tuple(Note("dataset.partial-header", f"{relative}: {caveat}") for caveat in caveats)
    if lora_caveats.is_cache(header, values):
        # A trainer's cache, not a model; its captions were searched all the same.
        yield carrier(relative, tuple(texts))
        return
    yield Sample(path=relative, payload=None, texts=tuple(texts), kind="model", role="other", notes=notes)
    yield from _thumbnail(values, relative)


def parsed(value: object) -> object:
    """A metadata value: JSON text is opened (values are strings in the file; some dumps hold them opened)."""
    if isinstance(value, str) and value[:1] in {"{", "["}:
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def _texts(values: Mapping[str, object], relative: str, remark: str | None) -> Iterator[Text]:
    for key, value in values.items():
        if key == THUMBNAIL:
            continue
        if not key.startswith(("ss_", "sshs_", "modelspec.", "ot_")) and key not in _PLAIN_KEYS:
            yield Text(key, f"{relative}:__metadata__", None, "tag")
        if key == "ss_datasets" and isinstance(value, list):
            for number, item in enumerate(value):
                tags = item.pop("tag_frequency", None) if isinstance(item, dict) else None
                yield from _strings(tags, f"{relative}:{key}[{number}].tag_frequency", remark, every_key=True)
        every = key in _ALL_KEYS
        doubtful = remark if key == "ss_tag_frequency" else None
        yield from _strings(value, f"{relative}:{key}", doubtful, every_key=every)


def _strings(value: object, source: str, remark: str | None, *, every_key: bool) -> Iterator[Text]:
    for place, text in strings(value, every_key=every_key):
        if not _HASHES.fullmatch(text):
            yield Text(text, f"{source}.{place}" if place else source, None, "tag", remark=remark)


def _thumbnail(values: Mapping[str, object], relative: str) -> Iterator[Sample]:
    value = values.get(THUMBNAIL)
    if not isinstance(value, str) or not value:
        return
    path = f"{relative}!{THUMBNAIL}"
    start = _DATA_URI.match(value)
    data = b""
    if start is not None and len(value) <= THUMBNAIL_LIMIT * 4 // 3:
        try:
            data = base64.b64decode(value[start.end() :], validate=True)
        except (binascii.Error, ValueError):
            data = b""
    yield Sample(
        path=path,
        payload=BytesPayload(data) if data else None,
        role="other",
        trained=False,
        reason="the thumbnail that the model's header carries",
        skip=None if data else "not-a-picture",
    )
