"""Zip archives, Parquet tables and img2dataset's three forms."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from auditor.datasets.reading import payload
from auditor.datasets.reading.archives import zipfiles
from auditor.datasets.reading.pictures import Told
from auditor.errors import DatasetError
from auditor.model import BytesPayload, Sample, SlicePayload
from tests.datasets import reference
from tests.datasets.making import PNG, chosen, listed, mentions, note_of, notes, pictures, reasons, tar, trained, write

NAME = "Mirela Ashdown"


def members(path: Path) -> dict[str, Sample]:
    return {sample.path: sample for sample in zipfiles.members(str(path), path.name, lambda _: Told())}


class TestZip:
    """Stored members are byte ranges, compressed ones are unpacked in memory, unsafe ones are noted."""

    @pytest.mark.parametrize(
        ("method", "kind"), [(zipfile.ZIP_STORED, SlicePayload), (zipfile.ZIP_DEFLATED, BytesPayload)]
    )
    def test_both_ways_give_the_bytes(self, tmp_path: Path, method: int, kind: type) -> None:
        with zipfile.ZipFile(tmp_path / "x.zip", "w", method) as archive:
            archive.comment = b"a comment"
            archive.writestr("d/a.png", PNG)
        found = members(tmp_path / "x.zip")["x.zip!d/a.png"]
        assert isinstance(found.payload, kind)
        assert found.payload is not None and payload.read(found.payload, 10_000) == PNG

    def test_unsafe_members(self, tmp_path: Path) -> None:
        with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
            for name in ("../up.png", "/abs.png", "C:\\abs.png", "ok.png", "ok.png"):
                archive.writestr(name, PNG)
            link = zipfile.ZipInfo("link.png")
            link.external_attr = 0o120777 << 16
            archive.writestr(link, "/etc/passwd")
        found = [m for s in members(tmp_path / "x.zip").values() for m in s.notes]
        words = " ".join(note.message for note in found)
        assert {note.rule for note in found} == {"integrity.unsafe-member"}
        assert all(part in words for part in ("climbs out", "is absolute", "repeats", "is a link"))

    def test_a_bomb_is_not_unpacked(self, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("bomb.png", bytes(64 * 2**20))
        found = members(tmp_path / "x.zip")["x.zip!bomb.png"]
        assert (found.skip, found.payload) == ("archive-bomb", None)
        assert "far more than it holds" in found.notes[0].message

    def test_encrypted_and_damaged_members_are_counted_skips(self, tmp_path: Path) -> None:
        path = tmp_path / "x.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.png", PNG)
        raw = bytearray(path.read_bytes())
        directory = raw.rindex(b"PK\x01\x02")
        raw[directory + 8] |= 1
        path.write_bytes(raw)
        assert members(path)["x.zip!a.png"].skip == "encrypted"
        raw[directory + 8] &= 0xFE
        raw[40:60] = bytes(20)
        path.write_bytes(raw)
        assert members(path)["x.zip!a.png"].skip == "damaged-member"
        path.write_bytes(b"PK\x03\x04 no zip")
        assert members(path)["x.zip"].skip == "unreadable-archive"

    def test_archives_in_archives_and_in_a_plain_folder(self, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
            archive.writestr("inner.zip", b"PK\x03\x04")
            archive.writestr("a.png", PNG)
            archive.writestr("a.txt", f"by {NAME}")
        assert members(tmp_path / "x.zip")["x.zip!inner.zip"].skip == "nested-archive"
        assert "does not open" in str(reasons(tmp_path, "flat")["x.zip!a.png"])
        assert mentions(tmp_path, "flat", NAME) == [("x.zip!a.txt", "x.zip!a.txt", False)]


def parquet(path: Path, rows: list[dict[str, object]], features: dict[str, object] | None = None) -> Path:
    table = pyarrow.Table.from_pylist(rows)
    if features is not None:
        metadata = {b"huggingface": json.dumps({"info": {"features": features}}).encode()}
        table = table.replace_schema_metadata(metadata)
    path.parent.mkdir(parents=True, exist_ok=True)
    pyarrow.parquet.write_table(table, path)
    return path


class TestParquet:
    """Tables with pictures inside."""

    def test_rows_with_declared_pictures_agree_with_the_package(self, tmp_path: Path) -> None:
        rows: list[dict[str, object]] = [
            {"image": {"bytes": PNG, "path": "mirela_ashdown_1.png"}, "text": f"row {number}"} for number in range(20)
        ]
        features = {"image": {"_type": "Image"}, "text": {"dtype": "string", "_type": "Value"}}
        parquet(tmp_path / "data" / "train-00000-of-00001.parquet", rows, features)
        got = trained(tmp_path, "hf-parquet")
        assert list(got.values()) == [[f"row {number}"] for number in range(20)]
        theirs = reference.rows("parquet", tmp_path, data_dir=str(tmp_path))["train"]
        assert [row["text"] for row in theirs] == [text for (text,) in got.values()]
        assert mentions(tmp_path, "hf-parquet", NAME)[0][1].endswith(":image.path")
        assert chosen(tmp_path, "auto").name == "hf-parquet"

    def test_pictures_are_found_without_a_declaration(self, tmp_path: Path) -> None:
        path = parquet(tmp_path / "x.parquet", [{"jpg": PNG, "txt": "words", "other": b"no picture", "n": 1}])
        sample = pictures(path, "hf-parquet")["x.parquet!1"]
        assert [c.text for c in sample.captions] == ["words"]
        assert sample.payload == BytesPayload(PNG)

    def test_several_pictures_in_a_row_and_lists(self, tmp_path: Path) -> None:
        path = parquet(tmp_path / "x.parquet", [{"a": PNG, "b": PNG, "prompt": "p", "caption": "c"}])
        assert trained(path, "hf-parquet") == {"x.parquet!1:a": ["c"], "x.parquet!1:b": ["c"]}
        assert trained(path, "hf-parquet", caption_column="prompt", image_column="a") == {"x.parquet!1": ["p"]}

    def test_cells_without_bytes_name_files(self, tmp_path: Path) -> None:
        write(tmp_path, {"set/img/a.png": PNG, "out.png": PNG})
        names = ["img/a.png", "gone.png", "../out.png", "https://example.org/x.png"]
        features = {"image": {"_type": "Image"}}
        rows: list[dict[str, object]] = [{"image": {"bytes": None, "path": name}, "text": name} for name in names]
        path = parquet(tmp_path / "set" / "x.parquet", rows, features)
        found = pictures(path, "hf-parquet")
        assert [found[f"x.parquet!{number}"].skip for number in range(1, 5)] == [None, "missing", None, "remote"]
        assert "outside" in note_of(path, "hf-parquet", "integrity.outside-dataset")

    def test_splits_by_file_name(self, tmp_path: Path) -> None:
        for split in ("train", "test"):
            parquet(tmp_path / f"{split}.parquet", [{"image": PNG, "text": split}])
        assert trained(tmp_path, "hf-parquet") == {"train.parquet!1": ["train"]}
        assert pictures(tmp_path, "hf-parquet")["test.parquet!1"].role == "val"

    def test_a_damaged_table_is_a_counted_skip(self, tmp_path: Path) -> None:
        write(tmp_path, {"x.parquet": b"PAR1 nothing PAR1"})
        assert pictures(tmp_path, "hf-parquet")["x.parquet"].skip == "unreadable-table"
        with pytest.raises(DatasetError, match="no such file"):
            listed(tmp_path / "gone", "hf-parquet")


class TestImg2Dataset:
    """Shards, files and tables, with the statistics file that gives them away."""

    def meta(self, caption: str) -> bytes:
        return json.dumps({"caption": caption, "url": "https://example.org/x.jpg", "status": "success"}).encode()

    def test_shards_with_their_table_of_all_rows(self, tmp_path: Path) -> None:
        tar(
            tmp_path / "00000.tar",
            [("000000000.jpg", PNG), ("000000000.txt", b"one"), ("000000000.json", self.meta("one"))],
        )
        rows: list[dict[str, object]] = [
            {"key": "000000000", "caption": "one", "status": "success"},
            {"key": "000000001", "caption": f"by {NAME}", "status": "failed_to_download"},
        ]
        parquet(tmp_path / "00000.parquet", rows)
        write(tmp_path, {"00000_stats.json": "{}"})
        assert trained(tmp_path, "img2dataset") == {"00000.tar!000000000.jpg": ["one"]}
        assert mentions(tmp_path, "img2dataset", NAME) == [("00000.parquet", "00000.parquet:caption", False)]
        assert chosen(tmp_path, "auto").name == "img2dataset"

    def test_files(self, tmp_path: Path) -> None:
        write(tmp_path, {"00000/0.jpg": PNG, "00000/0.txt": "one", "00000/0.json": self.meta("one")})
        write(tmp_path, {"00000/1.jpg": PNG, "00000/1.json": self.meta("two"), "00000_stats.json": "{}"})
        assert trained(tmp_path, "img2dataset") == {"00000/0.jpg": ["one"], "00000/1.jpg": ["two"]}
        assert [name for name, _ in pictures(tmp_path, "img2dataset")["00000/0.jpg"].sidecars] == ["00000/0.json"]

    def test_tables_with_pictures(self, tmp_path: Path) -> None:
        rows: list[dict[str, object]] = [
            {"key": "0", "jpg": PNG, "txt": "one", "url": "u"},
            {"key": "1", "jpg": None, "txt": f"by {NAME}", "url": "u"},
        ]
        parquet(tmp_path / "00000.parquet", rows)
        write(tmp_path, {"00000_stats.json": "{}"})
        assert trained(tmp_path, "img2dataset") == {"00000.parquet!1": ["one"]}
        assert len(mentions(tmp_path, "img2dataset", NAME)) == 1


class TestDreamBooth:
    """Every entry is a picture."""

    def test_one_prompt_for_all_and_class_pictures(self, tmp_path: Path) -> None:
        write(tmp_path, {"i/a.png": PNG, "i/.b.png": PNG, "c/x.png": PNG})
        found = pictures(
            tmp_path / "i",
            "dreambooth",
            instance_prompt=f"by {NAME}",
            class_data_dir=str(tmp_path / "c"),
            class_prompt="a picture",
            repeats="3",
        )
        assert {name: (s.role, s.repeats, [c.text for c in s.captions]) for name, s in found.items()} == {
            "a.png": ("train", 3, [f"by {NAME}"]),
            ".b.png": ("train", 3, [f"by {NAME}"]),
            "../c/x.png": ("reg", 1, ["a picture"]),
        }
        assert mentions(tmp_path / "i", "dreambooth", NAME, instance_prompt=f"by {NAME}") == [
            (".", "instance_prompt", True)
        ]

    def test_entries_that_stop_the_script(self, tmp_path: Path) -> None:
        write(tmp_path, {"a.png": PNG, "a.txt": "x", "deep/b.png": PNG})
        messages = [message for rule, message in notes(tmp_path, "dreambooth") if rule == "dataset.trainer-stops"]
        assert [message.partition(" ")[0] for message in messages] == ["a.txt", "deep"]
        assert reasons(tmp_path, "dreambooth").keys() == {"deep/b.png"}
