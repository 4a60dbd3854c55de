from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st

from auditor.index.format.schema import View
from auditor.index.making.hashing import Hashed
from auditor.index.making.spool import PART_ROWS, Spool, stamp
from tests.index.samples import features


def hashed(number: int) -> Hashed:
    return Hashed(
        key=f"a/{number}.png",
        width=10,
        height=number,
        sha256=bytes([number]) * 32,
        pixel_sha256=bytes(32),
        views=(View("whole", bytes(32), 80, bytes(8)), View("trimmed", b"\1" * 32, 70, b"\1" * 8)),
        further=(("iscc", bytes([number]) * 8),) if number % 2 else (),
        regions=features(number, number % 4) if number % 3 else None,
    )


def same(a: Hashed, b: Hashed) -> bool:
    for name in ("key", "reason", "detail", "width", "height", "sha256", "pixel_sha256", "views", "further"):
        assert getattr(a, name) == getattr(b, name)
    assert (a.regions is None) == (b.regions is None)
    if a.regions is not None and b.regions is not None:
        for name in ("codes", "x", "y", "scale", "angle"):
            assert getattr(a.regions, name).tobytes() == getattr(b.regions, name).tobytes()
    return True


def test_results_outlive_the_process(tmp_path: Path) -> None:
    count = PART_ROWS * 2 + 5
    spool = Spool(tmp_path / "s")
    for number in range(count):
        spool.add(stamp([number]), hashed(number % 200))
    assert len(Spool(tmp_path / "s")) == PART_ROWS * 2, "full parts are durable without a flush"
    spool.flush()
    again = Spool(tmp_path / "s")
    assert len(again) == count
    for number in (0, count - 1, PART_ROWS, 3):
        assert stamp([number]) in again
        assert same(again.get(stamp([number])), hashed(number % 200))
    again.add(stamp(["new"]), Hashed("x", "truncated", "it ends early"))
    again.flush()
    skipped = Spool(tmp_path / "s").get(stamp(["new"]))
    assert (skipped.reason, skipped.detail, skipped.regions) == ("truncated", "it ends early", None)
    again.forget()
    assert not (tmp_path / "s").exists()


def test_what_is_damaged_or_of_another_version_is_made_again(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    spool = Spool(folder)
    spool.add(stamp([1]), hashed(1))
    spool.flush()
    (folder / "00000007.parquet").write_bytes(b"PAR1")
    pq.write_table(pa.table({"other": [1]}), folder / "00000008.parquet")
    (folder / "00000009.new").write_bytes(b"half written")
    (folder / "notes.parquet").write_bytes(b"")
    again = Spool(folder)
    assert len(again) == 1
    assert not (folder / "00000007.parquet").exists()
    assert not (folder / "00000008.parquet").exists()
    again.add(stamp([2]), hashed(2))
    again.flush()
    assert len(Spool(folder)) == 2


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=3), st.integers())
def test_stamps_change_with_every_part(parts: list[str], number: int) -> None:
    assert len(stamp([*parts, number])) == 16
    assert stamp([*parts, number]) != stamp([*parts, number + 1])


def test_names_that_are_no_text_are_kept_apart(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s")
    spool.add(stamp(["a\udcff"]), Hashed("a\udcff.png", "unreadable", "x"))
    spool.flush()
    assert Spool(tmp_path / "s").get(stamp(["a\udcff"])).reason == "unreadable"
    assert stamp(["a\udcff"]) != stamp(["a\udcfe"])
