"""Side files that speak of a picture: XMP, img2dataset JSON, C2PA manifest stores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from auditor.metadata import promptjson
from auditor.metadata.containers.blocks import Block, decode_text
from auditor.metadata.containers.budget import Budget
from auditor.metadata.exif import TEXT_TAGS
from auditor.metadata.values import Field

_KINDS_BY_NAME = dict(TEXT_TAGS.values())
_URL_KEYS = ("url", "URL", "image_url", "original_url")


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What one side file gives."""

    block: Block | None = None
    fields: tuple[Field, ...] = ()
    url: str | None = None
    store: bytes | None = None
    """A C2PA manifest store."""


def _exif_fields(value: Any, name: str, budget: Budget) -> Iterator[Field]:
    """Yield fields of img2dataset's `exif`: a JSON text that maps exifread's names (`Image Artist`) to texts."""
    table = promptjson.load(value, budget, name) if isinstance(value, str) else value
    if not isinstance(table, Mapping):
        return
    for key, text in table.items():
        tag = str(key).rpartition(" ")[2]
        if tag in _KINDS_BY_NAME and isinstance(text, str) and budget.take(len(text), name):
            yield Field(f"sidecar {name} EXIF", tag, text, _KINDS_BY_NAME[tag])


def read_sidecar(name: str, data: bytes, budget: Budget) -> Sidecar:
    """Read one side file by the ending of its name; an unknown one gives nothing."""
    ending = name.rpartition(".")[2].casefold()
    where = f"sidecar {name}"
    if ending not in ("xmp", "json", "c2pa") or not budget.take(len(data), where):
        return Sidecar()
    if ending == "xmp":
        return Sidecar(Block("xmp", where, data))
    if ending == "c2pa":
        return Sidecar(store=data)
    value = promptjson.load(decode_text(data), budget, where)
    if not isinstance(value, Mapping):
        return Sidecar()
    url = next((value[key] for key in _URL_KEYS if isinstance(value.get(key), str)), None)
    return Sidecar(fields=tuple(_exif_fields(value.get("exif"), name, budget)), url=url)
