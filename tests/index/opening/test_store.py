from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from auditor.errors import IndexCorrupt, IndexMissing, IndexVersionUnknown
from auditor.index.format.schema import ARTISTS, FEEDBACK, MANIFEST, REGIONS, WORKS, Feedback
from auditor.index.making.versions import create
from auditor.index.opening.store import as_matrix, open_index
from tests.index import samples


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    listed = [samples.record(i) for i in range(5)]
    content = samples.content([samples.person()], listed, [Feedback("pdq", bytes(32), "collides")])
    content = type(content)(content.artists, (samples.with_regions(listed),), content.feedback)
    create(tmp_path / "index", content, today=samples.TODAY)
    return tmp_path / "index"


def test_everything_comes_back(folder: Path) -> None:
    index = open_index(folder)
    assert index.artists == (samples.person(),)
    assert list(index.works()) == [samples.record(i) for i in range(5)]
    assert index.feedback == (Feedback("pdq", bytes(32), "collides"),)
    assert index.has_regions
    ((first, table),) = list(index.region_tables())
    assert first == 0
    assert table["work_id"].to_pylist() == [samples.record(i).work_id for i in range(5)]
    assert table["x"][3].as_py() == samples.features(3).x.tolist()
    assert index.name == "index"
    assert "version=1" in repr(index)


def test_what_a_report_says_of_it(folder: Path) -> None:
    index = open_index(folder)
    info = index.info
    assert (info.name, info.version, info.artists, info.works) == ("index", 1, 1, 5)
    assert (info.digest, info.issued, info.expires, info.signature) == (
        index.manifest.digest,
        "2026-03-01",
        None,
        None,
    )


def test_an_index_without_extras(tmp_path: Path) -> None:
    index = samples.make_index(tmp_path / "index")
    assert not index.has_regions
    assert index.feedback == ()
    assert list(index.works()) == []
    assert sorted(p.name for p in (tmp_path / "index").iterdir()) == [ARTISTS, MANIFEST, WORKS]


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_no_index(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(IndexMissing, match="auditor index build"):
        open_index(tmp_path / name)


def test_a_file_is_no_index(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(IndexMissing):
        open_index(tmp_path / "file")


@pytest.mark.parametrize("name", [ARTISTS, WORKS, REGIONS, FEEDBACK])
def test_a_file_that_is_gone_cut_or_changed_is_named(folder: Path, name: str) -> None:
    path = folder / name
    raw = path.read_bytes()
    path.unlink()
    with pytest.raises(IndexCorrupt, match=f"{name} is damaged .*missing"):
        open_index(folder, check_files=False)
    path.write_bytes(raw[:-1])
    with pytest.raises(IndexCorrupt, match=f"{name} is damaged"):
        open_index(folder, check_files=False)
    path.write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]))
    with pytest.raises(IndexCorrupt, match=f"{name} is damaged .*SHA-256"):
        open_index(folder)


def test_a_manifest_that_is_too_large_is_not_read_whole(folder: Path) -> None:
    (folder / MANIFEST).write_bytes(b" " * 8_000_001)
    with pytest.raises(IndexCorrupt, match="larger than"):
        open_index(folder)


def test_a_newer_format(folder: Path) -> None:
    document = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps({**document, "format": "auditor-index/9"}))
    with pytest.raises(IndexVersionUnknown, match="auditor-index/9"):
        open_index(folder)


def test_other_columns_or_rows_than_said(folder: Path) -> None:
    index = open_index(folder)
    table = pq.read_table(folder / WORKS)
    pq.write_table(table.drop_columns(["title"]), folder / WORKS)
    with pytest.raises(IndexCorrupt, match="columns are not those"):
        index.table(WORKS)
    pq.write_table(table.slice(1), folder / WORKS)
    with pytest.raises(IndexCorrupt, match="another number of rows"):
        list(index.works())
    (folder / REGIONS).write_bytes(b"PAR1 no PAR1")
    with pytest.raises(IndexCorrupt, match=REGIONS):
        list(index.region_tables())


def test_a_page_that_changed_after_opening_is_noticed(folder: Path) -> None:
    index = open_index(folder)
    raw = bytearray((folder / WORKS).read_bytes())
    place = raw.find(samples.record(2).sha256[0])
    assert place > 0, "hashes are stored as they are, so that they cannot be found elsewhere"
    raw[place] ^= 1
    (folder / WORKS).write_bytes(raw)
    with pytest.raises(IndexCorrupt):
        index.table(WORKS, ["sha256"])


def test_fixed_size_columns_as_arrays() -> None:
    first = pa.array([b"ab", None, b"cd"], pa.binary(2))
    column = pa.chunked_array([first, first.slice(2), pa.array([], pa.binary(2))])
    codes, there = as_matrix(column, 2)
    assert there.tolist() == [True, False, True, True]
    assert codes[there].tobytes() == b"abcdcd"
    nothing, none = as_matrix(pa.chunked_array([], pa.binary(2)), 2)
    assert nothing.shape == (0, 2)
    assert none.dtype == np.bool_
