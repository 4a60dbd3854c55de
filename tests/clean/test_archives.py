from __future__ import annotations

import io
import tarfile
import zipfile
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from auditor.clean.archives import without_members, without_rows
from auditor.clean.plan import Plan
from auditor.clean.removed import removed
from auditor.clean.stage import stage
from auditor.errors import DatasetError
from tests.clean.trees import imagefolder_parquet, img2dataset, webdataset, webdataset_gz, zipped

NONE = removed("/d", [], [])


def tar_contents(path: Path) -> dict[str, bytes]:
    with tarfile.open(path) as archive:
        return {info.name: archive.extractfile(info).read() for info in archive}  # type: ignore[union-attr]


@pytest.mark.parametrize(("make", "name"), [(webdataset, "00000.tar"), (webdataset_gz, "00000.tar.gz")])
def test_a_tar_loses_whole_samples_only(make: object, name: str, tmp_path: Path) -> None:
    source = make(tmp_path / "set") / name  # type: ignore[operator]
    before = tar_contents(source)
    gone = [member for member in before if member.endswith("00002.png")]
    assert without_members(source, tmp_path / name, gone) == 2
    after = tar_contents(tmp_path / name)
    assert after == {member: data for member, data in before.items() if "00002" not in member}


def test_a_plain_tar_keeps_the_bytes_of_what_stays(tmp_path: Path) -> None:
    source = webdataset(tmp_path / "set") / "00000.tar"
    assert without_members(source, tmp_path / "same.tar", ["nothing"]) == 0
    assert (tmp_path / "same.tar").read_bytes() == source.read_bytes()


def test_a_zip_loses_the_members_named(tmp_path: Path) -> None:
    source = zipped(tmp_path / "set") / "train.zip"
    assert without_members(source, tmp_path / "new.zip", ["00001.png"]) == 1
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(tmp_path / "new.zip") as new:
        assert [info.filename for info in new.infolist()] == [
            info.filename for info in old.infolist() if info.filename != "00001.png"
        ]
        assert new.read("00001.txt") == old.read("00001.txt")
        assert new.testzip() is None


def test_parquet_rows_by_number_and_by_name(tmp_path: Path) -> None:
    source = imagefolder_parquet(tmp_path / "set") / "metadata.parquet"
    gone = removed(str(tmp_path / "set"), ["elm.png"], ["ash.png"])
    assert without_rows(source, tmp_path / "new.parquet", {2}, gone, "") == 2
    table = pq.read_table(tmp_path / "new.parquet")
    assert table.column("file_name").to_pylist() == ["ash.png", "cedar.png", "dogwood.png"]
    assert table.schema.metadata[b"made"] == b"here"


def test_rows_that_name_samples_by_key(tmp_path: Path) -> None:
    root = img2dataset(tmp_path / "set")
    assert without_rows(root / "00000.parquet", tmp_path / "new.parquet", (), NONE, "", {"00001", "00003"}) == 2
    assert pq.read_table(tmp_path / "new.parquet").column("key").to_pylist() == ["00000", "00002", "00004"]


def test_the_table_of_a_shard_loses_the_rows_of_its_members(tmp_path: Path) -> None:
    root = img2dataset(tmp_path / "set")
    name = f"{'shelf/' * 30}00002.png"
    manifest = stage(Plan(members=(("00000.tar", (name,)),), listings=("00000.parquet",)), root, tmp_path / "aside", "")
    assert {(row.path, row.dropped) for row in manifest.rewritten} == {("00000.tar", 2), ("00000.parquet", 1)}


def test_a_damaged_listing_stops_nothing_unless_rows_of_it_must_go(tmp_path: Path) -> None:
    root = img2dataset(tmp_path / "set")
    for name in ("bad.parquet", "bad.csv"):
        (root / name).write_bytes(b"\0" * 100 + b"00002.png")
    plan = Plan(files=("x.png",), listings=("bad.csv", "bad.parquet"))
    assert stage(plan, root, tmp_path / "aside", "").rewritten == ()
    with pytest.raises(DatasetError, match=r"bad\.parquet: cannot be read"):
        stage(replace(plan, rows=(("bad.parquet", (1,)),)), root, tmp_path / "aside", "")
    with pytest.raises(DatasetError, match="nothing was changed"):
        stage(Plan(members=(("bad.tar", ("a",)),)), _with_bad_tar(root), tmp_path / "aside", "")


def _with_bad_tar(root: Path) -> Path:
    (root / "bad.tar").write_bytes(b"no tar" * 200)
    return root


def test_parquet_with_nested_names(tmp_path: Path) -> None:
    rows = pa.table({"images": [[{"path": "a.png"}], [{"path": "b.png"}, {"path": None}]]})
    pq.write_table(rows, tmp_path / "m.parquet")
    gone = removed(str(tmp_path), ["b.png"], [])
    assert without_rows(tmp_path / "m.parquet", tmp_path / "n.parquet", (), gone, "") == 1


def test_a_damaged_archive_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "x.tar"
    path.write_bytes(io.BytesIO(b"not a tar" * 100).getvalue())
    with pytest.raises(tarfile.TarError):
        without_members(path, tmp_path / "y.tar", ["a"])
    assert NONE.paths == frozenset()
