"""The derived files of the region search: built once, kept in a cache folder under the index's digest, memory-mapped.

Everything here can be thrown away and is built again from `regions.parquet`.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditor.index.search import region_tree
from auditor.index.search.derived import MAX_NOTE, REGION_LAYOUT, REGION_NOTE, region_folder_name
from auditor.support import reading
from auditor.support.scratch import scratch_folder

BATCH = 200_000
KEPT_AT_MOST = 8
FILES = ("offsets.npy", "sizes.npy", "tree.faiss", "codes.bin", "places.bin")
"""Tables in one folder, about 40 kB for each work; those used longest ago go first."""


@dataclass(frozen=True, slots=True)
class RegionRows:
    """The region hashes of some works, one after another."""

    counts: NDArray[np.int64]
    """(m,) features of each work; 0 is allowed."""
    sizes: NDArray[np.int64]
    """(m, 2) width and height of each work."""
    codes: NDArray[np.uint8]
    """(n, 16) where n is the sum of counts."""
    x: NDArray[np.uint16]
    y: NDArray[np.uint16]
    scale: NDArray[np.uint8]
    angle: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class RegionSource:
    """One index's regions, as the store hands them over."""

    digest: str
    """Names the cached files: equal digest, equal rows."""
    works: NDArray[np.int64]
    """(m,) for every work in the order of `batches`: its row in `CopySearcher.listed`, or -1 if it must not match."""
    batches: Callable[[], Iterable[RegionRows]]
    """Called only where the cached files are absent."""


PLACE = np.dtype([("x", "<u2"), ("y", "<u2"), ("scale", "u1"), ("angle", "u1")])


@dataclass(frozen=True, slots=True)
class RegionTable:
    """All features of one index, memory-mapped, with the search structure over them."""

    tree: Any
    codes: NDArray[np.uint8]
    places: NDArray[Any]
    """(n,) of `PLACE`."""
    offsets: NDArray[np.int64]
    """(m + 1,): features of work i are rows offsets[i] to offsets[i + 1]."""
    sizes: NDArray[np.int64]


def table(source: RegionSource, cache: Path | None, exact: bool = False, prepared: Path | None = None) -> RegionTable:
    """Open the cached files of this source, building them where they are absent or unusable.

    With `cache` None, everything is kept in memory. `prepared` is a folder where they may lie already.
    """
    name = region_folder_name(source.digest, exact)
    ready = _open(prepared / name) if prepared is not None else None
    if ready is not None:
        return ready
    if cache is None:
        codes, places, offsets, sizes = _gather(source.batches())
        return RegionTable(region_tree.build(codes, exact), codes, places, offsets, sizes)
    folder = cache / name
    opened = _open(folder)
    if opened is None:
        _write(folder, source, exact)
        _drop_unused(folder)
        opened = _open(folder)
    if opened is None:
        raise OSError(f"{folder} cannot be read back after it was written; is the disk full?")
    return opened


def _gather(batches: Iterable[RegionRows]) -> tuple[Any, Any, Any, Any]:
    codes, places, counts, sizes = [np.zeros((0, 16), np.uint8)], [np.zeros(0, PLACE)], [], []
    for rows in batches:
        codes.append(rows.codes)
        places.append(_places(rows))
        counts.append(rows.counts)
        sizes.append(rows.sizes)
    every = np.concatenate([*counts, np.zeros(0, np.int64)])
    offsets = np.concatenate([[0], np.cumsum(every)]).astype(np.int64)
    return (
        np.concatenate(codes),
        np.concatenate(places),
        offsets,
        np.concatenate([*sizes, np.zeros((0, 2), np.int64)]).astype(np.int64),
    )


def _places(rows: RegionRows) -> NDArray[Any]:
    places = np.zeros(len(rows.codes), PLACE)
    for name in ("x", "y", "scale", "angle"):
        places[name] = getattr(rows, name)
    return places


def _write(folder: Path, source: RegionSource, exact: bool) -> None:
    """Write beside the final place and rename, so that a crash or a second process leaves no half-built files."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with scratch_folder(folder.parent) as scratch:
        partial = scratch / "partial"
        partial.mkdir()
        counts, sizes = [np.zeros(0, np.int64)], [np.zeros((0, 2), np.int64)]
        with (partial / "codes.bin").open("wb") as codes, (partial / "places.bin").open("wb") as places:
            for rows in source.batches():
                codes.write(np.ascontiguousarray(rows.codes).tobytes())
                places.write(_places(rows).tobytes())
                counts.append(rows.counts)
                sizes.append(rows.sizes)
        offsets = np.concatenate([[0], np.cumsum(np.concatenate(counts))]).astype(np.int64)
        np.save(partial / "offsets.npy", offsets, allow_pickle=False)
        np.save(partial / "sizes.npy", np.concatenate(sizes).astype(np.int64), allow_pickle=False)
        stored = _mapped(partial / "codes.bin", np.dtype(np.uint8), (int(offsets[-1]), 16))
        region_tree.write(region_tree.build(stored, exact), partial / "tree.faiss")
        lengths = {path.name: path.stat().st_size for path in sorted(partial.iterdir())}
        note = {"layout": REGION_LAYOUT, "features": int(offsets[-1]), "works": len(offsets) - 1, "bytes": lengths}
        (partial / REGION_NOTE).write_text(json.dumps(note))
        _move_into_place(partial, folder)


def _move_into_place(partial: Path, folder: Path) -> None:
    if folder.exists() and _open(folder) is None:
        shutil.rmtree(folder, ignore_errors=True)
    try:
        partial.replace(folder)
    except OSError:
        if not folder.exists():
            raise


def _drop_unused(kept: Path) -> None:
    """Remove the tables used longest ago where there are many: an index that is published anew leaves one behind."""
    others = [path for path in kept.parent.glob("regions-*") if path != kept]
    for path in sorted(others, key=_last_use, reverse=True)[KEPT_AT_MOST - 1 :]:
        shutil.rmtree(path, ignore_errors=True)


def _last_use(folder: Path) -> float:
    try:
        return (folder / REGION_NOTE).stat().st_mtime
    except OSError:
        return 0.0


def _open(folder: Path) -> RegionTable | None:
    try:
        note = json.loads(reading.read_text(folder / REGION_NOTE, MAX_NOTE))
        if note.get("layout") != REGION_LAYOUT:
            return None
        for name in FILES:  # what is mapped is opened by its path
            reading.require_file(folder / name)
        offsets = np.load(folder / "offsets.npy", allow_pickle=False)
        features = int(offsets[-1])
        tree = region_tree.read_mapped(folder / "tree.faiss")
        codes = _mapped(folder / "codes.bin", np.dtype(np.uint8), (features, 16))
        places = _mapped(folder / "places.bin", PLACE, (features,))
        sizes = np.load(folder / "sizes.npy", allow_pickle=False)
    except (OSError, EOFError, ValueError, KeyError, IndexError, RuntimeError):
        return None
    if tree.ntotal != features or len(sizes) != len(offsets) - 1 or note.get("features") != features:
        return None
    with suppress(OSError):
        (folder / REGION_NOTE).touch()  # so that those not used can be told
    return RegionTable(tree, codes, places, offsets, sizes)


def _mapped(path: Path, kind: np.dtype[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    if shape[0] == 0:
        return np.zeros(shape, kind)
    if path.stat().st_size != int(np.prod(shape)) * kind.itemsize:
        raise ValueError(f"{path.name} has another length than its note says")
    return np.memmap(path, dtype=kind, mode="r", shape=shape)
