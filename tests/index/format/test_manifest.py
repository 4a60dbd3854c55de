from __future__ import annotations

import json
from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import IndexCorrupt, IndexVersionUnknown
from auditor.index.format.manifest import Ancestor, FileEntry, Manifest, Publisher, Source, from_bytes, to_bytes
from auditor.index.format.schema import ARTISTS, WORKS

ENTRY = FileEntry(bytes=10, sha256="0" * 64, rows=1)
MANIFEST = Manifest(
    id="abc",
    name="Ash’s list",
    version=3,
    issued="2026-01-31",
    files=MappingProxyType({ARTISTS: ENTRY, WORKS: ENTRY}),
    counts=MappingProxyType({"artists": 1, "works": 1}),
    publisher=Publisher(name="Ash", contact="in person"),
    history=(Ancestor(1, "1" * 64), Ancestor(2, "2" * 64)),
    hashes=MappingProxyType({"pdq@1": MappingProxyType({"bits": 256})}),
    source=Source("names-csv", 1, "3" * 64),
    written_by="a test",
)


def damaged(change: dict[str, object]) -> bytes:
    return json.dumps({**json.loads(to_bytes(MANIFEST)), **change}, indent=1, sort_keys=True).encode() + b"\n"


def test_reading_gives_what_was_written() -> None:
    assert from_bytes(to_bytes(MANIFEST), "x") == MANIFEST
    assert MANIFEST.previous == Ancestor(2, "2" * 64)


@given(st.data())
def test_any_flipped_bit_is_seen(data: st.DataObject) -> None:
    raw = bytearray(to_bytes(MANIFEST))
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises((IndexCorrupt, IndexVersionUnknown), match=r"index\.json"):
        from_bytes(bytes(raw), "x")


def test_the_digest_names_the_content() -> None:
    assert MANIFEST.digest != replace(MANIFEST, name="other").digest
    assert MANIFEST.digest == replace(MANIFEST).digest
    assert json.loads(to_bytes(MANIFEST))["digest"] == MANIFEST.digest


def test_a_newer_format_is_named_as_such() -> None:
    with pytest.raises(IndexVersionUnknown, match="Upgrade"):
        from_bytes(damaged({"format": "auditor-index/2"}), "x")


@pytest.mark.parametrize(
    "change",
    [
        {"format": "something"},
        {"name": 5},
        {"version": True},
        {"version": -1},
        {"version": 1},
        {"files": {}},
        {"files": {"../x": {"bytes": 1, "sha256": "0" * 64, "rows": 1}}},
        {"history": [[1, "short"]]},
        {"history": [[2, "1" * 64], [1, "2" * 64]]},
        {"publisher": {"unknown": 1}},
        {"counts": {"works": "many"}},
        {"extra": 1},
        {"source": {"a": 1}},
    ],
)
def test_values_that_do_not_fit_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(IndexCorrupt, match="Fetch the index again"):
        from_bytes(damaged(change), "x")


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"format": NaN}'])
def test_no_manifest_at_all(raw: bytes) -> None:
    with pytest.raises(IndexCorrupt):
        from_bytes(raw, "x")
