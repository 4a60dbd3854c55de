"""The arithmetic of docs/scale.md, and the index that is grown from a real one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from auditor.index.making.content import content_of
from auditor.index.making.versions import create
from auditor.index.opening.store import open_index
from benchmarks.scale import arithmetic, main, material
from tests.engines import making


def test_core_hours_hours_and_price() -> None:
    cost = arithmetic.Cost(36.0)
    assert cost.core_hours(1_000_000) == pytest.approx(10)
    assert cost.hours(1_000_000, 4) == pytest.approx(2.5)
    assert cost.price(1_000_000, 0.5) == pytest.approx(5)


@pytest.mark.parametrize(("pictures", "scans"), [(1, 1), (10_000_000, 1), (10_000_001, 2), (5_000_000_000, 500)])
def test_parts(pictures: int, scans: int) -> None:
    assert arithmetic.parts(pictures) == scans
    assert arithmetic.driver_bytes(pictures) <= arithmetic.PART * arithmetic.DRIVER_BYTES


def test_the_table() -> None:
    text = main.worked_out(arithmetic.Cost(7.2), 500_000_000)
    assert "| 1 million | 2 | 0 |" in text
    assert "| 5 billion | 10,000 | 400 | 625.0 | 39.1 | 2.4 | 500 |" in text
    assert "500 MB" in text


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return making.index(tmp_path_factory.mktemp("real"))


def test_a_grown_index_is_one_and_its_works_are_far_from_each_other(real: Path, tmp_path: Path) -> None:
    content = content_of(open_index(real))
    assert content.has_regions
    create(tmp_path / "grown", material.grown(content, 11), today=making.TODAY)
    works = content_of(open_index(tmp_path / "grown")).works
    assert works.num_rows == 11
    assert len(set(works.column("work_id").to_pylist())) == 11
    codes = [np.unpackbits(np.frombuffer(code, np.uint8)) for code in works.column("pdq").to_pylist()]
    far = min(int(np.sum(a != b)) for n, a in enumerate(codes) for b in codes[:n])
    assert far > 31


def test_grown_works_have_as_many_features_as_the_real_ones(real: Path) -> None:
    def counts(segments: object) -> list[list[int]]:
        return [
            [len(row) for table in segment.regions() for row in table.column("hashes").to_pylist()]  # type: ignore[attr-defined]
            for segment in segments  # type: ignore[attr-defined]
        ]

    content = content_of(open_index(real))
    first, second, third = counts(material.grown(content, 11).segments)
    assert first == second
    assert third == first[:3]
    assert sum(first) > 0
