from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from auditor.attest.stamp import KEY, read_stamp, write_stamp
from auditor.errors import DatasetError

DIGEST = "a" * 64


@pytest.fixture
def lora(tmp_path: Path) -> Path:
    random = np.random.default_rng(5)
    tensors = {
        "lora_up.weight": random.standard_normal((7, 3)).astype(np.float16),
        "alpha": np.array(4.0, dtype=np.float32),
        "lora_down.weight": random.standard_normal((3, 11)).astype(np.float32),
    }
    path = tmp_path / "style.safetensors"
    save_file(tensors, path, metadata={"ss_tag_frequency": '{"5_trees": {"a tree": 3}}', "modelspec.title": "Bäume"})
    return path


def parts(path: Path) -> tuple[dict[str, object], bytes]:
    data = path.read_bytes()
    (size,) = struct.unpack("<Q", data[:8])
    return json.loads(data[8 : 8 + size]), data[8 + size :]


def test_tensors_are_byte_identical_and_load(lora: Path) -> None:
    before, tensors = load_file(lora), parts(lora)[1]
    write_stamp(lora, DIGEST, "urn:x")
    header, after = parts(lora)
    assert after == tensors
    loaded = load_file(lora)
    assert set(loaded) == set(before)
    assert all(loaded[name].tobytes() == before[name].tobytes() for name in before)
    with safe_open(lora, "numpy") as opened:
        metadata = opened.metadata()
    assert metadata["modelspec.title"] == "Bäume"
    assert json.loads(metadata[KEY]) == {"predicateType": "urn:x", "statement": {"sha256": DIGEST}}
    assert read_stamp(lora) == DIGEST
    assert (len(lora.read_bytes()) - len(after)) % 8 == 0
    assert next(iter(header)) == "__metadata__"


def test_a_new_stamp_replaces_the_old_and_is_idempotent(lora: Path) -> None:
    write_stamp(lora, "b" * 64, "urn:x")
    write_stamp(lora, DIGEST, "urn:x")
    once = lora.read_bytes()
    write_stamp(lora, DIGEST, "urn:x")
    assert lora.read_bytes() == once
    assert read_stamp(lora) == DIGEST


def test_a_model_without_metadata(tmp_path: Path) -> None:
    path = tmp_path / "m.safetensors"
    save_file({"x": np.zeros(3, np.int64)}, path)
    assert read_stamp(path) is None
    write_stamp(path, DIGEST, "urn:x")
    assert load_file(path)["x"].tolist() == [0, 0, 0]


def test_permissions_stay_and_nothing_is_left_beside(lora: Path) -> None:
    lora.chmod(0o640)
    write_stamp(lora, DIGEST, "urn:x")
    assert lora.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in lora.parent.iterdir()] == [lora.name]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 8,
        struct.pack("<Q", 10**15) + b"{}",
        struct.pack("<Q", 50) + b"{}",
        struct.pack("<Q", 2) + b"[]",
        struct.pack("<Q", 20) + b'{"__metadata__": []} ',
        b"not a model at all, only text",
    ],
)
def test_what_is_no_model_is_refused_and_untouched(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.safetensors"
    path.write_bytes(data)
    with pytest.raises(DatasetError, match="safetensors"):
        write_stamp(path, DIGEST, "urn:x")
    assert path.read_bytes() == data


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="nowhere"):
        read_stamp(tmp_path / "nowhere")


@given(
    st.dictionaries(
        st.text(st.characters(codec="utf-8"), max_size=8), st.text(st.characters(codec="utf-8"), max_size=8), max_size=4
    )
)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_other_metadata_survives(tmp_path: Path, metadata: dict[str, str]) -> None:
    path = tmp_path / "m.safetensors"
    save_file({"x": np.arange(5, dtype=np.float32)}, path, metadata=metadata)
    write_stamp(path, DIGEST, "urn:x")
    with safe_open(path, "numpy") as opened:
        found = opened.metadata()
    assert {key: value for key, value in found.items() if key != KEY} == {
        key: value for key, value in metadata.items() if key != KEY
    }
