from __future__ import annotations

import multiprocessing
import os
from pathlib import Path

import pytest

from auditor.errors import IndexProblem, UsageError
from auditor.index.disk.atomic_folder import recover, replacing, resolve, write_file
from auditor.index.disk.locks import writing_lock
from auditor.index.format.schema import MANIFEST


def version(folder: Path, text: str, *others: str) -> None:
    with replacing(folder) as new:
        (new / MANIFEST).write_text(text)
        for name in others:
            (new / name).write_text(text)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_new_folder_appears_whole(tmp_path: Path) -> None:
    version(tmp_path / "deep" / "index", "one", "works.parquet")
    assert names(tmp_path / "deep" / "index") == [MANIFEST, "works.parquet"]
    assert names(tmp_path / "deep") == ["index"]


def test_the_new_version_replaces_the_old_and_keeps_other_files(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    version(folder, "one", "regions.parquet", "index.sig")
    (folder / "README.md").write_text("mine")
    (folder / "notes").mkdir()
    version(folder, "two", "works.parquet")
    assert names(folder) == ["README.md", MANIFEST, "notes", "works.parquet"]
    assert (folder / MANIFEST).read_text() == "two"
    assert names(tmp_path) == ["index"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_an_error_leaves_the_old_version(tmp_path: Path, error: type[BaseException]) -> None:
    folder = tmp_path / "index"
    version(folder, "one")
    with pytest.raises(error), replacing(folder) as new:
        (new / MANIFEST).write_text("two")
        raise error
    assert (folder / MANIFEST).read_text() == "one"
    assert names(tmp_path) == ["index"]


def test_an_empty_new_version_changes_nothing(tmp_path: Path) -> None:
    version(tmp_path / "index", "one")
    with replacing(tmp_path / "index"):
        pass
    assert (tmp_path / "index" / MANIFEST).read_text() == "one"


def test_a_full_disk_is_an_error_with_advice(tmp_path: Path) -> None:
    version(tmp_path / "index", "one")
    with pytest.raises(IndexProblem, match="Free some space"), replacing(tmp_path / "index"):
        raise OSError(28, "No space left on device")
    assert (tmp_path / "index" / MANIFEST).read_text() == "one"


def test_somebody_elses_folder_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.png").write_text("x")
    with pytest.raises(UsageError, match="holds files but no index"), replacing(tmp_path / "photos"):
        pass
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match="is a file"), replacing(tmp_path / "file"):
        pass
    assert names(tmp_path / "photos") == ["a.png"]


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    version(tmp_path / "index", "one")
    assert names(tmp_path / "index") == [MANIFEST]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    version(tmp_path / "real", "one")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    version(tmp_path / "link", "two")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / MANIFEST).read_text() == "two"


def test_a_stop_between_the_two_renames_is_survived(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    version(folder, "one")
    folder.rename(tmp_path / ".index.old")
    (tmp_path / ".index.new-dead").mkdir()
    assert (resolve(folder) / MANIFEST).read_text() == "one"
    version(folder, "two")
    assert resolve(folder) == folder
    assert (folder / MANIFEST).read_text() == "two"
    assert names(tmp_path) == ["index"]


def test_a_stop_after_the_second_rename_loses_no_other_file(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    version(folder, "two")
    version(tmp_path / ".index.old", "one")
    (tmp_path / ".index.old" / "README.md").write_text("mine")
    recover(folder)
    assert names(folder) == ["README.md", MANIFEST]
    assert (folder / MANIFEST).read_text() == "two"
    assert names(tmp_path) == ["index"]


def hold(folder: str, ready: multiprocessing.Queue, done: multiprocessing.Event) -> None:  # type: ignore[type-arg,valid-type]
    with writing_lock(Path(folder)):
        ready.put(True)
        done.wait(30)  # type: ignore[attr-defined]


def test_two_writers_are_refused(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    ready, done = context.Queue(), context.Event()
    process = context.Process(target=hold, args=(str(tmp_path / "index"), ready, done))
    process.start()
    try:
        assert ready.get(timeout=30)
        with pytest.raises(IndexProblem, match="being written by another process"), replacing(tmp_path / "index"):
            pass
    finally:
        done.set()
        process.join()
        ready.close()
        ready.join_thread()
    version(tmp_path / "index", "one")
    assert names(tmp_path) == ["index"]


def test_a_lock_left_by_a_dead_process_does_not_count(tmp_path: Path) -> None:
    (tmp_path / ".index.lock").write_text("")
    version(tmp_path / "index", "one")
    assert names(tmp_path) == ["index"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(IndexProblem, match="cannot be written"), replacing(tmp_path / "index"):
            pass
    finally:
        tmp_path.chmod(0o700)


def test_a_small_file_is_replaced_in_one_step(tmp_path: Path) -> None:
    write_file(tmp_path / "index.sig", b"one")
    write_file(tmp_path / "index.sig", b"two")
    assert (tmp_path / "index.sig").read_bytes() == b"two"
    assert names(tmp_path) == ["index.sig"]
    with pytest.raises(IndexProblem, match="Nothing was changed"):
        write_file(tmp_path / "missing" / "index.sig", b"x")


def test_odd_names_are_no_patterns(tmp_path: Path) -> None:
    version(tmp_path / "a[b]*", "one")
    (tmp_path / ".a[b]*.new-1").mkdir()
    (tmp_path / ".ab.new-1").mkdir()
    version(tmp_path / "a[b]*", "two")
    assert names(tmp_path) == [".ab.new-1", "a[b]*"]
