"""The cache gives back what it was given, for the right content and key, and never fails a scan."""

from __future__ import annotations

import json
import threading
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor import cache as module
from auditor.cache import ResultCache, from_plain
from auditor.model import Finding, Match, PictureResult, Reference, TextMatch

FINDING = Finding(
    "copy.region",
    "high",
    "",
    "a mirrored crop",
    "f" * 64,
    artist=Reference("a", "Mirela"),
    work=Reference("w", "Ash Keep"),
    match=Match("region", inliers=12, sample_region=(0.0, 0.1, 0.5, 1.0), sample_size=(640, 480), probability=0.99),
    text=TextMatch("v", 0, 1, "s", None, 0.9, "exact", "why"),
    details=(("key", "value"),),
    listed_in=("metadata.jsonl", 3),
)
RESULT = PictureResult("c" * 64, (FINDING,), too_plain=True)


def test_round_trip_by_content_and_key(tmp_path: Path) -> None:
    cache = ResultCache(tmp_path, "key", 1)
    cache.remember_result(RESULT, "x")
    cache.remember_file("/a.png", 10, 5, RESULT.content_sha256, 10**12)
    cache.close()
    again = ResultCache(tmp_path, "key", 2)
    assert again.result(RESULT.content_sha256, "x") == RESULT
    assert again.result(RESULT.content_sha256, "y") is None
    assert again.content_of("/a.png", 10, 5) == RESULT.content_sha256
    assert again.content_of("/a.png", 10, 6) is None
    assert again.content_of("/a.png", 11, 5) is None
    again.close()
    other = ResultCache(tmp_path, "another key", 2)
    assert other.result(RESULT.content_sha256, "x") is None
    other.close()


def test_a_file_changed_this_very_moment_is_not_trusted(tmp_path: Path) -> None:
    cache = ResultCache(tmp_path, "key", 1)
    cache.remember_file("/a.png", 10, 1_000_000_000, "c", 1_000_000_001)
    assert cache.content_of("/a.png", 10, 1_000_000_000) is None
    cache.close()


def test_a_damaged_file_is_made_again(tmp_path: Path) -> None:
    cache = ResultCache(tmp_path, "key", 1)
    cache.remember_result(RESULT, "")
    cache.close()
    cache.path.write_bytes(b"not a database at all" * 100)
    again = ResultCache(tmp_path, "key", 1)
    assert again.result(RESULT.content_sha256, "") is None
    again.remember_result(RESULT, "")
    assert again.result(RESULT.content_sha256, "") == RESULT
    again.close()


def test_an_entry_of_another_shape_is_no_entry(tmp_path: Path) -> None:
    cache = ResultCache(tmp_path, "key", 1)
    cache.remember_result(RESULT, "")
    cache._base.execute("UPDATE results SET result = ?", (json.dumps({"content_sha256": "c"}),))
    assert cache.result(RESULT.content_sha256, "") is None
    cache.close()


def test_several_scans_at_once(tmp_path: Path) -> None:
    def write(number: int) -> None:
        cache = ResultCache(tmp_path, "key", 1)
        for item in range(50):
            cache.remember_result(PictureResult(f"{number}-{item}"), "")
        cache.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cache = ResultCache(tmp_path, "key", 1)
    assert all(cache.result(f"{n}-{i}", "") == PictureResult(f"{n}-{i}") for n in range(4) for i in range(50))
    cache.close()


def test_pruned_by_size_oldest_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = ResultCache(tmp_path, "key", 1)
    for number in range(200):
        old.remember_result(PictureResult(f"old-{number}"), "")
    old.close()
    monkeypatch.setattr(module, "MAX_BYTES", 4096)
    new = ResultCache(tmp_path, "key", 9)
    new.remember_result(PictureResult("new"), "")
    new.close()
    cache = ResultCache(tmp_path, "key", 9)
    assert cache.result("new", "") == PictureResult("new")
    assert cache.result("old-7", "") is None
    cache.close()


def test_names_that_are_not_utf8(tmp_path: Path) -> None:
    cache = ResultCache(tmp_path, "key", 1)
    cache.remember_file("/a\udcff.png", 1, 1, "c", 10**12)
    assert cache.content_of("/a\udcff.png", 1, 1) == "c"
    assert cache.content_of("/a\udcfe.png", 1, 1) is None
    cache.close()


@given(st.text(), st.floats(0, 1), st.booleans(), st.none() | st.integers(0, 256))
def test_from_plain_inverts_asdict(text: str, number: float, flag: bool, distance: int | None) -> None:
    match = Match("whole", distance=distance, mirrored=flag, probability=number, work_region=(0.0, number, 1.0, 1.0))
    finding = Finding("r", "low", text, text, text, match=match, details=((text, text),))
    assert from_plain(Finding, json.loads(json.dumps(asdict(finding)))) == finding
