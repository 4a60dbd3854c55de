from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.checks.interface import CopySearcher
from auditor.errors import IndexCorrupt
from auditor.index.format.hash_kinds import ISCC, PDQ, PHASH
from auditor.index.format.schema import Feedback, Preferences, View
from auditor.index.making.versions import Label
from auditor.index.search.columns import Searcher, open_searcher
from auditor.index.search.hamming import within_reference
from auditor.model import Artist
from tests.index import samples
from tests.index.samples import make_index, person, record

TODAY = date(2026, 3, 1)


def code(raw: bytes) -> np.ndarray:
    return np.frombuffer(raw, np.uint8)[None]


def rows(searcher: Searcher, number: int) -> list[int]:
    return [hit.work for hit in searcher.by_file_sha256(record(number).sha256[0])]


def test_it_is_a_copy_searcher(tmp_path: Path) -> None:
    searcher: CopySearcher = open_searcher([make_index(tmp_path / "i", [person()], [record(1)])])
    assert searcher.by_file_sha256(record(1).sha256[0])[0].distance == 0
    assert searcher.by_file_sha256(bytes(32)) == ()


def test_works_of_several_indexes_are_one_body(tmp_path: Path) -> None:
    first = make_index(tmp_path / "a" / "list", [person()], [record(0), record(1)])
    second = make_index(tmp_path / "b" / "list", [person(name="Bo")], [record(2), record(1)])
    searcher = open_searcher([first, second])
    assert len(searcher) == 4
    assert (searcher.offset(0), searcher.offset(1)) == (0, 2)
    assert rows(searcher, 1) == [1, 3]
    assert [searcher.listed(row).index for row in (1, 3)] == ["list", "list#2"]
    assert searcher.listed(3).artist.names == ("Bo",)
    assert searcher.listed(2).work.title == "picture 2"
    assert [hit.work for hit in searcher.by_pixel_sha256(record(2).pixel_sha256 or b"")] == [2]
    for row in (-1, 4):
        with pytest.raises(IndexError):
            searcher.listed(row)


def test_the_nearest_view_counts_and_is_named(tmp_path: Path) -> None:
    base = record(1)
    near = bytes([base.pdq[0] ^ 1]) + base.pdq[1:] if base.pdq else b""
    listed = replace(base, views=(View("trimmed", near, 100, record(5).phash or b""),))
    searcher = open_searcher([make_index(tmp_path / "i", [person()], [record(0), listed])])
    (hit,) = searcher.by_hash("pdq", code(near), 31)
    assert (hit.work, hit.distance, hit.view) == (1, 0, "trimmed")
    (hit,) = searcher.by_hash("pdq", code(base.pdq or b""), 31)
    assert (hit.work, hit.distance, hit.view) == (1, 0, "whole")
    assert [h.view for h in searcher.by_hash("phash", code(record(5).phash or b""), 0)] == ["trimmed"]
    both = searcher.by_hash("pdq", np.concatenate([code(record(0).pdq or b""), code(near)]), 31)
    assert [(h.query, h.work) for h in both] == [(0, 0), (1, 1)]


def test_sizes(tmp_path: Path) -> None:
    listed = [record(1), replace(record(2), pixel_sha256=None)]
    searcher = open_searcher([make_index(tmp_path / "i", [person()], listed)])
    assert searcher.has_size(400, 301)
    assert not searcher.has_size(301, 400)
    assert not searcher.has_size(400, 302), "without a pixel digest the size does not matter"
    listed.append(replace(record(3), width=None, height=None))
    searcher = open_searcher([make_index(tmp_path / "j", [person()], listed)])
    assert searcher.has_size(5, 5), "a work of unknown size may have any"


@pytest.mark.parametrize(
    "changed",
    [
        {"pdq": None},
        {"phash": None},
        {"pdq_quality": 10},
        {"pdq": None, "views": (View("trimmed", bytes(32), 100, bytes(8)),)},
    ],
)
def test_sizes_of_works_that_only_their_pixels_find(tmp_path: Path, changed: dict[str, object]) -> None:
    hashed = replace(record(1), width=300, height=200)
    searcher = open_searcher([make_index(tmp_path / "i", [person()], [hashed])])
    assert searcher.has_size(300, 200)
    assert not searcher.only_by_pixels(300, 200)
    listed = [hashed, replace(record(2), **changed)]  # type: ignore[arg-type]
    searcher = open_searcher([make_index(tmp_path / "j", [person()], listed)])
    assert searcher.only_by_pixels(400, 302)
    assert not searcher.only_by_pixels(300, 200)


def test_who_allows_or_has_withdrawn_is_not_found(tmp_path: Path) -> None:
    people = [
        person("a"),
        person("open", "O", preference="allowed"),
        person("gone", "G", status="withdrawn"),
        person("was-open", "W", preference="allowed", expires="2026-01-01"),
    ]
    listed = [
        record(0),
        replace(record(1), status="withdrawn"),
        record(2, "open"),
        replace(record(3, "open"), preference=Preferences(training="prohibited")),
        record(4, "gone"),
        replace(record(5), preference=Preferences(generative_training="allowed", training="prohibited")),
        record(6, "was-open"),
        replace(record(7), preference=Preferences("allowed"), expires="2026-02-28"),
    ]
    searcher = open_searcher([make_index(tmp_path / "i", people, listed)], TODAY)
    found = [number for number in range(8) if rows(searcher, number)]
    assert found == [0, 3, 6, 7]
    assert [n for n in range(8) if searcher.by_hash("pdq", code(record(n).pdq or b""), 0)] == found
    assert [n for n in range(8) if searcher.by_hash("phash", code(record(n).phash or b""), 0)] == found
    assert searcher.searched(0).tolist() == [n in found for n in range(8)]
    assert "permission for this entry ended on 2026-02-28" in " ".join(searcher.listed(7).remarks)
    assert "permission for this entry ended on 2026-01-01" in " ".join(searcher.listed(6).remarks)
    assert searcher.listed(3).remarks == ()


def test_conditions_and_expiry_are_said(tmp_path: Path) -> None:
    people = [person("a", preference="constrained"), person("b", "B", expires="2025-06-30")]
    listed = [
        record(0),
        replace(record(1), policy="https://example.org/terms", expires="2026-02-01"),
        record(2, "b"),
    ]
    index = make_index(tmp_path / "i", people, listed, label=Label(expires="2026-01-31"))
    searcher = open_searcher([index], TODAY)
    assert "asking the artist" in searcher.listed(0).remarks[0]
    assert "https://example.org/terms" in searcher.listed(1).remarks[0]
    assert "ended on 2026-02-01" in " ".join(searcher.listed(1).remarks)
    assert "ended on 2025-06-30" in " ".join(searcher.listed(2).remarks)
    assert all("'i' expired on 2026-01-31" in searcher.listed(row).remarks[-1] for row in range(3))
    assert searcher.listed(0).work.preference == "constrained"
    assert open_searcher([index], None).listed(2).remarks == ()


def test_plain_pictures_are_found_by_digest_only(tmp_path: Path) -> None:
    listed = [
        replace(record(0), pdq_quality=49),
        replace(record(1), pdq_quality=50),
        replace(record(2), pdq_quality=None),
    ]
    searcher = open_searcher([make_index(tmp_path / "i", [person()], listed)])
    assert [bool(searcher.by_hash("pdq", code(record(n).pdq or b""), 0)) for n in range(3)] == [False, True, True]
    assert [bool(searcher.by_hash("phash", code(record(n).phash or b""), 0)) for n in range(3)] == [False, True, True]
    assert all(rows(searcher, n) for n in range(3))


def test_a_hash_that_collides_is_left_out_in_its_own_index_only(tmp_path: Path) -> None:
    bad = record(0).pdq or b""
    opinions = [Feedback("pdq", bad, "collides"), Feedback("pdq", record(1).pdq or b"", "confirmed")]
    first = make_index(tmp_path / "a", [person()], [record(0), record(1)], opinions)
    second = make_index(tmp_path / "b", [person()], [record(0)])
    searcher = open_searcher([first, second])
    assert [hit.work for hit in searcher.by_hash("pdq", code(bad), 0)] == [2]
    assert [hit.work for hit in searcher.by_hash("pdq", code(record(1).pdq or b""), 0)] == [1]
    assert rows(searcher, 0) == [0, 2]


def test_iscc_codes(tmp_path: Path) -> None:
    listed = [record(0), replace(record(1), iscc="ISCC:EEAYAAAAAAAAAAAA"), replace(record(2), iscc="nonsense")]
    searcher = open_searcher([make_index(tmp_path / "i", [person()], listed)])
    assert ISCC in searcher.kinds
    (hit,) = searcher.by_hash("iscc", code(b"\x81" + bytes(7)), 1)
    assert (hit.work, hit.distance) == (1, 1)
    assert open_searcher([make_index(tmp_path / "j", [person()], [record(0)])]).kinds == (PDQ, PHASH)


def test_names_only_and_no_index_at_all(tmp_path: Path) -> None:
    for indexes in ([], [make_index(tmp_path / "i")]):
        searcher = open_searcher(indexes)
        assert len(searcher) == 0
        assert searcher.by_file_sha256(bytes(32)) == ()
        assert searcher.by_hash("pdq", np.zeros((2, 32), np.uint8), 31) == ()
        assert searcher.by_hash("phash", np.zeros((1, 8), np.uint8), 10) == ()
        assert not searcher.has_size(1, 1)


def test_a_work_without_its_artist_is_damage(tmp_path: Path) -> None:
    index = make_index(tmp_path / "i", [person("a")], [record(0, "nobody")])
    with pytest.raises(IndexCorrupt, match="artist that is not listed"):
        open_searcher([index])


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32 - 1), st.integers(0, 60))
def test_hits_are_those_of_the_reference(tmp_path_factory: pytest.TempPathFactory, seed: int, radius: int) -> None:
    rng = np.random.default_rng(seed)
    base = rng.integers(0, 256, (2, 32), dtype=np.uint8)

    def near() -> bytes:
        flips = np.packbits(rng.random(256) < rng.random() * 0.25)
        return bytes(base[rng.integers(2)] ^ flips)

    listed = [record(n, pdq=near(), views=(View("trimmed", near(), 90, bytes(8)),) if n % 2 else ()) for n in range(12)]
    searcher = open_searcher([make_index(tmp_path_factory.mktemp("i") / "i", [Artist("a", ("A",))], listed)])
    queries = np.frombuffer(near() + near() + near(), np.uint8).reshape(3, 32)
    codes = [(n, v) for n, work in enumerate(listed) for v in (work.pdq, *(view.pdq for view in work.views))]
    flat = np.frombuffer(b"".join(raw or b"" for _, raw in codes), np.uint8).reshape(-1, 32)
    best: dict[tuple[int, int], int] = {}
    for query, row, distance in zip(*within_reference(flat, queries, radius), strict=True):
        key = (int(query), codes[row][0])
        best[key] = min(best.get(key, 999), int(distance))
    found = searcher.by_hash("pdq", queries, radius)
    assert {(hit.query, hit.work): hit.distance for hit in found} == best
    assert list(found) == sorted(found, key=lambda hit: (hit.query, hit.distance, hit.work))


def test_samples_are_what_the_tests_think() -> None:
    assert samples.record(3).work_id == f"{3:024x}"
