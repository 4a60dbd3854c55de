"""Takes a clean-up back, exactly; can be repeated after an interruption."""

from __future__ import annotations

import shutil
from pathlib import Path

from auditor.clean import manifest as records
from auditor.clean.apply import leftovers
from auditor.clean.disk import digest_of, exists, remove_empty, transfer
from auditor.clean.guard import require_inside, require_no_link, require_own
from auditor.clean.manifest import CleanUp
from auditor.errors import DatasetError


def undo(manifest: CleanUp, folder: Path) -> int:
    """Put everything back and remove what the clean-up left in `folder`. Returns how many files were restored.

    Raises:
        DatasetError: something in the dataset has changed since, what was set aside is gone, belongs to another user
            or lies behind a link, or a path leaves the dataset; nothing is touched then.
    """
    require_own(folder)
    require_inside(manifest, folder)
    problems = list(_conflicts(manifest, folder))
    if problems:
        shown = "; ".join(problems[:5]) + (f"; and {len(problems) - 5} more" if len(problems) > 5 else "")
        raise DatasetError(f"Nothing was put back: {shown}. Settle this, then run --undo again.")
    manifest = records.advance(manifest, "undoing", folder)
    dataset = Path(manifest.dataset)
    for part in leftovers(manifest):
        part.unlink()
    for path, mode in reversed(manifest.folders):
        if not exists(dataset / path):
            (dataset / path).mkdir(parents=True)
            (dataset / path).chmod(mode)
    restored = 0
    for change in manifest.rewritten:
        original = folder / "originals" / change.path
        if exists(original):
            require_no_link(dataset, change.path)
            transfer(original, dataset / change.path)
            restored += 1
    for file in manifest.moved:
        source = folder / "files" / file.path
        if exists(source):
            require_no_link(dataset, file.path)  # what was put back before it may be one
            transfer(source, dataset / file.path)
            restored += 1
    _tidy(folder)
    return restored


def _conflicts(manifest: CleanUp, folder: Path) -> list[str]:
    dataset = Path(manifest.dataset)
    found = []
    for change in manifest.rewritten:
        now = digest_of(dataset / change.path)
        if now not in {change.before, change.after, None}:
            found.append(f"{change.path} was changed after the clean-up")
        if now != change.before and digest_of(folder / "originals" / change.path) != change.before:
            found.append(f"the original of {change.path} is not in {folder / 'originals'}")
    for file in manifest.moved:
        here, there = digest_of(dataset / file.path), digest_of(folder / "files" / file.path)
        if here is not None and here != file.digest:
            found.append(f"another file now stands at {file.path}")
        if here is None and there != file.digest:
            found.append(f"{file.path} is not in {folder / 'files'} as it was")
    return found


def _tidy(folder: Path) -> None:
    """Remove the staged listings, emptied folders, and last the manifest."""
    shutil.rmtree(folder / "rewritten", ignore_errors=True)
    for name in ("files", "originals"):
        remove_empty(folder / name)
    records.remove_unfinished(folder)
    (folder / records.FILE).unlink()
    remove_empty(folder)
