"""Files made to exhaust a reader cost at most a second and 200 MB, and leave a counted outcome."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.metadata.read import read_metadata
from tests.metadata.material import hostile, making

READ_IN_FULL = {
    # Large, but within what is read: nothing has to be said.
    "webp_xmp_below_the_marks",
    "graph_of_many_nodes",
    "words_for_the_pattern_search",
    "parameters_for_the_pattern_search",
}


@pytest.fixture(scope="module")
def measured() -> dict[str, dict[str, object]]:
    """Every case read in a process of its own, so that its memory can be measured."""
    if not Path("/proc/self/clear_refs").exists():
        pytest.skip("peak memory can be reset on Linux only")
    pytest.importorskip("c2pa", reason="c2pa-python is not installed")
    root = Path(__file__).parents[2]
    run = subprocess.run(
        [sys.executable, "-m", "tests.metadata.material.hostile"], cwd=root, check=True, capture_output=True, text=True
    )
    found: dict[str, dict[str, object]] = json.loads(run.stdout)
    return found


@pytest.mark.parametrize("name", hostile.CASES)
def test_time_and_memory_are_bounded_and_the_outcome_counted(name: str, measured: dict[str, dict[str, object]]) -> None:
    outcome = measured[name]
    assert float(str(outcome["seconds"])) <= 1.0
    assert int(str(outcome["grown_mb"])) <= 200
    assert bool(outcome["reasons"]) != (name in READ_IN_FULL)
    assert bool(outcome["findings"]) or name in READ_IN_FULL


def test_a_reservation_in_metadata_too_large_to_read_is_not_lost() -> None:
    metadata = read_metadata(hostile.xmp_of_50_mb())
    assert [(item.value, item.meaning) for item in metadata.reservations] == [("DMI-PROHIBITED", "review")]


SEEDS = [
    making.jpeg_xmp(making.data_mining("DMI-PROHIBITED")),
    making.jpeg_exif(making.user_comment("a\nSteps: 1")),
    making.jpeg_iptc(making.iptc_record(80, b"x" * 40)),
    making.png(making.text("parameters", "a\nSteps: 2"), making.chunk(b"zTXt", b"k\0\0" + b"x\x9c")),
    making.riff((b"EXIF", making.user_comment("b")), (b"XMP ", making.data_mining("DMI-ALLOWED"))),
    making.gif(making.gif_extension(b"XMP DataXMP", making.data_mining("DMI-PROHIBITED"))),
    making.picture("TIFF", tiffinfo={315: "x", 700: making.data_mining("DMI-PROHIBITED")}),
    making.picture("AVIF", exif=making.user_comment("c"), xmp=making.data_mining("DMI-PROHIBITED")),
]


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 255)), max_size=12), st.data())
def test_no_damage_makes_the_reader_raise(seed: bytes, changes: list[tuple[int, int]], data: st.DataObject) -> None:
    damaged = bytearray(seed)
    for place, value in changes:
        damaged[place % len(damaged)] = value
    cut = data.draw(st.integers(0, len(damaged)))
    read_metadata(bytes(damaged))
    read_metadata(bytes(damaged[:cut]))


STARTS = [
    b"\xff\xd8\xff\xe1",
    b"\x89PNG\r\n\x1a\n",
    b"RIFF\0\0\0\0WEBP",
    b"GIF89a",
    b"II*\0",
    b"MM\0*",
    b"\0\0\0\x10ftypavif",
    b"",
]


@settings(deadline=None)
@given(st.binary(max_size=200), st.sampled_from(STARTS))
def test_no_bytes_make_the_reader_raise(raw: bytes, start: bytes) -> None:
    read_metadata(start + raw)
