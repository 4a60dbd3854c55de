"""The record of a clean-up: enough to finish it after a crash and to take it back exactly."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

from auditor.errors import ReportError
from auditor.support import reading, writing

FORMAT = "auditor-clean/1"
FILE = "manifest.json"
MAX_BYTES = 512 * 1024 * 1024
State = Literal["staging", "applying", "applied", "undoing"]


@dataclass(frozen=True, slots=True)
class Moved:
    """A file that is moved to `files/` under the same path."""

    path: str
    digest: str
    """SHA-256 of its content, or `link:` and the target of a symbolic link."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A listing or archive that is written again; the original is kept in `originals/`."""

    path: str
    before: str
    after: str
    dropped: int
    """Rows, entries or members that were left out."""


@dataclass(frozen=True, slots=True)
class CleanUp:
    """One clean-up."""

    dataset: str
    """Absolute path."""
    report: str
    """SHA-256 of the report it follows."""
    state: State
    moved: tuple[Moved, ...] = ()
    rewritten: tuple[Rewritten, ...] = ()
    folders: tuple[tuple[str, int], ...] = ()
    """Folders that may be left empty and are then removed, with their permission bits; deepest first."""

    def to_text(self) -> str:
        """JSON, one file a line."""
        head = {"format": FORMAT, "dataset": self.dataset, "report": self.report, "state": self.state}
        rows: list[str] = [json.dumps(head)[1:-1]]
        rows.append('"moved": ' + _lines({"path": row.path, "digest": row.digest} for row in self.moved))
        rows.append(
            '"rewritten": '
            + _lines(
                {"path": row.path, "before": row.before, "after": row.after, "dropped": row.dropped}
                for row in self.rewritten
            )
        )
        rows.append('"folders": ' + _lines({"path": path, "mode": mode} for path, mode in self.folders))
        return "{" + ",\n".join(rows) + "}\n"


def _lines(values: Any) -> str:
    rows = ",\n  ".join(json.dumps(value) for value in values)
    return f"[\n  {rows}\n]" if rows else "[]"


def save(manifest: CleanUp, folder: Path) -> CleanUp:
    """Write the manifest so that a crash leaves the old one or the new one."""
    writing.write_whole(folder / FILE, manifest.to_text())
    return manifest


def advance(manifest: CleanUp, state: State, folder: Path) -> CleanUp:
    """Record a new state."""
    return save(replace(manifest, state=state), folder)


def only_begun(folder: Path) -> bool:
    """Whether a run was interrupted before its first manifest, or an undo after its last step: nothing is set aside."""
    return folder.is_dir() and all(writing.is_unfinished(path.name) for path in folder.iterdir())


def remove_unfinished(folder: Path) -> None:
    """Remove manifests that a kill left half-written."""
    for path in folder.iterdir():
        if writing.is_unfinished(path.name):
            path.unlink()


def load(folder: Path) -> CleanUp:
    """Read the manifest of a clean-up.

    Raises:
        ReportError: there is none, or it is damaged.
    """
    path = folder / FILE
    try:
        value = json.loads(reading.read_text(path, MAX_BYTES))
    except OSError as error:
        raise ReportError(f"{path}: {error.strerror}. Name the folder that `auditor clean --to` was given.") from error
    except (ValueError, RecursionError) as error:
        raise ReportError(f"{path}: damaged ({error}). Move the files back by hand from {folder / 'files'}.") from error
    try:
        return _read(value)
    except (KeyError, TypeError, ValueError) as error:
        raise ReportError(f"{path}: not a manifest of the format {FORMAT} ({error}).") from error


def _read(value: Any) -> CleanUp:
    if value["format"] != FORMAT:
        raise ValueError(f"its format is {value['format']!r}")
    if value["state"] not in get_args(State):
        raise ValueError(f"its state is {value['state']!r}")
    return CleanUp(
        dataset=str(value["dataset"]),
        report=str(value["report"]),
        state=value["state"],
        moved=tuple(Moved(_inside(row["path"]), str(row["digest"])) for row in value["moved"]),
        rewritten=tuple(
            Rewritten(_inside(row["path"]), str(row["before"]), str(row["after"]), int(row["dropped"]))
            for row in value["rewritten"]
        ),
        folders=tuple((_inside(row["path"]), int(row["mode"])) for row in value["folders"]),
    )


def _inside(path: Any) -> str:
    """A path that stays inside the dataset, whoever wrote the manifest."""
    if not isinstance(path, str):
        raise ValueError(f"{path!r} is no path")
    parts = Path(path).parts
    if not parts or Path(path).is_absolute() or Path(path).drive or ".." in parts or "\0" in path:
        raise ValueError(f"{path!r} is no path inside the dataset")
    return path
