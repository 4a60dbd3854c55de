"""The Parquet files of an index in other tools."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.index.making.build import BuildOptions, build
from tests.index.samples import TODAY, gallery


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    gallery(tmp_path / "artists", "Ash", 4)
    build([tmp_path / "artists"], tmp_path / "index", BuildOptions(jobs=1), today=TODAY)
    return tmp_path / "index"


def test_pandas(folder: Path) -> None:
    pandas = pytest.importorskip("pandas")
    works = pandas.read_parquet(folder / "works.parquet")
    artists = pandas.read_parquet(folder / "artists.parquet")
    joined = works.merge(artists, on="artist_id")
    assert joined["title"].tolist() == [f"picture-{n}.png" for n in range(4)]
    assert {len(code) for code in joined["pdq"]} == {32}
    regions = pandas.read_parquet(folder / "regions.parquet", dtype_backend="pyarrow")
    assert regions["work_id"].tolist() == works["work_id"].tolist()


def test_duckdb(folder: Path) -> None:
    duckdb = pytest.importorskip("duckdb", reason="needs the extra [test-exchange]")
    query = f"select count(*), max(octet_length(pdq)) from '{folder / 'works.parquet'}'"
    assert duckdb.sql(query).fetchall() == [(4, 32)]
    query = f"select sum(len(hashes)), sum(len(x)) from '{folder / 'regions.parquet'}'"
    ((hashes, places),) = duckdb.sql(query).fetchall()
    assert hashes == places > 0
