"""What a worker made of a picture, as JSON data and back: nothing that a worker says is unpickled."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditor.imaging.regions.features import RegionFeatures
from auditor.index.format.schema import View
from auditor.index.making.hashing import Hashed
from auditor.support.plain import to_plain

CODE_BYTES = 16
_COLUMNS: tuple[tuple[str, Any], ...] = (("x", np.uint16), ("y", np.uint16), ("scale", np.uint8), ("angle", np.uint8))


def to_wire(hashed: Hashed) -> dict[str, Any]:
    """A result as JSON data."""
    data: dict[str, Any] = to_plain(replace(hashed, regions=None))
    if hashed.regions is not None:
        arrays = {name: _packed(getattr(hashed.regions, name)) for name in ("codes", *(name for name, _ in _COLUMNS))}
        data["regions"] = {**arrays, "width": hashed.regions.width, "height": hashed.regions.height}
    return data


def from_wire(data: dict[str, Any]) -> Hashed:
    """The way back.

    Raises:
        ValueError, TypeError, KeyError: `to_wire` did not write it.
    """
    reason = data.get("reason")
    if not (reason is None or isinstance(reason, str)):
        raise TypeError("not a text")
    return Hashed(
        key=str(data["key"]),
        reason=reason,
        detail=str(data.get("detail", "")),
        width=int(data.get("width", 0)),
        height=int(data.get("height", 0)),
        sha256=_bytes(data.get("sha256", "")),
        pixel_sha256=_bytes(data.get("pixel_sha256", "")),
        views=tuple(
            View(str(view["name"]), _bytes(view["pdq"]), int(view["pdq_quality"]), _bytes(view["phash"]))
            for view in data.get("views", ())
        ),
        further=tuple((str(kind), _bytes(code)) for kind, code in data.get("further", ())),
        regions=_regions(data["regions"]) if data.get("regions") is not None else None,
    )


def _regions(data: dict[str, Any]) -> RegionFeatures:
    codes = np.frombuffer(_bytes(data["codes"]), np.uint8).reshape(-1, CODE_BYTES)
    columns = {name: np.frombuffer(_bytes(data[name]), kind) for name, kind in _COLUMNS}
    if any(len(column) != len(codes) for column in columns.values()):
        raise ValueError("columns of different lengths")
    return RegionFeatures(codes=codes, **columns, width=int(data["width"]), height=int(data["height"]))


def _packed(array: NDArray[Any]) -> str:
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode("ascii")


def _bytes(text: Any) -> bytes:
    return base64.b64decode(text, validate=True)
