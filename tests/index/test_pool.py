from __future__ import annotations

import os
from pathlib import Path

import pytest

from auditor.index import hashing, pool
from auditor.index.hashing import Hashed, Job, hash_picture, read_bounded
from tests.index.samples import gallery, picture


def test_results_come_in_the_order_given(tmp_path: Path) -> None:
    home = gallery(tmp_path, "Ash", pool.SERIAL_BELOW + 3)
    jobs = [Job(path.name, str(path), regions=False) for path in sorted(home.iterdir())]
    parallel = list(pool.hash_all(jobs, 2))
    assert [item.key for item in parallel] == [job.key for job in jobs]
    assert [item.sha256 for item in parallel] == [item.sha256 for item in pool.hash_all(jobs, 1)]


def crash_on_poison(jobs: tuple[Job, ...]) -> tuple[Hashed, ...]:
    for job in jobs:
        if "poison" in job.key:
            os._exit(1)
    return tuple(Hashed(job.key) for job in jobs)


def test_a_picture_that_ends_its_process_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "hash_pictures", crash_on_poison)
    monkeypatch.setattr(pool, "prepare_worker", int)
    jobs = [Job(f"{'poison' if n in (5, 30) else 'good'}-{n}", "x") for n in range(40)]
    found = list(pool.hash_all(jobs, 2))
    assert [item.key for item in found] == [job.key for job in jobs]
    assert [item.key for item in found if item.reason] == ["poison-5", "poison-30"]
    assert {item.reason for item in found} == {None, "crashed"}


def test_what_cannot_be_read_has_a_reason(tmp_path: Path) -> None:
    fifo = tmp_path / "pipe.png"
    os.mkfifo(fifo)
    (tmp_path / "folder.png").mkdir()
    cases = {
        "missing.png": "unreadable",
        "pipe.png": "not-a-file",
        "folder.png": "not-a-file",
    }
    for name, reason in cases.items():
        assert hash_picture(Job(name, str(tmp_path / name))).reason == reason


def test_a_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashing, "MAX_FILE_BYTES", 10)
    picture(1).save(tmp_path / "a.png")
    assert hash_picture(Job("a.png", str(tmp_path / "a.png"))).reason == "too-large"
    (tmp_path / "small").write_bytes(b"0123456789")
    assert read_bounded(tmp_path / "small") == b"0123456789"


def test_the_first_view_is_the_whole_picture(tmp_path: Path) -> None:
    framed = picture(1, (300, 300))
    from PIL import ImageOps

    ImageOps.expand(framed, 60, "black").save(tmp_path / "a.png")
    result = hash_picture(Job("a.png", str(tmp_path / "a.png")))
    assert [view.name for view in result.views] == ["whole", "trimmed"]
    assert result.regions is not None
    assert hash_picture(Job("a.png", str(tmp_path / "a.png"), regions=False)).regions is None


def test_cores_are_counted() -> None:
    assert pool.available_cores() >= 1
