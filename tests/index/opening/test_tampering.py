"""An index that was damaged or changed by somebody else: every way has to end in exit code 2 and name the file."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.cli.main import run
from auditor.errors import IndexProblem
from auditor.index.format.manifest import from_bytes, to_bytes
from auditor.index.format.schema import Feedback
from auditor.index.making.content import Content
from auditor.index.making.sign import generate, load_private, sign_index
from auditor.index.making.verify import verify_index
from auditor.index.making.versions import create
from tests.index.samples import TODAY, person, record, with_regions

pytest.importorskip("cryptography")
FILES = ["index.json", "artists.parquet", "works.parquet", "regions.parquet", "feedback.parquet", "index.sig"]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("original")
    segment = with_regions([record(n) for n in range(3)])
    create(base / "index", Content((person(),), (segment,), (Feedback("pdq", bytes(32), "collides"),)), today=TODAY)
    generate(base / "key")
    sign_index(base / "index", load_private(base / "key"), TODAY)
    assert sorted(path.name for path in (base / "index").iterdir()) == sorted(FILES)
    return base


@pytest.fixture
def folder(original: Path, tmp_path: Path) -> Path:
    shutil.copytree(original / "index", tmp_path / "index")
    return tmp_path / "index"


def refused(folder: Path, name: str) -> None:
    with pytest.raises(IndexProblem) as caught:
        verify_index(folder, today=TODAY)
    text = str(caught.value)
    assert name in text
    assert any(word in text for word in ("Fetch", "rebuild", "sign", "Upgrade"))


def bits(path: Path) -> Iterator[bytes]:
    """The file with one bit flipped: at about forty places over its length; at every byte of a signature."""
    raw = path.read_bytes()
    step = 1 if path.name == "index.sig" else max(1, len(raw) // 40)
    for place in sorted({*range(0, len(raw), step), len(raw) - 1}):
        for bit in (0, 3) if step == 1 else (place % 8,):
            changed = bytearray(raw)
            changed[place] ^= 1 << bit
            yield bytes(changed)


@pytest.mark.parametrize("name", FILES)
def test_one_flipped_bit_in_every_file(folder: Path, name: str) -> None:
    for changed in bits(folder / name):
        (folder / name).write_bytes(changed)
        refused(folder, name)


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_truncated_file(original: Path, folder: Path, name: str, data: st.DataObject) -> None:
    raw = (original / "index" / name).read_bytes()
    (folder / name).write_bytes(raw[: data.draw(st.integers(0, len(raw) - 1))])
    refused(folder, name)


@pytest.mark.parametrize("name", FILES[1:5])
def test_a_file_swapped_with_that_of_another_index(folder: Path, tmp_path: Path, name: str) -> None:
    segment = with_regions([record(n + 50) for n in range(3)])
    other = Content((person("b", "Bo"),), (segment,), (Feedback("phash", bytes(8), "collides"),))
    create(tmp_path / "other", other, today=TODAY)
    shutil.copy(tmp_path / "other" / name, folder / name)
    refused(folder, name)


def test_files_swapped_within_the_index(folder: Path) -> None:
    raw = (folder / "artists.parquet").read_bytes()
    (folder / "artists.parquet").write_bytes((folder / "works.parquet").read_bytes())
    (folder / "works.parquet").write_bytes(raw)
    refused(folder, "artists.parquet")


@pytest.mark.parametrize("name", FILES[:5])
def test_a_missing_file(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(IndexProblem, match=name.replace(".", r"\.")):
        verify_index(folder, today=TODAY)


def test_a_manifest_rewritten_with_a_new_digest_breaks_the_signature(folder: Path, original: Path) -> None:
    from dataclasses import replace

    manifest = from_bytes((folder / "index.json").read_bytes(), "x")
    (folder / "index.json").write_bytes(to_bytes(replace(manifest, version=9)))
    refused(folder, "index.sig")
    (folder / "index.sig").unlink()
    assert run(["index", "verify", str(folder), "--trust", f"{original / 'key'}.pub"]) == 2


def test_the_command_line_ends_with_two(
    folder: Path, original: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trust = ["--trust", f"{original / 'key'}.pub", "--seen", str(tmp_path / "seen.json")]
    assert run(["index", "verify", str(folder), *trust]) == 0
    assert "signature holds, by a trusted key" in capsys.readouterr().out
    generate(tmp_path / "other")
    assert run(["index", "verify", str(folder), "--trust", f"{tmp_path / 'other'}.pub"]) == 2
    assert "index.sig was made by the key" in capsys.readouterr().err
    document = json.loads((folder / "index.json").read_text())
    (folder / "index.json").write_text(json.dumps({**document, "format": "auditor-index/2"}))
    assert run(["index", "verify", str(folder)]) == 2
    assert "pip install --upgrade" in capsys.readouterr().err


@pytest.mark.parametrize(
    "change",
    [
        {"artists": (person(), person())},
        {"artists": (person(status="gone"),)},
        {"artists": (person(preference="maybe"),)},
        {"artists": (person(verification="sure"),)},
        {"artists": (person(aliases=("x",), alias_kinds=("nick",)),)},
        {"works": [record(0), record(0)]},
        {"works": [record(0, "nobody")]},
        {"works": [record(0, status="lost")]},
    ],
)
def test_rows_that_no_digest_can_vouch_for(tmp_path: Path, change: dict[str, object]) -> None:
    works = change.get("works", [record(0)])
    artists = change.get("artists", (person(),))
    create(tmp_path / "index", Content(artists, (with_regions(works),)), today=TODAY)  # type: ignore[arg-type]
    with pytest.raises(IndexProblem, match=r"(artists|works)\.parquet is damaged"):
        verify_index(tmp_path / "index", today=TODAY)


def test_region_rows_in_another_order_than_the_works(tmp_path: Path) -> None:
    good, other = with_regions([record(0), record(1)]), with_regions([record(1), record(0)])
    from dataclasses import replace

    create(tmp_path / "index", Content((person(),), (replace(good, regions=other.regions),)), today=TODAY)
    refused(tmp_path / "index", "regions.parquet")
