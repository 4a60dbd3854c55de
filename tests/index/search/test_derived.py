"""Whether the process that hands work out has anything to make first."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from auditor.index.opening.store import Index, open_index
from auditor.index.search.derived import lacks_regions, region_folder_name
from auditor.index.search.region_columns import prepare

DEMO = Path(__file__).parents[3] / "indexes" / "demo"


@pytest.fixture(scope="module")
def demo() -> Index:
    return open_index(DEMO)


def test_what_was_prepared_in_either_folder_is_not_lacking(demo: Index, tmp_path: Path) -> None:
    assert lacks_regions([demo], tmp_path, None)
    prepare(demo, tmp_path)
    assert not lacks_regions([demo], tmp_path, None)
    assert not lacks_regions([demo], None, tmp_path)
    assert lacks_regions([demo], None, None)


@pytest.mark.parametrize("name", ["tree.faiss", "codes.bin", "places.bin", "offsets.npy", "sizes.npy", "note.json"])
@pytest.mark.parametrize("damage", ["cut", "gone", "empty"])
def test_what_is_damaged_is_lacking(demo: Index, tmp_path: Path, name: str, damage: str) -> None:
    prepare(demo, tmp_path)
    path = tmp_path / region_folder_name(demo.manifest.files["regions.parquet"].sha256) / name
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(b"" if damage == "empty" else path.read_bytes()[:-9])
    assert lacks_regions([demo], tmp_path)
    prepare(demo, tmp_path)
    assert not lacks_regions([demo], tmp_path)


def test_handing_work_out_imports_nothing_that_decodes_or_compares_pictures() -> None:
    code = "import sys, auditor.api, auditor.cli.scan; print(*sorted({'cv2', 'faiss', 'PIL'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
