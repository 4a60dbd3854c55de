"""Carries a staged clean-up out, or finishes one that was interrupted. Every step can be repeated."""

from __future__ import annotations

from pathlib import Path

from auditor.clean import manifest as records
from auditor.clean.disk import PART, digest_of, duplicate, exists, transfer
from auditor.clean.guard import require_inside, require_own
from auditor.clean.manifest import CleanUp, Moved, Rewritten
from auditor.errors import DatasetError


def apply(manifest: CleanUp, folder: Path) -> CleanUp:
    """Move the files away, put the new listings in place, remove folders that are left empty.

    Raises:
        DatasetError: a file is neither in the dataset nor set aside, has changed since it was staged, or lies behind a
            link.
    """
    require_own(folder)
    require_inside(manifest, folder)
    dataset = Path(manifest.dataset)
    for change in manifest.rewritten:
        _rewrite(change, dataset, folder)
    for file in manifest.moved:
        _move(file, dataset / file.path, folder / "files" / file.path)
    for path, _ in manifest.folders:
        try:
            (dataset / path).rmdir()
        except OSError:
            continue  # it still holds something, or is gone already
    return records.advance(manifest, "applied", folder)


def _move(file: Moved, source: Path, target: Path) -> None:
    if exists(target):
        if exists(source) and digest_of(source) == digest_of(target) == file.digest:
            source.unlink()  # a copy to another file system was interrupted before its last step
        elif exists(source):
            raise DatasetError(f"{file.path}: it is in the dataset again. Undo with --undo, or remove it, and rerun.")
        return
    if not exists(source):
        raise DatasetError(f"{file.path}: it is gone from the dataset. Undo with --undo to put the rest back.")
    transfer(source, target)


def _rewrite(change: Rewritten, dataset: Path, folder: Path) -> None:
    source, original = dataset / change.path, folder / "originals" / change.path
    now = digest_of(source)
    if now == change.after and exists(original):
        return
    if now != change.before:
        raise DatasetError(f"{change.path}: it changed since the clean-up began. Undo with --undo and start again.")
    if not exists(original):
        duplicate(source, original)
    duplicate(folder / "rewritten" / change.path, source)


def leftovers(manifest: CleanUp) -> tuple[Path, ...]:
    """Half-written copies that a kill may have left inside the dataset."""
    dataset = Path(manifest.dataset)
    names = [*(row.path for row in manifest.rewritten), *(row.path for row in manifest.moved)]
    return tuple(part for path in names if exists(part := dataset / (path + PART)))
