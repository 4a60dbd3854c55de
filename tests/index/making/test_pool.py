from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partialmethod
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from auditor.imaging.regions.features import RegionFeatures
from auditor.index.format.schema import View
from auditor.index.making import hashing, pool
from auditor.index.making.hashing import Hashed, HashJob, hash_picture, read_bounded
from auditor.index.making.wire import from_wire, to_wire
from auditor.support.pool import Pool
from tests.index.samples import gallery, picture


def jobs_of(folder: Path) -> list[HashJob]:
    return [HashJob(path.name, str(path), regions=False) for path in sorted(folder.iterdir())]


def test_every_picture_gives_what_it_gives_alone(tmp_path: Path) -> None:
    home = gallery(tmp_path, "Ash", pool.SERIAL_BELOW + 3)
    jobs = [HashJob(path.name, str(path)) for path in sorted(home.iterdir())]
    alone = list(pool.hash_all(jobs, 1))
    together = sorted(pool.hash_all(jobs, 2), key=lambda item: item[0])
    assert [place for place, _ in together] == list(range(len(jobs)))
    assert [encode(item) for item in together] == [encode(item) for item in alone]
    assert any(hashed.regions is not None and len(hashed.regions) for _, hashed in together)


def encode(item: tuple[int, Hashed]) -> object:
    return item[0], to_wire(item[1])


class Spoilt(pool._Hashing):
    """Workers that some pictures end, stop or hold up."""

    def __init__(self) -> None:
        super().__init__()
        self.open_work = open_spoilt


def open_spoilt() -> Callable[[pool._Placed], pool._Placed]:
    def work(placed: pool._Placed) -> pool._Placed:
        if "crash" in placed.what.key:
            os._exit(1)
        if "stop" in placed.what.key:
            os.kill(os.getpid(), signal.SIGSTOP)
        if "hang" in placed.what.key:
            time.sleep(60)
        return pool._Placed(placed.place, Hashed(placed.what.key))

    return work


def test_a_picture_that_ends_stops_or_holds_up_its_process_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_Hashing", Spoilt)
    monkeypatch.setattr(Pool, "__init__", partialmethod(Pool.__init__, seconds=1.0))
    odd = {5: "crash", 9: "stop", 30: "hang"}
    jobs = [HashJob(f"{odd.get(n, 'good')}-{n}", "x") for n in range(40)]
    found = dict(pool.hash_all(jobs, 2))
    assert [found[n].key for n in range(40)] == [job.key for job in jobs]
    reasons = {n: hashed.reason for n, hashed in found.items() if hashed.reason}
    assert reasons == {5: "crashed", 9: "timed-out", 30: "timed-out"}


TEXTS = st.text(max_size=5)
BYTES = st.binary(max_size=40)


@st.composite
def features(draw: st.DrawFn) -> RegionFeatures:
    count = draw(st.integers(0, 4))
    drawn = lambda kind, shape: draw(arrays(kind, shape))  # noqa: E731
    return RegionFeatures(
        drawn(np.uint8, (count, 16)), drawn(np.uint16, count), drawn(np.uint16, count),
        drawn(np.uint8, count), drawn(np.uint8, count), draw(st.integers(1, 9)), draw(st.integers(1, 9)),
    )  # fmt: skip


HASHED = st.builds(
    Hashed,
    key=TEXTS,
    reason=st.none() | TEXTS,
    detail=TEXTS,
    width=st.integers(0, 99),
    height=st.integers(0, 99),
    sha256=BYTES,
    pixel_sha256=BYTES,
    views=st.lists(st.builds(View, TEXTS, BYTES, st.integers(0, 100), BYTES), max_size=3).map(tuple),
    further=st.lists(st.tuples(TEXTS, BYTES), max_size=2).map(tuple),
    regions=st.none() | features(),
)


@given(HASHED)
def test_what_a_worker_says_comes_back_the_same(hashed: Hashed) -> None:
    again = from_wire(json.loads(json.dumps(to_wire(hashed))))
    assert to_wire(again) == to_wire(hashed)
    assert replace(again, regions=None) == replace(hashed, regions=None)
    if hashed.regions is not None:
        assert again.regions is not None
        for name in ("codes", "x", "y", "scale", "angle"):
            assert np.array_equal(getattr(again.regions, name), getattr(hashed.regions, name))


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"key": "a", "sha256": "?"},
        {"key": "a", "reason": 1},
        {"key": "a", "views": [{}]},
        {"key": "a", "regions": {}},
    ],
)
def test_what_no_worker_says_is_refused(said: dict[str, object]) -> None:
    with pytest.raises((ValueError, TypeError, KeyError)):
        from_wire(said)


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
        assert hash_picture(HashJob(name, str(tmp_path / name))).reason == reason


def test_a_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashing, "MAX_FILE_BYTES", 10)
    picture(1).save(tmp_path / "a.png")
    assert hash_picture(HashJob("a.png", str(tmp_path / "a.png"))).reason == "too-large"
    (tmp_path / "small").write_bytes(b"0123456789")
    assert read_bounded(tmp_path / "small") == b"0123456789"


def test_the_first_view_is_the_whole_picture(tmp_path: Path) -> None:
    framed = picture(1, (300, 300))
    from PIL import ImageOps

    ImageOps.expand(framed, 60, "black").save(tmp_path / "a.png")
    result = hash_picture(HashJob("a.png", str(tmp_path / "a.png")))
    assert [view.name for view in result.views] == ["whole", "trimmed"]
    assert result.regions is not None
    assert hash_picture(HashJob("a.png", str(tmp_path / "a.png"), regions=False)).regions is None


def test_cores_are_counted() -> None:
    assert pool.available_cores() >= 1
