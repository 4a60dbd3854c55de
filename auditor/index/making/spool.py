"""What has been hashed so far, on disk in small parts, so that an interrupted build resumes where it stopped.

A part is a Parquet file that appears by rename, so every part that is there is whole. Parts are forgotten when the
build has ended. Each row carries the stamp of the file it was made from (path, size, time of change and what was
asked for); a row whose stamp no longer fits is not used.
"""

from __future__ import annotations

import hashlib
import shutil
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from auditor.imaging.regions.features import RegionFeatures
from auditor.index.format.schema import VIEW_TYPE, View
from auditor.index.making.hashing import Hashed
from auditor.support import reading

PART_ROWS = 64
CACHED_PARTS = 8
_REGION_COLUMNS = ("codes", "x", "y", "scale", "angle")
_REGION_DTYPES = (np.uint8, np.uint16, np.uint16, np.uint8, np.uint8)
_SCHEMA = pa.schema(
    [
        ("stamp", pa.binary(16)),
        ("key", pa.string()),
        ("reason", pa.string()),
        ("detail", pa.string()),
        ("width", pa.uint32()),
        ("height", pa.uint32()),
        ("sha256", pa.binary()),
        ("pixel_sha256", pa.binary()),
        ("views", pa.list_(VIEW_TYPE)),
        ("further", pa.list_(pa.struct([("kind", pa.string()), ("code", pa.binary())]))),
        ("region_size", pa.list_(pa.uint32())),
        *((name, pa.binary()) for name in _REGION_COLUMNS),
    ]
)


@dataclass(frozen=True, slots=True)
class _Place:
    part: int
    row: int


class Spool:
    """Rows by stamp. Not for several writers: the index's lock is held while it is used."""

    def __init__(self, folder: Path) -> None:
        """Open the folder, made where missing, and learn which stamps it already holds."""
        self._folder = folder
        self._places: dict[bytes, _Place] = {}
        self._pending: list[tuple[bytes, Hashed]] = []
        self._cache: OrderedDict[int, list[dict[str, Any]]] = OrderedDict()
        folder.mkdir(parents=True, exist_ok=True)
        self._parts = 0
        for path in sorted(folder.glob("*.parquet")):
            self._learn(path)

    def __contains__(self, stamp: bytes) -> bool:
        return stamp in self._places

    def __len__(self) -> int:
        return len(self._places)

    def add(self, stamp: bytes, hashed: Hashed) -> None:
        """Take one result; every `PART_ROWS` results become durable."""
        self._pending.append((stamp, hashed))
        if len(self._pending) >= PART_ROWS:
            self.flush()

    def flush(self) -> None:
        """Write what was taken since the last part."""
        if not self._pending:
            return
        table = pa.Table.from_pylist([_row(stamp, hashed) for stamp, hashed in self._pending], schema=_SCHEMA)
        path = self._path(self._parts)
        temporary = path.with_suffix(".new")
        pq.write_table(table, temporary, compression="lz4", use_dictionary=False, write_statistics=False)
        temporary.replace(path)
        for row, (stamp, _) in enumerate(self._pending):
            self._places[stamp] = _Place(self._parts, row)
        self._parts += 1
        self._pending.clear()

    def get(self, stamp: bytes) -> Hashed:
        """The result with this stamp. Asking in the order of adding reads every part once."""
        place = self._places[stamp]
        if place.part not in self._cache:
            self._cache[place.part] = pq.read_table(self._path(place.part)).to_pylist()
            while len(self._cache) > CACHED_PARTS:
                self._cache.popitem(last=False)
        return _hashed(self._cache[place.part][place.row])

    def forget(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _learn(self, path: Path) -> None:
        number = int(path.stem) if path.stem.isdigit() else -1
        if number < 0:
            return
        try:
            reading.require_file(path)
            file = pq.ParquetFile(path)
            with file:
                fits = file.schema_arrow.equals(_SCHEMA)
                stamps = file.read(columns=["stamp"])["stamp"].to_pylist() if fits else None
        except (pa.ArrowException, OSError):
            stamps = None
        if stamps is None:  # left by another version, or damaged: hash those pictures again
            with suppress(OSError):
                path.unlink()
            return
        for row, stamp in enumerate(stamps):
            self._places[stamp] = _Place(number, row)
        self._parts = max(self._parts, number + 1)

    def _path(self, part: int) -> Path:
        return self._folder / f"{part:08d}.parquet"


def stamp(parts: Sequence[str | int]) -> bytes:
    """16 bytes that change when any of the parts does."""
    text = "\0".join(str(part) for part in parts)
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest()[:16]


def _row(mark: bytes, hashed: Hashed) -> dict[str, Any]:
    row: dict[str, Any] = {
        "stamp": mark,
        "key": hashed.key.encode("utf-8", "surrogateescape").decode("utf-8", "replace"),
        "reason": hashed.reason,
        "detail": hashed.detail,
        "width": hashed.width,
        "height": hashed.height,
        "sha256": hashed.sha256,
        "pixel_sha256": hashed.pixel_sha256,
        "views": [{"name": v.name, "pdq": v.pdq, "pdq_quality": v.pdq_quality, "phash": v.phash} for v in hashed.views],
        "further": [{"kind": kind, "code": code} for kind, code in hashed.further],
        "region_size": None,
    }
    if hashed.regions is not None:
        row["region_size"] = [hashed.regions.width, hashed.regions.height]
        row |= {name: getattr(hashed.regions, name).tobytes() for name in _REGION_COLUMNS}
    return row


def _hashed(row: dict[str, Any]) -> Hashed:
    return Hashed(
        key=row["key"],
        reason=row["reason"],
        detail=row["detail"],
        width=row["width"],
        height=row["height"],
        sha256=row["sha256"],
        pixel_sha256=row["pixel_sha256"],
        views=tuple(View(**view) for view in row["views"]),
        further=tuple((item["kind"], item["code"]) for item in row["further"]),
        regions=_regions(row) if row["region_size"] else None,
    )


def _regions(row: dict[str, Any]) -> RegionFeatures:
    codes, x, y, scale, angle = (
        np.frombuffer(row[name], dtype) for name, dtype in zip(_REGION_COLUMNS, _REGION_DTYPES, strict=True)
    )
    width, height = row["region_size"]
    return RegionFeatures(codes.reshape(-1, 16), x, y, scale, angle, width, height)
