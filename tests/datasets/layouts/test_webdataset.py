"""WebDataset shards, beside the package itself."""

from __future__ import annotations

import io
import json
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from auditor.datasets.layouts.webdataset import is_meta, key_and_field
from auditor.datasets.reading import payload
from auditor.errors import DatasetError
from auditor.model import SlicePayload
from tests.datasets.making import PNG, chosen, listed, mentions, note_of, notes, pictures, reasons, tar, trained, write

NAME = "Mirela Ashdown"
NAMES = st.sampled_from(
    ["s1.jpg", "s1.txt", "s1.JPG", "s2.png", "s2.txt", "s2.json", "a.b.JPG", "d/s1.jpg", "d/s1.txt", "d/.x.png",
     "e.f/.y.png", ".hidden.png", "noext", "__meta__", "__x__/a.png", "__a.png", "s3.cls", "s3.seg.png", "d/e/s4.webp"]
)  # fmt: skip


def reference(path: Path) -> list[dict[str, Any]]:
    """The samples of the package's own reader. The stream is ours: its opener leaves files open."""
    from webdataset import tariterators

    with path.open("rb") as stream:
        files = tariterators.tar_file_expander([{"url": str(path), "stream": stream}])
        return list(tariterators.group_by_keys(files))


def groups_of(path: Path) -> list[tuple[str, set[str]]]:
    """(key, fields) of every sample that we list, carriers without a picture included."""
    found: dict[tuple[str, int], set[str]] = {}
    order: list[tuple[str, int]] = []
    last, run = None, 0
    with tarfile.open(path) as archive:
        for info in archive:
            parted = key_and_field(info.name)
            if parted is None or is_meta(info.name):
                continue
            key, name = parted
            if key != last:
                last, run = key, run + 1
                order.append((key, run))
            found.setdefault((key, run), set()).add(name)
    return [(key, found[(key, run)]) for key, run in order]


@settings(max_examples=60, deadline=None)
@given(st.lists(NAMES, max_size=10))
@example(["s1.jpg", "s2.txt", "s1.txt"])
def test_random_shards_give_the_samples_that_the_package_gives(names: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = tar(Path(folder) / "00000.tar", [(name, f"{n}".encode()) for n, name in enumerate(names)])
        try:
            want = reference(path)
        except ValueError as error:
            assert "duplicate" in str(error)
            assert any("twice" in message for _, message in notes(path, "webdataset"))
            return
        want_groups = [(s["__key__"], {k for k in s if not k.startswith("__")}) for s in want]
        assert groups_of(path) == want_groups
        got = {s.path for s in listed(path, "webdataset") if s.trained and s.kind == "picture"}
        suffixes = ("jpg", "png", "webp")
        expected = {
            (sample["__key__"], name) for sample in want for name in sample if name.rpartition(".")[2] in suffixes
        }
        assert {key_and_field(name.partition("!")[2]) for name in got} == expected


def test_pictures_are_byte_ranges_and_captions_are_whole_fields(tmp_path: Path) -> None:
    caption = {"caption": "dead", "url": "https://example.org/a.jpg"}
    members = [("1.png", PNG), ("1.txt", f"by {NAME}\nmore".encode()), ("1.json", json.dumps(caption).encode())]
    path = tar(tmp_path / "00000.tar", members)
    found = pictures(path, "webdataset")["00000.tar!1.png"]
    assert isinstance(found.payload, SlicePayload)
    assert payload.read(found.payload, 10_000) == PNG
    assert [(c.text, c.source) for c in found.captions] == [(f"by {NAME}\nmore", "00000.tar!1.txt")]
    assert found.sidecars == (("00000.tar!1.json", json.dumps(caption).encode()),)
    assert {(t.value, t.trained) for t in found.texts if t.kind == "caption"} >= {("dead", False), (f"by {NAME}", True)}
    assert chosen(path, "auto").name == "webdataset"


def test_json_gives_the_caption_where_there_is_no_text(tmp_path: Path) -> None:
    tar(tmp_path / "0.tar", [("1.png", PNG), ("1.json", json.dumps({"caption": "in json"}).encode())])
    assert trained(tmp_path, "webdataset") == {"0.tar!1.png": ["in json"]}


def test_texts_that_lost_their_picture_are_carried(tmp_path: Path) -> None:
    tar(tmp_path / "0.tar", [("1.png", PNG), ("2.png", PNG), ("1.txt", f"by {NAME}".encode())])
    assert trained(tmp_path, "webdataset") == {"0.tar!1.png": [], "0.tar!2.png": []}
    assert mentions(tmp_path, "webdataset", NAME) == [("0.tar!1.txt", "0.tar!1.txt", False)]


def test_members_that_no_sample_gets_come_with_a_reason(tmp_path: Path) -> None:
    tar(tmp_path / "0.tar", [("__x__/a.png", PNG), (".b.png", PNG), ("c.png", PNG)])
    left_out = reasons(tmp_path, "webdataset")
    assert "metadata" in str(left_out["0.tar!__x__/a.png"])
    assert "no key" in str(left_out["0.tar!.b.png"])


def test_unsafe_members_are_noted_and_never_followed(tmp_path: Path) -> None:
    path = tmp_path / "0.tar"
    with tarfile.open(path, "w") as archive:
        for name in ("../up.png", "/etc/x.png", "ok.png", "ok.png"):
            info = tarfile.TarInfo(name)
            info.size = len(PNG)
            archive.addfile(info, io.BytesIO(PNG))
        for kind, name in ((tarfile.SYMTYPE, "link.png"), (tarfile.LNKTYPE, "hard.png"), (tarfile.FIFOTYPE, "pipe")):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    messages = [message for rule, message in notes(path, "webdataset") if rule == "integrity.unsafe-member"]
    for part in ("climbs out", "absolute", "repeats", "'link.png' is a link", "'hard.png' is a link", "device or pipe"):
        assert any(part in message for message in messages), part
    assert [s.path for s in listed(path, "webdataset") if s.kind == "picture"] == [
        "0.tar!../up.png",
        "0.tar!/etc/x.png",
        "0.tar!ok.png",
        "0.tar!ok.png",
    ]


def test_a_shard_that_ends_early_is_a_counted_skip(tmp_path: Path) -> None:
    path = tar(tmp_path / "0.tar", [("1.png", PNG), ("2.png", PNG * 100)])
    path.write_bytes(path.read_bytes()[:2048])
    found = pictures(path, "webdataset")
    assert found["0.tar!1.png"].skip is None
    assert {s.skip for s in found.values()} >= {"truncated", "unreadable-archive"}
    write(tmp_path, {"1.tar": b"no tar at all" * 100})
    assert pictures(tmp_path / "1.tar", "webdataset")["1.tar"].skip == "unreadable-archive"


def test_a_huge_extended_header_is_not_read(tmp_path: Path) -> None:
    info = tarfile.TarInfo("./PaxHeaders/x")
    info.type, info.size = tarfile.XHDTYPE, 3 * 2**30
    path = tmp_path / "0.tar"
    with path.open("wb") as raw:
        raw.write(info.tobuf(tarfile.GNU_FORMAT))
        raw.truncate(4 * 2**30)
    found = pictures(path, "webdataset")
    assert "extended header" in str(found["0.tar"].reason)


def test_a_compressed_shard_is_streamed(tmp_path: Path) -> None:
    path = tmp_path / "0.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name, data in (("1.png", PNG), ("1.txt", b"x")):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    found = pictures(path, "webdataset")["0.tar.gz!1.png"]
    assert found.payload is not None and payload.read(found.payload, 10_000) == PNG
    assert [c.text for c in found.captions] == ["x"]
    path.write_bytes(path.read_bytes()[:60])
    assert "unreadable-archive" in {s.skip for s in pictures(path, "webdataset").values()}


def test_first_samples_with_different_fields_stop_the_reader_of_datasets(tmp_path: Path) -> None:
    tar(tmp_path / "0.tar", [("1.png", PNG), ("2.png", PNG), ("2.txt", b"x")])
    assert "different fields" in note_of(tmp_path, "webdataset", "dataset.trainer-stops")


def test_what_lies_beside_the_shards_is_carried(tmp_path: Path) -> None:
    tar(tmp_path / "0.tar", [("1.png", PNG)])
    write(tmp_path, {"preview.png": PNG, "README.md": f"after {NAME}"})
    assert "beside" in str(reasons(tmp_path, "webdataset")["preview.png"])
    assert mentions(tmp_path, "webdataset", NAME) == [("README.md", "README.md", False)]
    with pytest.raises(DatasetError, match="no such file"):
        listed(tmp_path / "gone.tar", "webdataset")
