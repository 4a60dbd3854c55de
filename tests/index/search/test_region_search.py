"""The region search: the tree beside the exact reference, several indexes, cached files."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from auditor.index.search import region_store, region_tree
from auditor.index.search.region_search import RegionSearch, open_region_searcher
from auditor.index.search.region_store import RegionRows, RegionSource


def rows(codes: NDArray[np.uint8], counts: list[int]) -> RegionRows:
    """Rows with positions that tell the features apart."""
    number = np.arange(len(codes))
    return RegionRows(
        counts=np.array(counts, np.int64),
        sizes=np.array([[100 + i, 50] for i in range(len(counts))], np.int64).reshape(-1, 2),
        codes=codes,
        x=(number % 65_536).astype(np.uint16),
        y=(number // 7 % 65_536).astype(np.uint16),
        scale=(number % 250).astype(np.uint8),
        angle=(number % 256).astype(np.uint8),
    )


def source(
    codes: NDArray[np.uint8], counts: list[int], works: list[int] | None = None, digest: str = "d"
) -> RegionSource:
    held = rows(codes, counts)
    numbers = np.arange(len(counts)) if works is None else np.array(works)
    return RegionSource(digest, numbers, lambda: [held])


def random_codes(seed: int, count: int) -> NDArray[np.uint8]:
    """Codes in clusters, as real descriptors are."""
    random = np.random.default_rng(seed)
    centres = random.integers(0, 256, (max(count // 20, 1), 16)).astype(np.uint8)
    flips = np.packbits(random.random((count, 128)) < 0.15, axis=1)
    return centres[random.integers(0, len(centres), count)] ^ flips


def flipped(codes: NDArray[np.uint8], bits: float, seed: int = 0) -> NDArray[np.uint8]:
    return codes ^ np.packbits(np.random.default_rng(seed).random((len(codes), 128)) < bits / 128, axis=1)


def by_hand(codes: NDArray[np.uint8], queries: NDArray[np.uint8], k: int, bits: int) -> list[list[int]]:
    """Sorted distances of the k nearest within `bits`, per query, one by one."""
    found = []
    for query in queries:
        distances = sorted(int(np.unpackbits(query ^ code).sum()) for code in codes)
        found.append([distance for distance in distances[:k] if distance <= bits])
    return found


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1000), st.integers(1, 120), st.integers(1, 4), st.integers(0, 60))
def test_small_indexes_are_searched_exactly(seed: int, count: int, k: int, bits: int) -> None:
    codes = random_codes(seed, count)
    queries = flipped(codes[:6], 12, seed)
    hits = open_region_searcher([source(codes, [count])], None).nearest(queries, k, bits)
    expected = by_hand(codes, queries, k, bits)
    for query in range(len(queries)):
        assert sorted(hits.bits[hits.query == query].tolist()) == expected[query]


@pytest.mark.parametrize(("thorough", "least"), [(True, 0.85), (False, 0.6)])
def test_the_tree_agrees_with_the_exact_reference(thorough: bool, least: float) -> None:
    codes = random_codes(1, 30_000)
    counts = [300] * 100
    tree = open_region_searcher([source(codes, counts)], None)
    exact = open_region_searcher([source(codes, counts)], None, exact=True)
    queries = flipped(codes[::60], 10)
    found, expected = (one.nearest(queries, 1, 36, thorough) for one in (tree, exact))
    pairs = {(q, w, b) for q, w, b in zip(found.query.tolist(), found.work.tolist(), found.bits.tolist(), strict=True)}
    truth = {
        (q, w, b)
        for q, w, b in zip(expected.query.tolist(), expected.work.tolist(), expected.bits.tolist(), strict=True)
    }
    assert len(pairs & truth) >= least * len(truth)
    best = dict(zip(expected.query.tolist(), expected.bits.tolist(), strict=True))
    assert all(bits >= best[query] for query, _, bits in pairs), "no pair can be nearer than the exact nearest"


def test_the_tree_is_built_alike_twice() -> None:
    codes = random_codes(2, 9_000)
    first, second = (region_tree.build(codes) for _ in range(2))
    region_tree.probe(first, region_tree.QUICK)
    region_tree.probe(second, region_tree.QUICK)
    queries = flipped(codes[:200], 8)
    assert all(
        np.array_equal(a, b)
        for a, b in zip(region_tree.search(first, queries, 3), region_tree.search(second, queries, 3), strict=True)
    )


def test_works_and_places_belong_to_the_features_found() -> None:
    codes = random_codes(3, 60)
    search = open_region_searcher([source(codes, [10, 0, 20, 30], [40, 41, 42, 43])], None)
    hits = search.nearest(codes, 1, 0)
    assert hits.work.tolist() == [40] * 10 + [42] * 20 + [43] * 30
    own, places = search.features(42)
    assert np.array_equal(own, codes[10:30])
    np.testing.assert_allclose(hits.place[10:30], places)
    np.testing.assert_allclose(places[:, 0] * 65_535, np.arange(10, 30), atol=0.01)
    assert search.size(42) == (102, 50)


def test_a_work_without_features_and_an_unknown_work_are_empty() -> None:
    search = open_region_searcher([source(random_codes(4, 10), [10, 0])], None)
    for work in (1, 99):
        codes, places = search.features(work)
        assert codes.shape == (0, 16) and places.shape == (0, 4)
    assert search.size(99) == (1, 1)


def test_withdrawn_works_are_never_returned() -> None:
    codes = random_codes(5, 40)
    search = open_region_searcher([source(codes, [20, 20], [-1, 7])], None)
    assert set(search.nearest(codes, 3, 128).work.tolist()) == {7}


def test_several_indexes_are_one_body() -> None:
    first, second = random_codes(6, 30), random_codes(7, 40)
    search = open_region_searcher([source(first, [30], [0]), source(second, [20, 20], [1, 2])], None)
    hits = search.nearest(np.concatenate([first[:5], second[25:30]]), 1, 0)
    assert sorted(set(zip(hits.query.tolist(), hits.work.tolist(), strict=True))) == [
        *((query, 0) for query in range(5)),
        *((query, 2) for query in range(5, 10)),
    ]


@pytest.mark.parametrize(
    "sources", [[], [source(np.zeros((0, 16), np.uint8), [0, 0])], [source(np.zeros((0, 16), np.uint8), [])]]
)
def test_nothing_to_search_finds_nothing(sources: list[RegionSource]) -> None:
    hits = open_region_searcher(sources, None).nearest(random_codes(8, 5), 3, 128)
    assert len(hits.query) == len(hits.work) == len(hits.bits) == len(hits.place) == 0


def test_no_codes_find_nothing() -> None:
    search = open_region_searcher([source(random_codes(8, 50), [50])], None)
    assert len(search.nearest(np.zeros((0, 16), np.uint8), 3, 128).query) == 0


class TestCache:
    codes = random_codes(9, 6_000)

    def counting(self) -> tuple[RegionSource, list[int]]:
        reads: list[int] = []
        held = rows(self.codes, [60] * 100)

        def read() -> Iterable[RegionRows]:
            reads.append(1)
            return [held]

        return RegionSource("abc", np.arange(100), read), reads

    def found(self, search: RegionSearch) -> list[tuple[int, ...]]:
        hits = search.nearest(flipped(self.codes[::50], 6), 2, 36)
        return sorted(zip(hits.query.tolist(), hits.work.tolist(), hits.bits.tolist(), strict=True))

    def test_built_once_and_equal_to_what_is_in_memory(self, tmp_path: Path) -> None:
        counted, reads = self.counting()
        first = self.found(open_region_searcher([counted], tmp_path))
        second = self.found(open_region_searcher([counted], tmp_path))
        assert len(reads) == 1
        assert first == second == self.found(open_region_searcher([counted], None))
        assert [path.name for path in tmp_path.iterdir()] == ["regions-abc"]

    def test_what_was_prepared_is_taken_and_nothing_is_written(self, tmp_path: Path) -> None:
        counted, reads = self.counting()
        expected = self.found(open_region_searcher([counted], tmp_path / "prepared"))
        for cache in (tmp_path / "other", None):
            search = open_region_searcher([counted], cache, prepared=tmp_path / "prepared")
            assert self.found(search) == expected
        assert len(reads) == 1 and not (tmp_path / "other").exists()
        (tmp_path / "prepared" / "regions-abc" / "codes.bin").write_bytes(b"")
        assert self.found(open_region_searcher([counted], None, prepared=tmp_path / "prepared")) == expected
        assert len(reads) == 2, "what is damaged is built anew"

    @pytest.mark.parametrize("name", ["tree.faiss", "codes.bin", "places.bin", "offsets.npy", "sizes.npy", "note.json"])
    @pytest.mark.parametrize("damage", ["cut", "gone", "empty"])
    def test_damaged_files_are_built_again(self, tmp_path: Path, name: str, damage: str) -> None:
        counted, reads = self.counting()
        expected = self.found(open_region_searcher([counted], tmp_path))
        path = tmp_path / "regions-abc" / name
        if damage == "gone":
            path.unlink()
        else:
            path.write_bytes(b"" if damage == "empty" else path.read_bytes()[:-9])
        assert self.found(open_region_searcher([counted], tmp_path)) == expected
        assert len(reads) == 2

    def test_another_layout_is_built_again(self, tmp_path: Path) -> None:
        counted, reads = self.counting()
        open_region_searcher([counted], tmp_path)
        note = tmp_path / "regions-abc" / "note.json"
        note.write_text(json.dumps(json.loads(note.read_text()) | {"layout": "region-search/0"}))
        open_region_searcher([counted], tmp_path)
        assert len(reads) == 2

    def test_a_failed_build_leaves_nothing(self, tmp_path: Path) -> None:
        def broken() -> Iterable[RegionRows]:
            yield rows(self.codes, [60] * 100)
            raise RuntimeError("the reader failed")

        with pytest.raises(RuntimeError, match="the reader failed"):
            open_region_searcher([RegionSource("abc", np.arange(100), broken)], tmp_path)
        assert list(tmp_path.iterdir()) == []

    def test_a_second_process_that_was_first_is_no_error(self, tmp_path: Path) -> None:
        counted, _ = self.counting()
        other, _ = self.counting()

        def late() -> Iterable[RegionRows]:
            open_region_searcher([other], tmp_path)
            return counted.batches()

        search = open_region_searcher([RegionSource("abc", np.arange(100), late)], tmp_path)
        assert self.found(search) == self.found(open_region_searcher([counted], None))


def test_places_are_packed_tightly() -> None:
    assert region_store.PLACE.itemsize == 6


def test_tables_that_nobody_uses_are_dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(region_store, "KEPT_AT_MOST", 3)
    codes = random_codes(1, 60)
    for number, digest in enumerate("abc"):
        region_store.table(source(codes, [60], digest=digest), tmp_path)
        os.utime(tmp_path / f"regions-{digest}" / "note.json", (number, number))
    region_store.table(source(codes, [60], digest="a"), tmp_path)  # opened again: used last
    region_store.table(source(codes, [60], digest="d"), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["regions-a", "regions-c", "regions-d"]
