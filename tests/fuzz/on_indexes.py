"""Harnesses of opt-out lists: the files of an index, its signature, its derived files, and the exchange formats."""

from __future__ import annotations

import functools
import hashlib
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from auditor.errors import UsageError
from auditor.imaging.iscc import code_of_text
from auditor.index.exchange.interface import FORMATS, ReadOptions, WriteOptions
from auditor.index.exchange.sink import Sink
from auditor.index.format.manifest import FileEntry, Manifest, from_bytes, to_bytes
from auditor.index.format.schema import ARTISTS, DATA_FILES, FEEDBACK, MANIFEST, REGIONS, SCHEMAS, SIGNATURE, WORKS
from auditor.index.format.tables import works_from
from auditor.index.making import lint
from auditor.index.making.artist_toml import read_artist_toml
from auditor.index.making.sign import load_private
from auditor.index.making.verify import verify_index
from auditor.index.opening.days import last_ended
from auditor.index.opening.names import listed_artists
from auditor.index.opening.store import Index, open_index
from auditor.index.opening.trust import PAYLOAD_TYPE, check_signature, load_public
from auditor.index.search.columns import open_searcher
from auditor.index.search.matchers import open_matcher
from auditor.index.search.region_columns import region_sources
from auditor.index.search.region_search import open_region_searcher
from auditor.names import codec
from auditor.support import dsse
from tests.fuzz import guard
from tests.fuzz.harness import file, text_of
from tests.index import samples

TODAY = date(2026, 6, 1)
BINARY = frozenset({"sha256", "pixel_sha256", "pdq", "phash", "hashes", "hash"})
"""Columns of bytes; values of the seeds say them in hex."""


def example() -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of the files of a small index with every kind of row."""
    people = (
        samples.person("a", "Ash Varga", aliases=("ashvarga",), alias_kinds=("handle",)),
        samples.person("b", "Mirela Ashdown", ambiguous=("Mirela",)),
    )
    works = (samples.record(1), samples.record(2, "b", title=None, width=None, height=None))
    opinions = (samples.Feedback("pdq", bytes(32), "collides", "plain"),)
    home = guard.workspace() / "example"
    if not home.exists():
        from auditor.index.making.content import Content
        from auditor.index.making.versions import create

        create(home, Content(people, (samples.with_regions(works),), opinions), today=TODAY)
    for name in (MANIFEST, *DATA_FILES):
        yield name, (home / name).read_bytes()


@functools.cache
def _example() -> tuple[Manifest, tuple[tuple[str, bytes], ...]]:
    files = dict(example())
    return from_bytes(files.pop(MANIFEST), "example"), tuple(files.items())


def prepare() -> None:
    """Make the example index before anything is timed."""
    _example()


def use(path: Path) -> None:
    """Everything that a scan, `index verify`, `index lint` and `index export` do with an index."""
    index = open_index(path)
    info = index.info
    assert info.digest
    for artist in index.artists:
        assert isinstance(artist.id, str)
    list(works_from(index.table(WORKS)))
    assert all(artist.names for artist, _ in listed_artists((index,), TODAY).values())
    last_ended((index,), TODAY)
    matcher = open_matcher((index,), TODAY, None)
    matcher.find("a castle by mirela ashdown, ash varga")
    searcher = open_searcher((index,), TODAY)
    code, short = np.zeros((1, 32), np.uint8), np.zeros((1, 8), np.uint8)
    hits = [
        *searcher.by_hash("pdq", code, 256),
        *searcher.by_hash("phash", short, 64),
        *searcher.by_hash("iscc", short, 64),
    ]
    hits += [*searcher.by_file_sha256(bytes(32)), *searcher.by_pixel_sha256(bytes(32))]
    for hit in hits:
        assert searcher.listed(hit.work).artist.names
    if sources := region_sources(searcher):
        regions = open_region_searcher(sources, None)
        regions.nearest(np.zeros((2, 16), np.uint8), 4, 128)
        for work in range(len(searcher)):
            regions.features(work)
            regions.size(work)
    lint.lint(index, TODAY)
    _export(index)
    verify_index(path, today=TODAY)


def _export(index: Index) -> None:
    for row in FORMATS.values():
        row.load().write(index, io.StringIO(newline=""), WriteOptions())


def _index_of(files: dict[str, bytes], rows: dict[str, int]) -> Path:
    """An index folder with these files, whose index.json says that all is as it should be."""
    manifest, _ = _example()
    entries = {name: FileEntry(len(raw), hashlib.sha256(raw).hexdigest(), rows[name]) for name, raw in files.items()}
    raw = to_bytes(replace(manifest, files=entries))
    for name in DATA_FILES:
        (guard.workspace() / "index-under-test" / name).unlink(missing_ok=True)
    for name, data in {**files, MANIFEST: raw}.items():
        file(f"index-under-test/{name}", data)
    return guard.workspace() / "index-under-test"


def manifest_bytes(data: bytes) -> None:
    """index.json as it stands."""
    assert to_bytes(from_bytes(data, "index")) == data


def manifest_values(data: bytes) -> None:
    """index.json by its values: the text is made canonical and given the digest that fits, then the index is opened."""
    document = _document(data)
    if isinstance(document, dict):
        document.pop("digest", None)
        document["digest"] = hashlib.sha256(_canonical(document)).hexdigest()
    _, files = _example()
    for name, content in files:
        file(f"index-of-values/{name}", content)
    path = file(f"index-of-values/{MANIFEST}", _canonical(document))
    index = open_index(Path(path).parent)
    assert index.info.name == index.name
    open_matcher((index,), TODAY, None)
    open_searcher((index,), TODAY)
    verify_index(Path(path).parent, today=TODAY)


def _document(data: bytes) -> Any:
    """The JSON value that the harness itself works with; None where it is none."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _canonical(document: object) -> bytes:
    return (json.dumps(document, indent=1, sort_keys=True, ensure_ascii=True) + "\n").encode()


def data_file(data: bytes) -> None:
    """A Parquet file of an index; the first byte says which. index.json is made to fit, as its publisher can."""
    _, files = _example()
    name = DATA_FILES[data[0] % len(DATA_FILES)] if data else WORKS
    held, raw = dict(files), data[1:]
    try:
        count = pq.read_metadata(io.BytesIO(raw)).num_rows
    except (pa.ArrowException, OSError, UnicodeDecodeError):
        count = 2
    held[name] = raw
    rows = {ARTISTS: 2, WORKS: 2, REGIONS: 2, FEEDBACK: 1} | {name: count}
    use(_index_of(held, rows))


def data_values(data: bytes) -> None:
    """Rows of an index as JSON, {"artists": [...], "works": [...], ...}, written as a publisher could write them."""
    document = _document(data)
    files: dict[str, bytes] = {}
    rows: dict[str, int] = {}
    for name in DATA_FILES:
        given = document.get(name.partition(".")[0]) if isinstance(document, dict) else None
        table = _table(given, SCHEMAS[name])
        if table is None:
            continue
        stream = io.BytesIO()
        try:
            pq.write_table(table, stream, write_page_checksum=True)
        except pa.ArrowException:
            continue  # null where the schema allows none
        files[name], rows[name] = stream.getvalue(), table.num_rows
    if ARTISTS in files and WORKS in files:
        use(_index_of(files, rows))


def _table(rows: object, schema: pa.Schema) -> pa.Table | None:
    """The rows as a table, None where no table of this schema can hold them."""
    if not isinstance(rows, list):
        return None
    try:
        return pa.Table.from_pylist([_with_bytes(row) for row in rows], schema=schema)
    except (pa.ArrowException, ValueError, TypeError, OverflowError, AttributeError):
        return None


def _with_bytes(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _with_bytes(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_with_bytes(item, key) for item in value]
    if isinstance(value, str) and key in BINARY:
        try:
            return bytes.fromhex(value)
        except ValueError:
            return value.encode()
    return value


def signature(data: bytes) -> None:
    """index.sig, beside a sound index.json."""
    manifest, _ = _example()
    path = file(f"signed/{SIGNATURE}", data)
    check_signature(Path(path).parent, manifest)


def envelope(data: bytes) -> None:
    """A DSSE envelope."""
    dsse.is_canonical(data)
    dsse.verify(data, PAYLOAD_TYPE, ())


def key_file(data: bytes) -> None:
    """A public key, and a private one."""
    path = Path(file("key.pem", data))
    for load in (load_public, load_private):
        try:
            load(path)
        except UsageError as error:
            assert str(error).strip()


def compiled_names(data: bytes) -> None:
    """Names as they are kept compiled, as they stand and with a digest that fits."""
    start = codec._HEAD_AT
    for raw in (data, codec._MAGIC + hashlib.sha256(data[start:]).digest() + data[start:]):
        try:
            codec.loads(raw)
        except ValueError as error:
            assert str(error)


def artist_file(data: bytes) -> None:
    """artist.toml."""
    read_artist_toml(Path(file("artist/artist.toml", data)))


def iscc(data: bytes) -> None:
    """An ISCC code in a list."""
    assert len(code_of_text(text_of(data))) in (0, 8)


def exchange(name: str) -> Callable[[bytes], None]:
    """A harness that reads a list of a format, and writes what it holds in every format again."""

    def read(data: bytes) -> None:
        sink = Sink("list")
        FORMATS[name].load().read(io.BytesIO(data), sink, ReadOptions())
        content = sink.content()
        assert all(artist.id and artist.names for artist in content.artists)
        for _ in works_from(content.works):
            pass

    return read
