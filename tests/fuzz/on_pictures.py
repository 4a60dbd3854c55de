"""Harnesses of what is read from a picture file: pixels and metadata."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import hashlib
import json
import sqlite3
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np

from auditor.checks.examine import audit_sample, examine_picture
from auditor.checks.interface import Context
from auditor.checks.options import AuditOptions
from auditor.checks.signals import examine_signals
from auditor.imaging.borders import may_be_bordered
from auditor.imaging.perceptual import whole_views
from auditor.imaging.pixels import PixelLimits, decode
from auditor.index.making.build import BuildOptions, build
from auditor.index.opening.names import listed_artists
from auditor.index.opening.store import open_index
from auditor.index.search.columns import open_searcher
from auditor.index.search.matchers import open_matcher
from auditor.index.search.region_columns import region_sources
from auditor.index.search.region_search import open_region_searcher
from auditor.metadata import c2pa, exif, generation, iptc, stealth
from auditor.metadata.containers.budget import Budget
from auditor.metadata.policies import parse_policies
from auditor.metadata.read import read_metadata
from auditor.metadata.values import Field, FileMetadata
from auditor.model import Sample
from auditor.outcome import PictureResult
from auditor.run.memory.store import SCHEMA_VERSION, FileState, ResultCache
from auditor.support.plain import from_plain
from tests.fuzz import guard
from tests.fuzz.harness import check_notes, file, folder, text_of
from tests.pictures import artist_folder

TODAY = date(2026, 6, 1)
SMALL = PixelLimits(max_pixels=2_000_000)
ADDRESSES = ("https://example.org/art/a.jpg", "example.org", "http://[::1/x", "//", "https://EXAMPLE.org:443/a?b#c")


@functools.cache
def context() -> Context:
    """An index of two artists with whole and region hashes, opened for all checks."""
    artist_folder(guard.workspace() / "works", "Mirela Ashdown", range(1, 2))
    artist_folder(guard.workspace() / "works", "Tobias Quill", range(10, 11))
    index = guard.workspace() / "index"
    build([guard.workspace() / "works"], index, BuildOptions(jobs=1), today=TODAY)
    opened = (open_index(index),)
    searcher = open_searcher(opened, TODAY)
    return Context(
        copies=searcher,
        names=open_matcher(opened, TODAY, None),
        artists=listed_artists(opened, TODAY),
        regions=open_region_searcher(region_sources(searcher), None),
    )


def picture(data: bytes) -> None:
    """Every check on one picture, and the result through the form in which it is kept."""
    sample = Sample(path="a.png", payload=None)
    result = examine_picture(sample, data, context(), AuditOptions())
    kept = json.loads(json.dumps(dataclasses.asdict(result)))
    assert from_plain(PictureResult, kept, whole=True) == result
    outcome = audit_sample(sample, result, None, context(), AuditOptions())
    assert (outcome.skip is None) == (result.problem is None)


def pixels(data: bytes) -> None:
    """The decoder, whole and reduced, and the hashes of what it gives."""
    for full in (True, False):
        found = decode(data, SMALL, full)
        height, width = found.rgb.shape[:2]
        assert found.rgb.dtype == np.uint8 and found.rgb.shape[2] == 3
        assert not found.full or (width, height) == (found.width, found.height)
        for view in whole_views(found):
            assert 0 <= view.quality <= 100
    plain = decode(data, SMALL, False, may_be_bordered)
    assert plain.rgb.shape[:2] == found.rgb.shape[:2] and (plain.width, plain.height) == (found.width, found.height)
    assert plain.rgb.ndim == 3 or not plain.full
    for view in whole_views(plain, rounded=True):
        assert 0 <= view.quality <= 100


def _check(found: FileMetadata) -> None:
    check_notes(found.notes)
    for finding in examine_signals("0" * 64, found, None):
        assert finding.message
    for text in found.texts:
        assert isinstance(text.value, str) and isinstance(text.source, str)


def metadata(data: bytes) -> None:
    """Everything a file says of itself, without its pixels."""
    _check(read_metadata(data))


def xmp(data: bytes) -> None:
    """An XMP packet."""
    _check(read_metadata(b"", (("a.xmp", data),)))


def exif_block(data: bytes) -> None:
    """An EXIF block, as the containers hand it over, and a TIFF file."""
    budget = Budget()
    texts, _ = exif.read_exif(data, budget, "EXIF")
    assert all(isinstance(text.value, str) for text in texts)
    check_notes(budget.notes)


def iptc_block(data: bytes) -> None:
    """Photoshop resources, and IPTC records."""
    budget = Budget()
    iptc.read_photoshop(data, budget, "Photoshop")
    iptc.read_iptc(data, budget, "IPTC")
    check_notes(budget.notes)


def prompts(data: bytes) -> None:
    """The text of a generator; the first line is the key under which it stands."""
    key, _, value = text_of(data).partition("\n")
    for carrier in ("PNG text", "XMP", "EXIF"):
        budget = Budget()
        found, _ = generation.harvest_fields((Field(carrier, key, value),), budget)
        assert all(isinstance(text.value, str) for text in (*found.positive, *found.negative))


def side_json(data: bytes) -> None:
    """The JSON side file of a picture, and the policies of the address that it names."""
    found = read_metadata(b"", (("a.json", data),))
    _check(found)
    parse_policies("{}").evaluate(found.url)


def c2pa_store(data: bytes) -> None:
    """A C2PA manifest store, through the library."""
    _check(read_metadata(b"", (("a.c2pa", data),)))


def c2pa_json(data: bytes) -> None:
    """What the library says of a manifest store. It is a wide net's work to catch errors here, so none may be made."""
    try:
        store = json.loads(data)
    except (ValueError, RecursionError):
        return
    if isinstance(store, Mapping):
        found = c2pa.interpret(store)
        assert all(isinstance(text.value, str) for text in found.texts)


def stealth_pixels(data: bytes) -> None:
    """Text hidden in pixels: the bytes are the hidden bits, down the columns of the alpha channel and of RGB."""
    height = 16
    bits = np.unpackbits(np.frombuffer(data, np.uint8))
    width = max(1, -(-len(bits) // height))
    flat = np.zeros(3 * width * height, np.uint8)
    flat[: len(bits)] = bits
    alpha = np.ascontiguousarray(flat[: width * height].reshape(width, height).T)
    rgb = np.ascontiguousarray(flat.reshape(width, height, 3).swapaxes(0, 1))
    for planes in ((None, alpha), (rgb, None)):
        budget = Budget()
        text = stealth.read_stealth(*planes, budget)
        assert text is None or isinstance(text, str)


def policies(data: bytes) -> None:
    """The bundle of cached policies, asked for several addresses."""
    found = parse_policies(text_of(data))
    for address in (*ADDRESSES, *list(found.headers)[:5], *list(found.tdmrep)[:5], *list(found.usage)[:5]):
        for reservation in found.evaluate(address):
            assert reservation.meaning in ("prohibited", "constrained", "allowed", "review")


def kept_result(data: bytes) -> None:
    """A kept result that was damaged is no result, and never an error."""
    home = folder("cache")
    ResultCache(home, "key", 1).close()
    with contextlib.closing(sqlite3.connect(home / f"results-{SCHEMA_VERSION}.sqlite")) as base:
        row = (hashlib.sha256(b"key").digest(), "content", data.decode("utf-8", "replace"), 1)
        base.execute("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?)", row)
        base.commit()
    cache = ResultCache(home, "key", 1)
    found = cache.result("content", "")
    assert found is None or isinstance(found, PictureResult)
    cache.close()


def cache_file(data: bytes) -> None:
    """A damaged cache file is begun again: what is kept afterwards is there."""
    path = Path(file(f"cache-file/results-{SCHEMA_VERSION}.sqlite", data))
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    cache = ResultCache(path.parent, "key", 1)
    assert cache.content_of("a", FileState(1, 2, 3, 4)) is None
    cache.remember_result(PictureResult("c", (), False, None), "")
    cache.close()
    again = ResultCache(path.parent, "key", 1)
    assert again.result("c", "") is not None
    again.close()
