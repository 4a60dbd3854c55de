"""Prepares a clean-up: digests of what moves, and listings and archives written anew beside the dataset."""

from __future__ import annotations

import csv
import os
import shutil
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from auditor.clean import manifest as records
from auditor.clean.archives import without_members, without_rows
from auditor.clean.attached import attached
from auditor.clean.disk import digest_of, exists
from auditor.clean.listings import Pruned, prune_csv, prune_json, prune_jsonl
from auditor.clean.manifest import CleanUp, Moved, Rewritten
from auditor.clean.plan import ByHand, Plan
from auditor.clean.removed import Removed, removed
from auditor.errors import DatasetError, UsageError
from auditor.support import reading, writing

CANDIDATES = (".npz", ".npy", ".pt", ".safetensors", ".png", ".jpg", ".jpeg", ".webp", ".bmp")
"""Suffixes of files that can be a cache or a mask of another."""
MAX_LISTING = 256 * 1024 * 1024
"""A larger text listing is left as it is unless a row of it must go."""
MOST_LISTING = 4 << 30
"""It is held in memory while rows are taken out of it."""


def check_place(dataset: Path, folder: Path) -> None:
    """The place for what is set aside is outside the dataset and fresh, or holds an unfinished clean-up.

    Raises:
        DatasetError: the dataset is not a folder.
        UsageError: the place will not do.
    """
    if not dataset.is_dir():
        raise DatasetError(f"{dataset}: not a folder, so there is nothing to set aside from it.")
    inner, outer = folder.resolve(), dataset.resolve()
    if inner == outer or outer in inner.parents:
        raise UsageError(f"--to {folder}: it lies inside the dataset, so trainers would still see it. Name another.")
    if not exists(folder) or (folder / records.FILE).exists():
        return
    if not records.only_begun(folder):
        raise UsageError(f"--to {folder}: it is not empty. Name a new folder.")


def follow_links(plan: Plan, dataset: Path) -> Plan:
    """Name files behind linked folders by their real place; what lies outside the dataset is left to a person."""
    root = dataset.resolve()
    files: set[str] = set()
    outside: list[ByHand] = []
    for path in plan.files:
        real = (dataset / path).parent.resolve() / Path(path).name
        if real.is_relative_to(root):
            files.add(real.relative_to(root).as_posix())
        else:
            outside.append(ByHand(path, "a link leads to it, out of the dataset's folder"))
    return replace(plan, files=tuple(sorted(files)), by_hand=(*plan.by_hand, *outside))


def with_attached(plan: Plan, dataset: Path) -> Plan:
    """Add the caches and masks of the pictures that go: no layout lists them, but trainers read them."""
    if not plan.files:
        return plan
    files = (
        (Path(place) / name).relative_to(dataset).as_posix()
        for place, _, names in os.walk(dataset)
        for name in names
        if name.lower().endswith(CANDIDATES)
    )
    staying = [path for path in plan.kept if path not in plan.files]
    return replace(plan, files=tuple(sorted({*plan.files, *attached(files, plan.files, staying)})))


def stage(plan: Plan, dataset: Path, folder: Path, report_digest: str) -> CleanUp:
    """Write the manifest (state `applying`) and the new listings; the dataset itself is not touched.

    Raises:
        DatasetError: a file cannot be read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    empty = CleanUp(str(dataset.resolve()), report_digest, "staging")
    records.save(empty, folder)
    shutil.rmtree(folder / "rewritten", ignore_errors=True)
    try:
        moved = tuple(_moved(plan, dataset))
        rewritten = tuple(_rewritten(plan, dataset, folder / "rewritten", {row.path for row in moved}))
    except OSError as error:
        raise DatasetError(f"{error.filename}: {error.strerror}. Nothing was changed.") from error
    folders = tuple(_folders(dataset, [row.path for row in moved]))
    return records.save(
        CleanUp(empty.dataset, report_digest, "applying", moved, rewritten, folders),
        folder,
    )


def _moved(plan: Plan, dataset: Path) -> Iterator[Moved]:
    for path in plan.files:
        digest = digest_of(dataset / path) if exists(dataset / path) else None
        if digest is not None:
            yield Moved(path, digest)


def _folders(dataset: Path, paths: list[str]) -> Iterator[tuple[str, int]]:
    found = {str(parent) for path in paths for parent in Path(path).parents if str(parent) != "."}
    for path in sorted(found, key=lambda path: (-path.count("/"), path)):
        if not (dataset / path).is_symlink():
            yield path, (dataset / path).stat().st_mode & 0o7777


def _rewritten(plan: Plan, dataset: Path, target: Path, moved: set[str]) -> Iterator[Rewritten]:
    root = dataset.resolve().as_posix()
    names = [f"{archive}!{member}" for archive, members in plan.members for member in members]
    gone = removed(root, [*plan.files, *names], plan.kept)
    rows = dict(plan.rows)
    for path in plan.listings:
        if path in moved or (dataset / path).is_symlink() or not (dataset / path).is_file():
            continue
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        try:
            dropped = _prune(path, dataset, target, rows.get(path, ()), gone, _keys(path, plan))
        except _damage() as error:
            (target / path).unlink(missing_ok=True)
            if path in rows:
                raise DatasetError(f"{path}: cannot be read ({error}). Mend it first; nothing was changed.") from error
            continue  # a damaged file that nothing has to go from
        if dropped:
            yield _record(dataset, target, path, dropped)
    for path, members in plan.members:
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        try:
            dropped = without_members(dataset / path, target / path, members)
        except _damage() as error:
            raise DatasetError(f"{path}: cannot be read ({error}). Mend it first; nothing was changed.") from error
        if dropped:
            yield _record(dataset, target, path, dropped)
        else:
            (target / path).unlink()


def _damage() -> tuple[type[Exception], ...]:
    """What reading a damaged table or archive raises."""
    import pyarrow as pa

    return (pa.ArrowException, csv.Error, tarfile.TarError, zipfile.BadZipFile, EOFError, zlib.error)


def _keys(table: str, plan: Plan) -> frozenset[str]:
    """Names without suffix of what goes from the shard that a table describes: `00000.parquet` beside `00000.tar`
    or `00000/`, as img2dataset writes them."""
    shard = table.rpartition(".")[0]
    inside = [member for archive, members in plan.members if archive == f"{shard}.tar" for member in members]
    beside = [path for path in plan.files if path.rpartition("/")[0] == shard]
    return frozenset(path.rpartition("/")[2].partition(".")[0] for path in (*inside, *beside))


def _record(dataset: Path, target: Path, path: str, dropped: int) -> Rewritten:
    shutil.copymode(dataset / path, target / path)
    return Rewritten(path, digest_of(dataset / path) or "", digest_of(target / path) or "", dropped)


def _prune(path: str, dataset: Path, target: Path, rows: tuple[int, ...], gone: Removed, keys: frozenset[str]) -> int:
    """Write the listing without what goes to `target`; nothing is written where nothing goes."""
    source = dataset / path
    folder = path.rpartition("/")[0]
    suffix = source.suffix.lower()
    if suffix == ".parquet":
        dropped = without_rows(source, target / path, rows, gone, folder, keys)
        if not dropped:
            (target / path).unlink()
        return dropped
    if source.stat().st_size > MAX_LISTING and not rows:
        return 0
    data = reading.read_bytes(source, MOST_LISTING)
    if not rows and not gone.mentions(data):
        return 0
    pruned = _prune_text(data, suffix, rows, gone, folder)
    if pruned.dropped:
        writing.write_whole(target / path, pruned.data)
    return pruned.dropped


def _prune_text(data: bytes, suffix: str, rows: tuple[int, ...], gone: Removed, folder: str) -> Pruned:
    if suffix in {".jsonl", ".ndjson"}:
        return prune_jsonl(data, rows, gone, folder)
    if suffix in {".csv", ".tsv"}:
        return prune_csv(data, rows, gone, folder, "\t" if suffix == ".tsv" else ",")
    return prune_json(data, gone, folder)
